/*
 * ldap_note - the texts of an operation while it waits, and as they are told.
 */
#include "common/base/text.h"
#include "services/protocol-decode/ldap_names.h"
#include "services/protocol-decode/ldap_state.h"

enum {
    NOTE_HEAD_BYTES = 3,
    SINGLE = 1,
};

/* How many of a kind are kept, how long, and where they are told. A list when list is set. */
struct note_kind {
    uint8_t count_max;
    bool list;
    uint16_t bytes_max;
    size_t offset; /* in struct ldap */
};

#define ONE(member)                                                                                          \
    {                                                                                                        \
        SINGLE, false, LDAP_TEXT_BYTES_MAX, offsetof(struct ldap, member)                                    \
    }
#define MANY(max, member)                                                                                    \
    {                                                                                                        \
        max, true, LDAP_TEXT_BYTES_MAX, offsetof(struct ldap, member)                                        \
    }

static const struct note_kind kinds[LDAP_NOTES] = {
    [LDAP_NOTE_MATCHED_DN] = ONE(matched_dn),
    [LDAP_NOTE_DIAGNOSTIC] = ONE(diagnostic),
    [LDAP_NOTE_REFERRAL] = MANY(8, referrals),
    [LDAP_NOTE_CONTROL] = MANY(16, controls),
    [LDAP_NOTE_REPLY_CONTROL] = MANY(16, reply_controls),
    [LDAP_NOTE_BIND_NAME] = ONE(bind_name),
    [LDAP_NOTE_MECHANISM] = ONE(mechanism),
    [LDAP_NOTE_OBJECT] = ONE(object),
    [LDAP_NOTE_FILTER] = {SINGLE, false, LDAP_FILTER_BYTES_MAX, offsetof(struct ldap, filter)},
    [LDAP_NOTE_ATTRIBUTE] = MANY(64, attributes),
    [LDAP_NOTE_ENTRY] = MANY(32, objects),
    [LDAP_NOTE_SID] = MANY(16, object_sids),
    [LDAP_NOTE_ACCOUNT] = MANY(16, accounts),
    [LDAP_NOTE_CHANGE] = {32, true, LDAP_TEXT_BYTES_MAX, 0},
    [LDAP_NOTE_VALUE] = {64, true, LDAP_TEXT_BYTES_MAX, 0},
    [LDAP_NOTE_NEW_RDN] = ONE(new_rdn),
    [LDAP_NOTE_NEW_SUPERIOR] = ONE(new_superior),
    [LDAP_NOTE_EXTENDED_OID] = ONE(extended_oid),
    [LDAP_NOTE_IDENTITY] = ONE(identity),
    [LDAP_NOTE_FOREST] = ONE(netlogon_forest),
    [LDAP_NOTE_DNS_DOMAIN] = ONE(netlogon_dns_domain),
    [LDAP_NOTE_DNS_HOST] = ONE(netlogon_dns_host),
    [LDAP_NOTE_NETBIOS_DOMAIN] = ONE(netlogon_domain),
    [LDAP_NOTE_NETBIOS_HOST] = ONE(netlogon_host),
    [LDAP_NOTE_NETLOGON_USER] = ONE(netlogon_user),
    [LDAP_NOTE_DC_SITE] = ONE(netlogon_dc_site),
    [LDAP_NOTE_CLIENT_SITE] = ONE(netlogon_client_site),
    [LDAP_NOTE_NEXT_SITE] = ONE(netlogon_next_site),
};

static bool has_room(const struct ldap_notes *notes, enum ldap_note kind, uint32_t size)
{
    return notes->count[kind] < kinds[kind].count_max && notes->used + NOTE_HEAD_BYTES + size <= notes->limit;
}

bool ldap_note_fits(const struct ldap_notes *notes, enum ldap_note kind, uint32_t size)
{
    return size <= kinds[kind].bytes_max && has_room(notes, kind, size);
}

/* Room for a note of up to size bytes; how many there are in *size. Null: none. */
static uint8_t *add(struct ldap_notes *notes, enum ldap_note kind, uint32_t *size)
{
    if (!has_room(notes, kind, 0)) {
        notes->cut = true;
        return NULL;
    }
    uint32_t room = (uint32_t)notes->limit - notes->used - NOTE_HEAD_BYTES;
    room = room < kinds[kind].bytes_max ? room : kinds[kind].bytes_max;
    if (*size > room) {
        *size = room;
        notes->cut = true;
    }
    uint8_t *at = notes->bytes + notes->used;
    at[0] = (uint8_t)kind;
    at[1] = (uint8_t)(*size >> 8);
    at[2] = (uint8_t)*size;
    notes->used = (uint16_t)(notes->used + NOTE_HEAD_BYTES + *size);
    notes->count[kind]++;
    return at + NOTE_HEAD_BYTES;
}

void ldap_note(struct ldap_notes *notes, enum ldap_note kind, struct str text)
{
    uint32_t size = text.size;
    if (size == 0 && !kinds[kind].list)
        return;
    uint8_t *at = add(notes, kind, &size);
    if (at && size > 0)
        memcpy(at, text.at, size);
}

void ldap_note_change(struct ldap_notes *notes, const struct ldap_change_head *head, struct str attribute)
{
    uint32_t size = (uint32_t)sizeof(*head) + attribute.size;
    uint8_t *at = add(notes, LDAP_NOTE_CHANGE, &size);
    if (!at)
        return;
    if (size < sizeof(*head)) {
        /* Not even its head: taken back. */
        notes->used = (uint16_t)(notes->used - NOTE_HEAD_BYTES - size);
        notes->count[LDAP_NOTE_CHANGE]--;
        return;
    }
    memcpy(at, head, sizeof(*head));
    if (size > sizeof(*head))
        memcpy(at + sizeof(*head), attribute.at, size - sizeof(*head));
}

/* Where the lists of an observation are filled. */
struct filling {
    struct arena *arena;
    struct ldap *body;
    struct str *lists[LDAP_NOTES];
    uint32_t filled[LDAP_NOTES];
    struct ldap_change *changes;
    struct ldap_change *change; /* the last one */
};

/* A text that was cut may end within a character. */
static struct str as_text(struct arena *arena, struct str bytes)
{
    struct str copy = arena_copy(arena, bytes);
    return text_to_utf8(arena, copy);
}

static void fill_change(struct filling *f, struct str note)
{
    struct ldap_change_head head = {0};
    struct reader r = reader_of_str(note);
    struct str bytes = reader_bytes(&r, sizeof(head));
    if (bytes.size == sizeof(head))
        memcpy(&head, bytes.at, sizeof(head));
    f->change = &f->changes[f->filled[LDAP_NOTE_CHANGE]++];
    f->change->kind = head.kind;
    f->change->secret = head.secret != 0;
    f->change->value_count = head.value_count;
    f->change->attribute = as_text(f->arena, reader_rest(&r));
}

/* Values of a change stand one behind the other in their list. */
static void fill_value(struct filling *f, struct str note)
{
    struct str *value = &f->lists[LDAP_NOTE_VALUE][f->filled[LDAP_NOTE_VALUE]++];
    *value = as_text(f->arena, note);
    if (!f->change)
        return;
    if (f->change->values.count == 0)
        f->change->values.at = value;
    f->change->values.count++;
}

static void fill(struct filling *f, uint8_t kind, struct str note)
{
    const struct note_kind *k = &kinds[kind];
    if (kind == LDAP_NOTE_CHANGE) {
        fill_change(f, note);
    } else if (kind == LDAP_NOTE_VALUE) {
        fill_value(f, note);
    } else if (k->list) {
        f->lists[kind][f->filled[kind]++] = as_text(f->arena, note);
    } else {
        struct str text = as_text(f->arena, note);
        memcpy((char *)f->body + k->offset, &text, sizeof(text));
    }
}

static void open_lists(struct filling *f, const struct ldap_notes *notes)
{
    for (uint8_t kind = 1; kind < LDAP_NOTES; kind++) {
        uint32_t count = notes->count[kind];
        if (!kinds[kind].list || count == 0)
            continue;
        if (kind == LDAP_NOTE_CHANGE) {
            f->changes = arena_zeroed(f->arena, count * sizeof(*f->changes));
            f->body->changes.at = f->changes;
            f->body->changes.count = count;
            continue;
        }
        f->lists[kind] = arena_zeroed(f->arena, count * sizeof(struct str));
        struct strs list = {.at = f->lists[kind], .count = count};
        if (kind != LDAP_NOTE_VALUE)
            memcpy((char *)f->body + kinds[kind].offset, &list, sizeof(list));
    }
}

static void name_controls(struct filling *f)
{
    struct strs controls = f->body->controls;
    if (controls.count == 0)
        return;
    struct str *names = arena_zeroed(f->arena, controls.count * sizeof(*names));
    for (uint32_t i = 0; i < controls.count; i++)
        names[i] = ldap_oid_name(controls.at[i]);
    f->body->control_names = (struct strs){.at = names, .count = controls.count};
}

void ldap_notes_tell(const struct ldap_notes *notes, struct arena *arena, struct ldap *body)
{
    struct filling f = {.arena = arena, .body = body};
    struct reader r = reader_of(notes->bytes, notes->used);
    open_lists(&f, notes);
    while (reader_left(&r) > 0) {
        uint8_t kind = reader_u8(&r);
        struct str note = reader_bytes(&r, reader_u16be(&r));
        REQUIRE(reader_ok(&r) && kind > 0 && kind < LDAP_NOTES);
        fill(&f, kind, note);
    }
    name_controls(&f);
    body->extended_name = ldap_oid_name(body->extended_oid);
}
