/*
 * fuzz_fragment - covers fragment: pieces in any order, overlapping, late, too many, and restarts between
 * them.
 *
 * An input is a run of steps: a byte of control (bits 0 and 1 the datagram, 2 more to come, 3 later by 20 s,
 * 4 save and load), the offset in units of 8 bytes in two bytes, a size of one byte in units of 8, and the
 * bytes. What must hold: a datagram that is given out was made of pieces as long as it is, and in the end
 * nothing is held.
 */
#include "services/protocol-decode/fragment.h"

enum {
    STEPS_MAX = 200,
    TABLES_MAX = 4,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct fragments *create(void)
{
    struct fragments *fragments = NULL;
    enum err err =
        fragments_create(&fragments, &(struct fragments_options){.datagrams = 3, .timeout = 30 * TIME_NS_S});
    REQUIRE(err == ERR_OK);
    return fragments;
}

static struct fragments *reload(struct fragments *old)
{
    struct fragments *fragments = create();
    struct table *from[TABLES_MAX], *to[TABLES_MAX];
    size_t count = fragments_tables(old, from);
    (void)fragments_tables(fragments, to);
    struct writer w = {0};
    for (size_t i = 0; i < count; i++) {
        writer_reset(&w);
        table_save(from[i], &w);
        struct reader r = reader_of_str(writer_str(&w));
        bool loaded = table_load(to[i], &r);
        REQUIRE(loaded);
    }
    writer_close(&w);
    fragments_free(old);
    return fragments;
}

static void step(struct fragments *fragments, struct arena *arena, struct reader *r, uint8_t control,
                 time_ns time)
{
    struct packet packet = {.source = {4, {1}}, .target = {4, {2}}, .protocol = 17, .fragment = true};
    packet.fragment_id = control & 3;
    packet.more_fragments = control & 4;
    packet.fragment_offset = (reader_u16be(r) & 0x1fffu) * 8;
    packet.fragment = packet.more_fragments || packet.fragment_offset > 0;
    size_t size = (size_t)reader_u8(r) * 8;
    packet.payload = reader_bytes(r, size < reader_left(r) ? size : reader_left(r));
    uint32_t end = packet.fragment_offset + packet.payload.size;
    if (!reader_ok(r) || !packet.fragment || !fragments_add(fragments, arena, &packet, time))
        return;
    REQUIRE(!packet.fragment && packet.fragment_offset == 0 && packet.payload.size >= end);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < packet.payload.size; i++)
        sum += (uint8_t)packet.payload.at[i];
    REQUIRE(sum < UINT64_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct reader r = reader_of(bytes, size);
    struct fragments *fragments = create();
    struct arena arena;
    arena_init(&arena, 0);
    time_ns time = 0;
    for (int steps = 0; steps < STEPS_MAX && reader_left(&r) > 0; steps++) {
        uint8_t control = reader_u8(&r);
        if (control & 8)
            time += 20 * TIME_NS_S;
        step(fragments, &arena, &r, control, time);
        if (control & 16)
            fragments = reload(fragments);
    }
    fragments_expire(fragments, TIME_NS_END);
    struct table *tables[TABLES_MAX];
    for (size_t i = fragments_tables(fragments, tables); i-- > 0;)
        REQUIRE(table_count(tables[i]) == 0);
    fragments_free(fragments);
    arena_close(&arena);
    return 0;
}
