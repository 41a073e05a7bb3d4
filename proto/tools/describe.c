/*
 * describe - prints the reference page of all records from their declarations.
 *
 * docs/reference/records.md is what this prints; scripts/generate-reference writes it, and the test
 * reference-pages holds the committed page to it.
 */
#include <stdio.h>

#include "common/base/writer.h"
#include "proto/field.h"

static const char *const kind_names[] = {
    [KIND_FLAG] = "flag",
    [KIND_U8] = "u8",
    [KIND_U16] = "u16",
    [KIND_U32] = "u32",
    [KIND_U64] = "u64",
    [KIND_I32] = "i32",
    [KIND_TIME] = "time",
    [KIND_STR] = "text",
    [KIND_BYTES] = "bytes",
    [KIND_ADDR] = "address",
    [KIND_ID] = "id",
    [KIND_UUID] = "uuid",
    [KIND_I32S] = "list of i32",
    [KIND_STRS] = "list of text",
    [KIND_CHOICE] = "choice",
    [KIND_RECORD] = "record",
    [KIND_RECORDS] = "list of",
};

static const char introduction[] =
    "# Records\n"
    "\n"
    "Services meet in records alone. Each is declared once, under `proto/records/`; this page is made from "
    "these\n"
    "declarations by `scripts/generate-reference`.\n"
    "\n"
    "A record is an envelope and a body. In MessagePack it is one map whose keys are the numbers below: 1 to "
    "7 the\n"
    "envelope, from 16 the body. A field that is zero or empty is absent in every form. Numbers never change "
    "their\n"
    "meaning; readers skip numbers they do not know.\n"
    "\n"
    "| kind | MessagePack | JSON |\n"
    "|---|---|---|\n"
    "| flag | `true` | `true` |\n"
    "| u8, u16, u32, u64, i32 | integer in its shortest form | number, also beyond 2^53 |\n"
    "| time | integer, nanoseconds since 1970-01-01 UTC | RFC 3339 in UTC, six or nine digits of fraction |\n"
    "| text | str | string; what is not UTF-8 becomes U+FFFD |\n"
    "| bytes | bin | lower-case hex |\n"
    "| address | bin of 4 or 16 bytes | dotted, or RFC 5952 |\n"
    "| id | bin of 16 bytes, big-endian | 32 digits of hex |\n"
    "| uuid | bin of 16 bytes as on the wire, first three parts little-endian | 8-4-4-4-12 digits |\n"
    "| choice | integer | its name |\n"
    "| record | map of its fields, without an envelope | object |\n"
    "| list of ... | array | array |\n"
    "\n"
    "OCSF names the attribute of the OCSF 1.5.0 event that a field goes to (`proto/ocsf.h`), Sigma the field "
    "of a\n"
    "Windows event that Sigma rules know it by.\n";

/* Text inside a table cell. */
static void put_cell(struct writer *w, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|')
            writer_u8(w, '\\');
        writer_u8(w, (uint8_t)*text);
    }
}

static void put_name(struct writer *w, const char *name)
{
    if (name[0] != '\0')
        writer_print(w, "`%s`", name);
}

static void put_kind(struct writer *w, const struct field_info *field)
{
    writer_text(w, kind_names[field->kind]);
    if (field->kind == KIND_CHOICE)
        writer_print(w, " [%s](#choices-%s)", field->choices->name, field->choices->name);
    else if (field->kind == KIND_RECORD || field->kind == KIND_RECORDS)
        writer_print(w, " [%s](#%s)", field->record()->name, field->record()->name);
}

static void put_record(struct writer *w, const struct record_info *info)
{
    writer_print(w, "\n<a id=\"%s\"></a>\n\n## %s", info->name, info->name);
    if (info->type != 0)
        writer_print(w, " (%u)", info->type);
    writer_print(w, "\n\n%s\n", info->doc);
    if (info->field_count == 0)
        return;
    writer_text(w, "\n| number | name | kind | OCSF | Sigma | meaning |\n|---|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < info->field_count; i++) {
        const struct field_info *field = &info->fields[i];
        writer_print(w, "| %u | `%s` | ", field->number, field->name);
        put_kind(w, field);
        writer_text(w, " | ");
        put_name(w, field->ocsf);
        writer_text(w, " | ");
        put_name(w, field->sigma);
        writer_text(w, " | ");
        put_cell(w, field->doc);
        writer_text(w, " |\n");
    }
}

static void put_choices(struct writer *w, const struct choices_type *choices)
{
    writer_print(w, "\n<a id=\"choices-%s\"></a>\n\n### %s\n\n%s\n\n| value | name |\n|---|---|\n",
                 choices->name, choices->name, choices->doc);
    for (uint32_t i = 0; i < choices->count; i++)
        writer_print(w, "| %u | `%s` |\n", choices->names[i].value, choices->names[i].name);
}

int main(void)
{
    struct writer w = {0};
    writer_text(&w, introduction);
    put_record(&w, record_envelope());
    for (uint32_t i = 0; record_info_at(i); i++)
        put_record(&w, record_info_at(i));
    writer_text(&w, "\n## Choices\n");
    for (const struct choices_type *const *choices = record_choices(); *choices; choices++)
        put_choices(&w, *choices);
    bool written = writer_ok(&w) && fwrite(w.bytes, 1, w.size, stdout) == w.size && fflush(stdout) == 0;
    writer_close(&w);
    return written ? 0 : 1;
}
