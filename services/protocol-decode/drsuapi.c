/*
 * drsuapi - walks the NDR of IDL_DRSBind and IDL_DRSGetNCChanges.
 *
 * NDR aligns each number to its size counted from the start of the stub, and puts what embedded pointers
 * point to behind the structure that holds them, in order. NDR64 widens pointers and counts to 8 bytes.
 */
#include "services/protocol-decode/drsuapi.h"

#include "common/base/reader.h"
#include "common/base/text.h"

enum {
    HANDLE_BYTES = 20,          /* context handle: attributes and a UUID (C706 14.2.16.6) */
    SID_SUBAUTHORITIES_MAX = 5, /* in the 28 bytes of NT4SID */
};

struct ndr {
    struct reader r;
    bool wide; /* NDR64 */
    bool big_endian;
};

static const uint8_t drsuapi_uuid[16] = {0x35, 0x42, 0x51, 0xe3, 0x06, 0x4b, 0xd1, 0x11,
                                         0xab, 0x04, 0x00, 0xc0, 0x4f, 0xc2, 0xdc, 0xd2};

bool drsuapi_wants(const uint8_t uuid[16], uint16_t opnum)
{
    return opnum == DRSUAPI_GET_CHANGES && memcmp(uuid, drsuapi_uuid, sizeof(drsuapi_uuid)) == 0;
}

static void align(struct ndr *n, size_t to)
{
    size_t over = reader_offset(&n->r) & (to - 1);
    if (over)
        reader_skip(&n->r, to - over);
}

static uint32_t take_u32(struct ndr *n)
{
    align(n, 4);
    return n->big_endian ? reader_u32be(&n->r) : reader_u32le(&n->r);
}

/* A pointer's referent id, or a conformant array's count. */
static uint64_t take_wide(struct ndr *n)
{
    if (!n->wide)
        return take_u32(n);
    align(n, 8);
    return n->big_endian ? reader_u64be(&n->r) : reader_u64le(&n->r);
}

static void skip_aligned(struct ndr *n, size_t to, size_t size)
{
    align(n, to);
    reader_skip(&n->r, size);
}

static void take_uuid(struct ndr *n, uint8_t uuid[16])
{
    static const uint8_t swapped[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    align(n, 4);
    struct str bytes = reader_bytes(&n->r, 16);
    memset(uuid, 0, 16);
    for (size_t i = 0; i < 16 && bytes.size == 16; i++)
        uuid[i] = (uint8_t)bytes.at[n->big_endian ? swapped[i] : i];
}

static struct ndr ndr_of(const struct drsuapi_stub *stub)
{
    return (struct ndr){.r = reader_of_str(stub->bytes), .wide = stub->ndr64, .big_endian = stub->big_endian};
}

bool drsuapi_parse_bind(const struct drsuapi_stub *stub, uint8_t client_dsa[16])
{
    struct ndr n = ndr_of(stub);
    memset(client_dsa, 0, 16);
    if (take_wide(&n) == 0)
        return false;
    take_uuid(&n, client_dsa);
    return reader_ok(&n.r);
}

/* DSNAME: the count of StringName stands before the structure, which ends in it. */
static void take_object(struct ndr *n, struct arena *arena, struct drsuapi_object *object)
{
    (void)take_wide(n);
    skip_aligned(n, 4, 4); /* structLen */
    uint32_t sid_size = take_u32(n);
    take_uuid(n, object->guid);
    struct str sid = reader_bytes(&n->r, DRSUAPI_SID_BYTES);
    uint32_t length = take_u32(n);
    if (reader_ok(&n->r) && sid_size > 0 && sid_size <= DRSUAPI_SID_BYTES)
        object->sid = (struct str){sid.at, sid_size};
    if (length > DRSUAPI_NAME_MAX)
        return;
    struct str name = reader_bytes(&n->r, (size_t)length * 2);
    /* Text in the sender's byte order; only little-endian senders are known to replicate. */
    if (reader_ok(&n->r) && !n->big_endian)
        object->name = text_from_utf16le(arena, name, false);
}

/* MTX_ADDR (MS-DRSR 5.132): the return address of replication by mail, which comes before the naming context.
 */
static void skip_mail_address(struct ndr *n)
{
    uint64_t size = take_wide(n);
    skip_aligned(n, 4, 4);
    if (size > DRSUAPI_NAME_MAX)
        reader_fail(&n->r);
    reader_skip(&n->r, (size_t)(size > DRSUAPI_NAME_MAX ? 0 : size));
}

/* The members that all versions share up to pUpToDateVecDest; true when there is a naming context. */
static bool take_head(struct ndr *n, struct drsuapi_changes *changes)
{
    uint8_t invocation[16];
    align(n, 8);
    take_uuid(n, changes->destination);
    take_uuid(n, invocation);
    bool has_object = take_wide(n) != 0;
    skip_aligned(n, 8, 24); /* usnvecFrom */
    (void)take_wide(n);     /* pUpToDateVecDest */
    return has_object;
}

static void skip_prefix_table(struct ndr *n)
{
    (void)take_u32(n);
    (void)take_wide(n);
}

static void take_options(struct ndr *n, struct drsuapi_changes *changes)
{
    changes->flags = take_u32(n);
    changes->objects_max = take_u32(n);
    (void)take_u32(n); /* cMaxBytes */
    changes->extended_op = take_u32(n);
}

/* The fixed part of each version; true when a naming context follows, behind a mail address where mail is
 * set. */
static bool take_version(struct ndr *n, struct drsuapi_changes *changes, bool *mail)
{
    uint32_t version = changes->version;
    bool by_mail = version == 4 || version == 7;
    *mail = false;
    align(n, 8);
    if (by_mail) {
        skip_aligned(n, 4, 16); /* uuidTransportObj */
        *mail = take_wide(n) != 0;
    }
    bool has_object = take_head(n, changes);
    if (by_mail) {
        (void)take_wide(n);   /* pPartialAttrVecDestV1 of the DRS_MSG_GETCHGREQ_V3 inside */
        skip_prefix_table(n); /* its PrefixTableDest */
    }
    take_options(n, changes);
    if (by_mail)
        align(n, 8); /* the end of that structure */
    else
        skip_aligned(n, 8, 8); /* liFsmoInfo */
    if (version >= 7) {
        (void)take_wide(n); /* pPartialAttrSet */
        (void)take_wide(n); /* pPartialAttrSetEx */
        skip_prefix_table(n);
    }
    if (version >= 10)
        (void)take_u32(n); /* ulMoreFlags */
    if (version >= 11) {
        skip_aligned(n, 4, 16); /* correlationID */
        (void)take_wide(n);     /* pvResBufferPtr */
    }
    return has_object;
}

bool drsuapi_parse_changes(struct arena *arena, const struct drsuapi_stub *stub,
                           struct drsuapi_changes *changes)
{
    struct ndr n = ndr_of(stub);
    bool mail;
    memset(changes, 0, sizeof(*changes));
    skip_aligned(&n, 4, HANDLE_BYTES);
    changes->version = take_u32(&n);
    /* The union's discriminant says the version again. */
    bool same = take_u32(&n) == changes->version;
    bool known = changes->version == 4 || changes->version == 5 || changes->version == 7 ||
                 changes->version == 8 || changes->version == 10 || changes->version == 11;
    if (!same || !known)
        return false;
    bool has_object = take_version(&n, changes, &mail);
    if (!reader_ok(&n.r))
        return false;
    if (mail)
        skip_mail_address(&n);
    if (has_object)
        take_object(&n, arena, &changes->naming_context);
    return true;
}

/* MS-DTYP 2.4.2.1: S-1-authority-subauthorities. */
static struct str sid_text(struct arena *arena, struct str sid)
{
    struct reader r = reader_of_str(sid);
    uint8_t revision = reader_u8(&r), count = reader_u8(&r);
    uint64_t authority = (uint64_t)reader_u16be(&r) << 32;
    authority |= reader_u32be(&r);
    struct str text = arena_print(arena, "S-%u-%llu", revision, (unsigned long long)authority);
    for (uint8_t i = 0; i < count && i < SID_SUBAUTHORITIES_MAX && reader_ok(&r); i++)
        text = arena_print(arena, "%.*s-%u", (int)text.size, text.at, reader_u32le(&r));
    return reader_ok(&r) ? text : (struct str){"", 0};
}

struct str drsuapi_object_text(struct arena *arena, const struct drsuapi_object *object)
{
    static const uint8_t none[16];
    char uuid[TEXT_UUID_BYTES];
    if (object->name.size > 0)
        return object->name;
    if (memcmp(object->guid, none, sizeof(none)) != 0)
        return arena_copy(arena, str_of(text_uuid(object->guid, uuid)));
    return object->sid.size > 0 ? sid_text(arena, object->sid) : (struct str){"", 0};
}
