/*
 * smb_negotiate - what both sides can do: NEGOTIATE and its contexts (MS-SMB2 2.2.3, 2.2.4).
 */
#include "services/protocol-decode/smb_body.h"

enum {
    DIALECTS_MAX = 64,
    CONTEXTS_MAX = 32,
    DIALECT_3_1_1 = 0x0311,
    /* 2.2.3.1 */
    CONTEXT_PREAUTH_INTEGRITY = 1,
    CONTEXT_ENCRYPTION = 2,
    CONTEXT_COMPRESSION = 3,
    CONTEXT_NETNAME = 5,
    CONTEXT_TRANSPORT = 6,
    CONTEXT_RDMA_TRANSFORM = 7,
    CONTEXT_SIGNING = 8,
    CONTEXTS = CONTEXT_SIGNING + 1,
};

/* A context that is a list of numbers of 16 bits: where its count stands, where the list begins, and where it
 * is told. */
struct list_context {
    uint8_t begin; /* 0: it is none */
    enum smb_field asked;
    enum smb_field answered;
};

static const struct list_context list_contexts[CONTEXTS] = {
    [CONTEXT_PREAUTH_INTEGRITY] = {4, SMB_FIELD_hashes_offered, SMB_FIELD_hashes},
    [CONTEXT_ENCRYPTION] = {2, SMB_FIELD_ciphers_offered, SMB_FIELD_ciphers},
    [CONTEXT_COMPRESSION] = {8, SMB_FIELD_compressions_offered, SMB_FIELD_compressions},
    [CONTEXT_RDMA_TRANSFORM] = {8, SMB_FIELD_rdma_offered, SMB_FIELD_rdma},
    [CONTEXT_SIGNING] = {2, SMB_FIELD_signings_offered, SMB_FIELD_signings},
};

struct context_list {
    struct smb_notes *notes;
    struct arena *arena;
    bool answer;
};

static void note_other(const struct context_list *list, uint16_t type, struct str data)
{
    struct reader r = reader_of_str(data);
    if (type == CONTEXT_NETNAME)
        smb_note_utf16(list->notes, list->arena, SMB_FIELD_netname, data);
    else if (type == CONTEXT_TRANSPORT)
        smb_note(list->notes, list->answer ? SMB_FIELD_transports : SMB_FIELD_transports_offered,
                 reader_u32le(&r));
}

/* False: it is short. */
static bool note_context(const struct context_list *list, uint16_t type, struct str data)
{
    const struct list_context *known = type < CONTEXTS ? &list_contexts[type] : &list_contexts[0];
    if (known->begin == 0) {
        note_other(list, type, data);
        return true;
    }
    struct reader r = reader_of_str(data), begin = r;
    uint16_t count = reader_u16le(&r);
    reader_skip(&begin, known->begin);
    struct str numbers = reader_bytes(&begin, count * sizeof(uint16_t));
    smb_note_numbers(list->notes, list->answer ? known->answered : known->asked, numbers);
    if (type == CONTEXT_COMPRESSION) {
        reader_skip(&r, 2);
        smb_note(list->notes,
                 list->answer ? SMB_FIELD_compression_flags : SMB_FIELD_compression_flags_offered,
                 reader_u32le(&r));
    }
    return reader_ok(&begin);
}

/* 2.2.3.1: each begins on a multiple of 8 bytes from the header. */
static void note_contexts(const struct context_list *list, const struct smb_part *part, uint32_t offset,
                          uint16_t count)
{
    struct reader r = reader_of_str(part->bytes);
    if (!list->notes || count == 0)
        return;
    reader_skip(&r, offset);
    for (uint16_t i = 0; i < count && i < CONTEXTS_MAX && reader_ok(&r); i++) {
        size_t padding = (8 - reader_offset(&r) % 8) % 8;
        if (i > 0)
            reader_skip(&r, padding);
        uint16_t type = reader_u16le(&r);
        uint16_t length = reader_u16le(&r);
        reader_skip(&r, 4);
        struct str data = reader_bytes(&r, length);
        if (reader_ok(&r) && !note_context(list, type, data))
            reader_fail(&r);
    }
    if (!reader_ok(&r) && !part->cut)
        smb_note_malformed(list->notes, part->offset + reader_offset(&r));
}

static bool offers(struct str dialects, uint16_t wanted)
{
    struct reader r = reader_of_str(dialects);
    while (reader_left(&r) > 0)
        if (reader_u16le(&r) == wanted)
            return true;
    return false;
}

/* 2.2.3 */
void smb_ask_negotiate(const struct smb_part *part, struct reader *body, struct smb_asked *asked)
{
    struct smb_notes *notes = asked->notes;
    uint16_t count = reader_u16le(body);
    smb_note(notes, SMB_FIELD_client_security_mode, reader_u16le(body));
    reader_skip(body, 2);
    smb_note(notes, SMB_FIELD_client_capabilities, reader_u32le(body));
    smb_note_uuid(notes, SMB_FIELD_client_guid, reader_bytes(body, sizeof(struct uuid)));
    uint32_t offset = reader_u32le(body);
    uint16_t contexts = reader_u16le(body);
    reader_skip(body, 2);
    struct str dialects = reader_bytes(body, count * sizeof(uint16_t));
    smb_note_numbers(notes, SMB_FIELD_dialects_offered, dialects);
    if (offers(dialects, DIALECT_3_1_1))
        note_contexts(&(struct context_list){.notes = notes, .arena = asked->arena}, part, offset, contexts);
}

/* 2.2.4 */
void smb_answer_negotiate_body(const struct smb_part *part, struct reader *body,
                               struct smb_answered *answered)
{
    struct smb_notes *notes = answered->notes;
    smb_note(notes, SMB_FIELD_security_mode, reader_u16le(body));
    answered->dialect = reader_u16le(body);
    uint16_t contexts = reader_u16le(body);
    smb_note_uuid(notes, SMB_FIELD_server_guid, reader_bytes(body, sizeof(struct uuid)));
    smb_note(notes, SMB_FIELD_capabilities, reader_u32le(body));
    smb_note(notes, SMB_FIELD_max_transact, reader_u32le(body));
    smb_note(notes, SMB_FIELD_max_read, reader_u32le(body));
    smb_note(notes, SMB_FIELD_max_write, reader_u32le(body));
    smb_note(notes, SMB_FIELD_server_time, (uint64_t)smb_time(reader_u64le(body)));
    smb_note(notes, SMB_FIELD_server_start, (uint64_t)smb_time(reader_u64le(body)));
    uint16_t offset = reader_u16le(body);
    uint16_t length = reader_u16le(body);
    uint32_t contexts_offset = reader_u32le(body);
    answered->data = smb_take(part, body, offset, length);
    if (answered->dialect == DIALECT_3_1_1)
        note_contexts(&(struct context_list){.notes = notes, .arena = answered->arena, .answer = true}, part,
                      contexts_offset, contexts);
}
