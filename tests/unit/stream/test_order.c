/*
 * test_order - the order of event time, held to a naive model: sort everything, cut at the lowest watermark.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/stream/order.h"

enum {
    SOURCES = 3,
    ROUNDS = 200,
    RECORDS = 300,
};

static uint64_t random_state;

static uint32_t pick(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

static int compare(const void *a, const void *b)
{
    return order_compare(a, b);
}

static struct record make(time_ns time, uint32_t source, uint64_t number)
{
    bool fact = number % 5 == 0;
    return (struct record){.type = fact ? RECORD_binding : RECORD_activity,
                           .time = time,
                           .slot = source,
                           .id = {.high = number * 0x9e3779b97f4a7c15u, .low = number}};
}

/* Every record once, sorted, whatever the sources' pace and the cut of batches. */
static void records_come_out_sorted_whatever_the_cut(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        random_state = seed;
        struct record sent[RECORDS];
        time_ns clock[SOURCES] = {0};
        struct order order;
        struct batch in, out, all;
        order_init(&order, SOURCES, 1 << 20);
        batch_init(&in);
        batch_init(&out);
        batch_init(&all);
        time_ns last_mark = TIME_NS_NONE;
        for (uint32_t i = 0; i <= RECORDS; i++) {
            if (i < RECORDS) {
                uint32_t source = pick(SOURCES);
                clock[source] += pick(4);
                sent[i] = make(clock[source], source, i + 1);
                batch_append(&in, &sent[i]);
                if (pick(3) == 0) {
                    batch_add_watermark(&in, clock[source]);
                    batch_last(&in)->slot = source;
                }
            }
            for (uint32_t s = 0; s < SOURCES && i == RECORDS; s++) {
                batch_add_watermark(&in, TIME_NS_END);
                batch_last(&in)->slot = s;
            }
            if (i < RECORDS && pick(4) != 0)
                continue;
            batch_reset(&out);
            order_step(&order, &in, &out);
            for (uint32_t n = 0; n < out.count; n++) {
                if (out.records[n].type == RECORD_watermark) {
                    assert_true(out.records[n].time > last_mark);
                    last_mark = out.records[n].time;
                } else {
                    assert_true(out.records[n].time >=
                                last_mark); /* nothing behind a watermark that was passed on */
                    batch_append(&all, &out.records[n]);
                }
            }
            batch_reset(&in);
        }
        qsort(sent, RECORDS, sizeof(*sent), compare);
        assert_int_equal(all.count, RECORDS);
        for (uint32_t i = 0; i < RECORDS; i++)
            assert_true(id_equal(all.records[i].id, sent[i].id));
        assert_int_equal(order.late, 0);
        assert_int_equal(order_held(&order), 0);
        order_close(&order);
        batch_close(&in);
        batch_close(&out);
        batch_close(&all);
    }
}

static void one_source_that_says_nothing_holds_all_back(void **state)
{
    (void)state;
    struct order order;
    struct batch in, out;
    order_init(&order, 2, 100);
    batch_init(&in);
    batch_init(&out);
    struct record record = make(5, 0, 1);
    batch_append(&in, &record);
    batch_add_watermark(&in, 100);
    order_step(&order, &in, &out);
    assert_int_equal(out.count, 0);
    assert_int_equal(order_held(&order), 1);
    batch_reset(&in);
    batch_add_watermark(&in, 5);
    batch_last(&in)->slot = 1;
    order_step(&order, &in, &out);
    assert_int_equal(out.count,
                     1); /* the watermark: a record at it may still be joined by others of its time */
    assert_int_equal(out.records[0].type, RECORD_watermark);
    batch_reset(&in);
    batch_reset(&out);
    batch_add_watermark(&in, 6);
    batch_last(&in)->slot = 1;
    order_step(&order, &in, &out);
    assert_int_equal(out.count, 2);
    assert_int_equal(out.records[0].time, 5);
    order_close(&order);
    batch_close(&in);
    batch_close(&out);
}

static void what_is_held_keeps_its_text_when_its_batch_is_gone(void **state)
{
    (void)state;
    struct order order;
    struct batch in, out;
    order_init(&order, 1, 100);
    batch_init(&in);
    batch_init(&out);
    struct binding *b = batch_add(&in, RECORD_binding, 7, (struct id){.low = 1});
    b->name = arena_copy(&in.arena, STR("dc01"));
    order_step(&order, &in, &out);
    memset((char *)(uintptr_t)b->name.at, 'x', b->name.size);
    batch_reset(&in);
    batch_add_watermark(&in, 8);
    order_step(&order, &in, &out);
    const struct binding *kept = out.records[0].body;
    assert_true(str_equal(kept->name, STR("dc01")));
    order_close(&order);
    batch_close(&in);
    batch_close(&out);
}

static void too_many_are_released_early_and_counted(void **state)
{
    (void)state;
    struct order order;
    struct batch in, out;
    order_init(&order, 1, 3);
    batch_init(&in);
    batch_init(&out);
    for (uint64_t i = 1; i <= 5; i++) {
        struct record record = make((time_ns)i, 0, i);
        batch_append(&in, &record);
    }
    order_step(&order, &in, &out);
    assert_int_equal(out.count, 2);
    assert_int_equal(order.forced, 2);
    assert_int_equal(out.records[0].time, 1);
    order_close(&order);
    batch_close(&in);
    batch_close(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_out_sorted_whatever_the_cut),
        cmocka_unit_test(one_source_that_says_nothing_holds_all_back),
        cmocka_unit_test(what_is_held_keeps_its_text_when_its_batch_is_gone),
        cmocka_unit_test(too_many_are_released_early_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
