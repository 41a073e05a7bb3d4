/*
 * test_table - the table against a naive model over random steps: what it holds, in which order, what it
 * forgets, and that saving, changes and loading give the same table again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/table.h"
#include "tests/tools/random_record.h"

enum {
    CAPACITY = 37,
    KEYS = 60, /* more than fit, so that many are evicted */
    STEPS = 60000,
    KEY_SIZE = 5,
};

struct value {
    uint64_t number;
    uint8_t more[3];
    uint8_t padding[5];
};

/* The model: keys in the order of their last touch, the oldest first. */
struct model {
    struct {
        uint8_t key;
        uint64_t number;
    } entry[CAPACITY + 1];
    uint32_t count;
    uint64_t evicted;
    uint8_t last_evicted;
};

struct evictions {
    uint64_t count;
    uint8_t key;
    uint64_t number;
};

static void note_eviction(void *owner, const void *key, void *value)
{
    struct evictions *evictions = owner;
    evictions->count++;
    evictions->key = *(const uint8_t *)key;
    evictions->number = ((const struct value *)value)->number;
}

static const uint8_t *key_bytes(uint8_t key)
{
    static uint8_t bytes[KEY_SIZE];
    memset(bytes, key, sizeof(bytes));
    return bytes;
}

static int model_find(const struct model *model, uint8_t key)
{
    for (uint32_t i = 0; i < model->count; i++)
        if (model->entry[i].key == key)
            return (int)i;
    return -1;
}

static void model_remove(struct model *model, uint32_t at)
{
    memmove(&model->entry[at], &model->entry[at + 1], (model->count - at - 1) * sizeof(model->entry[0]));
    model->count--;
}

static void model_put(struct model *model, uint8_t key, uint64_t number)
{
    int at = model_find(model, key);
    if (at >= 0)
        model_remove(model, (uint32_t)at);
    if (model->count == CAPACITY) {
        model->last_evicted = model->entry[0].key;
        model_remove(model, 0);
        model->evicted++;
    }
    model->entry[model->count].key = key;
    model->entry[model->count++].number = number;
}

static struct table *make_table(uint32_t capacity)
{
    struct table *table;
    const struct table_options options = {.name = "test",
                                          .key_size = KEY_SIZE,
                                          .value_size = sizeof(struct value),
                                          .capacity = capacity,
                                          .layout = 1,
                                          .seed = {.k0 = 1, .k1 = 2}};
    assert_int_equal(table_create(&table, &options), ERR_OK);
    return table;
}

static void compare(struct table *table, const struct model *model)
{
    assert_int_equal(table_count(table), model->count);
    struct value *value = table_oldest(table);
    for (uint32_t i = 0; i < model->count; i++, value = table_newer(table, value)) {
        assert_non_null(value);
        assert_int_equal(*(const uint8_t *)table_key(table, value), model->entry[i].key);
        assert_true(value->number == model->entry[i].number);
    }
    assert_null(value);
}

static void step(struct random *random, struct table *table, struct model *model)
{
    uint8_t key = (uint8_t)random_below(random, KEYS);
    int at = model_find(model, key);
    switch (random_below(random, 10)) {
    case 0:
    case 1:
    case 2:
    case 3: {
        bool created;
        struct value *value = table_put(table, key_bytes(key), &created);
        assert_int_equal(created, at < 0);
        assert_true(value->number == (at < 0 ? 0 : model->entry[at].number));
        value->number = random_u64(random);
        model_put(model, key, value->number);
        break;
    }
    case 4:
    case 5: {
        struct value *value = table_find(table, key_bytes(key));
        assert_int_equal(value != NULL, at >= 0);
        if (value)
            model_put(model, key, value->number);
        break;
    }
    case 6:
    case 7: {
        const struct value *value = table_peek(table, key_bytes(key));
        assert_int_equal(value != NULL, at >= 0);
        assert_true(!value || value->number == model->entry[at].number);
        break;
    }
    default:
        table_remove(table, key_bytes(key));
        if (at >= 0)
            model_remove(model, (uint32_t)at);
        break;
    }
    if (random_below(random, 5000) == 0) {
        table_clear(table);
        model->count = 0;
    }
}

static uint64_t seed_of_run(const char *test)
{
    const char *wanted = getenv("ORTHRUS_SEED");
    uint64_t seed = wanted ? strtoull(wanted, NULL, 0) : 20240917;
    print_message("%s: ORTHRUS_SEED=%llu\n", test, (unsigned long long)seed);
    return seed;
}

static void it_holds_what_a_naive_model_holds(void **state)
{
    (void)state;
    struct random random = {.state = seed_of_run(__func__)};
    struct table *table = make_table(CAPACITY);
    struct model model = {0};
    struct evictions evictions = {0};
    table_on_evict(table, note_eviction, &evictions);
    for (int i = 0; i < STEPS; i++) {
        step(&random, table, &model);
        compare(table, &model);
        assert_true(table_evicted(table) == model.evicted);
        assert_true(evictions.count == model.evicted);
        assert_true(model.evicted == 0 || evictions.key == model.last_evicted);
    }
    assert_true(model.evicted > 100);
    table_free(table);
}

static void assert_same(struct table *a, struct table *b)
{
    struct writer first = {0}, second = {0};
    table_save(a, &first);
    table_save(b, &second);
    assert_true(str_equal(writer_str(&first), writer_str(&second)));
    writer_close(&first);
    writer_close(&second);
}

static void load(struct table *table, struct writer *w)
{
    struct reader r = reader_of_str(writer_str(w));
    assert_true(table_load(table, &r));
    assert_int_equal(reader_left(&r), 0);
}

static void a_loaded_table_goes_on_as_the_one_that_was_saved(void **state)
{
    (void)state;
    struct random random = {.state = seed_of_run(__func__)};
    struct table *table = make_table(CAPACITY);
    struct model model = {0};
    for (int i = 0; i < 3000; i++) {
        step(&random, table, &model);
        struct writer w = {0};
        table_save(table, &w);
        struct table *again = make_table(CAPACITY);
        load(again, &w);
        compare(again, &model);
        assert_same(again, table);
        table_free(table);
        table = again;
        writer_close(&w);
    }
    table_free(table);
}

static void changes_one_after_the_other_give_the_whole(void **state)
{
    (void)state;
    struct random random = {.state = seed_of_run(__func__)};
    struct table *table = make_table(CAPACITY), *copy = make_table(CAPACITY);
    struct model model = {0};
    for (int i = 0; i < 4000; i++) {
        struct writer w = {0};
        /* From no step at all to more than the table can remember the removals of. */
        for (uint32_t n = random_below(&random, random_below(&random, 20) ? 8 : 400); n > 0; n--)
            step(&random, table, &model);
        table_save_changes(table, &w);
        if (random_below(&random, 10) != 0) {
            /* Otherwise the commit was refused, and the next changes must hold these as well. */
            table_saved(table);
            load(copy, &w);
            compare(copy, &model);
            assert_same(copy, table);
        }
        if (random_below(&random, 50) == 0) {
            /* A failover: the copy becomes the table. */
            struct table *swap = table;
            struct writer whole = {0};
            table_save(table, &whole);
            table_free(copy);
            copy = make_table(CAPACITY);
            load(copy, &whole);
            table = copy;
            copy = swap;
            table_saved(copy);
            writer_close(&whole);
        }
        writer_close(&w);
    }
    table_free(table);
    table_free(copy);
}

static void changes_are_small_when_little_changed(void **state)
{
    (void)state;
    struct table *table = make_table(1000);
    for (int i = 0; i < 200; i++)
        (void)table_put(table, key_bytes((uint8_t)i), NULL);
    struct writer whole = {0}, few = {0}, none = {0};
    table_save_changes(table, &whole);
    table_saved(table);
    table_save_changes(table, &none);
    (void)table_find(table, key_bytes(7));
    table_remove(table, key_bytes(8));
    table_save_changes(table, &few);
    assert_true(none.size < 64);
    assert_true(few.size < none.size + 64);
    assert_true(whole.size > 200 * sizeof(struct value));
    writer_close(&whole);
    writer_close(&few);
    writer_close(&none);
    table_free(table);
}

static void what_it_forgets_costs_no_memory_for_ever(void **state)
{
    (void)state;
    /* A million evictions without a save: the changes are then no more than the whole table. */
    struct table *table = make_table(10);
    table_saved(table);
    for (uint32_t i = 0; i < 1000000; i++) {
        uint8_t key[KEY_SIZE] = {0};
        memcpy(key, &i, sizeof(i));
        (void)table_put(table, key, NULL);
    }
    struct writer whole = {0}, changes = {0};
    table_save(table, &whole);
    table_save_changes(table, &changes);
    assert_int_equal(changes.size, whole.size + 1);
    writer_close(&whole);
    writer_close(&changes);
    table_free(table);
}

static void damaged_or_foreign_state_leaves_it_empty(void **state)
{
    (void)state;
    struct table *table = make_table(CAPACITY);
    for (uint8_t i = 0; i < 5; i++)
        (void)table_put(table, key_bytes(i), NULL);
    struct writer w = {0};
    table_save(table, &w);
    struct table *other = make_table(CAPACITY);
    for (size_t size = 0; size < w.size; size++) {
        struct reader r = reader_of(w.bytes, size);
        assert_false(table_load(other, &r));
        assert_int_equal(table_count(other), 0);
    }
    struct table *newer;
    struct table_options options = {.name = "test",
                                    .key_size = KEY_SIZE,
                                    .value_size = sizeof(struct value),
                                    .capacity = CAPACITY,
                                    .layout = 2};
    assert_int_equal(table_create(&newer, &options), ERR_OK);
    struct reader r = reader_of_str(writer_str(&w));
    assert_false(table_load(newer, &r));
    table_free(newer);
    options.layout = 1;
    options.name = "another";
    assert_int_equal(table_create(&newer, &options), ERR_OK);
    r = reader_of_str(writer_str(&w));
    assert_false(table_load(newer, &r));
    table_free(newer);
    writer_close(&w);
    table_free(table);
    table_free(other);
}

static void a_smaller_table_loads_the_newest(void **state)
{
    (void)state;
    struct table *table = make_table(20), *small = make_table(3);
    for (uint8_t i = 0; i < 20; i++)
        (void)table_put(table, key_bytes(i), NULL);
    struct writer w = {0};
    table_save(table, &w);
    load(small, &w);
    assert_int_equal(table_count(small), 3);
    assert_null(table_peek(small, key_bytes(16)));
    assert_non_null(table_peek(small, key_bytes(17)));
    writer_close(&w);
    table_free(table);
    table_free(small);
}

static void sizes_of_every_kind_hold_their_keys_and_values_apart(void **state)
{
    (void)state;
    for (uint32_t key_size = 1; key_size <= TABLE_KEY_BYTES_MAX; key_size++) {
        struct table *table;
        const struct table_options options = {
            .name = "sizes", .key_size = key_size, .value_size = key_size % 11, .capacity = 9};
        assert_int_equal(table_create(&table, &options), ERR_OK);
        uint8_t key[TABLE_KEY_BYTES_MAX];
        for (uint8_t i = 0; i < 30; i++) {
            memset(key, i, sizeof(key));
            void *value = table_put(table, key, NULL);
            assert_int_equal((uintptr_t)value % 8, 0);
            memset(value, 0xff, options.value_size);
            assert_memory_equal(table_key(table, value), key, key_size);
        }
        assert_int_equal(table_count(table), 9);
        table_free(table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_what_a_naive_model_holds),
        cmocka_unit_test(a_loaded_table_goes_on_as_the_one_that_was_saved),
        cmocka_unit_test(changes_one_after_the_other_give_the_whole),
        cmocka_unit_test(changes_are_small_when_little_changed),
        cmocka_unit_test(what_it_forgets_costs_no_memory_for_ever),
        cmocka_unit_test(damaged_or_foreign_state_leaves_it_empty),
        cmocka_unit_test(a_smaller_table_loads_the_newest),
        cmocka_unit_test(sizes_of_every_kind_hold_their_keys_and_values_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
