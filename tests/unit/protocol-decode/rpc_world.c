/*
 * rpc_world - makes PDUs by C706 12.6.4 and MS-RPCE 2.2.2.11, and records what auth is told.
 */
#include "tests/unit/protocol-decode/rpc_world.h"

struct rpc_world_auth rpc_world_auth;

const uint8_t drsuapi_uuid[16] = {0x35, 0x42, 0x51, 0xe3, 0x06, 0x4b, 0xd1, 0x11,
                                  0xab, 0x04, 0x00, 0xc0, 0x4f, 0xc2, 0xdc, 0xd2};
const uint8_t svcctl_uuid[16] = {0x81, 0xbb, 0x7a, 0x36, 0x44, 0x98, 0xf1, 0x35,
                                 0xad, 0x32, 0x98, 0xf0, 0x38, 0x00, 0x10, 0x03};
const uint8_t ndr_uuid[16] = {0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11,
                              0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60};
const uint8_t ndr64_uuid[16] = {0x33, 0x05, 0x71, 0x71, 0xba, 0xbe, 0x37, 0x49,
                                0x83, 0x19, 0xb5, 0xdb, 0xef, 0x9c, 0xcc, 0x36};
const uint8_t features_uuid[16] = {0x2c, 0x1c, 0xb7, 0x6c, 0x12, 0x98, 0x40, 0x45, 3, 0, 0, 0, 0, 0, 0, 0};

void auth_token(struct auth *auth, struct decode_out *out, const struct place *place, struct id conversation,
                enum transport carrier, struct str token)
{
    (void)auth;
    (void)out;
    (void)place;
    REQUIRE(carrier == transport_rpc);
    if (rpc_world_auth.tokens == RPC_WORLD_TOKENS)
        return;
    rpc_world_auth.conversation[rpc_world_auth.tokens] = conversation;
    rpc_world_auth.size[rpc_world_auth.tokens] = token.size;
    rpc_world_auth.tokens++;
}

bool auth_who(struct auth *auth, struct id conversation, struct who *who)
{
    (void)auth;
    (void)conversation;
    if (rpc_world_auth.known)
        memcpy(who, &rpc_world_auth.who, sizeof(*who));
    return rpc_world_auth.known;
}

void auth_result(struct auth *auth, struct decode_out *out, const struct place *place, struct id conversation,
                 enum outcome outcome, uint32_t status, bool final)
{
    (void)auth;
    (void)out;
    (void)place;
    (void)conversation;
    REQUIRE(final);
    rpc_world_auth.results++;
    rpc_world_auth.outcome = outcome;
    rpc_world_auth.status = status;
}

void rpc_world_open(struct rpc_world *w)
{
    memset(w, 0, sizeof(*w));
    memset(&rpc_world_auth, 0, sizeof(rpc_world_auth));
    const struct rpc_options options = {
        .connections = 64, .calls = 64, .timeout = 30 * TIME_NS_S, .seed = {1, 2}};
    REQUIRE(rpc_create(&w->module, &options, NULL) == ERR_OK);
    const struct table_options files = {
        .name = "files", .key_size = 8, .value_size = DECODE_FILE_BYTES, .capacity = 4};
    REQUIRE(table_create(&w->files, &files) == ERR_OK);
    batch_init(&w->batch);
    w->out = (struct decode_out){.batch = &w->batch, .files = w->files};
    w->place.flow = (struct id){1, 2};
    w->place.transport = transport_tcp;
    w->place.time = 1000 * TIME_NS_S;
}

void rpc_world_close(struct rpc_world *w)
{
    rpc_free(w->module);
    table_free(w->files);
    batch_close(&w->batch);
}

void rpc_world_send(struct rpc_world *w, const struct writer *pdu)
{
    w->place.time += TIME_NS_S;
    w->place.frame++;
    w->place.to_server = rpc_pdu_to_server(pdu->bytes[2]);
    rpc_message(w->module, &w->out, &w->place, writer_str(pdu));
}

/* Stubs of zeros are no arguments of anything: what the tables say of them is not what is tested here. */
static bool is_of_arguments(const struct record *record)
{
    const struct malformed *body = record->body;
    return record->type == RECORD_malformed && str_equal(body->parser, str_of("ndr"));
}

uint32_t rpc_world_count(const struct rpc_world *w)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < w->batch.count; i++)
        count += !is_of_arguments(&w->batch.records[i]);
    return count;
}

const struct rpc *rpc_world_at(const struct rpc_world *w, uint32_t index)
{
    uint32_t i = 0;
    for (; i < w->batch.count; i++)
        if (!is_of_arguments(&w->batch.records[i]) && index-- == 0)
            break;
    REQUIRE(i < w->batch.count && w->batch.records[i].type == RECORD_rpc);
    return w->batch.records[i].body;
}

const struct rpc *rpc_world_one(const struct rpc_world *w)
{
    REQUIRE(rpc_world_count(w) == 1);
    return rpc_world_at(w, 0);
}

void rpc_world_forget(struct rpc_world *w)
{
    batch_reset(&w->batch);
}

void pdu_u16(struct pdu *p, uint16_t v)
{
    p->big_endian ? writer_u16be(&p->w, v) : writer_u16le(&p->w, v);
}

void pdu_u32(struct pdu *p, uint32_t v)
{
    p->big_endian ? writer_u32be(&p->w, v) : writer_u32le(&p->w, v);
}

void pdu_uuid(struct pdu *p, const uint8_t uuid[16])
{
    pdu_u32(p, (uint32_t)uuid[3] << 24 | (uint32_t)uuid[2] << 16 | (uint32_t)uuid[1] << 8 | uuid[0]);
    pdu_u16(p, (uint16_t)(uuid[5] << 8 | uuid[4]));
    pdu_u16(p, (uint16_t)(uuid[7] << 8 | uuid[6]));
    writer_bytes(&p->w, uuid + 8, 8);
}

void pdu_begin(struct pdu *p, uint8_t type, uint8_t flags, uint32_t call_id)
{
    const uint8_t head[] = {5, 0, type, flags, p->big_endian ? 0 : 0x10, 0, 0, 0, 0, 0, 0, 0};
    writer_bytes(&p->w, head, sizeof(head));
    pdu_u32(p, call_id);
}

static void zeros(struct writer *w, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        writer_u8(w, 0);
}

static void set_u16(struct pdu *p, size_t at, uint16_t v)
{
    p->w.bytes[at + (p->big_endian ? 1 : 0)] = (uint8_t)v;
    p->w.bytes[at + (p->big_endian ? 0 : 1)] = (uint8_t)(v >> 8);
}

void pdu_auth(struct pdu *p, uint8_t type, uint8_t level, uint32_t context, uint32_t token_bytes)
{
    uint8_t pad = (uint8_t)((4 - p->w.size % 4) % 4);
    zeros(&p->w, pad);
    const uint8_t trailer[] = {type, level, pad, 0};
    writer_bytes(&p->w, trailer, sizeof(trailer));
    pdu_u32(p, context);
    zeros(&p->w, token_bytes);
    set_u16(p, 10, (uint16_t)token_bytes);
}

void pdu_end(struct pdu *p)
{
    set_u16(p, 8, (uint16_t)p->w.size);
}

void pdu_close(struct pdu *p)
{
    writer_close(&p->w);
}

static void finish(struct rpc_world *w, struct pdu *p)
{
    pdu_end(p);
    rpc_world_send(w, &p->w);
    pdu_close(p);
}

/* A request without trailer when type is 0. */
static void make_request(struct rpc_world *w, uint32_t call_id, uint16_t opnum, uint32_t stub_bytes,
                         uint8_t type)
{
    struct pdu p = {0};
    pdu_begin(&p, RPC_PDU_REQUEST, RPC_FLAG_FIRST | RPC_FLAG_LAST, call_id);
    pdu_u32(&p, stub_bytes);
    pdu_u16(&p, 0);
    pdu_u16(&p, opnum);
    zeros(&p.w, stub_bytes);
    if (type)
        pdu_auth(&p, type, RPC_LEVEL_PRIVACY, 0, 16);
    finish(w, &p);
}

void send_request(struct rpc_world *w, uint32_t call_id, uint16_t opnum, uint32_t stub_bytes)
{
    make_request(w, call_id, opnum, stub_bytes, 0);
}

void send_sealed_request(struct rpc_world *w, uint32_t call_id, uint16_t opnum, uint32_t stub_bytes)
{
    make_request(w, call_id, opnum, stub_bytes, RPC_AUTH_SPNEGO);
}

void send_response(struct rpc_world *w, uint32_t call_id, uint32_t stub_bytes, uint32_t return_code)
{
    struct pdu p = {0};
    pdu_begin(&p, RPC_PDU_RESPONSE, RPC_FLAG_FIRST | RPC_FLAG_LAST, call_id);
    pdu_u32(&p, stub_bytes);
    pdu_u32(&p, 0);
    zeros(&p.w, stub_bytes - 4);
    pdu_u32(&p, return_code);
    finish(w, &p);
}

void send_sealed_response(struct rpc_world *w, uint32_t call_id, uint32_t stub_bytes)
{
    struct pdu p = {0};
    pdu_begin(&p, RPC_PDU_RESPONSE, RPC_FLAG_FIRST | RPC_FLAG_LAST, call_id);
    pdu_u32(&p, stub_bytes);
    pdu_u32(&p, 0);
    zeros(&p.w, stub_bytes);
    pdu_auth(&p, RPC_AUTH_SPNEGO, RPC_LEVEL_PRIVACY, 0, 16);
    finish(w, &p);
}

void send_fault(struct rpc_world *w, uint32_t call_id, uint32_t status)
{
    struct pdu p = {0};
    pdu_begin(&p, RPC_PDU_FAULT, RPC_FLAG_FIRST | RPC_FLAG_LAST, call_id);
    pdu_u32(&p, 32);
    pdu_u32(&p, 0);
    pdu_u32(&p, status);
    pdu_u32(&p, 0);
    finish(w, &p);
}

void send_bind(struct rpc_world *w, const uint8_t uuid[16], uint16_t major, uint32_t token_bytes)
{
    struct pdu p = {0};
    pdu_begin(&p, RPC_PDU_BIND, RPC_FLAG_FIRST | RPC_FLAG_LAST, 1);
    pdu_u16(&p, 4280);
    pdu_u16(&p, 4280);
    pdu_u32(&p, 0);
    writer_u8(&p.w, 1);
    zeros(&p.w, 3);
    pdu_u16(&p, 0);
    writer_u8(&p.w, 1);
    zeros(&p.w, 1);
    pdu_uuid(&p, uuid);
    pdu_u32(&p, major);
    pdu_uuid(&p, ndr_uuid);
    pdu_u32(&p, 2);
    if (token_bytes)
        pdu_auth(&p, RPC_AUTH_NTLM, RPC_LEVEL_PRIVACY, 0, token_bytes);
    finish(w, &p);
}

static void make_bind_ack(struct rpc_world *w, const uint8_t syntax[16], uint32_t token_bytes)
{
    struct pdu p = {0};
    pdu_begin(&p, RPC_PDU_BIND_ACK, RPC_FLAG_FIRST | RPC_FLAG_LAST, 1);
    pdu_u16(&p, 4280);
    pdu_u16(&p, 4280);
    pdu_u32(&p, 1);
    pdu_u16(&p, 4);
    writer_bytes(&p.w, "135", 4);
    zeros(&p.w, 2);
    writer_u8(&p.w, 1);
    zeros(&p.w, 3);
    pdu_u32(&p, 0);
    pdu_uuid(&p, syntax);
    pdu_u32(&p, 2);
    if (token_bytes)
        pdu_auth(&p, RPC_AUTH_NTLM, RPC_LEVEL_PRIVACY, 0, token_bytes);
    finish(w, &p);
}

void send_bind_ack(struct rpc_world *w, uint32_t token_bytes)
{
    make_bind_ack(w, ndr_uuid, token_bytes);
}

void send_bind_ack_of(struct rpc_world *w, const uint8_t syntax[16])
{
    make_bind_ack(w, syntax, 0);
}
