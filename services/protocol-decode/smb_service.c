/*
 * smb_service - the packets of the NetBIOS session service that open a session (RFC 1002 4.3.2 to 4.3.5).
 *
 * One observation tells who was called by which name, and what came of it.
 */
#include "common/base/text.h"
#include "services/protocol-decode/smb_exchange.h"

enum {
    NAME_BYTES = 16,
    NAME_ENCODED_BYTES = 32,
    SUFFIX_BYTES = 4, /* <20> */
};

#define REQUEST_NAME (1ull << 62) /* of the one request of a connection that may wait */

/* RFC 1001 14.1: two letters a byte; the last byte is a suffix, blanks before it fill up. */
static struct str read_name(struct reader *r, struct arena *arena)
{
    uint8_t name[NAME_BYTES];
    uint8_t length = reader_u8(r);
    struct reader encoded = reader_sub(r, length);
    /* A scope may follow, up to an empty label. */
    for (uint8_t label = reader_u8(r); label != 0 && reader_ok(r); label = reader_u8(r))
        reader_skip(r, label);
    if (length != NAME_ENCODED_BYTES)
        return (struct str){0};
    for (int i = 0; i < NAME_BYTES; i++) {
        unsigned high = reader_u8(&encoded) - (unsigned)'A', low = reader_u8(&encoded) - (unsigned)'A';
        name[i] = (uint8_t)((high & 0x0f) << 4 | (low & 0x0f));
    }
    uint32_t size = NAME_BYTES - 1;
    while (size > 0 && (name[size - 1] == ' ' || name[size - 1] == 0))
        size--;
    struct str text = text_to_utf8(arena, arena_copy(arena, (struct str){(const char *)name, size}));
    return arena_print(arena, "%.*s<%02x>", (int)text.size, text.at, name[NAME_BYTES - 1]);
}

static struct smb_subject subject(void)
{
    return (struct smb_subject){.message_id = REQUEST_NAME, .version = smb_version_session_service};
}

static void ask(struct smb_context *c, struct reader *r)
{
    struct smb_notes notes;
    struct arena *arena = &c->out->batch->arena;
    notes.size = 0;
    smb_note_text(&notes, SMB_FIELD_called_name, read_name(r, arena));
    smb_note_text(&notes, SMB_FIELD_calling_name, read_name(r, arena));
    if (!reader_ok(r)) {
        smb_refuse(c, &(struct smb_fault){.reason = "names of a session request", .offset = r->failed_at});
        return;
    }
    smb_make_room(c, REQUEST_NAME);
    struct smb_request *request = smb_add_request(c, REQUEST_NAME, &notes);
    request->about = subject();
    request->always = 1;
}

static void answer(struct smb_context *c, struct reader *r, uint8_t type)
{
    struct smb_notes notes;
    const struct smb_request *request = smb_find_request(c, REQUEST_NAME);
    notes.size = 0;
    if (type == SMB_SESSION_NEGATIVE)
        smb_note(&notes, SMB_FIELD_session_error, reader_u8(r));
    if (!request)
        return;
    struct smb_told told = {.about = subject(), .request = request, .answered = &notes, .has_response = true};
    smb_tell(c, &told);
    smb_remove_request(c->module, c->connection, REQUEST_NAME);
}

void smb_take_service(struct smb_context *c, struct str message)
{
    struct reader r = reader_of_str(message);
    uint8_t type = reader_u8(&r);
    reader_skip(&r, SMB_SESSION_BYTES - 1);
    if (type == SMB_SESSION_REQUEST && c->place->to_server)
        ask(c, &r);
    else if ((type == SMB_SESSION_POSITIVE || type == SMB_SESSION_NEGATIVE || type == SMB_SESSION_RETARGET) &&
             !c->place->to_server)
        answer(c, &r, type);
}
