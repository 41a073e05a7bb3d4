/*
 * settings - one table of scalar keys, set from the environment or by a file, and the networks beside it.
 */
#include "services/orthrus/settings_keys.h"

#include <errno.h>
#include <stdarg.h>

#include "common/base/text.h"
#include "common/service/suggest.h"

enum {
    SECRET_KEY_BYTES_LEAST = 16,
    SECRET_KEY_BYTES_MAX = 4096,
};

enum value_kind {
    VALUE_COUNT,
    VALUE_SECONDS,
    VALUE_OVERLAP,
    VALUE_FLAG,
};

/* A key of the section `capture`. */
struct capture_key {
    const char *name;
    enum value_kind kind;
    size_t offset; /* in struct chain_options */
    int64_t least;
    int64_t most;
    const char *doc;
};

#define DECODE(member) offsetof(struct chain_options, decode.member)

static const struct capture_key capture_keys[] = {
    {"flows", VALUE_COUNT, DECODE(flows), 16, 1 << 24,
     "TCP flows at once; the longest unseen is forgotten beyond"},
    {"pages", VALUE_COUNT, DECODE(pages), 16, 1 << 22,
     "2 KiB pages for bytes that wait for what is missing before them"},
    {"pages-of-flow", VALUE_COUNT, DECODE(pages_of_flow), 2, 4096,
     "pages that one direction of a flow may hold"},
    {"fragments", VALUE_COUNT, DECODE(fragments), 1, 1 << 16, "IP datagrams being put together at once"},
    {"requests", VALUE_COUNT, DECODE(requests), 16, 1 << 22,
     "requests that wait for an answer, per protocol"},
    {"sessions", VALUE_COUNT, DECODE(sessions), 16, 1 << 22,
     "SMB sessions, trees and files, RPC connections, each"},
    {"idle-seconds", VALUE_SECONDS, DECODE(idle_timeout), 1, 86400,
     "a flow without packets is over after this"},
    {"gap-seconds", VALUE_SECONDS, DECODE(gap_timeout), 1, 3600, "a hole in a stream is given up after this"},
    {"request-seconds", VALUE_SECONDS, DECODE(request_timeout), 1, 3600,
     "a request without an answer is told after this"},
    {"http-plain-exchanges", VALUE_COUNT, DECODE(http_plain_exchanges), 0, 1 << 30,
     "HTTP requests after which a connection that has only plain ones is given up; 0: never"},
    {"overlap", VALUE_OVERLAP, DECODE(overlap), 0, 0,
     "first or last: which bytes count when retransmitted ones differ; hosts keep the first as a rule"},
};

void settings_open(struct settings *s)
{
    *s = (struct settings){.chain = chain_defaults()};
    arena_init(&s->texts, 0);
}

void settings_close(struct settings *s)
{
    free(s->known);
    free(s->networks);
    keytab_free(s->keytab);
    arena_close(&s->texts);
}

void settings_seed(struct settings *settings, struct hash_key seed, struct hash_key secret)
{
    if (!settings->has_secret_key)
        settings->chain.decode.secret_key = secret;
    settings->chain.decode.seed = seed;
    settings->chain.identity.seed = seed;
    settings->chain.alerting.seed = seed;
}

bool settings_fail(struct settings *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(s->problem, sizeof(s->problem), format, args);
    va_end(args);
    return false;
}

bool settings_read_secret_key(struct settings *s, const char *path)
{
    uint8_t bytes[SECRET_KEY_BYTES_MAX];
    FILE *file = fopen(path, "rb");
    if (!file)
        return settings_fail(s, "keys.fingerprints: %s: %s", path, strerror(errno));
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    if (size < SECRET_KEY_BYTES_LEAST)
        return settings_fail(s,
                             "keys.fingerprints: %s: holds %zu bytes, a key is at least %d (head -c 32 "
                             "/dev/urandom makes one)",
                             path, size, SECRET_KEY_BYTES_LEAST);
    struct id key = hash_id(HASH_KEY_NAMES, bytes, size);
    explicit_bzero(bytes, sizeof(bytes));
    s->chain.decode.secret_key = (struct hash_key){.k0 = key.low, .k1 = key.high};
    s->has_secret_key = true;
    return true;
}

bool settings_add_keytab(struct settings *s, const char *path)
{
    char problem[KEYTAB_PROBLEM_BYTES] = "";
    if (!s->keytab && keytab_create(&s->keytab) != ERR_OK)
        return settings_fail(s, "keys: no memory, or the Kerberos library does not start");
    if (!keytab_add(s->keytab, path, problem))
        return settings_fail(s, "keytab %s: %s", path, problem);
    s->chain.decode.opener = keytab_opener(s->keytab);
    return true;
}

static bool parse_number(struct str text, int64_t least, int64_t most, int64_t *value)
{
    int64_t v = 0;
    if (text.size == 0 || text.size > 12)
        return false;
    for (uint32_t i = 0; i < text.size; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        v = v * 10 + (text.at[i] - '0');
    }
    *value = v;
    return v >= least && v <= most;
}

static bool parse_flag(struct str text, int64_t *value)
{
    bool yes = str_equal(text, STR("yes")) || str_equal(text, STR("true")) || str_equal(text, STR("on")) ||
               str_equal(text, STR("1"));
    bool no = str_equal(text, STR("no")) || str_equal(text, STR("false")) || str_equal(text, STR("off")) ||
              str_equal(text, STR("0"));
    *value = yes;
    return yes || no;
}

/* where: "file:line" or "environment NAME", for the problem. */
static bool set_capture_key(struct settings *s, const struct capture_key *key, struct str text,
                            const char *where)
{
    uint8_t *at = (uint8_t *)&s->chain + key->offset;
    int64_t value;
    if (key->kind == VALUE_OVERLAP) {
        bool last = str_equal(text, STR("last"));
        if (!last && !str_equal(text, STR("first")))
            return settings_fail(s, "%s: capture.%s: is first or last, not \"%.*s\"", where, key->name,
                                 (int)text.size, text.at);
        enum overlap_policy policy = last ? OVERLAP_LAST : OVERLAP_FIRST;
        memcpy(at, &policy, sizeof(policy));
        return true;
    }
    if (!parse_number(text, key->least, key->most, &value))
        return settings_fail(s, "%s: capture.%s: is a whole number from %lld to %lld, not \"%.*s\"", where,
                             key->name, (long long)key->least, (long long)key->most, (int)text.size, text.at);
    if (key->kind == VALUE_SECONDS) {
        time_ns duration = value * TIME_NS_S;
        memcpy(at, &duration, sizeof(duration));
    } else {
        uint32_t count = (uint32_t)value;
        memcpy(at, &count, sizeof(count));
    }
    return true;
}

bool settings_set_detection(struct settings *s, uint32_t detection, struct str name, struct str text,
                            const char *where)
{
    const struct detection *d = detections()[detection];
    int64_t value;
    if (str_equal(name, STR("enabled"))) {
        if (!parse_flag(text, &value))
            return settings_fail(s, "%s: detections.%s.enabled: is yes or no", where, d->name);
        s->chain.alerting.off[detection] = !value;
        return true;
    }
    for (uint32_t i = 0; d->settings[i].name; i++) {
        const struct detection_setting *setting = &d->settings[i];
        if (!str_equal(name, str_of(setting->name)))
            continue;
        bool flag = setting->least == 0 && setting->most == 1;
        if (!(flag && parse_flag(text, &value)) && !parse_number(text, setting->least, setting->most, &value))
            return settings_fail(
                s, "%s: detections.%s.%s: is a whole number from %lld to %lld (%s), not \"%.*s\"", where,
                d->name, setting->name, (long long)setting->least, (long long)setting->most, setting->unit,
                (int)text.size, text.at);
        s->chain.alerting.settings[detection][i] = value;
        return true;
    }
    return settings_fail(
        s, "%s: detections.%s: has no setting \"%.*s\" (orthrus detections --explain %s lists them)", where,
        d->name, (int)name.size, name.at, d->name);
}

static const char *nth_capture_key(const void *none, uint32_t index)
{
    (void)none;
    return capture_keys[index].name;
}

bool settings_unknown_key(struct settings *s, const char *where, const char *section, struct str key,
                          const char *nearest)
{
    return settings_fail(s, "%s: %s%s%.*s: there is no such key%s%s%s", where, section, section[0] ? "." : "",
                         (int)key.size, key.at, nearest ? "; did you mean " : "", nearest ? nearest : "",
                         nearest ? "?" : "");
}

bool settings_set_capture(struct settings *s, struct str name, struct str text, const char *where)
{
    for (size_t k = 0; k < ARRAY_COUNT(capture_keys); k++)
        if (str_equal(str_of(capture_keys[k].name), name))
            return set_capture_key(s, &capture_keys[k], text, where);
    return settings_unknown_key(s, where, "capture", name,
                                suggest_nearest(name, nth_capture_key, NULL, ARRAY_COUNT(capture_keys)));
}

/* ORTHRUS_<SECTION>_<KEY>, in capitals, with _ for -. */
static const char *environment(char name[128], const char *section, const char *key)
{
    (void)snprintf(name, 128, "ORTHRUS_%s_%s", section, key);
    for (char *c = name; *c; c++) {
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 32);
        if (*c == '-' || *c == '.')
            *c = '_';
    }
    return getenv(name);
}

static bool detection_environment(struct settings *s, uint32_t detection)
{
    const struct detection *d = detections()[detection];
    char name[128], where[160], section[64];
    (void)snprintf(section, sizeof(section), "detections.%s", d->name);
    for (int i = -1; i < 0 || d->settings[i].name; i++) {
        const char *key = i < 0 ? "enabled" : d->settings[i].name;
        const char *value = environment(name, section, key);
        (void)snprintf(where, sizeof(where), "environment %s", name);
        if (value && !settings_set_detection(s, detection, str_of(key), str_of(value), where))
            return false;
    }
    return true;
}

bool settings_load_environment(struct settings *s)
{
    char name[128], where[160];
    for (size_t k = 0; k < ARRAY_COUNT(capture_keys); k++) {
        const char *value = environment(name, "capture", capture_keys[k].name);
        (void)snprintf(where, sizeof(where), "environment %s", name);
        if (value && !set_capture_key(s, &capture_keys[k], str_of(value), where))
            return false;
    }
    for (uint32_t d = 0; detections()[d]; d++)
        if (!detection_environment(s, d))
            return false;
    const char *secret = environment(name, "keys", "fingerprints");
    if (secret && !settings_read_secret_key(s, secret))
        return false;
    const char *networks = environment(name, "identity", "home-net");
    (void)snprintf(where, sizeof(where), "environment %s", name);
    return !networks || settings_set_networks(s, str_of(networks), where);
}

static struct str trim(struct str text)
{
    while (text.size > 0 && text.at[text.size - 1] == ' ')
        text.size--;
    while (text.size > 0 && text.at[0] == ' ') {
        text.at++;
        text.size--;
    }
    return text;
}

static bool add_network(struct settings *s, struct str text)
{
    struct identity_network network = {0};
    uint32_t slash = 0;
    while (slash < text.size && text.at[slash] != '/')
        slash++;
    int64_t bits;
    bool good = text_parse_addr((struct str){text.at, slash}, &network.address);
    int64_t most = network.address.family == 6 ? 128 : 32;
    if (good && slash < text.size)
        good = parse_number((struct str){text.at + slash + 1, text.size - slash - 1}, 0, most, &bits);
    else
        bits = most;
    if (!good)
        return settings_fail(s, "\"%.*s\" is no network, as in 10.0.0.0/8", (int)text.size, text.at);
    network.bits = (uint8_t)bits;
    struct identity_network *networks = realloc(s->networks, (s->network_count + 1) * sizeof(*networks));
    REQUIRE(networks != NULL);
    s->networks = networks;
    s->networks[s->network_count++] = network;
    s->chain.identity.networks = s->networks;
    s->chain.identity.network_count = s->network_count;
    return true;
}

bool settings_add_networks(struct settings *s, const char *list)
{
    struct str rest = str_of(list);
    for (uint32_t start = 0, i = 0; i <= rest.size; i++) {
        if (i < rest.size && rest.at[i] != ',')
            continue;
        if (!add_network(s, trim((struct str){rest.at + start, i - start})))
            return false;
        start = i + 1;
    }
    return true;
}

bool settings_set_networks(struct settings *s, struct str list, const char *where)
{
    struct str kept = arena_print(&s->texts, "%.*s", (int)list.size, list.size ? list.at : "");
    if (trim(kept).size == 0 || settings_add_networks(s, kept.at))
        return true;
    char inner[sizeof(s->problem)];
    (void)snprintf(inner, sizeof(inner), "%s", s->problem);
    return settings_fail(s, "%s: identity.home-net: %s", where, inner);
}

static int64_t standard_of(const struct capture_key *key, const struct chain_options *standard)
{
    const uint8_t *at = (const uint8_t *)standard + key->offset;
    if (key->kind == VALUE_SECONDS) {
        time_ns duration;
        memcpy(&duration, at, sizeof(duration));
        return duration / TIME_NS_S;
    }
    uint32_t count;
    memcpy(&count, at, sizeof(count));
    return count;
}

void settings_write_reference(struct writer *w)
{
    struct chain_options *standard = calloc(1, sizeof(*standard));
    REQUIRE(standard != NULL);
    *standard = chain_defaults();
    writer_text(w, "capture:\n");
    for (size_t k = 0; k < ARRAY_COUNT(capture_keys); k++) {
        const struct capture_key *key = &capture_keys[k];
        writer_print(w, "  # %s\n", key->doc);
        if (key->kind == VALUE_OVERLAP)
            writer_print(w, "  %s: first\n", key->name);
        else
            writer_print(w, "  %s: %lld\n", key->name, (long long)standard_of(key, standard));
    }
    writer_text(
        w,
        "identity:\n"
        "  # networks that are ours, as in 10.0.0.0/8,fd00::/8; empty: all. What is asked of servers "
        "outside of them\n"
        "  # is not judged\n"
        "  home-net: \"\"\n"
        "  # devices that you vouch for: address, name, role (domain_controller, sync_appliance or none)\n"
        "  devices: []\n"
        "keys:\n"
        "  # keytabs with the keys of your services, krbtgt or accounts: what is sealed with them is "
        "opened and read.\n"
        "  # A decoder with keys holds session keys in its memory and its saved state: guard both as the "
        "keytabs\n"
        "  keytabs: []\n"
        "  # a file of random bytes (16 or more): passwords are told as fingerprints under it, so that two "
        "runs can be\n"
        "  # compared and nobody without it can guess them; empty: a key of each run\n"
        "  fingerprints: \"\"\n"
        "detections:\n");
    for (uint32_t d = 0; detections()[d]; d++) {
        writer_print(w, "  %s:\n    # tell it at all\n    enabled: yes\n", detections()[d]->name);
        for (const struct detection_setting *s = detections()[d]->settings; s->name; s++)
            writer_print(w, "    # %s (%lld to %lld %s)\n    %s: %lld\n", s->doc, (long long)s->least,
                         (long long)s->most, s->unit, s->name, (long long)s->standard);
    }
    free(standard);
}
