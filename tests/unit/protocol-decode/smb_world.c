/*
 * smb_world - the doubles, and how messages reach the module.
 */
#include "tests/unit/protocol-decode/smb_world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The doubles write to the one world that is open. */
static struct smb_world *world;

static struct note *add_note(enum note_kind kind, struct id id, const struct place *place)
{
    assert_true(world->note_count < WORLD_NOTES_MAX);
    struct note *note = &world->notes[world->note_count++];
    *note = (struct note){.kind = kind, .id = id, .to_server = place->to_server, .frame = place->frame};
    return note;
}

static void set_text(char to[WORLD_TEXT_BYTES], struct str s)
{
    uint32_t size = s.size < WORLD_TEXT_BYTES - 1 ? s.size : WORLD_TEXT_BYTES - 1;
    memset(to, 0, WORLD_TEXT_BYTES);
    if (size > 0)
        memcpy(to, s.at, size);
}

void auth_token(struct auth *auth, struct decode_out *out, const struct place *place, struct id conversation,
                enum transport carrier, struct str token)
{
    (void)auth;
    (void)out;
    assert_int_equal(carrier, transport_smb);
    struct note *note = add_note(NOTE_TOKEN, conversation, place);
    set_text(note->data, token);
    note->size = token.size;
}

/* Whoever sent "user NAME" in the conversation. */
bool auth_who(struct auth *auth, struct id conversation, struct who *who)
{
    (void)auth;
    bool known = false;
    for (uint32_t i = 0; i < world->note_count; i++) {
        const struct note *note = &world->notes[i];
        if (note->kind != NOTE_TOKEN || !id_equal(note->id, conversation) ||
            strncmp(note->data, "user ", 5) != 0)
            continue;
        memset(who, 0, sizeof(*who));
        who_set(who->user, str_of(note->data + 5));
        who->security = security_ntlm;
        known = true;
    }
    return known;
}

void auth_result(struct auth *auth, struct decode_out *out, const struct place *place, struct id conversation,
                 enum outcome outcome, uint32_t status, bool final)
{
    (void)auth;
    (void)out;
    assert_true(final);
    struct note *note = add_note(NOTE_RESULT, conversation, place);
    note->outcome = (uint8_t)outcome;
    note->status = status;
}

bool rpc_probe(struct str bytes)
{
    return bytes.size >= 16 && bytes.at[0] == 5 && bytes.at[1] == 0;
}

void rpc_pipe_bytes(struct rpc_module *module, struct decode_out *out, const struct place *place,
                    struct id pipe, struct str name, const struct who *who, struct str bytes)
{
    (void)module;
    (void)out;
    assert_int_equal(place->transport, transport_smb);
    struct note *note = add_note(NOTE_PIPE, pipe, place);
    set_text(note->name, name);
    if (who)
        set_text(note->user, who_text(who->user));
    set_text(note->data, bytes);
    note->size = bytes.size;
}

void rpc_pipe_end(struct rpc_module *module, struct decode_out *out, const struct place *place,
                  struct id pipe)
{
    (void)module;
    (void)out;
    (void)add_note(NOTE_PIPE_END, pipe, place);
}

struct smb_world *smb_world_open(bool all)
{
    static struct smb_world only;
    world = &only;
    memset(world, 0, sizeof(*world));
    batch_init(&world->batch);
    world->out.batch = &world->batch;
    world->options = (struct smb_options){.sessions = 8,
                                          .trees = 8,
                                          .files = 8,
                                          .requests = 8,
                                          .timeout = WORLD_TIMEOUT_MS * TIME_NS_MS,
                                          .all = all,
                                          .seed = {.k0 = 3, .k1 = 4}};
    struct table_options files = {
        .name = "files", .key_size = sizeof(uint64_t), .value_size = DECODE_FILE_BYTES, .capacity = 1};
    assert_int_equal(table_create(&world->out.files, &files), ERR_OK);
    assert_int_equal(smb_create(&world->smb, &world->options, NULL, NULL), ERR_OK);
    world->flow = 1;
    return world;
}

void smb_world_close(struct smb_world *w)
{
    smb_free(w->smb);
    table_free(w->out.files);
    batch_close(&w->batch);
    writer_close(&w->message);
}

void smb_world_move(struct smb_world *w)
{
    struct smb_module *moved;
    struct table *from[16], *to[16];
    struct writer state = {0};
    assert_int_equal(smb_create(&moved, &w->options, NULL, NULL), ERR_OK);
    size_t count = smb_tables(w->smb, from);
    assert_int_equal(smb_tables(moved, to), count);
    for (size_t i = 0; i < count; i++) {
        writer_reset(&state);
        table_save(from[i], &state);
        struct reader r = reader_of_str(writer_str(&state));
        assert_true(table_load(to[i], &r));
    }
    writer_close(&state);
    smb_free(w->smb);
    w->smb = moved;
}

struct place world_place(const struct smb_world *w, bool to_server, uint64_t at_ms)
{
    return (struct place){.flow = {.high = 7, .low = w->flow},
                          .client = {.family = 4, .byte = {10, 0, 0, 1}},
                          .server = {.family = 4, .byte = {10, 0, 0, 2}},
                          .client_port = (uint16_t)(50000 + w->flow),
                          .server_port = 445,
                          .transport = transport_tcp,
                          .to_server = to_server,
                          .frame = w->frame,
                          .time = WORLD_START + (time_ns)at_ms * TIME_NS_MS};
}

void send_raw(struct smb_world *w, bool to_server, uint64_t at_ms, struct str message)
{
    w->frame++;
    struct place place = world_place(w, to_server, at_ms);
    struct framing framing = smb_frame(message);
    assert_int_equal(framing.state, FRAMING_WHOLE);
    assert_int_equal(framing.size, message.size);
    /* Of exactly the size that is wanted, so that a read past its end is seen by ASan. */
    char *exact = malloc(framing.want ? framing.want : 1);
    assert_non_null(exact);
    memcpy(exact, message.at, framing.want);
    smb_message(w->smb, &w->out, &place, (struct str){exact, framing.want}, message.size);
    free(exact);
}

void send_built(struct smb_world *w, bool to_server, uint64_t at_ms)
{
    send_raw(w, to_server, at_ms, built(w));
    w->message.size = 0;
}

uint32_t told_count(const struct smb_world *w)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < w->batch.count; i++)
        count += w->batch.records[i].type == RECORD_smb;
    return count;
}

static const struct record *find_told(const struct smb_world *w, uint32_t index)
{
    for (uint32_t i = 0; i < w->batch.count; i++)
        if (w->batch.records[i].type == RECORD_smb && index-- == 0)
            return &w->batch.records[i];
    fail_msg("fewer observations than expected");
    return NULL;
}

const struct smb *told(struct smb_world *w, uint32_t index)
{
    return find_told(w, index)->body;
}

time_ns told_time(const struct smb_world *w, uint32_t index)
{
    return find_told(w, index)->time;
}

const struct note *noted(const struct smb_world *w, enum note_kind kind, uint32_t index)
{
    for (uint32_t i = 0; i < w->note_count; i++)
        if (w->notes[i].kind == kind && index-- == 0)
            return &w->notes[i];
    return NULL;
}
