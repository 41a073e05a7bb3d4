/*
 * zeek - a cell for each column, then the cells in one of two forms.
 */
#include "services/orthrus/zeek.h"

#include "common/base/text.h"
#include "proto/json.h"
#include "services/orthrus/zeek_logs.h"

enum {
    SECONDS_DIGITS = 6,
};

/* Zeek escapes what is no printable ASCII, its separators, and its own escape; valid UTF-8 stays. */
static void write_escaped(struct writer *w, struct str text, bool in_set)
{
    for (uint32_t i = 0; i < text.size; i++) {
        uint8_t c = (uint8_t)text.at[i];
        if (c == '\\')
            writer_text(w, "\\\\");
        else if (c < 0x20 || c == 0x7f || (in_set && c == ','))
            writer_print(w, "\\x%02x", c);
        else
            writer_u8(w, c);
    }
}

/* A text that could be taken for "unset" or "empty" has its first byte escaped. */
static void write_text(struct writer *w, struct str text, bool in_set)
{
    if (text.size == 0) {
        writer_text(w, "(empty)");
        return;
    }
    if (str_equal(text, STR("-")) || str_equal(text, STR("(empty)"))) {
        writer_print(w, "\\x%02x", (uint8_t)text.at[0]);
        text = (struct str){.at = text.at + 1, .size = text.size - 1};
    }
    write_escaped(w, text, in_set);
}

static void write_seconds(struct writer *w, time_ns time)
{
    uint64_t ns = (uint64_t)(time < 0 ? -time : time);
    writer_print(w, "%s%llu.%06llu", time < 0 ? "-" : "", (unsigned long long)(ns / TIME_NS_S),
                 (unsigned long long)(ns % TIME_NS_S / 1000));
}

static void write_cell(struct writer *w, const struct zeek_cell *cell)
{
    char text[TEXT_ADDR_BYTES];
    switch (cell->kind) {
    case ZEEK_UNSET:
        writer_u8(w, '-');
        break;
    case ZEEK_TEXT:
        write_text(w, cell->text, false);
        break;
    case ZEEK_COUNT:
        writer_print(w, "%llu", (unsigned long long)cell->number);
        break;
    case ZEEK_BOOL:
        writer_u8(w, cell->number ? 'T' : 'F');
        break;
    case ZEEK_SECONDS:
        write_seconds(w, cell->time);
        break;
    case ZEEK_ADDR:
        text_addr(cell->addr, text);
        writer_text(w, text);
        break;
    case ZEEK_TEXTS:
        for (uint32_t i = 0; i < cell->texts->count; i++) {
            writer_text(w, i ? "," : "");
            write_text(w, cell->texts->at[i], true);
        }
        break;
    case ZEEK_INTERVALS:
        for (uint32_t i = 0; i < cell->numbers->count; i++)
            writer_print(w, "%s%d.000000", i ? "," : "", cell->numbers->at[i]);
        break;
    }
}

/* As Zeek writes when a log was opened: 2026-11-21-20-15-00. */
static void write_moment(struct writer *w, time_ns time)
{
    char text[TEXT_TIME_BYTES];
    text_time(time, text);
    for (const char *c = text; *c != '\0' && *c != '.' && *c != 'Z'; c++)
        writer_u8(w, (uint8_t)(*c == 'T' || *c == ':' ? '-' : *c));
}

static void json_seconds(struct json *json, time_ns time)
{
    struct writer w = {0};
    write_seconds(&w, time);
    json_raw(json, (const char *)w.bytes, w.size);
    writer_close(&w);
}

static void json_cell(struct json *json, const struct zeek_cell *cell)
{
    switch (cell->kind) {
    case ZEEK_UNSET:
        break;
    case ZEEK_TEXT:
        json_str(json, cell->text);
        break;
    case ZEEK_COUNT:
        json_unsigned(json, cell->number);
        break;
    case ZEEK_BOOL:
        json_bool(json, cell->number != 0);
        break;
    case ZEEK_SECONDS:
        json_seconds(json, cell->time);
        break;
    case ZEEK_ADDR:
        json_addr(json, cell->addr);
        break;
    case ZEEK_TEXTS:
        json_strs(json, cell->texts);
        break;
    case ZEEK_INTERVALS:
        json_begin(json, '[');
        for (uint32_t i = 0; i < cell->numbers->count; i++)
            json_signed(json, cell->numbers->at[i]);
        json_end(json, ']');
        break;
    }
}

const char *zeek_log_path(uint32_t index)
{
    const struct zeek_log *log = zeek_log_at(index);
    return log ? log->path : NULL;
}

uint32_t zeek_logs_of(const struct record *record)
{
    uint32_t logs = 0;
    for (uint32_t i = 0; zeek_log_at(i); i++) {
        const struct zeek_log *log = zeek_log_at(i);
        if (record->body && log->record == record->type && (!log->wants || log->wants(record)))
            logs |= 1u << i;
    }
    return logs;
}

void zeek_write_header(uint32_t log, time_ns opened, struct writer *w)
{
    const struct zeek_log *l = zeek_log_at(log);
    writer_print(
        w, "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t%s\n#open\t",
        l->path);
    write_moment(w, opened);
    writer_text(w, "\n#fields");
    for (const struct zeek_column *c = l->columns; c->name; c++)
        writer_print(w, "\t%s", c->name);
    writer_text(w, "\n#types");
    for (const struct zeek_column *c = l->columns; c->name; c++)
        writer_print(w, "\t%s", c->type);
    writer_u8(w, '\n');
}

void zeek_write_footer(time_ns closed, struct writer *w)
{
    writer_text(w, "#close\t");
    write_moment(w, closed);
    writer_u8(w, '\n');
}

void zeek_write_line(uint32_t log, const struct record *record, struct writer *w)
{
    const struct zeek_log *l = zeek_log_at(log);
    for (const struct zeek_column *c = l->columns; c->name; c++) {
        struct zeek_cell cell = zeek_cell_of(c, record);
        writer_text(w, c == l->columns ? "" : "\t");
        write_cell(w, &cell);
    }
    writer_u8(w, '\n');
}

void zeek_write_json(uint32_t log, const struct record *record, struct writer *w)
{
    const struct zeek_log *l = zeek_log_at(log);
    struct json json = {.w = w};
    json_begin(&json, '{');
    json_key_str(&json, "_path", str_of(l->path));
    for (const struct zeek_column *c = l->columns; c->name; c++) {
        struct zeek_cell cell = zeek_cell_of(c, record);
        if (cell.kind == ZEEK_UNSET)
            continue;
        json_key(&json, c->name);
        json_cell(&json, &cell);
    }
    json_end(&json, '}');
    writer_u8(w, '\n');
}

const char *zeek_unknown_field(void)
{
    for (uint32_t i = 0; zeek_log_at(i); i++) {
        const struct zeek_log *log = zeek_log_at(i);
        for (const struct zeek_column *c = log->columns; c->name; c++)
            if (c->field && !zeek_field_of((uint16_t)log->record, c->field))
                return c->field;
    }
    return NULL;
}
