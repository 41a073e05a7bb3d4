/*
 * ndr_world - writes NDR field by field (C706 14.2, MS-RPCE 2.2.5), and reads stubs by tables.
 */
#include "tests/unit/protocol-decode/ndr_world.h"

#include "common/base/reader.h"

#include <stdio.h>
#include <stdlib.h>

void ndr_world_open(struct ndr_world *w)
{
    memset(w, 0, sizeof(*w));
    batch_init(&w->batch);
    w->out = (struct decode_out){.batch = &w->batch, .fingerprint_key = {1, 2}};
}

void ndr_world_close(struct ndr_world *w)
{
    writer_close(&w->w);
    batch_close(&w->batch);
}

void ndr_world_load(struct ndr_world *w, const char *name)
{
    static uint8_t bytes[NDR_WORLD_BYTES_MAX];
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/ndr/%s", ORTHRUS_SOURCE, name);
    FILE *file = fopen(path, "rb");
    REQUIRE(file != NULL);
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    struct reader r = reader_of(bytes, size);
    uint8_t how = reader_u8(&r);
    struct str uuid = reader_bytes(&r, 16);
    w->operation = ndr_operation_find((const uint8_t *)uuid.at, reader_u16le(&r));
    w->ndr64 = (how & 1) != 0;
    w->big_endian = (how & 2) != 0;
    w->response = (how & 4) != 0;
    REQUIRE(reader_ok(&r) && w->operation != NULL);
    writer_reset(&w->w);
    writer_bytes(&w->w, r.at, reader_left(&r));
}

void ndr_world_read_by(struct ndr_world *w, const struct ndr_field *fields, uint32_t size)
{
    /* A copy of exactly that size, so that a read past its end is seen. */
    char *exact = malloc(size ? size : 1);
    REQUIRE(exact != NULL && size <= w->w.size);
    if (size)
        memcpy(exact, w->w.bytes, size);
    struct ndr_stub stub = {.bytes = {exact, size}, .ndr64 = w->ndr64, .big_endian = w->big_endian};
    batch_reset(&w->batch);
    ndr_read(&w->out, &stub, fields, w->response, &w->read);
    free(exact);
}

void ndr_world_read_prefix(struct ndr_world *w, uint32_t size)
{
    ndr_world_read_by(w, w->response ? w->operation->out : w->operation->in, size);
}

void ndr_world_read(struct ndr_world *w)
{
    ndr_world_read_prefix(w, (uint32_t)w->w.size);
}

const struct rpc_argument *ndr_world_find(const struct ndr_world *w, const char *name)
{
    for (uint32_t i = 0; i < w->read.count; i++)
        if (str_equal(w->read.arguments[i].name, str_of(name)))
            return &w->read.arguments[i];
    return NULL;
}

struct str ndr_world_text(const struct ndr_world *w, const char *name)
{
    const struct rpc_argument *argument = ndr_world_find(w, name);
    return argument ? argument->text : (struct str){"(none)", 6};
}

uint64_t ndr_world_number(const struct ndr_world *w, const char *name)
{
    const struct rpc_argument *argument = ndr_world_find(w, name);
    return argument ? argument->number : UINT64_MAX;
}

void ndr_put_align(struct ndr_world *w, size_t to)
{
    while (w->w.size % to)
        writer_u8(&w->w, 0xaa);
}

void ndr_put_u8(struct ndr_world *w, uint8_t v)
{
    writer_u8(&w->w, v);
}

void ndr_put_u16(struct ndr_world *w, uint16_t v)
{
    ndr_put_align(w, 2);
    w->big_endian ? writer_u16be(&w->w, v) : writer_u16le(&w->w, v);
}

void ndr_put_u32(struct ndr_world *w, uint32_t v)
{
    ndr_put_align(w, 4);
    w->big_endian ? writer_u32be(&w->w, v) : writer_u32le(&w->w, v);
}

void ndr_put_u64(struct ndr_world *w, uint64_t v)
{
    ndr_put_align(w, 8);
    uint32_t high = (uint32_t)(v >> 32), low = (uint32_t)v;
    ndr_put_u32(w, w->big_endian ? high : low);
    ndr_put_u32(w, w->big_endian ? low : high);
}

void ndr_put_long(struct ndr_world *w, uint64_t v)
{
    w->ndr64 ? ndr_put_u64(w, v) : ndr_put_u32(w, (uint32_t)v);
}

void ndr_put_wide(struct ndr_world *w, const char *ascii)
{
    size_t count = strlen(ascii) + 1;
    ndr_put_long(w, count);
    ndr_put_long(w, 0);
    ndr_put_long(w, count);
    for (size_t i = 0; i < count; i++)
        ndr_put_u16(w, (uint8_t)ascii[i]);
}
