/*
 * test_window - the look-ahead against a naive model: sort what waits, take the first.
 */
#include "tests/unit/io/cm.h"

#include <stdio.h>

#include "common/io/window.h"

enum {
    MODEL_MAX = 64,
    STEPS = 20000,
};

struct model {
    time_ns time[MODEL_MAX];
    uint64_t number[MODEL_MAX];
    uint32_t count;
    time_ns taken;
    uint64_t late;
};

static void model_put(struct model *m, time_ns time, uint64_t number)
{
    m->late += time < m->taken;
    m->time[m->count] = time < m->taken ? m->taken : time;
    m->number[m->count++] = number;
}

static uint64_t model_take(struct model *m)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < m->count; i++)
        if (m->time[i] < m->time[best] || (m->time[i] == m->time[best] && m->number[i] < m->number[best]))
            best = i;
    uint64_t number = m->number[best];
    m->taken = m->time[best];
    m->count--;
    m->time[best] = m->time[m->count];
    m->number[best] = m->number[m->count];
    return number;
}

static uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

static void run_steps(uint64_t seed, uint32_t frames_max, uint32_t disorder)
{
    struct window w;
    struct slabs slabs;
    slabs_init(&slabs, SLAB_BYTES_MIN);
    struct slab *slab = slab_take(&slabs, 0, NULL);
    assert_int_equal(window_init(&w, frames_max, 1 << 20), ERR_OK);
    struct model m = {.taken = TIME_NS_NONE};
    uint64_t number = 0;
    time_ns time = 1000;
    for (int i = 0; i < STEPS; i++) {
        if (window_is_full(&w) || (w.count > 0 && next_random(&seed) % 8 == 0)) {
            const struct capture_frame *head = window_head(&w);
            assert_int_equal(head->number, model_take(&m));
            assert_int_equal(head->time, m.taken);
            slab_drop(&slabs, head->slab);
            window_pop(&w);
            continue;
        }
        time += next_random(&seed) % 10;
        time_ns put = time - (next_random(&seed) % 4 == 0 ? next_random(&seed) % disorder : 0);
        slab_hold(slab);
        *window_room(&w) = (struct capture_frame){.time = put, .number = ++number, .slab = slab};
        window_settle(&w);
        model_put(&m, put, number);
        assert_int_equal(w.late, m.late);
    }
    window_close(&w, &slabs);
    assert_int_equal(slab->holders, 1);
    slab_drop(&slabs, slab);
    slabs_close(&slabs);
}

static void test_frames_come_out_as_from_a_sorted_list(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        print_message("seed %llu\n", (unsigned long long)seed);
        run_steps(seed, 1 + (uint32_t)seed % (MODEL_MAX - 1), 1 + 40 * (uint32_t)seed);
    }
}

static void test_a_window_of_bytes_is_full_too(void **state)
{
    (void)state;
    struct window w;
    struct slabs slabs;
    slabs_init(&slabs, SLAB_BYTES_MIN);
    struct slab *slab = slab_take(&slabs, 0, NULL);
    assert_int_equal(window_init(&w, 100, 10), ERR_OK);
    struct str bytes = {.at = (const char *)slab->bytes, .size = 9};
    for (int i = 0; i < 2; i++) {
        assert_false(window_is_full(&w));
        slab_hold(slab);
        *window_room(&w) = (struct capture_frame){.time = i, .bytes = bytes, .slab = slab};
        window_settle(&w);
    }
    assert_true(window_is_full(&w));
    window_close(&w, &slabs);
    slab_drop(&slabs, slab);
    slabs_close(&slabs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_come_out_as_from_a_sorted_list),
        cmocka_unit_test(test_a_window_of_bytes_is_full_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
