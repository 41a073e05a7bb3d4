/*
 * fuzz_rpc - whole connections: PDUs over TCP and pieces over a pipe, in both directions, with time passing,
 * the connection ending, and state saved and loaded in between.
 *
 * The input is a run of actions: a byte of what to do, a u16 of how many bytes it is done with, and the
 * bytes. Bits of the first: 0 direction, 1 pipe, 2 a minute passes, 3 the connection ends after it, 4 the
 * state is saved and loaded before it, 5 the body of an HTTP message instead of whole PDUs, 6 another flow.
 */
#include "common/base/reader.h"
#include "services/protocol-decode/rpc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum {
    ACTIONS_MAX = 256,
    TABLES_MAX = 16,
};

struct world {
    struct auth *auth;
    struct rpc_module *rpc;
    struct table *files;
    struct batch batch;
    struct decode_out out;
    struct place place;
};

static struct rpc_module *make_module(struct auth *auth)
{
    struct rpc_module *rpc;
    /* Small, so that bounds are reached. */
    const struct rpc_options options = {
        .connections = 4, .calls = 8, .timeout = 30 * TIME_NS_S, .seed = {1, 2}};
    REQUIRE(rpc_create(&rpc, &options, auth) == ERR_OK);
    return rpc;
}

static void open_world(struct world *w)
{
    memset(w, 0, sizeof(*w));
    const struct auth_options auth = {.conversations = 4, .timeout = 30 * TIME_NS_S, .seed = {3, 4}};
    const struct table_options files = {
        .name = "files", .key_size = 8, .value_size = DECODE_FILE_BYTES, .capacity = 1};
    REQUIRE(auth_create(&w->auth, &auth) == ERR_OK);
    REQUIRE(table_create(&w->files, &files) == ERR_OK);
    w->rpc = make_module(w->auth);
    batch_init(&w->batch);
    w->out = (struct decode_out){.batch = &w->batch, .files = w->files};
    w->place = (struct place){.flow = {1, 2}, .transport = transport_tcp, .time = TIME_NS_DAY};
}

static void close_world(struct world *w)
{
    rpc_expire(w->rpc, &w->out, TIME_NS_END);
    rpc_free(w->rpc);
    auth_free(w->auth);
    table_free(w->files);
    batch_close(&w->batch);
}

/* A new module with the old one's state must hold the same state. */
static void save_and_load(struct world *w)
{
    struct rpc_module *next = make_module(w->auth);
    struct table *from[TABLES_MAX], *to[TABLES_MAX];
    struct writer saved = {0}, again = {0};
    size_t count = rpc_tables(w->rpc, from);
    (void)rpc_tables(next, to);
    for (size_t i = 0; i < count; i++) {
        writer_reset(&saved);
        writer_reset(&again);
        table_save(from[i], &saved);
        struct reader r = reader_of(saved.bytes, saved.size);
        REQUIRE(table_load(to[i], &r));
        table_save(to[i], &again);
        REQUIRE(str_equal(writer_str(&saved), writer_str(&again)));
    }
    writer_close(&saved);
    writer_close(&again);
    rpc_free(w->rpc);
    w->rpc = next;
}

static void act(struct world *w, uint8_t what, struct str bytes)
{
    const struct id pipe = {3, 4};
    w->place.to_server = (what & 1) != 0;
    w->place.time += (what & 4) ? TIME_NS_MIN : TIME_NS_MS;
    w->place.frame++;
    w->place.flow.low = (what & 64) ? 5 : 2;
    if (what & 16)
        save_and_load(w);
    if (what & 2) {
        rpc_pipe_bytes(w->rpc, &w->out, &w->place, pipe, STR("svcctl"), NULL, bytes);
    } else if (what & 32) {
        rpc_http_bytes(w->rpc, &w->out, &w->place, NULL, bytes);
    } else {
        struct framing framing = rpc_frame(bytes);
        (void)rpc_probe(bytes);
        if (framing.state == FRAMING_WHOLE && framing.size <= bytes.size)
            rpc_message(w->rpc, &w->out, &w->place, bytes);
    }
    if ((what & 8) && (what & 2))
        rpc_pipe_end(w->rpc, &w->out, &w->place, pipe);
    else if (what & 8)
        rpc_end(w->rpc, &w->out, &w->place);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct world w;
    struct reader r = reader_of(bytes, size);
    open_world(&w);
    for (int i = 0; i < ACTIONS_MAX && reader_left(&r) > 0; i++) {
        uint8_t what = reader_u8(&r);
        uint16_t length = reader_u16le(&r);
        size_t left = reader_left(&r);
        act(&w, what, reader_bytes(&r, length < left ? length : left));
    }
    close_world(&w);
    return 0;
}
