/*
 * ldap_query - the words of Active Directory's schema that tell what a search is after (MS-ADA1 to 3).
 */
#include "services/alerting/detections/ldap_query.h"

#include "common/base/text.h"

enum {
    WIDE_DEPTH_MAX = 16,
    LITERAL_MIN = 3, /* of a pattern that still means somebody: "joh*" */
};

static bool same(struct str s, const char *name)
{
    return text_equal_nocase(s, str_of(name));
}

static bool has_star(struct str value)
{
    for (uint32_t i = 0; i < value.size; i++)
        if (value.at[i] == '*')
            return true;
    return false;
}

static uint32_t class_of_value(struct str value)
{
    static const struct {
        const char *value;
        uint32_t class;
    } classes[] = {
        {"user", LDAP_QUERY_USERS},          {"person", LDAP_QUERY_USERS},
        {"inetOrgPerson", LDAP_QUERY_USERS}, {"organizationalPerson", LDAP_QUERY_USERS},
        {"805306368", LDAP_QUERY_USERS}, /* sAMAccountType: SAM_USER_OBJECT (MS-SAMR 2.2.1.9) */
        {"computer", LDAP_QUERY_COMPUTERS},  {"805306369", LDAP_QUERY_COMPUTERS},
        {"group", LDAP_QUERY_GROUPS},        {"268435456", LDAP_QUERY_GROUPS},
        {"536870912", LDAP_QUERY_GROUPS},    {"trustedDomain", LDAP_QUERY_TRUSTS},
    };
    /* An objectCategory may be a distinguished name: CN=Person,CN=Schema,... */
    if (value.size > 3 && text_equal_nocase((struct str){.at = value.at, .size = 3}, STR("CN="))) {
        value.at += 3;
        value.size -= 3;
        for (uint32_t i = 0; i < value.size; i++)
            if (value.at[i] == ',')
                value.size = i;
    }
    for (size_t i = 0; i < ARRAY_COUNT(classes); i++)
        if (same(value, classes[i].value))
            return classes[i].class;
    return 0;
}

/* Attributes that sort objects and name none. */
static bool is_sorting(struct str attribute)
{
    static const char *const names[] = {"objectClass",  "objectCategory",     "sAMAccountType", "groupType",
                                        "instanceType", "userAccountControl", "systemFlags",    "adminCount",
                                        "isDeleted",    "primaryGroupID"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (same(attribute, names[i]))
            return true;
    return false;
}

static bool is_wide(const struct ldap_assertion *a)
{
    if (is_sorting(a->attribute) || a->negated)
        return true;
    return has_star(a->value) && a->value.size <= LITERAL_MIN;
}

/* "(&...)" is wide when all in it is, "(|...)" when anything in it is. */
static bool wide_group(struct str *rest, uint32_t depth);

static bool wide_one(struct str *rest, uint32_t depth)
{
    struct str text = *rest;
    if (text.size > 1 && strchr("&|!", text.at[1]) && text.at[1] != '\0')
        return wide_group(rest, depth);
    uint32_t end = 0;
    while (end < text.size && text.at[end] != ')')
        end++;
    struct ldap_walk walk = ldap_walk_of((struct str){.at = text.at, .size = end});
    struct ldap_assertion assertion;
    bool wide = !ldap_walk_next(&walk, &assertion) || is_wide(&assertion);
    end += end < text.size;
    *rest = (struct str){.at = text.at + end, .size = text.size - end};
    return wide;
}

static bool wide_group(struct str *rest, uint32_t depth)
{
    char operator= rest->at[1];
    bool all = true, any = false;
    *rest = (struct str){.at = rest->at + 2, .size = rest->size - 2};
    while (rest->size > 0 && rest->at[0] == '(' && depth < WIDE_DEPTH_MAX) {
        bool wide = wide_one(rest, depth + 1);
        all = all && wide;
        any = any || wide;
    }
    if (rest->size > 0 && rest->at[0] == ')')
        *rest = (struct str){.at = rest->at + 1, .size = rest->size - 1};
    return operator== '!' ? true : operator== '&' ? all : any;
}

/* Of a domain or the forest: nothing but DC= components; or the configuration's own root. */
static bool is_root(struct str base)
{
    static const struct str configuration = STR("CN=Configuration,");
    if (base.size > configuration.size &&
        text_equal_nocase((struct str){.at = base.at, .size = configuration.size}, configuration))
        base = (struct str){.at = base.at + configuration.size, .size = base.size - configuration.size};
    bool starts = true;
    for (uint32_t i = 0; i < base.size; i++) {
        if (starts &&
            (i + 3 > base.size || !text_equal_nocase((struct str){.at = base.at + i, .size = 3}, STR("DC="))))
            return false;
        starts = base.at[i] == ',';
    }
    return true;
}

/* Groups and accounts by which a domain is held, by their English names (MS-ADTS 6.1.1.4, 6.1.1.6). */
static bool is_name_of_power(struct str value)
{
    static const char *const names[] = {"Domain Admins",
                                        "Enterprise Admins",
                                        "Schema Admins",
                                        "Administrators",
                                        "Account Operators",
                                        "Backup Operators",
                                        "Server Operators",
                                        "Print Operators",
                                        "DnsAdmins",
                                        "Key Admins",
                                        "krbtgt",
                                        "Enterprise Key Admins",
                                        "Group Policy Creator Owners"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct str name = str_of(names[i]);
        if (text_equal_nocase(value, name))
            return true;
        /* Of a distinguished name, as in memberOf=CN=Domain Admins,CN=Users,... */
        if (value.size > name.size + 4 &&
            text_equal_nocase((struct str){.at = value.at, .size = 3}, STR("CN=")) &&
            text_equal_nocase((struct str){.at = value.at + 3, .size = name.size}, name) &&
            value.at[3 + name.size] == ',')
            return true;
    }
    return false;
}

static bool names_objects(struct str attribute)
{
    static const char *const names[] = {"sAMAccountName",    "cn",  "name",  "memberOf",
                                        "distinguishedName", "anr", "member"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (same(attribute, names[i]))
            return true;
    return false;
}

struct critical {
    const char *attribute;
    const char *meaning;
    bool asked; /* also when its values are asked for */
};

static const struct critical criticals[] = {
    {"servicePrincipalName", "service accounts, whose tickets can be cracked", false},
    {"adminCount", "accounts and groups of power", false},
    {"msDS-AllowedToDelegateTo", "who may act in the name of others", true},
    {"msDS-AllowedToActOnBehalfOfOtherIdentity", "who may act in the name of others", true},
    {"msDS-KeyCredentialLink", "keys that stand for passwords", true},
    {"ms-Mcs-AdmPwd", "passwords of local administrators (LAPS)", true},
    {"msLAPS-Password", "passwords of local administrators (LAPS)", true},
    {"msLAPS-EncryptedPassword", "passwords of local administrators (LAPS)", true},
    {"msDS-ManagedPassword", "passwords of managed service accounts", true},
    {"msDS-GroupMSAMembership", "who may read passwords of managed service accounts", true},
    {"sIDHistory", "accounts that hold the rights of others", true},
    {"unixUserPassword", "passwords kept in the directory", true},
};

/* userAccountControl by bits (MS-ADTS 2.2.16): what a plain account never has. */
static const char *meaning_of_control(const struct ldap_assertion *a)
{
    uint64_t bits = 0;
    for (uint32_t i = 0; i < a->value.size && i < 10; i++) {
        if (a->value.at[i] < '0' || a->value.at[i] > '9')
            return NULL;
        bits = bits * 10 + (uint64_t)(a->value.at[i] - '0');
    }
    if (a->rule.size == 0)
        return NULL;
    if (bits & 0x400000)
        return "accounts without pre-authentication, whose passwords can be cracked";
    return bits & 0x1080000 ? "who may act in the name of others" : NULL;
}

static void read_critical(struct ldap_query *q, const struct ldap_assertion *a)
{
    const char *meaning = same(a->attribute, "userAccountControl") ? meaning_of_control(a) : NULL;
    for (size_t i = 0; i < ARRAY_COUNT(criticals) && !meaning; i++) {
        /* One service principal name is looked up in everyday life, patterns of them are not. */
        bool pattern = i > 0 || has_star(a->value);
        if (same(a->attribute, criticals[i].attribute) && pattern && !same(a->value, "0"))
            meaning = criticals[i].meaning;
    }
    if (meaning && q->attribute.size == 0) {
        q->attribute = a->attribute;
        q->meaning = meaning;
    }
}

static void read_assertion(struct ldap_query *q, const struct ldap_assertion *a)
{
    bool sorts = same(a->attribute, "objectClass") || same(a->attribute, "objectCategory") ||
                 same(a->attribute, "sAMAccountType");
    if (sorts && same(a->value, "*"))
        q->classes |= LDAP_QUERY_EVERYTHING;
    else if (sorts)
        q->classes |= class_of_value(a->value);
    else if (same(a->value, "*") && names_objects(a->attribute))
        q->classes |= LDAP_QUERY_EVERYTHING;
    if (names_objects(a->attribute) && is_name_of_power(a->value) && q->named.size == 0)
        q->named = a->value;
    read_critical(q, a);
}

static void read_asked(struct ldap_query *q, const struct ldap *l)
{
    for (uint32_t i = 0; i < l->attributes.count && q->attribute.size == 0; i++)
        for (size_t c = 0; c < ARRAY_COUNT(criticals); c++)
            if (criticals[c].asked && same(l->attributes.at[i], criticals[c].attribute)) {
                q->attribute = l->attributes.at[i];
                q->meaning = criticals[c].meaning;
                break;
            }
}

struct ldap_query ldap_query_of(const struct activity *activity)
{
    const struct ldap *l = activity->ldap.at;
    /* A single level of the root is what consoles show as their first page. */
    bool deep = l->scope == ldap_scope_whole_subtree || l->scope == ldap_scope_subordinate_subtree;
    struct ldap_query q = {.from_root = deep && is_root(l->object)};
    if (is_name_of_power(l->object))
        q.named = l->object;
    struct str rest = l->filter;
    q.wide = rest.size == 0 || rest.at[0] != '(' || wide_one(&rest, 0);
    struct ldap_walk walk = ldap_walk_of(l->filter);
    for (struct ldap_assertion a; ldap_walk_next(&walk, &a);)
        if (!a.negated)
            read_assertion(&q, &a);
    if (q.wide && q.from_root)
        read_asked(&q, l);
    return q;
}

struct id ldap_query_shape(const struct activity *activity)
{
    const struct ldap *l = activity->ldap.at;
    struct id shape = hash_id(HASH_KEY_NAMES, l->object.at, l->object.size);
    struct ldap_walk walk = ldap_walk_of(l->filter);
    for (struct ldap_assertion a; ldap_walk_next(&walk, &a);) {
        struct hash_parts parts = {0};
        hash_part(&parts, &shape, sizeof(shape));
        hash_part(&parts, a.attribute.at, a.attribute.size);
        hash_part_u64(&parts, (uint64_t)l->scope << 1 | a.negated);
        shape = hash_parts_id(HASH_KEY_NAMES, &parts);
    }
    return shape;
}
