/*
 * arguments - reads stubs from standard input and prints what is told of them, for the oracles.
 *
 * Each line in: how the stub is written (bit 0 NDR64, bit 1 big-endian, bit 2 a response), the interface's
 * UUID as on the wire, the opnum, and the stub in hexadecimal. Each line out: JSON.
 */
#include <stdio.h>

#include "common/base/reader.h"
#include "common/base/text.h"
#include "services/protocol-decode/ndr.h"

enum {
    LINE_BYTES_MAX = 256 * 1024,
};

static uint32_t read_hex(const char *text, uint8_t *bytes, uint32_t most)
{
    uint32_t size = 0;
    unsigned byte;
    while (size < most && sscanf(text + (size_t)size * 2, "%2x", &byte) == 1)
        bytes[size++] = (uint8_t)byte;
    return size;
}

static void put_text(struct writer *w, const char *name, struct str text)
{
    writer_text(w, ", \"");
    writer_text(w, name);
    writer_text(w, "\": \"");
    text_write_json(w, text);
    writer_text(w, "\"");
}

static void put_argument(struct writer *w, const struct rpc_argument *argument)
{
    char number[32];
    (void)snprintf(number, sizeof(number), "%llu", (unsigned long long)argument->number);
    writer_text(w, "{\"number\": ");
    writer_text(w, number);
    put_text(w, "name", argument->name);
    put_text(w, "kind", str_of(choice_name(&rpc_value_choices, argument->kind)));
    put_text(w, "text", argument->text);
    writer_text(w, "}");
}

static void print(const struct ndr_read *read)
{
    struct writer w = {0};
    for (uint32_t i = 0; i < read->count; i++) {
        writer_text(&w, i ? ", " : "");
        put_argument(&w, &read->arguments[i]);
    }
    printf(
        "{\"table\": true, \"whole\": %s, \"more\": %s, \"limited\": %s, \"offset\": %zu, \"returned\": %s, "
        "\"return_code\": %u, \"reason\": \"%s\", \"values\": [%.*s]}\n",
        read->whole ? "true" : "false", read->more ? "true" : "false", read->limited ? "true" : "false",
        read->offset, read->returned ? "true" : "false", read->return_code, read->reason ? read->reason : "",
        (int)w.size, w.bytes ? (const char *)w.bytes : "");
    writer_close(&w);
}

static void answer(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    uint8_t way = reader_u8(&r);
    struct str uuid = reader_bytes(&r, 16);
    uint16_t opnum = reader_u16le(&r);
    const struct ndr_operation *operation =
        reader_ok(&r) ? ndr_operation_find((const uint8_t *)uuid.at, opnum) : NULL;
    const struct ndr_field *fields = operation ? (way & 4 ? operation->out : operation->in) : NULL;
    if (!fields) {
        printf("{\"table\": false}\n");
        return;
    }
    struct batch batch;
    batch_init(&batch);
    struct decode_out out = {.batch = &batch};
    struct ndr_stub stub = {.bytes = reader_rest(&r), .ndr64 = (way & 1) != 0, .big_endian = (way & 2) != 0};
    struct ndr_read read;
    ndr_read(&out, &stub, fields, (way & 4) && operation->returns == NDR_RETURNS_STATUS, &read);
    print(&read);
    batch_close(&batch);
}

int main(void)
{
    static char line[LINE_BYTES_MAX];
    static uint8_t bytes[LINE_BYTES_MAX / 2];
    while (fgets(line, sizeof(line), stdin)) {
        answer((struct str){(const char *)bytes, read_hex(line, bytes, sizeof(bytes))});
        (void)fflush(stdout);
    }
    return 0;
}
