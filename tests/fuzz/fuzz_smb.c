/*
 * fuzz_smb - covers the framing, headers and bodies of SMB 1 and 2, their pairing, and what of them goes on
 * to auth and rpc, over several connections in both directions.
 *
 * The input is a run of steps: one byte that says which way a message goes and what happens before it, and
 * the message with its session header. What is held must be nothing once all connections have ended.
 */
#include <stddef.h>
#include <stdint.h>

#include "services/protocol-decode/smb.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum {
    STEP_TO_SERVER = 0x01,
    STEP_FLOW = 0x06, /* one of four */
    STEP_LATER = 0x08,
    STEP_LOST = 0x10,
    STEP_END = 0x20,
    STEP_MOVE = 0x40, /* state is saved, and loaded into a new module */
    FLOWS = 4,
    LATER_S = 4,
    TIMEOUT_S = 10,
    CAPACITY = 4, /* small, so that tables overflow */
    TABLES_MAX = 16,
};

struct world {
    struct batch batch;
    struct decode_out out;
    struct auth *auth;
    struct rpc_module *rpc;
    struct smb_module *smb;
    time_ns now;
    uint64_t frame;
};

static const struct smb_options options = {.sessions = CAPACITY,
                                           .trees = CAPACITY,
                                           .files = CAPACITY,
                                           .requests = CAPACITY,
                                           .timeout = TIMEOUT_S * TIME_NS_S,
                                           .all = true};

static void open_world(struct world *w)
{
    memset(w, 0, sizeof(*w));
    batch_init(&w->batch);
    w->out.batch = &w->batch;
    struct table_options files = {
        .name = "files", .key_size = sizeof(uint64_t), .value_size = DECODE_FILE_BYTES, .capacity = 1};
    struct auth_options auth = {.conversations = CAPACITY, .timeout = options.timeout};
    struct rpc_options rpc = {.connections = CAPACITY, .calls = CAPACITY, .timeout = options.timeout};
    REQUIRE(table_create(&w->out.files, &files) == ERR_OK);
    REQUIRE(auth_create(&w->auth, &auth) == ERR_OK);
    REQUIRE(rpc_create(&w->rpc, &rpc, w->auth) == ERR_OK);
    REQUIRE(smb_create(&w->smb, &options, w->auth, w->rpc) == ERR_OK);
}

/* auth and rpc keep what the end of a connection does not end. */
static void clear_world(struct world *w)
{
    struct table *tables[TABLES_MAX];
    size_t count = auth_tables(w->auth, tables);
    count += rpc_tables(w->rpc, tables + count);
    REQUIRE(count <= TABLES_MAX);
    for (size_t i = 0; i < count; i++)
        table_clear(tables[i]);
    batch_reset(&w->batch);
    w->now = TIME_NS_DAY;
    w->frame = 0;
}

static struct place place_of(const struct world *w, uint8_t step)
{
    uint8_t flow = (uint8_t)((step & STEP_FLOW) >> 1);
    return (struct place){.flow = {.high = 1, .low = flow},
                          .client = {.family = 4, .byte = {10, 0, 0, 1}},
                          .server = {.family = 4, .byte = {10, 0, 0, flow / 2 + 2}},
                          .client_port = (uint16_t)(50000 + flow),
                          .server_port = 445,
                          .transport = transport_tcp,
                          .to_server = (step & STEP_TO_SERVER) != 0,
                          .frame = w->frame,
                          .time = w->now};
}

static void move(struct world *w)
{
    struct smb_module *moved;
    struct table *from[TABLES_MAX], *to[TABLES_MAX];
    struct writer state = {0};
    REQUIRE(smb_create(&moved, &options, w->auth, w->rpc) == ERR_OK);
    size_t count = smb_tables(w->smb, from);
    REQUIRE(smb_tables(moved, to) == count && count <= TABLES_MAX);
    for (size_t i = 0; i < count; i++) {
        writer_reset(&state);
        table_save(from[i], &state);
        struct reader r = reader_of_str(writer_str(&state));
        REQUIRE(table_load(to[i], &r));
    }
    writer_close(&state);
    smb_free(w->smb);
    w->smb = moved;
}

static void happen(struct world *w, uint8_t step)
{
    if (step & STEP_LATER)
        w->now += LATER_S * TIME_NS_S;
    struct place place = place_of(w, step);
    if (step & STEP_MOVE)
        move(w);
    if (step & STEP_LOST)
        smb_lost(w->smb, &w->out, &place);
    if (step & STEP_END)
        smb_end(w->smb, &w->out, &place);
}

/* A message at the start of what is left, if one begins there. */
static void take_message(struct world *w, uint8_t step, struct reader *r)
{
    struct reader rest = *r;
    struct str bytes = reader_rest(&rest);
    (void)smb_probe(bytes);
    struct framing framing = smb_frame(bytes);
    if (framing.state != FRAMING_WHOLE)
        return;
    REQUIRE(framing.want <= framing.size && framing.want <= STREAM_MESSAGE_BYTES_MAX);
    /* What the input lacks of the last message is cut off it. */
    uint32_t size = framing.want <= bytes.size ? framing.size : bytes.size;
    uint32_t want = framing.want <= bytes.size ? framing.want : bytes.size;
    happen(w, step);
    struct place place = place_of(w, step);
    smb_message(w->smb, &w->out, &place, (struct str){bytes.at, want}, size);
    reader_skip(r, size < bytes.size ? size : bytes.size);
}

static void finish(struct world *w)
{
    struct table *tables[TABLES_MAX];
    for (uint8_t flow = 0; flow < FLOWS; flow++) {
        struct place place = place_of(w, (uint8_t)(flow << 1));
        smb_end(w->smb, &w->out, &place);
    }
    smb_expire(w->smb, &w->out, TIME_NS_END);
    size_t count = smb_tables(w->smb, tables);
    for (size_t i = 0; i < count; i++)
        REQUIRE(table_count(tables[i]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    /* Made once: an input leaves nothing in it, and memory of this size is slow to take. */
    static struct world w;
    if (!w.smb)
        open_world(&w);
    clear_world(&w);
    struct reader r = reader_of(bytes, size);
    while (reader_left(&r) > 0) {
        uint8_t step = reader_u8(&r);
        w.frame++;
        take_message(&w, step, &r);
    }
    finish(&w);
    return 0;
}
