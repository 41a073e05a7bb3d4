/*
 * ndr_world - stubs for tests: read from the fuzz target's corpus, or made number by number, and what is read
 * of them.
 */
#ifndef ORTHRUS_TEST_NDR_WORLD_H
#define ORTHRUS_TEST_NDR_WORLD_H

#include "common/base/writer.h"
#include "services/protocol-decode/ndr.h"

enum {
    NDR_WORLD_BYTES_MAX = 32 * 1024,
};

struct ndr_world {
    struct batch batch;
    struct decode_out out;
    struct ndr_read read;
    /* A stub that is made or was loaded. */
    struct writer w;
    bool ndr64;
    bool big_endian;
    bool response;
    const struct ndr_operation *operation;
};

void ndr_world_open(struct ndr_world *w);
void ndr_world_close(struct ndr_world *w);
/* A file of tests/fuzz/corpus/ndr. */
void ndr_world_load(struct ndr_world *w, const char *name);
/* Reads the stub, or its first bytes, by the operation's table or by fields. */
void ndr_world_read(struct ndr_world *w);
void ndr_world_read_prefix(struct ndr_world *w, uint32_t size);
void ndr_world_read_by(struct ndr_world *w, const struct ndr_field *fields, uint32_t size);
/* The argument of that name; null when there is none. */
const struct rpc_argument *ndr_world_find(const struct ndr_world *w, const char *name);
struct str ndr_world_text(const struct ndr_world *w, const char *name);
uint64_t ndr_world_number(const struct ndr_world *w, const char *name);

/* Makes a stub, aligned as NDR and NDR64 ask for. */
void ndr_put_u8(struct ndr_world *w, uint8_t v);
void ndr_put_u16(struct ndr_world *w, uint16_t v);
void ndr_put_u32(struct ndr_world *w, uint32_t v);
void ndr_put_u64(struct ndr_world *w, uint64_t v);
void ndr_put_long(struct ndr_world *w, uint64_t v);        /* a pointer, a count */
void ndr_put_wide(struct ndr_world *w, const char *ascii); /* [string] wchar_t *, with its counts and NUL */
void ndr_put_align(struct ndr_world *w, size_t to);

#endif
