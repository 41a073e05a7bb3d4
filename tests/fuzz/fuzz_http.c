/*
 * fuzz_http - four connections in both directions: heads, bodies, chunks, tunnels, RPC, credentials, with
 * time passing, losses and ends in between, and the state saved and loaded.
 *
 * The input is a run of steps (fuzz_steps.h), the bytes of each cut into messages as http_frame() says. Bit 6
 * of the control byte: bytes were lost before. Bit 7: the state moves to another module before.
 */
#include "services/protocol-decode/http.h"
#include "tests/fuzz/fuzz_steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum {
    STEP_LOST = 64,
    STEP_MOVE = 128,
    TABLES = 2,
    MESSAGES_MAX = 64, /* of a step */
};

struct world {
    struct batch batch;
    struct decode_out out;
    struct http_peers peers;
    struct http_module *module;
};

static struct http_module *make(const struct http_peers *peers)
{
    struct http_module *module = NULL;
    const struct http_options options = {
        .connections = 2, .requests = 4, .plain_exchanges = 8, .timeout = 10 * TIME_NS_S, .seed = {1, 2}};
    REQUIRE(http_create(&module, &options, peers) == ERR_OK);
    return module;
}

static void open_world(struct world *w)
{
    const struct auth_options auth = {.conversations = 4, .timeout = 10 * TIME_NS_S, .seed = {3, 4}};
    const struct rpc_options rpc = {.connections = 4, .calls = 8, .timeout = 10 * TIME_NS_S, .seed = {3, 4}};
    const struct tls_options tls = {.connections = 2, .timeout = 10 * TIME_NS_S, .seed = {3, 4}};
    memset(w, 0, sizeof(*w));
    batch_init(&w->batch);
    w->out = (struct decode_out){.batch = &w->batch, .files = steps_files()};
    REQUIRE(auth_create(&w->peers.auth, &auth) == ERR_OK);
    REQUIRE(rpc_create(&w->peers.rpc, &rpc, w->peers.auth) == ERR_OK);
    REQUIRE(tls_create(&w->peers.tls, &tls) == ERR_OK);
    w->module = make(&w->peers);
}

static void close_world(struct world *w)
{
    http_expire(w->module, &w->out, TIME_NS_END);
    steps_read(&w->batch);
    http_free(w->module);
    tls_free(w->peers.tls);
    rpc_free(w->peers.rpc);
    auth_free(w->peers.auth);
    table_free(w->out.files);
    batch_close(&w->batch);
}

static void move(struct world *w)
{
    struct http_module *fresh = make(&w->peers);
    struct table *from[TABLES], *to[TABLES];
    REQUIRE(http_tables(w->module, from) == TABLES && http_tables(fresh, to) == TABLES);
    for (int i = 0; i < TABLES; i++) {
        struct writer saved = {0}, again = {0};
        table_save(from[i], &saved);
        struct reader r = reader_of_str(writer_str(&saved));
        REQUIRE(table_load(to[i], &r));
        table_save(to[i], &again);
        REQUIRE(str_equal(writer_str(&saved), writer_str(&again)));
        writer_close(&saved);
        writer_close(&again);
    }
    http_free(w->module);
    w->module = fresh;
}

static void take(struct world *w, const struct place *place, struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    (void)http_probe(bytes);
    for (int i = 0; i < MESSAGES_MAX && reader_left(&r) > 0; i++) {
        struct reader rest = r;
        struct str left = reader_rest(&rest);
        struct framing framing = http_frame(w->module, place, left);
        if (framing.state == FRAMING_MORE)
            REQUIRE(framing.want > left.size);
        if (framing.state != FRAMING_WHOLE || framing.want > left.size)
            return;
        REQUIRE(framing.want > 0 && framing.want <= framing.size && framing.want <= STREAM_MESSAGE_BYTES_MAX);
        http_message(w->module, &w->out, place, (struct str){left.at, framing.want}, framing.size);
        reader_skip(&r, framing.size < left.size ? framing.size : left.size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct world w;
    struct reader r = reader_of(bytes, size);
    time_ns time = TIME_NS_DAY;
    open_world(&w);
    for (uint64_t frame = 1; frame <= STEPS_MAX && reader_left(&r) > 0; frame++) {
        uint8_t control = reader_u8(&r);
        uint16_t length = reader_u16be(&r);
        struct str message = reader_bytes(&r, length < reader_left(&r) ? length : reader_left(&r));
        time += control & STEP_LATER ? 11 * TIME_NS_S : TIME_NS_MS;
        struct place place = steps_place(control, frame, time);
        if (control & STEP_MOVE)
            move(&w);
        if (control & STEP_LOST)
            http_lost(w.module, &w.out, &place);
        if (control & STEP_END)
            http_end(w.module, &w.out, &place);
        else
            take(&w, &place, message);
        steps_read(&w.batch);
    }
    close_world(&w);
    return 0;
}
