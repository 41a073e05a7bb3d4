/*
 * settings - one table of scalar keys, and the lists beside it.
 */
#include "services/orthrus/settings.h"

#include <errno.h>
#include <stdarg.h>

#include "common/base/text.h"
#include "common/service/suggest.h"
#include "common/service/yaml.h"

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
    {"flows", VALUE_COUNT, DECODE(flows), 16, 1 << 24, "TCP flows at once; the longest unseen is forgotten beyond"},
    {"pages", VALUE_COUNT, DECODE(pages), 16, 1 << 22, "2 KiB pages for bytes that wait for what is missing before them"},
    {"pages-of-flow", VALUE_COUNT, DECODE(pages_of_flow), 2, 4096, "pages that one direction of a flow may hold"},
    {"fragments", VALUE_COUNT, DECODE(fragments), 1, 1 << 16, "IP datagrams being put together at once"},
    {"requests", VALUE_COUNT, DECODE(requests), 16, 1 << 22, "requests that wait for an answer, per protocol"},
    {"sessions", VALUE_COUNT, DECODE(sessions), 16, 1 << 22, "SMB sessions, trees and files, RPC connections, each"},
    {"idle-seconds", VALUE_SECONDS, DECODE(idle_timeout), 1, 86400, "a flow without packets is over after this"},
    {"gap-seconds", VALUE_SECONDS, DECODE(gap_timeout), 1, 3600, "a hole in a stream is given up after this"},
    {"request-seconds", VALUE_SECONDS, DECODE(request_timeout), 1, 3600, "a request without an answer is told after this"},
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
    arena_close(&s->texts);
}

static bool fail(struct settings *s, const char *format, ...) PRINTF(2, 3);

static bool fail(struct settings *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(s->problem, sizeof(s->problem), format, args);
    va_end(args);
    return false;
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
static bool set_capture_key(struct settings *s, const struct capture_key *key, struct str text, const char *where)
{
    uint8_t *at = (uint8_t *)&s->chain + key->offset;
    int64_t value;
    if (key->kind == VALUE_OVERLAP) {
        bool last = str_equal(text, STR("last"));
        if (!last && !str_equal(text, STR("first")))
            return fail(s, "%s: capture.%s: is first or last, not \"%.*s\"", where, key->name, (int)text.size, text.at);
        enum overlap_policy policy = last ? OVERLAP_LAST : OVERLAP_FIRST;
        memcpy(at, &policy, sizeof(policy));
        return true;
    }
    if (!parse_number(text, key->least, key->most, &value))
        return fail(s, "%s: capture.%s: is a whole number from %lld to %lld, not \"%.*s\"", where, key->name,
                    (long long)key->least, (long long)key->most, (int)text.size, text.at);
    if (key->kind == VALUE_SECONDS) {
        time_ns duration = value * TIME_NS_S;
        memcpy(at, &duration, sizeof(duration));
    } else {
        uint32_t count = (uint32_t)value;
        memcpy(at, &count, sizeof(count));
    }
    return true;
}

static bool set_detection_key(struct settings *s, uint32_t detection, struct str name, struct str text,
                              const char *where)
{
    const struct detection *d = detections()[detection];
    int64_t value;
    if (str_equal(name, STR("enabled"))) {
        if (!parse_flag(text, &value))
            return fail(s, "%s: detections.%s.enabled: is yes or no", where, d->name);
        s->chain.alerting.off[detection] = !value;
        return true;
    }
    for (uint32_t i = 0; d->settings[i].name; i++) {
        const struct detection_setting *setting = &d->settings[i];
        if (!str_equal(name, str_of(setting->name)))
            continue;
        bool flag = setting->least == 0 && setting->most == 1;
        if (!(flag && parse_flag(text, &value)) && !parse_number(text, setting->least, setting->most, &value))
            return fail(s, "%s: detections.%s.%s: is a whole number from %lld to %lld (%s), not \"%.*s\"", where, d->name,
                        setting->name, (long long)setting->least, (long long)setting->most, setting->unit, (int)text.size,
                        text.at);
        s->chain.alerting.settings[detection][i] = value;
        return true;
    }
    return fail(s, "%s: detections.%s: has no setting \"%.*s\" (orthrus detections --explain %s lists them)", where, d->name,
                (int)name.size, name.at, d->name);
}

static const char *nth_word(const void *words, uint32_t index)
{
    return ((const char *const *)words)[index];
}

static const char *nth_detection(const void *none, uint32_t index)
{
    (void)none;
    return detections()[index]->name;
}

static const char *nth_capture_key(const void *none, uint32_t index)
{
    (void)none;
    return capture_keys[index].name;
}

static uint32_t detection_count(void)
{
    uint32_t count = 0;
    while (detections()[count])
        count++;
    return count;
}

static bool unknown_key(struct settings *s, const char *where, const char *section, struct str key,
                        const char *nearest)
{
    return fail(s, "%s: %s%s%.*s: there is no such key%s%s%s", where, section, section[0] ? "." : "", (int)key.size, key.at,
                nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

static struct identity_known *add_known(struct settings *s)
{
    if (s->known_count == IDENTITY_KNOWN_MAX)
        return NULL;
    struct identity_known *known = realloc(s->known, (s->known_count + 1) * sizeof(*known));
    REQUIRE(known != NULL);
    s->known = known;
    s->known[s->known_count] = (struct identity_known){0};
    s->chain.identity.known = s->known;
    s->chain.identity.known_count = s->known_count + 1;
    return &s->known[s->known_count++];
}

static bool set_role(uint8_t *role, struct str text)
{
    for (uint32_t i = 0; i < device_role_choices.count; i++)
        if (str_equal(text, str_of(device_role_choices.names[i].name))) {
            *role = device_role_choices.names[i].value;
            return *role != device_role_domain_controller_candidate;
        }
    return false;
}

static bool load_device(struct settings *s, struct yaml_node node, const char *path)
{
    char where[300];
    (void)snprintf(where, sizeof(where), "%s:%u", path, yaml_line(node));
    struct identity_known *device = add_known(s);
    if (!device)
        return fail(s, "%s: more than %d devices", where, IDENTITY_KNOWN_MAX);
    if (yaml_kind(node) != YAML_MAP)
        return fail(s, "%s: a device is a map, as in {address: 10.0.0.10, name: DC01, role: domain_controller}", where);
    for (uint32_t i = 0; i < yaml_count(node); i++) {
        struct str key = yaml_text(yaml_key(node, i)), value = yaml_text(yaml_value(node, i));
        (void)snprintf(where, sizeof(where), "%s:%u", path, yaml_line(yaml_key(node, i)));
        if (str_equal(key, STR("address"))) {
            if (!text_parse_addr(value, &device->address))
                return fail(s, "%s: address: \"%.*s\" is no IP address", where, (int)value.size, value.at);
        } else if (str_equal(key, STR("name"))) {
            device->name = arena_copy(&s->texts, value);
        } else if (str_equal(key, STR("role"))) {
            if (!set_role(&device->role, value))
                return fail(s, "%s: role: is domain_controller, sync_appliance or none, not \"%.*s\"", where,
                            (int)value.size, value.at);
        } else {
            static const char *const words[] = {"address", "name", "role"};
            return unknown_key(s, where, "devices", key, suggest_nearest(key, nth_word, words, ARRAY_COUNT(words)));
        }
    }
    if (device->address.family == 0)
        return fail(s, "%s:%u: a device needs an address", path, yaml_line(node));
    return true;
}

static bool load_devices(struct settings *s, struct yaml_node list, const char *path)
{
    if (yaml_kind(list) == YAML_NOTHING)
        return true;
    if (yaml_kind(list) != YAML_LIST)
        return fail(s, "%s:%u: devices: is a list", path, yaml_line(list));
    for (uint32_t i = 0; i < yaml_count(list); i++)
        if (!load_device(s, yaml_item(list, i), path))
            return false;
    return true;
}

static bool load_identity(struct settings *s, struct yaml_node map, const char *path)
{
    for (uint32_t i = 0; i < yaml_count(map); i++) {
        struct str key = yaml_text(yaml_key(map, i));
        struct yaml_node value = yaml_value(map, i);
        char where[300];
        (void)snprintf(where, sizeof(where), "%s:%u", path, yaml_line(yaml_key(map, i)));
        if (str_equal(key, STR("devices"))) {
            if (!load_devices(s, value, path))
                return false;
        } else if (str_equal(key, STR("home-net"))) {
            struct str text = yaml_text(value);
            struct str kept = arena_print(&s->texts, "%.*s", (int)text.size, text.at);
            if (kept.size > 0 && !settings_add_networks(s, kept.at)) {
                char inner[sizeof(s->problem)];
                (void)snprintf(inner, sizeof(inner), "%s", s->problem);
                return fail(s, "%s: identity.home-net: %s", where, inner);
            }
        } else {
            static const char *const words[] = {"devices", "home-net"};
            return unknown_key(s, where, "identity", key, suggest_nearest(key, nth_word, words, ARRAY_COUNT(words)));
        }
    }
    return true;
}

static bool load_detection(struct settings *s, uint32_t detection, struct yaml_node map, const char *path)
{
    if (yaml_kind(map) != YAML_MAP && yaml_kind(map) != YAML_NOTHING)
        return fail(s, "%s:%u: detections.%s: is a map of settings", path, yaml_line(map), detections()[detection]->name);
    for (uint32_t i = 0; i < yaml_count(map); i++) {
        char where[300];
        (void)snprintf(where, sizeof(where), "%s:%u", path, yaml_line(yaml_key(map, i)));
        if (!set_detection_key(s, detection, yaml_text(yaml_key(map, i)), yaml_text(yaml_value(map, i)), where))
            return false;
    }
    return true;
}

static bool load_detections(struct settings *s, struct yaml_node map, const char *path)
{
    for (uint32_t i = 0; i < yaml_count(map); i++) {
        struct str key = yaml_text(yaml_key(map, i));
        uint32_t d = 0;
        while (detections()[d] && !str_equal(str_of(detections()[d]->name), key))
            d++;
        if (!detections()[d]) {
            char where[300];
            (void)snprintf(where, sizeof(where), "%s:%u", path, yaml_line(yaml_key(map, i)));
            return unknown_key(s, where, "detections", key,
                               suggest_nearest(key, nth_detection, NULL, detection_count()));
        }
        if (!load_detection(s, d, yaml_value(map, i), path))
            return false;
    }
    return true;
}

static bool load_capture(struct settings *s, struct yaml_node map, const char *path)
{
    for (uint32_t i = 0; i < yaml_count(map); i++) {
        struct str key = yaml_text(yaml_key(map, i));
        char where[300];
        (void)snprintf(where, sizeof(where), "%s:%u", path, yaml_line(yaml_key(map, i)));
        size_t k = 0;
        while (k < ARRAY_COUNT(capture_keys) && !str_equal(str_of(capture_keys[k].name), key))
            k++;
        if (k == ARRAY_COUNT(capture_keys))
            return unknown_key(s, where, "capture", key,
                               suggest_nearest(key, nth_capture_key, NULL, ARRAY_COUNT(capture_keys)));
        if (!set_capture_key(s, &capture_keys[k], yaml_text(yaml_value(map, i)), where))
            return false;
    }
    return true;
}

struct section {
    const char *name;
    bool (*load)(struct settings *s, struct yaml_node map, const char *path);
};

static const struct section sections[] = {
    {"capture", load_capture},
    {"identity", load_identity},
    {"detections", load_detections},
};

static const char *nth_section(const void *none, uint32_t index)
{
    (void)none;
    return sections[index].name;
}

static bool load_root(struct settings *s, struct yaml_node root, const char *path)
{
    if (yaml_kind(root) == YAML_NOTHING)
        return true;
    if (yaml_kind(root) != YAML_MAP)
        return fail(s, "%s:%u: settings are a map with the keys capture, identity and detections", path, yaml_line(root));
    for (uint32_t i = 0; i < yaml_count(root); i++) {
        struct str key = yaml_text(yaml_key(root, i));
        struct yaml_node value = yaml_value(root, i);
        char where[300];
        (void)snprintf(where, sizeof(where), "%s:%u", path, yaml_line(yaml_key(root, i)));
        size_t n = 0;
        while (n < ARRAY_COUNT(sections) && !str_equal(str_of(sections[n].name), key))
            n++;
        if (n == ARRAY_COUNT(sections))
            return unknown_key(s, where, "", key, suggest_nearest(key, nth_section, NULL, ARRAY_COUNT(sections)));
        if (yaml_kind(value) != YAML_MAP && yaml_kind(value) != YAML_NOTHING)
            return fail(s, "%s: %s: is a map", where, sections[n].name);
        if (!sections[n].load(s, value, path))
            return false;
    }
    return true;
}

static bool load_yaml(struct settings *s, const char *path,
                      bool (*take)(struct settings *s, struct yaml_node root, const char *path))
{
    struct yaml *yaml;
    unsigned line;
    const char *reason;
    enum err err = yaml_load(&yaml, path, &line, &reason);
    if (err == ERR_IO)
        return fail(s, "%s: %s", path, strerror(errno));
    if (err != ERR_OK)
        return fail(s, "%s:%u: %s", path, line, reason[0] ? reason : err_text(err));
    bool good = take(s, yaml_root(yaml), path);
    yaml_close(yaml);
    return good;
}

bool settings_load_file(struct settings *s, const char *path)
{
    return load_yaml(s, path, load_root);
}

static bool take_devices(struct settings *s, struct yaml_node root, const char *path)
{
    return yaml_kind(root) == YAML_MAP ? load_identity(s, root, path) : load_devices(s, root, path);
}

bool settings_load_devices(struct settings *s, const char *path)
{
    return load_yaml(s, path, take_devices);
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
        if (value && !set_detection_key(s, detection, str_of(key), str_of(value), where))
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
    const char *networks = environment(name, "identity", "home-net");
    return !networks || settings_add_networks(s, networks);
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
        return fail(s, "\"%.*s\" is no network, as in 10.0.0.0/8", (int)text.size, text.at);
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
        if (!add_network(s, (struct str){rest.at + start, i - start}))
            return false;
        start = i + 1;
    }
    return true;
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
    writer_text(w, "identity:\n"
                   "  # networks that are ours, as in 10.0.0.0/8,fd00::/8; empty: all. What is asked of servers outside of them\n"
                   "  # is not judged\n"
                   "  home-net: \"\"\n"
                   "  # devices that you vouch for: address, name, role (domain_controller, sync_appliance or none)\n"
                   "  devices: []\n"
                   "detections:\n");
    for (uint32_t d = 0; detections()[d]; d++) {
        writer_print(w, "  %s:\n    # tell it at all\n    enabled: yes\n", detections()[d]->name);
        for (const struct detection_setting *s = detections()[d]->settings; s->name; s++)
            writer_print(w, "    # %s (%lld to %lld %s)\n    %s: %lld\n", s->doc, (long long)s->least, (long long)s->most,
                         s->unit, s->name, (long long)s->standard);
    }
    free(standard);
}
