/*
 * rpc_pdu - reads the common header, the body of its type and the security trailer.
 */
#include "services/protocol-decode/rpc_pdu.h"

enum {
    TRAILER_BYTES = 8, /* sec_trailer before its auth_value (MS-RPCE 2.2.2.11) */
};

/* What follows the common header at least, by type; 0: not a type of the connection-oriented protocol. */
static const uint8_t body_bytes_min[] = {
    [RPC_PDU_REQUEST] = 8,
    [RPC_PDU_RESPONSE] = 8,
    [RPC_PDU_FAULT] = 12, /* status, and often 4 reserved bytes that some implementations leave out */
    [RPC_PDU_BIND] = 12,
    [RPC_PDU_BIND_ACK] = 10,
    [RPC_PDU_BIND_NAK] = 2,
    [RPC_PDU_ALTER_CONTEXT] = 12,
    [RPC_PDU_ALTER_CONTEXT_RESP] = 10,
    [RPC_PDU_AUTH3] = 4,
    [RPC_PDU_SHUTDOWN] = 0,
    [RPC_PDU_CO_CANCEL] = 0,
    [RPC_PDU_ORPHANED] = 0,
    [RPC_PDU_RTS] = 4,
};

static bool known_type(uint8_t type)
{
    return type == RPC_PDU_REQUEST || type == RPC_PDU_RESPONSE || type == RPC_PDU_FAULT ||
           (type >= RPC_PDU_BIND && type <= RPC_PDU_RTS);
}

bool rpc_pdu_to_server(uint8_t type)
{
    return type == RPC_PDU_REQUEST || type == RPC_PDU_BIND || type == RPC_PDU_ALTER_CONTEXT ||
           type == RPC_PDU_AUTH3 || type == RPC_PDU_CO_CANCEL || type == RPC_PDU_ORPHANED;
}

static uint16_t read_u16(struct reader *r, bool big_endian)
{
    return big_endian ? reader_u16be(r) : reader_u16le(r);
}

static uint32_t read_u32(struct reader *r, bool big_endian)
{
    return big_endian ? reader_u32be(r) : reader_u32le(r);
}

/* A UUID is a u32, two u16 and 8 bytes, the numbers in the sender's representation (C706 appendix A). */
static void read_uuid(struct reader *r, bool big_endian, uint8_t uuid[16])
{
    static const uint8_t swapped[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    struct str bytes = reader_bytes(r, 16);
    memset(uuid, 0, 16);
    if (bytes.size == 0)
        return;
    for (size_t i = 0; i < 16; i++)
        uuid[i] = (uint8_t)bytes.at[big_endian ? swapped[i] : i];
}

struct header {
    uint8_t type;
    uint8_t flags;
    bool big_endian;
    uint16_t length;
    uint16_t auth_length;
    uint32_t call_id;
};

/* The common header (C706 12.6.3.1). False when these bytes cannot be one. */
static bool read_header(struct reader *r, struct header *h)
{
    uint8_t version = reader_u8(r), minor = reader_u8(r);
    h->type = reader_u8(r);
    h->flags = reader_u8(r);
    uint8_t integers = reader_u8(r), floats = reader_u8(r);
    uint16_t reserved = reader_u16le(r);
    /* Integers big (0) or little (1) endian, characters ASCII (0) or EBCDIC (1), floats of four kinds
     * (C706 14.1). */
    bool drep = (integers >> 4) <= 1 && (integers & 15) <= 1 && floats <= 3 && reserved == 0;
    h->big_endian = (integers >> 4) == 0;
    h->length = read_u16(r, h->big_endian);
    h->auth_length = read_u16(r, h->big_endian);
    h->call_id = read_u32(r, h->big_endian);
    if (!reader_ok(r) || version != 5 || minor > 1 || !drep || !known_type(h->type))
        return false;
    uint32_t least = RPC_HEADER_BYTES + (uint32_t)body_bytes_min[h->type];
    if (h->auth_length > 0)
        least += TRAILER_BYTES + (uint32_t)h->auth_length;
    return h->length >= least;
}

uint32_t rpc_pdu_length(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    struct header h;
    return read_header(&r, &h) ? h.length : 0;
}

/* Takes the security trailer off the end of the body (MS-RPCE 2.2.2.11); pad gives the padding before it. */
static void take_trailer(struct rpc_pdu *pdu, uint16_t auth_length, uint8_t *pad)
{
    size_t body = reader_left(&pdu->body) - TRAILER_BYTES - auth_length;
    struct reader rest = pdu->body;
    pdu->body = reader_sub(&rest, body);
    pdu->has_auth = true;
    pdu->auth.type = reader_u8(&rest);
    pdu->auth.level = reader_u8(&rest);
    *pad = reader_u8(&rest);
    (void)reader_u8(&rest);
    pdu->auth.context_id = read_u32(&rest, pdu->big_endian);
    pdu->auth.token = reader_bytes(&rest, auth_length);
}

/* What stands before the stub of a request, a response or a fault. */
static void read_call(struct reader *r, struct rpc_pdu *pdu)
{
    (void)read_u32(r, pdu->big_endian); /* alloc_hint */
    pdu->context_id = read_u16(r, pdu->big_endian);
    if (pdu->type == RPC_PDU_REQUEST) {
        pdu->opnum = read_u16(r, pdu->big_endian);
        if (pdu->flags & RPC_FLAG_OBJECT)
            read_uuid(r, pdu->big_endian, pdu->object);
        return;
    }
    reader_skip(r, 2); /* cancel_count, reserved */
    if (pdu->type == RPC_PDU_FAULT) {
        pdu->status = read_u32(r, pdu->big_endian);
        if (reader_left(r) >= 4)
            reader_skip(r, 4);
    }
}

static bool read_stub(struct rpc_pdu *pdu, uint8_t pad)
{
    struct reader r = pdu->body;
    read_call(&r, pdu);
    if (!reader_ok(&r) || reader_left(&r) < pad)
        return false;
    pdu->head_bytes = (uint32_t)reader_offset(&r);
    pdu->pad_bytes = pad;
    pdu->stub = reader_bytes(&r, reader_left(&r) - pad);
    return true;
}

bool rpc_pdu_parse(struct str bytes, struct rpc_pdu *pdu, const char **reason, size_t *offset)
{
    struct reader r = reader_of_str(bytes);
    struct header h;
    *pdu = (struct rpc_pdu){0};
    *offset = 0;
    *reason = "no common header of DCE/RPC 5";
    if (!read_header(&r, &h))
        return false;
    *reason = "shorter than its frag_length";
    *offset = bytes.size;
    if (bytes.size < h.length)
        return false;
    pdu->whole = bytes;
    pdu->type = h.type;
    pdu->flags = h.flags;
    pdu->big_endian = h.big_endian;
    pdu->call_id = h.call_id;
    pdu->body = reader_sub(&r, (size_t)h.length - RPC_HEADER_BYTES);
    uint8_t pad = 0;
    if (h.auth_length > 0)
        take_trailer(pdu, h.auth_length, &pad);
    *reason = "auth_pad_length is more than the stub";
    *offset = RPC_HEADER_BYTES;
    if (h.type == RPC_PDU_REQUEST || h.type == RPC_PDU_RESPONSE || h.type == RPC_PDU_FAULT)
        return read_stub(pdu, pad);
    if (h.type == RPC_PDU_BIND_NAK) {
        struct reader body = pdu->body;
        pdu->status = read_u16(&body, h.big_endian);
    }
    return true;
}

/* The first 8 bytes of the feature negotiation's UUID; the others are the features (MS-RPCE 3.3.1.5.3). */
static const uint8_t features_uuid[8] = {0x2c, 0x1c, 0xb7, 0x6c, 0x12, 0x98, 0x40, 0x45};
static const uint8_t ndr_uuid[16] = {0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11,
                                     0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60};
static const uint8_t ndr64_uuid[16] = {0x33, 0x05, 0x71, 0x71, 0xba, 0xbe, 0x37, 0x49,
                                       0x83, 0x19, 0xb5, 0xdb, 0xef, 0x9c, 0xcc, 0x36};

/* A transfer syntax: its UUID and a version that all of these hold at one number. features: those that it
 * stands for, when it is their negotiation. */
static uint8_t read_syntax(struct reader *r, bool big_endian, uint8_t *features)
{
    uint8_t uuid[16];
    read_uuid(r, big_endian, uuid);
    (void)read_u32(r, big_endian);
    if (memcmp(uuid, ndr_uuid, 16) == 0)
        return RPC_SYNTAX_NDR;
    if (memcmp(uuid, ndr64_uuid, 16) == 0)
        return RPC_SYNTAX_NDR64;
    if (memcmp(uuid, features_uuid, sizeof(features_uuid)) == 0) {
        *features = uuid[sizeof(features_uuid)];
        return RPC_SYNTAX_FEATURES;
    }
    return RPC_SYNTAX_OTHER;
}

/* p_cont_elem_t (C706 12.6.3.1). */
static void read_offer(struct reader *r, bool big_endian, struct rpc_offer *offer)
{
    *offer = (struct rpc_offer){.context_id = read_u16(r, big_endian)};
    uint8_t syntaxes = reader_u8(r);
    (void)reader_u8(r);
    read_uuid(r, big_endian, offer->uuid);
    uint32_t version = read_u32(r, big_endian);
    offer->major = (uint16_t)(version & 0xffff);
    offer->minor = (uint16_t)(version >> 16);
    for (uint32_t i = 0; i < syntaxes && reader_ok(r); i++) {
        uint8_t syntax = read_syntax(r, big_endian, &offer->features);
        if (i < RPC_SYNTAXES_MAX)
            offer->syntaxes |= syntax;
    }
}

bool rpc_pdu_offers(const struct rpc_pdu *pdu, struct rpc_offers *offers, size_t *offset)
{
    struct reader r = pdu->body;
    offers->count = 0;
    reader_skip(&r, 4); /* max_xmit_frag, max_recv_frag */
    offers->association = read_u32(&r, pdu->big_endian);
    uint32_t count = offers->all = reader_u8(&r);
    reader_skip(&r, 3);
    for (uint32_t i = 0; i < count && i < RPC_OFFERS_MAX && reader_ok(&r); i++) {
        read_offer(&r, pdu->big_endian, &offers->at[i]);
        if (reader_ok(&r))
            offers->count = i + 1;
    }
    *offset = reader_offset(&r);
    return reader_ok(&r);
}

bool rpc_pdu_results(const struct rpc_pdu *pdu, struct rpc_results *results, size_t *offset)
{
    struct reader r = pdu->body;
    uint8_t features;
    results->count = 0;
    reader_skip(&r, 4);
    results->association = read_u32(&r, pdu->big_endian);
    reader_skip(&r, read_u16(&r, pdu->big_endian)); /* secondary address */
    reader_skip(&r, (4 - (reader_offset(&r) & 3)) & 3);
    uint32_t count = reader_u8(&r);
    reader_skip(&r, 3);
    for (uint32_t i = 0; i < count && i < RPC_OFFERS_MAX && reader_ok(&r); i++) {
        struct rpc_result *result = &results->at[i];
        result->result = read_u16(&r, pdu->big_endian);
        result->reason = read_u16(&r, pdu->big_endian);
        result->syntax = read_syntax(&r, pdu->big_endian, &features);
        if (reader_ok(&r))
            results->count = i + 1;
    }
    *offset = reader_offset(&r);
    return reader_ok(&r);
}
