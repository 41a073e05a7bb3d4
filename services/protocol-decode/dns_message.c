/*
 * dns_message - header, questions, records.
 */
#include "services/protocol-decode/dns_message.h"

enum {
    OPCODE_UPDATE = 5,
    OPCODE_WAIT = 7, /* its record is called NB and holds flags (RFC 1002 4.2.16) */
    RCODE_MASK = 15,
    EDNS_DNSSEC_OK = 0x8000,
    MDNS_CLASS_MASK = 0x7fff, /* the highest bit is QU, or cache-flush (RFC 6762 5.4, 10.2) */
    TYPE_RRSIG = 46,
    SIG_BYTES_BEFORE_NAME = 18, /* RFC 4034 3.1 */
};

/* On its way through a message. */
struct walk {
    struct arena *arena;
    enum protocol protocol;
    const struct dns_want *want;
    struct dns_message *message;
};

struct dns_record {
    struct dns_name name; /* read only where it is needed */
    uint16_t type;
    uint16_t class;
    uint32_t ttl;
    struct reader data;
    uint32_t bytes; /* of data */
};

static void stop(struct dns_message *message, const char *fault, const struct reader *at)
{
    if (message->fault)
        return;
    message->fault = fault;
    message->fault_at = reader_offset(at);
}

static void type_line(const struct walk *w, struct dns_line *line, uint16_t type)
{
    if (w->protocol == protocol_netbios)
        netbios_type_line(line, type);
    else
        dns_type_line(line, type);
}

static void name_line(const struct walk *w, struct dns_line *line, const struct dns_name *name)
{
    uint8_t bytes[NETBIOS_NAME_BYTES];
    if (w->protocol != protocol_netbios || !netbios_name_decode(name, bytes)) {
        dns_name_line(line, name);
        return;
    }
    netbios_name_line(line, (struct str){.at = (const char *)bytes, .size = sizeof(bytes)});
    line_char(line, '<');
    line_hex(line, (struct str){.at = (const char *)bytes + NETBIOS_NAME_BYTES - 1, .size = 1}, 1);
    line_char(line, '>');
}

/* A list of at most DNS_LIST_MAX texts, for as many things as a section says it has. */
static struct strs new_list(struct arena *arena, uint16_t count)
{
    uint32_t room = count < DNS_LIST_MAX ? count : DNS_LIST_MAX;
    return (struct strs){.at = room > 0 ? arena_take(arena, room * sizeof(struct str)) : NULL};
}

static void add_text(struct strs *list, struct arena *arena, const struct dns_line *line)
{
    if (list->count >= DNS_LIST_MAX)
        return;
    ((struct str *)(uintptr_t)list->at)[list->count++] = line_keep(line, arena);
}

static uint16_t class_of(const struct walk *w, uint16_t class)
{
    return w->protocol == protocol_mdns ? class & MDNS_CLASS_MASK : class;
}

static void read_questions(struct walk *w, struct reader *r)
{
    struct dns_message *m = w->message;
    bool several = m->counts[DNS_QUESTION] > 1;
    if (several)
        m->texts[DNS_QUESTION] = new_list(w->arena, m->counts[DNS_QUESTION]);
    for (uint32_t i = 0; i < m->counts[DNS_QUESTION] && reader_ok(r); i++) {
        struct dns_name other, *name = i == 0 ? &m->name : &other;
        dns_name_read(r, name);
        uint16_t type = reader_u16be(r), class = class_of(w, reader_u16be(r));
        if (!reader_ok(r))
            break;
        if (i == 0) {
            m->type = type;
            m->class = class;
        }
        if (several && i < DNS_LIST_MAX) {
            struct dns_line line;
            line.used = 0;
            name_line(w, &line, name);
            line_char(&line, ' ');
            type_line(w, &line, type);
            add_text(&m->texts[DNS_QUESTION], w->arena, &line);
        }
    }
    if (!reader_ok(r))
        stop(m, "question does not fit", r);
}

bool dns_message_open(struct arena *arena, enum protocol protocol, struct str bytes,
                      struct dns_message *message, struct reader *records)
{
    memset(message, 0, sizeof(*message));
    struct reader r = reader_of_str(bytes);
    message->bytes = bytes.size;
    message->id = reader_u16be(&r);
    message->flags = reader_u16be(&r);
    message->rcode = message->flags & RCODE_MASK;
    for (int i = 0; i < DNS_SECTIONS; i++)
        message->counts[i] = reader_u16be(&r);
    *records = r;
    if (!reader_ok(&r)) {
        stop(message, "header does not fit", &r);
        return false;
    }
    struct walk w = {.arena = arena, .protocol = protocol, .message = message};
    read_questions(&w, records);
    message->section_bytes[DNS_QUESTION] = (uint32_t)(reader_offset(records) - DNS_HEADER_BYTES);
    return !message->fault || message->type != 0;
}

static void read_opt(struct walk *w, struct dns_record *record)
{
    struct dns_message *m = w->message;
    m->edns = true;
    m->edns_payload = record->class;
    m->rcode |= (uint16_t)(record->ttl >> 24 << 4);
    m->dnssec_ok = record->ttl & EDNS_DNSSEC_OK;
    if (reader_left(&record->data) == 0)
        return;
    int32_t *codes = arena_take(w->arena, DNS_OPTIONS_MAX * sizeof(*codes));
    m->edns_options = (struct i32s){.at = codes};
    while (m->edns_options.count < DNS_OPTIONS_MAX && reader_left(&record->data) > 0) {
        int32_t code = reader_u16be(&record->data);
        reader_skip(&record->data, reader_u16be(&record->data));
        if (reader_ok(&record->data))
            codes[m->edns_options.count++] = code;
    }
}

static struct str algorithm_of(struct walk *w, struct reader *data)
{
    struct dns_name name;
    struct dns_line line;
    line.used = 0;
    dns_name_read(data, &name);
    dns_name_line(&line, &name);
    return line_keep(&line, w->arena);
}

/* RFC 8945 4.2. */
static void read_tsig(struct walk *w, struct dns_record *record)
{
    struct dns_message *m = w->message;
    m->is_signed = true;
    m->key = record->name;
    m->key_algorithm = algorithm_of(w, &record->data);
    reader_skip(&record->data, 6 + 2); /* time and fudge */
    reader_skip(&record->data, reader_u16be(&record->data));
    reader_skip(&record->data, 2); /* original id */
    uint16_t error = reader_u16be(&record->data);
    m->key_error = error ? error : m->key_error;
}

/* RFC 2930 2. */
static void read_tkey(struct walk *w, struct dns_record *record)
{
    struct dns_message *m = w->message;
    m->has_tkey = true;
    m->key = record->name;
    m->key_algorithm = algorithm_of(w, &record->data);
    reader_skip(&record->data, 4 + 4); /* inception and expiration */
    m->key_mode = reader_u16be(&record->data);
    uint16_t error = reader_u16be(&record->data);
    m->key_error = error ? error : m->key_error;
    m->token = reader_bytes(&record->data, reader_u16be(&record->data));
}

static void read_netbios(struct walk *w, struct dns_record *record)
{
    struct dns_message *m = w->message;
    if (record->type == DNS_NBSTAT) {
        (void)netbios_status(w->arena, record->data, &m->names, &m->unit_id);
    } else if (record->type == DNS_NB && m->address.family == 0) {
        struct reader data = record->data;
        uint16_t flags = reader_u16be(&data);
        struct str address = reader_bytes(&data, 4);
        if (!reader_ok(&data))
            return;
        m->nb_flags = flags;
        m->address.family = 4;
        memcpy(m->address.byte, address.at, address.size);
    }
}

/* The serial of a SOA (RFC 1035 3.3.13). */
static uint32_t serial_of(struct reader data)
{
    dns_name_skip(&data);
    dns_name_skip(&data);
    return reader_u32be(&data);
}

/* RFC 5936 2.2: the zone's SOA begins and ends a transfer. RFC 1995 4: in an incremental one it comes a third
 * time, and alone it says that there is nothing new. */
static void take_transferred(struct dns_transfer *t, const struct dns_record *record)
{
    t->records++;
    if (record->type != DNS_SOA)
        return;
    uint32_t serial = serial_of(record->data);
    if (t->records == 1)
        t->serial = serial;
    if (t->records == 2)
        t->incremental = true;
    t->serial_seen += serial == t->serial;
    t->complete = t->serial_seen >= (t->incremental ? 3 : 2);
}

/* What the class says of a record of an update (RFC 2136 2.4, 2.5). */
static const char *update_word(enum dns_section section, const struct dns_record *record)
{
    bool any = record->type == DNS_ANY;
    if (section == DNS_ANSWER) {
        if (record->class == DNS_CLASS_ANY)
            return any ? "name in use " : "exists ";
        if (record->class == DNS_CLASS_NONE)
            return any ? "name not in use " : "does not exist ";
        return "equals ";
    }
    return record->class == DNS_CLASS_ANY || record->class == DNS_CLASS_NONE ? "delete " : "add ";
}

static void add_line(struct walk *w, enum dns_section section, struct dns_record *record)
{
    struct dns_line line;
    line.used = 0;
    if (section != DNS_ADDITIONAL && w->protocol == protocol_dns &&
        dns_opcode(w->message->flags) == OPCODE_UPDATE)
        line_text(&line, str_of(update_word(section, record)));
    name_line(w, &line, &record->name);
    line_char(&line, ' ');
    type_line(w, &line, record->type);
    bool whole = true;
    if (reader_left(&record->data) > 0 && !(w->protocol == protocol_netbios && record->type == DNS_NBSTAT)) {
        line_char(&line, ' ');
        if (w->protocol != protocol_netbios)
            whole = dns_data_line(&line, record->type, record->data);
        else if (record->type == DNS_NB && dns_opcode(w->message->flags) != OPCODE_WAIT)
            whole = netbios_addresses_line(&line, record->data);
        else
            line_hex(&line, reader_rest(&record->data), DNS_LIST_MAX);
    }
    if (!whole)
        stop(w->message, "data of a record does not fit its type", &record->data);
    add_text(&w->message->texts[section], w->arena, &line);
}

static void add_ttl(struct walk *w, const struct dns_record *record)
{
    struct i32s *ttls = &w->message->ttls;
    if (!ttls->at)
        ttls->at = arena_take(w->arena, DNS_LIST_MAX * sizeof(int32_t));
    if (ttls->count < DNS_LIST_MAX)
        ((int32_t *)(uintptr_t)ttls->at)[ttls->count++] = (int32_t)record->ttl;
}

static void add_match(struct walk *w, const struct dns_record *record)
{
    struct dns_message *m = w->message;
    if (m->match_count < DNS_MATCHES_MAX)
        m->matches[m->match_count++] =
            (struct dns_match){.name = dns_name_id(&record->name), .type = record->type};
}

static void measure(struct dns_message *m, const struct dns_record *record)
{
    if (record->bytes > m->largest_bytes) {
        m->largest_bytes = record->bytes;
        m->largest_type = record->type;
    }
    if (record->type != DNS_SIG && record->type != TYPE_RRSIG)
        return;
    struct reader data = record->data;
    struct dns_name signer;
    reader_skip(&data, SIG_BYTES_BEFORE_NAME);
    dns_name_read(&data, &signer);
    uint32_t expanded = SIG_BYTES_BEFORE_NAME + signer.size + (uint32_t)reader_left(&data);
    if (reader_ok(&data) && expanded > m->expanded_bytes)
        m->expanded_bytes = expanded;
}

/* Everything of a record but its name; head is left before it. */
static bool read_fields(struct walk *w, struct reader *r, struct dns_record *record)
{
    record->name.size = 0;
    dns_name_skip(r);
    record->type = reader_u16be(r);
    record->class = class_of(w, reader_u16be(r));
    record->ttl = reader_u32be(r);
    record->bytes = reader_u16be(r);
    record->data = reader_sub(r, record->bytes);
    return reader_ok(r);
}

/* Not data, but about the message itself: its type, or 0. */
static uint16_t meta_type(const struct walk *w, enum dns_section section, const struct dns_record *record)
{
    if (w->protocol == protocol_netbios)
        return 0;
    if (record->type == DNS_TKEY && w->protocol == protocol_dns)
        return DNS_TKEY;
    if (section == DNS_ADDITIONAL && (record->type == DNS_OPT || record->type == DNS_TSIG))
        return record->type;
    return 0;
}

static void take_meta(struct walk *w, struct dns_record *record)
{
    if (record->type == DNS_OPT)
        read_opt(w, record);
    else if (record->type == DNS_TSIG)
        read_tsig(w, record);
    else
        read_tkey(w, record);
    if (!reader_ok(&record->data))
        stop(w->message, "data of OPT, TSIG or TKEY does not fit", &record->data);
}

/* What has no question is about its first answer. */
static void set_subject(struct dns_message *m, const struct dns_record *record)
{
    m->name = record->name;
    m->type = record->type;
    m->class = record->class;
}

static void take_record(struct walk *w, enum dns_section section, struct dns_record *record)
{
    struct dns_message *m = w->message;
    if (m->name.size == 0 && section == DNS_ANSWER)
        set_subject(m, record);
    if (w->want->matches && section == DNS_ANSWER)
        add_match(w, record);
    if (w->protocol == protocol_netbios)
        read_netbios(w, record);
    if (!w->want->texts)
        return;
    if (section == DNS_ANSWER)
        add_ttl(w, record);
    if (m->texts[section].count < DNS_LIST_MAX)
        add_line(w, section, record);
}

/* False: the reader has failed. */
static bool read_record(struct walk *w, enum dns_section section, struct reader *r)
{
    struct dns_message *m = w->message;
    struct dns_record record;
    struct reader head = *r;
    if (!read_fields(w, r, &record))
        return false;
    measure(m, &record);
    if (record.type == DNS_SOA && m->serial == 0)
        m->serial = serial_of(record.data);
    if (w->want->transfer && section == DNS_ANSWER)
        take_transferred(w->want->transfer, &record);
    uint16_t meta = meta_type(w, section, &record);
    if (meta == 0 && !w->want->texts && !w->want->matches && w->protocol != protocol_netbios)
        return true;
    dns_name_read(&head, &record.name);
    if (!reader_ok(&head)) {
        *r = head;
        return false;
    }
    if (meta != 0)
        take_meta(w, &record);
    else
        take_record(w, section, &record);
    return true;
}

void dns_message_records(struct arena *arena, enum protocol protocol, const struct dns_want *want,
                         struct dns_message *message, struct reader *records)
{
    struct walk w = {.arena = arena, .protocol = protocol, .want = want, .message = message};
    for (enum dns_section section = DNS_ANSWER; section < DNS_SECTIONS && !message->fault; section++) {
        size_t begin = reader_offset(records);
        if (want->texts)
            message->texts[section] = new_list(arena, message->counts[section]);
        for (uint32_t i = 0; i < message->counts[section] && reader_ok(records); i++)
            if (!read_record(&w, section, records))
                reader_fail(records);
        message->section_bytes[section] = (uint32_t)(reader_offset(records) - begin);
        if (!reader_ok(records))
            stop(message, "record does not fit", records);
    }
}
