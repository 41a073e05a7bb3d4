/*
 * ndr - arguments of remote procedure calls, read by tables that describe each operation's parameters.
 *
 * Reads a stub in NDR (C706 chapter 14) or NDR64 (MS-RPCE 2.2.5), in either byte order, and gives the
 * parameters that a table marks as interesting as a bounded list of named values.
 *
 * A table is written like the IDL. An operation has the parameters of its request (`in`) and of its response
 * (`out`, without the return value), each a list of struct ndr_field made by NDR(...):
 *
 *     IDL                                       table
 *     ULONG X                                   {"X", &ndr_u32, NDR_SHOW}
 *     some handle                               {NULL, &ndr_handle}
 *     [ref] T *X, [in] or [out]                 {"X", &T}               top-level ref pointers are not sent
 *     [unique] T *X (or a pointer in a struct)  {"X", &T, NDR_PTR}      [ref] in a struct, [ptr]: the same
 *     T **X, [out]                              {"X", &T, NDR_PTR}      the outer one is ref
 *     [string] wchar_t *X                       {"X", &ndr_wide, NDR_SHOW}     unique: NDR_PTR | NDR_SHOW
 *     [size_is(n)] T *X in a struct             {"X", &T, NDR_PTR, NDR_CONFORMANT}
 *     [size_is(n), length_is(m)] T *X           {"X", &T, NDR_PTR, NDR_CONFORMANT_VARYING}
 *     [size_is(n)] T X[], [in] or [out]         {"X", &T, 0, NDR_CONFORMANT}
 *     T X[7]                                    {"X", &T, 0, NDR_FIXED, 7}
 *     [size_is(n)] T **X: pointers in an array  {"X", &T, NDR_PTR | NDR_ITEM_PTR, NDR_CONFORMANT}
 *     [switch_is(L)] U *X                       {"X", &U}, a type of kind NDR_UNION: its tag is sent with it
 *
 * No correlation (size_is, switch_is) is ever needed to walk: all counts and tags stand on the wire. A field
 * without a name adds nothing to the path of what is inside; NDR_VALUE on it says that it is the value of the
 * structure, shown when that is. A structure's own fields show when they say NDR_SHOW, wherever it is used.
 * NDR_SECRET shows a value by its fingerprint alone, or as `zeros`. What is behind the last interesting
 * parameter may be left out by ending with NDR_REST.
 *
 * Internal to protocol-decode. Nothing is kept between calls; text is borrowed from the arena of the batch.
 */
#ifndef ORTHRUS_DECODE_NDR_H
#define ORTHRUS_DECODE_NDR_H

#include "services/protocol-decode/place.h"

enum {
    NDR_STUB_BYTES_MAX = 16 * 1024, /* of one direction of a call that are read */
    NDR_ARGUMENTS_MAX = 64,         /* told of one direction */
    NDR_DEPTH_MAX = 24,             /* structures, arrays and pointers inside each other */
    NDR_DEFERRED_MAX = 1024,        /* embedded pointers whose targets still come */
    NDR_NODES_MAX = 2048,           /* names of where the walk stands, and of where these pointers stood */
};

enum ndr_kind {
    NDR_NONE,    /* nothing on the wire: the arm of a union that has no data */
    NDR_NUMBER,  /* of .size bytes */
    NDR_ENUM,    /* 2 bytes in NDR, 4 in NDR64 (MS-RPCE 2.2.5.2.2) */
    NDR_LONG,    /* 4 bytes in NDR, 8 in NDR64: __int3264 */
    NDR_TIME,    /* FILETIME (aligned to 4) */
    NDR_TIME64,  /* the same as one number (aligned to 8): LARGE_INTEGER */
    NDR_UUID,    /* GUID */
    NDR_SID,     /* RPC_SID, conformant (MS-DTYP 2.4.2.3) */
    NDR_HANDLE,  /* context handle (C706 14.2.16.6) */
    NDR_CHAR,    /* 1 byte of text; UTF-8 or of a code page */
    NDR_WCHAR,   /* 2 bytes of text */
    NDR_BYTE,    /* 1 opaque byte; told in arrays */
    NDR_STRING,  /* [string] of characters of .size bytes, conformant and varying */
    NDR_STRUCT,  /* .fields in order */
    NDR_UNION,   /* .tag, then the one of .fields whose .number is the tag */
    NDR_PIPE,    /* chunks of elements of .size bytes (C706 14.3.10) */
    NDR_UNKNOWN, /* not described: reading ends here */
};

enum ndr_array {
    NDR_SINGLE,
    NDR_FIXED,
    NDR_CONFORMANT,
    NDR_VARYING,
    NDR_CONFORMANT_VARYING,
};

enum {
    NDR_PTR = 1,       /* a pointer that may be null stands here */
    NDR_ITEM_PTR = 2,  /* the array's elements are pointers */
    NDR_SHOW = 4,      /* told */
    NDR_SECRET = 8,    /* told by its fingerprint */
    NDR_VALUE = 16,    /* told as the value of the structure it is in */
    NDR_NONZERO = 32,  /* told when it is not zero */
    NDR_OTHERWISE = 64 /* the arm of a union for all other tags */
};

/* What a value is to the record beside its place in the list. */
enum ndr_mark {
    NDR_MARK_NONE,
    NDR_MARK_OBJECT, /* names the object that the call is about: its name, else its GUID, else its SID */
    NDR_MARK_EXTENDED_OP,
};

struct ndr;
struct ndr_type;

struct ndr_field {
    const char *name; /* as the IDL spells it; null: none of its own */
    const struct ndr_type *type;
    uint8_t flags;   /* NDR_PTR ... */
    uint8_t array;   /* enum ndr_array */
    uint32_t number; /* elements of a fixed array; tag of an arm */
    uint8_t mark;    /* enum ndr_mark */
};

/* Reads what opaque bytes or characters that are to be shown hold, and tells it with ndr_tell_*(). */
typedef void ndr_inside_fn(struct ndr *n, struct str bytes);

struct ndr_type {
    uint8_t kind; /* enum ndr_kind */
    uint8_t size;
    const struct ndr_field *fields; /* up to one without a type */
    const struct ndr_type *tag;
    ndr_inside_fn
        *inside; /* of arrays of NDR_BYTE and characters, and strings: the value itself is not told */
};

#define NDR(...)          ((const struct ndr_field[]){__VA_ARGS__, {.type = NULL}})
#define NDR_NO_PARAMETERS ((const struct ndr_field[]){{.type = NULL}})
#define NDR_STRUCT_OF(...)                                                                                   \
    {                                                                                                        \
        .kind = NDR_STRUCT, .fields = NDR(__VA_ARGS__)                                                       \
    }
#define NDR_UNION_OF(tag_type, ...)                                                                          \
    {                                                                                                        \
        .kind = NDR_UNION, .tag = &(tag_type), .fields = NDR(__VA_ARGS__)                                    \
    }
/* An arm: case VALUE: T X. */
#define NDR_CASE(value, arm, of, how)                                                                        \
    {                                                                                                        \
        .name = (arm), .type = &(of), .flags = (how), .number = (value)                                      \
    }
#define NDR_EMPTY_CASE(value) NDR_CASE(value, NULL, ndr_none, 0)
#define NDR_DEFAULT_EMPTY     NDR_CASE(0, NULL, ndr_none, NDR_OTHERWISE)
#define NDR_DEFAULT_UNKNOWN   NDR_CASE(0, NULL, ndr_unknown, NDR_OTHERWISE)
/* A parameter that is not of interest. */
#define NDR_SKIP_HANDLE                                                                                      \
    {                                                                                                        \
        .type = &ndr_handle                                                                                  \
    }
#define NDR_SKIP_U32                                                                                         \
    {                                                                                                        \
        .type = &ndr_u32                                                                                     \
    }
#define NDR_REST                                                                                             \
    {                                                                                                        \
        .type = &ndr_unknown                                                                                 \
    }

extern const struct ndr_type ndr_none, ndr_unknown, ndr_u8, ndr_u16, ndr_u32, ndr_u64, ndr_enum, ndr_long;
extern const struct ndr_type ndr_time, ndr_time64, ndr_guid, ndr_sid, ndr_handle, ndr_char, ndr_wchar;
extern const struct ndr_type ndr_byte, ndr_string, ndr_wide, ndr_pipe;
extern const struct ndr_type ndr_unicode_string; /* RPC_UNICODE_STRING (MS-DTYP 2.3.10) */
extern const struct ndr_type ndr_ansi_string;    /* the same of bytes: RPC_STRING */
extern const struct ndr_type ndr_luid;

enum ndr_returns {
    NDR_RETURNS_STATUS, /* 4 bytes behind the last parameter: NTSTATUS, HRESULT, DWORD */
    NDR_RETURNS_NOTHING,
};

struct ndr_operation {
    uint16_t opnum;
    uint8_t returns;            /* enum ndr_returns */
    const struct ndr_field *in; /* null: not described */
    const struct ndr_field *out;
};

struct ndr_interface {
    uint8_t uuid[16];
    const struct ndr_operation *operations; /* by rising opnum */
    size_t count;
};

/* The tables of one file: ndr_samr.c has `const struct ndr_interfaces ndr_samr`, listed in ndr_interfaces.c.
 */
struct ndr_interfaces {
    const struct ndr_interface *at;
    size_t count;
};

/* How an operation's arguments are laid out; null when there is no table for it. */
const struct ndr_operation *ndr_operation_find(const uint8_t uuid[16], uint16_t opnum);

/* The stub of a request or a response. */
struct ndr_stub {
    struct str bytes;
    bool ndr64;
    bool big_endian;
};

/* What was read of it. */
struct ndr_read {
    const struct rpc_argument *arguments;
    uint32_t count;
    bool more;    /* there were more than are told */
    bool whole;   /* all parameters were walked */
    bool limited; /* a bound of ours was reached */
    bool returned;
    uint32_t return_code;
    const char *reason; /* why reading failed, a literal; null when it did not */
    size_t offset;      /* where reading ended */
    struct str object;  /* NDR_MARK_OBJECT */
    uint32_t extended_op;
};

/* Walks the parameters of one direction; returns: also a return value behind them. */
void ndr_read(struct decode_out *out, const struct ndr_stub *stub, const struct ndr_field *fields,
              bool returns, struct ndr_read *read);

/*
 * For functions of type ndr_inside_fn: tell a value under the path of the bytes and a name (null: under the
 * path alone). The text is copied.
 */
void ndr_tell_number(struct ndr *n, const char *name, uint64_t number);
void ndr_tell_text(struct ndr *n, const char *name, struct str text);
void ndr_tell_uuid(struct ndr *n, const char *name, const uint8_t uuid[16]);
void ndr_tell_sid(struct ndr *n, const char *name, struct str sid); /* its bytes, little-endian */
void ndr_tell_secret(struct ndr *n, const char *name, struct str bytes);
/* The text of a value that was told before; empty when there is none of that name. */
struct str ndr_told_text(const struct ndr *n, const char *name);
struct arena *ndr_arena(const struct ndr *n);

#endif
