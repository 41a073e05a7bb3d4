/*
 * netbios_datagram - header, mailslot, announcement.
 */
#include "services/protocol-decode/netbios_datagram.h"

#include "services/protocol-decode/dns_name.h"

enum {
    DIRECT_UNIQUE = 0x10, /* MSG_TYPE */
    BROADCAST = 0x12,
    QUERY_REQUEST = 0x14,
    QUERY_NEGATIVE = 0x16,
    DATAGRAM_FIRST = 2, /* FLAGS: first fragment, */
    DATAGRAM_MORE = 1,  /* and more follow */
    SMB_MAGIC = 0x424d53ff,
    SMB_TRANSACTION = 0x25,
    SMB_FLAGS2_OFFSET = 10,
    SMB_UNICODE = 0x8000,
    SMB_HEADER_BYTES = 32,
    ANNOUNCED_NAME_BYTES = 16,
    LOGON_PRIMARY_QUERY = 7,
    LOGON_SAM_REQUEST = 18,
};

struct datagram_parse {
    struct decode_out *out;
    struct dns *body;
    const char *fault;
    size_t fault_at;
};

/* Up to a NUL, which is taken; what is left when there is none. */
static struct str until_nul(struct reader *r)
{
    struct reader from = *r;
    uint32_t size = 0;
    while (reader_left(r) > 0 && reader_u8(r) != 0)
        size++;
    return reader_bytes(&from, size);
}

static struct str keep(struct datagram_parse *d, struct str text)
{
    struct dns_line line;
    line.used = 0;
    line_escaped(&line, text, "");
    return line_keep(&line, &d->out->batch->arena);
}

/* UTF-16 up to a NUL of two bytes. */
static struct str wide_until_nul(struct datagram_parse *d, struct reader *r)
{
    struct reader from = *r;
    uint32_t size = 0;
    while (reader_left(r) >= 2 && reader_u16le(r) != 0)
        size += 2;
    return text_from_utf16le(&d->out->batch->arena, reader_bytes(&from, size), false);
}

/* HostAnnouncement, DomainAnnouncement and LocalMasterAnnouncement are laid out alike
 * (MS-BRWS 2.2.1, 2.2.7, 2.2.10). */
static void read_announcement(struct datagram_parse *d, struct reader *r)
{
    reader_skip(r, 1 + 4); /* UpdateCount, Periodicity */
    struct reader name = reader_sub(r, ANNOUNCED_NAME_BYTES);
    d->body->server_name = keep(d, until_nul(&name));
    d->body->os_major = reader_u8(r);
    d->body->os_minor = reader_u8(r);
    d->body->server_type = reader_u32le(r);
    reader_skip(r, 1 + 1 + 2); /* version of the browser protocol, signature */
    d->body->comment = keep(d, until_nul(r));
}

static void read_election(struct datagram_parse *d, struct reader *r)
{
    reader_skip(r, 1 + 4 + 4 + 4); /* Version, Criteria, Uptime, Reserved */
    d->body->server_name = keep(d, until_nul(r));
}

static void read_request(struct datagram_parse *d, struct reader *r)
{
    reader_skip(r, 1); /* Reserved */
    d->body->server_name = keep(d, until_nul(r));
}

static void read_name(struct datagram_parse *d, struct reader *r)
{
    d->body->server_name = keep(d, until_nul(r));
}

struct frame_type {
    uint8_t command;
    uint8_t operation;
    void (*read)(struct datagram_parse *d, struct reader *r); /* may be null */
};

/* MS-BRWS 2.2. */
static const struct frame_type browser_frames[] = {
    {1, dns_operation_host_announcement, read_announcement},
    {2, dns_operation_announcement_request, read_request},
    {8, dns_operation_election, read_election},
    {9, dns_operation_backup_list_request, NULL},
    {10, dns_operation_backup_list, NULL},
    {11, dns_operation_become_backup, read_name},
    {12, dns_operation_domain_announcement, read_announcement},
    {13, dns_operation_master_announcement, read_name},
    {14, dns_operation_reset_state, NULL},
    {15, dns_operation_local_master_announcement, read_announcement},
};

static void read_browser(struct datagram_parse *d, struct reader *r)
{
    uint8_t command = reader_u8(r);
    for (size_t i = 0; i < ARRAY_COUNT(browser_frames); i++) {
        if (browser_frames[i].command != command)
            continue;
        d->body->operation = browser_frames[i].operation;
        if (browser_frames[i].read)
            browser_frames[i].read(d, r);
    }
}

/* MS-ADTS 6.3.1.4 for 7, 6.3.1.6 for 18; all others answer. */
static void read_logon(struct datagram_parse *d, struct reader *r)
{
    uint16_t command = reader_u16le(r);
    d->body->operation = dns_operation_logon_response;
    if (command == LOGON_PRIMARY_QUERY) {
        d->body->operation = dns_operation_logon_request;
        d->body->server_name = keep(d, until_nul(r));
    } else if (command == LOGON_SAM_REQUEST) {
        d->body->operation = dns_operation_logon_request;
        reader_skip(r, 2); /* RequestCount */
        d->body->server_name = wide_until_nul(d, r);
        d->body->logon_user = wide_until_nul(d, r);
    }
}

static bool is_browser(struct str mailslot)
{
    return text_equal_nocase(mailslot, STR("\\MAILSLOT\\BROWSE")) ||
           text_equal_nocase(mailslot, STR("\\MAILSLOT\\LANMAN"));
}

static bool is_logon(struct str mailslot)
{
    return text_equal_nocase(mailslot, STR("\\MAILSLOT\\NET\\NETLOGON")) ||
           text_equal_nocase(mailslot, STR("\\MAILSLOT\\NET\\NTLOGON"));
}

/* A mailslot write (MS-CIFS 2.2.4.33, MS-MAIL 2.2.1). smb reads the SMB message alone. */
static void read_mailslot(struct datagram_parse *d, struct reader smb)
{
    struct reader r = smb;
    if (reader_u32le(&r) != SMB_MAGIC || reader_u8(&r) != SMB_TRANSACTION)
        return;
    struct reader flags2 = reader_at(&smb, SMB_FLAGS2_OFFSET);
    bool unicode = reader_u16le(&flags2) & SMB_UNICODE;
    r = reader_at(&smb, SMB_HEADER_BYTES);
    reader_skip(&r, 1 + 4 * 2 + 2 + 2 + 4 + 2 + 2 * 2); /* up to DataCount */
    uint16_t data_bytes = reader_u16le(&r), data_at = reader_u16le(&r);
    uint8_t setups = reader_u8(&r);
    reader_skip(&r, 1 + 2u * setups + 2); /* and ByteCount */
    struct str mailslot = unicode ? wide_until_nul(d, &r) : until_nul(&r);
    d->body->mailslot = text_to_utf8(&d->out->batch->arena, mailslot);
    struct reader data = reader_at(&smb, data_at);
    data = reader_sub(&data, data_bytes);
    if (is_browser(mailslot))
        read_browser(d, &data);
    else if (is_logon(mailslot))
        read_logon(d, &data);
    if (!reader_ok(&r) || !reader_ok(&data)) {
        d->fault = "mailslot write does not fit";
        d->fault_at = reader_offset(reader_ok(&r) ? &data : &r);
    }
}

static struct str name_with_suffix(struct datagram_parse *d, const struct dns_name *name)
{
    uint8_t bytes[NETBIOS_NAME_BYTES];
    struct dns_line line;
    line.used = 0;
    if (!netbios_name_decode(name, bytes)) {
        dns_name_line(&line, name);
    } else {
        struct str text = {.at = (const char *)bytes, .size = sizeof(bytes)};
        netbios_name_line(&line, text);
        line_char(&line, '<');
        line_hex(&line, (struct str){.at = text.at + NETBIOS_NAME_BYTES - 1, .size = 1}, 1);
        line_char(&line, '>');
    }
    return line_keep(&line, &d->out->batch->arena);
}

static void set_target(struct datagram_parse *d, const struct dns_name *name)
{
    uint8_t bytes[NETBIOS_NAME_BYTES];
    struct dns_line line;
    line.used = 0;
    if (netbios_name_decode(name, bytes)) {
        netbios_name_line(&line, (struct str){.at = (const char *)bytes, .size = sizeof(bytes)});
        d->body->suffix = bytes[NETBIOS_NAME_BYTES - 1];
    } else {
        dns_name_line(&line, name);
    }
    d->body->name = line_keep(&line, &d->out->batch->arena);
    line.used = 0;
    netbios_scope_line(&line, name);
    d->body->scope = line_keep(&line, &d->out->batch->arena);
}

/* Names follow each other and may point into each other: r reads the datagram from its start. */
static void read_names(struct datagram_parse *d, struct reader *r, bool has_source)
{
    struct dns_name source = {.size = 0}, target;
    if (has_source)
        dns_name_read(r, &source);
    dns_name_read(r, &target);
    if (!reader_ok(r)) {
        d->fault = "name does not fit";
        d->fault_at = reader_offset(r);
        return;
    }
    if (has_source)
        d->body->source_name = name_with_suffix(d, &source);
    set_target(d, &target);
}

static void read_datagram(struct datagram_parse *d, struct reader *r)
{
    uint8_t type = reader_u8(r), flags = reader_u8(r);
    d->body->transaction_id = reader_u16be(r);
    struct str source = reader_bytes(r, 4);
    reader_skip(r, 2); /* SOURCE_PORT */
    if (reader_ok(r)) {
        d->body->address.family = 4;
        memcpy(d->body->address.byte, source.at, source.size);
    }
    d->body->request_flags = (uint16_t)(type << 8 | flags);
    bool is_data = type >= DIRECT_UNIQUE && type <= BROADCAST;
    if (is_data)
        reader_skip(r, 2 + 2); /* DGM_LENGTH, PACKET_OFFSET */
    if (is_data || (type >= QUERY_REQUEST && type <= QUERY_NEGATIVE))
        read_names(d, r, is_data);
    if (!reader_ok(r) && !d->fault) {
        d->fault = "header does not fit";
        d->fault_at = reader_offset(r);
    }
    if (!d->fault && is_data && flags & DATAGRAM_FIRST && !(flags & DATAGRAM_MORE))
        read_mailslot(d, reader_of_str(reader_rest(r)));
}

static bool is_group(const struct addr *to, uint8_t type)
{
    return type == BROADCAST || (to->family == 4 && to->byte[0] == 255);
}

void netbios_datagram(struct decode_out *out, const struct place *place, struct str message, uint32_t size)
{
    struct place from = *place;
    if (!place->to_server) {
        from.to_server = true;
        from.client = place->server;
        from.client_port = place->server_port;
        from.server = place->client;
        from.server_port = place->client_port;
    }
    out->messages[protocol_netbios]++;
    struct reader r = reader_of_str(message);
    uint8_t type = reader_peek_u8(&r);
    uint64_t unique = reader_u32be(&r);
    struct dns *body = decode_emit(out, RECORD_dns, &from, place->time, unique);
    body->request_frame = place->frame;
    body->request_time = place->time;
    body->transport = place->transport;
    body->protocol = protocol_netbios;
    body->operation = dns_operation_datagram;
    body->request_bytes = size;
    body->asked = 1;
    body->multicast = is_group(&from.server, type);
    struct datagram_parse d = {.out = out, .body = body};
    r = reader_of_str(message);
    read_datagram(&d, &r);
    if (!d.fault)
        return;
    body->unread = message.size < size ? unread_truncated : unread_malformed;
    body->unread_at = (uint32_t)d.fault_at;
    if (message.size == size)
        decode_malformed(out, &from, "netbios", d.fault, d.fault_at);
}
