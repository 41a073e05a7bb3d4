/*
 * settings_file - the YAML form of the settings, walked.
 */
#include "services/orthrus/settings_keys.h"

#include <errno.h>

#include "common/base/text.h"
#include "common/service/suggest.h"
#include "common/service/yaml.h"

static const char *nth_word(const void *words, uint32_t index)
{
    return ((const char *const *)words)[index];
}

static const char *nth_detection(const void *none, uint32_t index)
{
    (void)none;
    return detections()[index]->name;
}

static uint32_t detection_count(void)
{
    uint32_t count = 0;
    while (detections()[count])
        count++;
    return count;
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

/* What is said later of an address counts, as with every other key. */
static void override_known(struct settings *s)
{
    struct identity_known *last = &s->known[s->known_count - 1];
    for (struct identity_known *known = s->known; known < last; known++)
        if (addr_equal(&known->address, &last->address)) {
            *known = *last;
            s->chain.identity.known_count = --s->known_count;
            return;
        }
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
        return settings_fail(s, "%s: more than %d devices", where, IDENTITY_KNOWN_MAX);
    if (yaml_kind(node) != YAML_MAP)
        return settings_fail(
            s, "%s: a device is a map, as in {address: 10.0.0.10, name: DC01, role: domain_controller}",
            where);
    for (uint32_t i = 0; i < yaml_count(node); i++) {
        struct str key = yaml_text(yaml_key(node, i)), value = yaml_text(yaml_value(node, i));
        (void)snprintf(where, sizeof(where), "%s:%u", path, yaml_line(yaml_key(node, i)));
        if (str_equal(key, STR("address"))) {
            if (!text_parse_addr(value, &device->address))
                return settings_fail(s, "%s: address: \"%.*s\" is no IP address", where, (int)value.size,
                                     value.at);
        } else if (str_equal(key, STR("name"))) {
            if (yaml_kind(yaml_value(node, i)) == YAML_LIST || yaml_kind(yaml_value(node, i)) == YAML_MAP)
                return settings_fail(s, "%s: name: is a text", where);
            device->name = arena_copy(&s->texts, value);
        } else if (str_equal(key, STR("role"))) {
            if (!set_role(&device->role, value))
                return settings_fail(s,
                                     "%s: role: is domain_controller, sync_appliance or none, not \"%.*s\"",
                                     where, (int)value.size, value.at);
        } else {
            static const char *const words[] = {"address", "name", "role"};
            return settings_unknown_key(s, where, "devices", key,
                                        suggest_nearest(key, nth_word, words, ARRAY_COUNT(words)));
        }
    }
    if (device->address.family == 0)
        return settings_fail(s, "%s:%u: a device needs an address", path, yaml_line(node));
    override_known(s);
    return true;
}

static bool load_devices(struct settings *s, struct yaml_node list, const char *path)
{
    if (yaml_kind(list) == YAML_NOTHING)
        return true;
    if (yaml_kind(list) != YAML_LIST)
        return settings_fail(s, "%s:%u: devices: is a list", path, yaml_line(list));
    for (uint32_t i = 0; i < yaml_count(list); i++)
        if (!load_device(s, yaml_item(list, i), path))
            return false;
    return true;
}

/* "10.0.0.0/8,fd00::/8", or a list of such texts. */
static bool load_networks(struct settings *s, struct yaml_node node, const char *where)
{
    if (yaml_kind(node) == YAML_NOTHING || yaml_kind(node) == YAML_TEXT)
        return settings_set_networks(s, yaml_text(node), where);
    for (uint32_t i = 0; yaml_kind(node) == YAML_LIST && i < yaml_count(node); i++) {
        if (yaml_kind(yaml_item(node, i)) != YAML_TEXT)
            return settings_fail(s, "%s: identity.home-net: is a list of networks, as in 10.0.0.0/8", where);
        if (!settings_set_networks(s, yaml_text(yaml_item(node, i)), where))
            return false;
    }
    return yaml_kind(node) == YAML_LIST ||
           settings_fail(s, "%s: identity.home-net: is a text or a list of networks", where);
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
            if (!load_networks(s, value, where))
                return false;
        } else {
            static const char *const words[] = {"devices", "home-net"};
            return settings_unknown_key(s, where, "identity", key,
                                        suggest_nearest(key, nth_word, words, ARRAY_COUNT(words)));
        }
    }
    return true;
}

static bool load_detection(struct settings *s, uint32_t detection, struct yaml_node map, const char *path)
{
    if (yaml_kind(map) != YAML_MAP && yaml_kind(map) != YAML_NOTHING)
        return settings_fail(s, "%s:%u: detections.%s: is a map of settings", path, yaml_line(map),
                             detections()[detection]->name);
    for (uint32_t i = 0; i < yaml_count(map); i++) {
        char where[300];
        (void)snprintf(where, sizeof(where), "%s:%u", path, yaml_line(yaml_key(map, i)));
        if (!settings_set_detection(s, detection, yaml_text(yaml_key(map, i)), yaml_text(yaml_value(map, i)),
                                    where))
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
            return settings_unknown_key(s, where, "detections", key,
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
        char where[300];
        (void)snprintf(where, sizeof(where), "%s:%u", path, yaml_line(yaml_key(map, i)));
        if (!settings_set_capture(s, yaml_text(yaml_key(map, i)), yaml_text(yaml_value(map, i)), where))
            return false;
    }
    return true;
}

static bool load_keytabs(struct settings *s, struct yaml_node list, const char *where)
{
    if (yaml_kind(list) != YAML_LIST && yaml_kind(list) != YAML_NOTHING)
        return settings_fail(s, "%s: keys.keytabs: is a list of files", where);
    for (uint32_t i = 0; i < yaml_count(list); i++) {
        struct str name = yaml_text(yaml_item(list, i));
        if (yaml_kind(yaml_item(list, i)) != YAML_TEXT || name.size == 0)
            return settings_fail(s, "%s: keys.keytabs: is a list of files", where);
        if (!settings_add_keytab(s, arena_print(&s->texts, "%.*s", (int)name.size, name.at).at))
            return false;
    }
    return true;
}

static bool load_fingerprints(struct settings *s, struct yaml_node value, const char *where)
{
    struct str name = yaml_text(value);
    if (yaml_kind(value) != YAML_TEXT && yaml_kind(value) != YAML_NOTHING)
        return settings_fail(s, "%s: keys.fingerprints: is the name of a file", where);
    return name.size == 0 ||
           settings_read_secret_key(s, arena_print(&s->texts, "%.*s", (int)name.size, name.at).at);
}

static bool load_keys(struct settings *s, struct yaml_node map, const char *path)
{
    for (uint32_t i = 0; i < yaml_count(map); i++) {
        struct str key = yaml_text(yaml_key(map, i));
        char where[300];
        (void)snprintf(where, sizeof(where), "%s:%u", path, yaml_line(yaml_key(map, i)));
        static const char *const words[] = {"keytabs", "fingerprints"};
        struct yaml_node value = yaml_value(map, i);
        bool good;
        if (str_equal(key, STR("keytabs")))
            good = load_keytabs(s, value, where);
        else if (str_equal(key, STR("fingerprints")))
            good = load_fingerprints(s, value, where);
        else
            good = settings_unknown_key(s, where, "keys", key,
                                        suggest_nearest(key, nth_word, words, ARRAY_COUNT(words)));
        if (!good)
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
    {"keys", load_keys},
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
        return settings_fail(s,
                             "%s:%u: settings are a map with the keys capture, identity, keys and detections",
                             path, yaml_line(root));
    for (uint32_t i = 0; i < yaml_count(root); i++) {
        struct str key = yaml_text(yaml_key(root, i));
        struct yaml_node value = yaml_value(root, i);
        char where[300];
        (void)snprintf(where, sizeof(where), "%s:%u", path, yaml_line(yaml_key(root, i)));
        size_t n = 0;
        while (n < ARRAY_COUNT(sections) && !str_equal(str_of(sections[n].name), key))
            n++;
        if (n == ARRAY_COUNT(sections))
            return settings_unknown_key(s, where, "", key,
                                        suggest_nearest(key, nth_section, NULL, ARRAY_COUNT(sections)));
        if (yaml_kind(value) != YAML_MAP && yaml_kind(value) != YAML_NOTHING)
            return settings_fail(s, "%s: %s: is a map", where, sections[n].name);
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
        return settings_fail(s, "%s: %s", path, strerror(errno));
    if (err != ERR_OK)
        return settings_fail(s, "%s:%u: %s", path, line, reason[0] ? reason : err_text(err));
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
