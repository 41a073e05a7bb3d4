/*
 * entity - hashes of canonical names.
 */
#include "proto/entity.h"

#include "common/base/hash.h"

enum {
    ENTITY_NAME_BYTES_MAX = 512,
};

static struct id name_entity(const char *kind, struct str name)
{
    char lower[ENTITY_NAME_BYTES_MAX];
    if (name.size == 0)
        return (struct id){0};
    uint32_t size = name.size < sizeof(lower) ? name.size : (uint32_t)sizeof(lower);
    for (uint32_t i = 0; i < size; i++)
        lower[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? (char)(name.at[i] + 32) : name.at[i];
    struct hash_parts parts = {0};
    hash_part(&parts, kind, strlen(kind));
    hash_part(&parts, lower, size);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

struct id entity_address(const struct addr *address)
{
    struct hash_parts parts = {0};
    hash_part(&parts, "address", 7);
    hash_part(&parts, address->byte, address->family == 4 ? 4 : 16);
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

struct id entity_tenant(struct id address, struct id tenant)
{
    if (id_is_none(tenant))
        return address;
    struct hash_parts parts = {0};
    hash_part(&parts, "tenant", 6);
    hash_part(&parts, &address, sizeof(address));
    hash_part(&parts, &tenant, sizeof(tenant));
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

struct str entity_account_name(struct str name)
{
    for (uint32_t i = 0; i < name.size; i++)
        if (name.at[i] == '\\')
            return (struct str){.at = name.at + i + 1, .size = name.size - i - 1};
    for (uint32_t i = 1; i < name.size; i++)
        if (name.at[i] == '@')
            return (struct str){.at = name.at, .size = i};
    return name;
}

struct id entity_account(struct str name)
{
    return name_entity("account", entity_account_name(name));
}

struct id entity_service(struct str sname)
{
    for (uint32_t i = 1; i < sname.size; i++)
        if (sname.at[i] == '@')
            sname.size = i;
    return name_entity("service", sname);
}
