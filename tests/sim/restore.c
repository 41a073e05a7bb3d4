/*
 * restore - the decoder killed and restored after every frame gives the observations of one that lives.
 *
 * usage: restore [--restarts N] CAPTURE...
 * Of each capture the frames go one by one through a decoder that is saved, thrown away and loaded into a new
 * one after each of them (in a capture of more than N frames, as evenly as N restarts allow). What it emits
 * is compared as bytes. Where a keytab stands beside a capture (NAME.keytab), its keys open what they can.
 */
#include <errno.h>

#include "common/io/keytab.h"
#include "proto/json.h"
#include "proto/msgpack.h"
#include "services/protocol-decode/decode.h"
#include "tests/sim/sim.h"

enum {
    RESTARTS = 1500,
};

/* The keys beside a capture; null when there are none. */
static struct keytab *keys_of(const char *path)
{
    char name[512], problem[KEYTAB_PROBLEM_BYTES];
    const char *dot = strrchr(path, '.');
    struct keytab *keytab = NULL;
    (void)snprintf(name, sizeof(name), "%.*s.keytab", (int)(dot ? dot - path : 0), path);
    REQUIRE(keytab_create(&keytab) == ERR_OK);
    if (keytab_add(keytab, name, problem))
        return keytab;
    keytab_free(keytab);
    return NULL;
}

static struct decode_options options_of_test(const struct keytab *keytab)
{
    struct decode_options o = sim_chain_options().decode;
    o.all_smb = true;
    o.opener = keytab ? keytab_opener(keytab) : NULL;
    return o;
}

static struct stage restart(struct stage old, const struct decode_options *options)
{
    struct writer saved = {0};
    struct stage fresh;
    stage_save(&old, &saved);
    REQUIRE(decode_create(&fresh, options) == ERR_OK);
    struct reader r = reader_of(saved.bytes, saved.size);
    REQUIRE(stage_load(&fresh, &r));
    writer_close(&saved);
    stage_close(&old);
    return fresh;
}

static void keep(struct batch *kept, const struct batch *out)
{
    for (uint32_t i = 0; i < out->count; i++) {
        struct record copy = record_copy(&kept->arena, &out->records[i]);
        batch_append(kept, &copy);
    }
}

/* Everything that the decoder emits, restarted after every `every` frames; 0: never. */
static void decode(const struct sim_input *input, const struct keytab *keytab, uint32_t every,
                   struct batch *kept)
{
    struct decode_options options = options_of_test(keytab);
    struct stage stage;
    struct batch in, out;
    REQUIRE(decode_create(&stage, &options) == ERR_OK);
    batch_init(&in);
    batch_init(&out);
    for (uint32_t i = 0; i <= input->frames.count; i++) {
        batch_reset(&in);
        batch_reset(&out);
        if (i < input->frames.count)
            batch_append(&in, &input->frames.records[i]);
        else
            batch_add_watermark(&in, TIME_NS_END);
        stage_step(&stage, &in, &out);
        keep(kept, &out);
        if (every > 0 && i % every == 0)
            stage = restart(stage, &options);
    }
    stage_close(&stage);
    batch_close(&in);
    batch_close(&out);
}

static void print_difference(const char *path, const struct batch *lived, const struct batch *restored)
{
    struct writer one = {0}, other = {0};
    (void)printf("%s: %u observations, restored %u\n", path, lived->count, restored->count);
    for (uint32_t i = 0; i < lived->count || i < restored->count; i++) {
        writer_reset(&one);
        writer_reset(&other);
        if (i < lived->count)
            record_write_json(&lived->records[i], &one);
        if (i < restored->count)
            record_write_json(&restored->records[i], &other);
        if (!str_equal(writer_str(&one), writer_str(&other))) {
            (void)printf("- %.*s\n+ %.*s\n", (int)one.size, (const char *)one.bytes, (int)other.size,
                         (const char *)other.bytes);
            break;
        }
    }
    writer_close(&one);
    writer_close(&other);
}

static bool same_bytes(const struct batch *a, const struct batch *b)
{
    struct writer one = {0}, other = {0};
    for (uint32_t i = 0; i < a->count; i++)
        record_encode(&a->records[i], &one);
    for (uint32_t i = 0; i < b->count; i++)
        record_encode(&b->records[i], &other);
    bool same = str_equal(writer_str(&one), writer_str(&other));
    writer_close(&one);
    writer_close(&other);
    return same;
}

static bool one_capture(char *path, uint32_t restarts, uint64_t totals[3])
{
    struct sim_input input = {0};
    struct batch lived, restored;
    batch_init(&lived);
    batch_init(&restored);
    /* A capture that is cut short is read as far as it goes. */
    (void)sim_read(&input, &path, 1);
    struct keytab *keytab = keys_of(path);
    uint32_t every = (input.frames.count + restarts - 1) / restarts;
    decode(&input, keytab, 0, &lived);
    decode(&input, keytab, every ? every : 1, &restored);
    bool same = same_bytes(&lived, &restored);
    if (!same)
        print_difference(path, &lived, &restored);
    totals[0]++;
    totals[1] += input.frames.count / (every ? every : 1);
    totals[2] += lived.count;
    batch_close(&lived);
    batch_close(&restored);
    sim_input_close(&input);
    keytab_free(keytab);
    return same;
}

int main(int argc, char **argv)
{
    uint32_t restarts = RESTARTS;
    int next = 1;
    if (argc > 2 && strcmp(argv[1], "--restarts") == 0) {
        restarts = (uint32_t)strtoul(argv[2], NULL, 10);
        next = 3;
    }
    if (next >= argc || restarts == 0) {
        (void)fprintf(stderr, "usage: restore [--restarts N] CAPTURE...\n");
        return 2;
    }
    uint64_t totals[3] = {0};
    bool good = true;
    for (; next < argc; next++)
        good &= one_capture(argv[next], restarts, totals);
    (void)printf("%llu captures, %llu restarts, %llu observations%s\n", (unsigned long long)totals[0],
                 (unsigned long long)totals[1], (unsigned long long)totals[2], good ? ", all the same" : "");
    return !good || totals[1] == 0 || totals[2] == 0;
}
