/*
 * pac_logon - the parts of a PAC in NDR: who logged on, and who acted for whom.
 *
 * They are serialized as MS-RPCE 2.2.6 says: two headers of 8 bytes, a pointer, and the structure, whose own
 * pointers' targets follow it in order. Everything aligns to 4.
 */
#include "services/protocol-decode/pac.h"
#include "common/base/text.h"

enum {
    SERIAL_HEADER_BYTES = 16,
    SERIAL_VERSION = 1,
    SERIAL_LITTLE_ENDIAN = 0x10,
    SESSION_KEY_BYTES = 16,
    SUB_AUTHORITY_BYTES = 4,
    SID_HEAD_BYTES = 8,
    GROUP_BYTES = 8,
    POINTERS_BYTES = 8, /* a SID's pointer with its attributes, an RPC_UNICODE_STRING */
};

/* The head of an RPC_UNICODE_STRING. */
struct text {
    uint16_t size;
    bool there;
};

static void align(struct reader *r)
{
    size_t over = (size_t)(r->at - r->start) % 4;
    if (over > 0 && reader_left(r) >= 4 - over)
        reader_skip(r, 4 - over);
}

static struct text read_text_head(struct reader *r)
{
    struct text text = {.size = reader_u16le(r)};
    reader_skip(r, 2);
    text.there = reader_u32le(r) != 0;
    return text;
}

static bool read_pointer(struct reader *r)
{
    return reader_u32le(r) != 0;
}

/* A conformant and varying array of characters. */
static struct str read_text(struct arena *arena, struct reader *r, struct text text)
{
    if (!text.there)
        return (struct str){0};
    align(r);
    reader_skip(r, 8); /* maximum count, offset */
    uint32_t count = reader_u32le(r);
    struct str bytes = reader_bytes(r, (size_t)count * 2);
    if (text.size < bytes.size)
        bytes.size = text.size;
    return text_from_utf16le(arena, bytes, false);
}

static struct str read_sid(struct arena *arena, struct reader *r, bool there)
{
    if (!there)
        return (struct str){0};
    align(r);
    uint32_t count = reader_u32le(r);
    if (count > PAC_SUB_AUTHORITIES_MAX)
        reader_fail(r);
    struct reader sid = reader_sub(r, SID_HEAD_BYTES + (size_t)count * SUB_AUTHORITY_BYTES);
    struct str text = pac_sid(arena, &sid);
    if (!reader_ok(&sid))
        reader_fail(r);
    return text;
}

/* The count of a conformant array, which its structure gave before as well. */
static uint32_t read_count(struct reader *r, uint32_t expected, uint32_t item_bytes)
{
    align(r);
    uint32_t count = reader_u32le(r);
    if (count != expected || (uint64_t)count * item_bytes > reader_left(r))
        reader_fail(r);
    return reader_ok(r) ? count : 0;
}

/* GROUP_MEMBERSHIP (MS-PAC 2.2.2): their RIDs, into a list of at most PAC_GROUPS_MAX. */
static struct i32s read_groups(struct arena *arena, struct reader *r, uint32_t expected, bool there)
{
    if (!there)
        return (struct i32s){0};
    uint32_t count = read_count(r, expected, GROUP_BYTES);
    uint32_t kept = count < PAC_GROUPS_MAX ? count : PAC_GROUPS_MAX;
    int32_t *rids = arena_take(arena, (kept + 1) * sizeof(*rids));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t rid = reader_u32le(r);
        reader_skip(r, 4);
        if (i < kept)
            rids[i] = (int32_t)rid;
    }
    return (struct i32s){.at = rids, .count = kept};
}

/* KERB_SID_AND_ATTRIBUTES (MS-PAC 2.2.1): first all pointers, then what they point to. */
static struct strs read_sids(struct arena *arena, struct reader *r, uint32_t expected, bool there)
{
    if (!there)
        return (struct strs){0};
    uint32_t count = read_count(r, expected, POINTERS_BYTES);
    struct reader pointers = reader_sub(r, (size_t)count * POINTERS_BYTES);
    struct str *sids = arena_take(arena, PAC_SIDS_MAX * sizeof(*sids));
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count && reader_ok(r); i++) {
        struct str sid = read_sid(arena, r, read_pointer(&pointers));
        reader_skip(&pointers, 4);
        if (sid.size > 0 && kept < PAC_SIDS_MAX)
            sids[kept++] = sid;
    }
    return (struct strs){.at = sids, .count = kept};
}

static struct strs join_sids(struct arena *arena, struct str domain, struct i32s rids)
{
    uint32_t count = rids.count < PAC_SIDS_MAX ? rids.count : PAC_SIDS_MAX;
    struct str *sids = arena_take(arena, PAC_SIDS_MAX * sizeof(*sids));
    for (uint32_t i = 0; i < count; i++)
        sids[i] = arena_print(arena, "%.*s-%u", (int)domain.size, domain.at, (uint32_t)rids.at[i]);
    return (struct strs){.at = sids, .count = domain.size > 0 ? count : 0};
}

/* Behind the headers and the pointer to the structure; failed when they are others. */
static struct reader open_serial(struct reader r)
{
    r = reader_of(r.at, reader_left(&r));
    if (reader_u8(&r) != SERIAL_VERSION || reader_u8(&r) != SERIAL_LITTLE_ENDIAN)
        reader_fail(&r);
    reader_skip(&r, SERIAL_HEADER_BYTES - 2);
    if (!read_pointer(&r))
        reader_fail(&r);
    return r;
}

/* What the fixed part of KERB_VALIDATION_INFO says of what follows it. */
struct logon {
    struct text texts[6]; /* EffectiveName, FullName, LogonScript, ProfilePath, HomeDirectory, ..Drive */
    struct text server;
    struct text domain;
    uint32_t groups;
    uint32_t sids;
    uint32_t resources;
    bool has_groups;
    bool has_domain_sid;
    bool has_sids;
    bool has_resource_sid;
    bool has_resources;
};

static void read_logon_head(struct reader *r, struct logon *l, struct ticket_part *part)
{
    part->logon_time = pac_time(r);
    part->logoff_time = pac_time(r);
    part->kickoff_time = pac_time(r);
    part->password_last_set = pac_time(r);
    (void)pac_time(r); /* PasswordCanChange */
    part->password_must_change = pac_time(r);
    for (size_t i = 0; i < ARRAY_COUNT(l->texts); i++)
        l->texts[i] = read_text_head(r);
    part->logon_count = reader_u16le(r);
    part->bad_password_count = reader_u16le(r);
    part->user_rid = reader_u32le(r);
    part->primary_group_rid = reader_u32le(r);
    l->groups = reader_u32le(r);
    l->has_groups = read_pointer(r);
    part->user_flags = reader_u32le(r);
    reader_skip(r, SESSION_KEY_BYTES);
    l->server = read_text_head(r);
    l->domain = read_text_head(r);
    l->has_domain_sid = read_pointer(r);
    reader_skip(r, 8); /* Reserved1 */
    part->user_account_control = reader_u32le(r);
    reader_skip(r, 28); /* SubAuthStatus, last logons, failed count, Reserved3 */
    l->sids = reader_u32le(r);
    l->has_sids = read_pointer(r);
    l->has_resource_sid = read_pointer(r);
    l->resources = reader_u32le(r);
    l->has_resources = read_pointer(r);
}

bool pac_read_logon(struct arena *arena, struct reader buffer, struct ticket_part *part)
{
    struct reader r = open_serial(buffer);
    struct logon l = {0};
    read_logon_head(&r, &l, part);
    part->user = read_text(arena, &r, l.texts[0]);
    part->full_name = read_text(arena, &r, l.texts[1]);
    for (size_t i = 2; i < ARRAY_COUNT(l.texts); i++)
        (void)read_text(arena, &r, l.texts[i]);
    part->group_rids = read_groups(arena, &r, l.groups, l.has_groups);
    part->logon_server = read_text(arena, &r, l.server);
    part->domain = read_text(arena, &r, l.domain);
    part->domain_sid = read_sid(arena, &r, l.has_domain_sid);
    part->extra_sids = read_sids(arena, &r, l.sids, l.has_sids);
    struct str resource = read_sid(arena, &r, l.has_resource_sid);
    part->resource_sids = join_sids(arena, resource, read_groups(arena, &r, l.resources, l.has_resources));
    return reader_ok(&r);
}

bool pac_read_delegation(struct arena *arena, struct reader buffer, struct ticket_part *part)
{
    struct reader r = open_serial(buffer);
    struct text target = read_text_head(&r);
    uint32_t expected = reader_u32le(&r);
    bool there = read_pointer(&r);
    part->delegation_target = read_text(arena, &r, target);
    if (!there)
        return reader_ok(&r);
    uint32_t count = read_count(&r, expected, POINTERS_BYTES);
    struct reader heads = reader_sub(&r, (size_t)count * POINTERS_BYTES);
    struct str *services = arena_take(arena, PAC_SERVICES_MAX * sizeof(*services));
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count && reader_ok(&r); i++) {
        struct str service = read_text(arena, &r, read_text_head(&heads));
        if (kept < PAC_SERVICES_MAX)
            services[kept++] = service;
    }
    part->delegation_path = (struct strs){.at = services, .count = kept};
    return reader_ok(&r);
}
