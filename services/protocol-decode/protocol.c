/*
 * protocol - every protocol that is read: its ports, its functions, its module.
 */
#include "services/protocol-decode/protocol.h"

enum {
    TCP_LENGTH_BYTES = 4, /* before a Kerberos or SMB message */
    RPC_PTYPE_OFFSET = 2,
    RPC_PTYPE_RTS = 20,
    SMB_MAGIC_OFFSET = 4,
    SMB2_FLAGS_OFFSET = 4 + 16,
    SMB2_FLAG_RESPONSE = 1,
    /* An operation of LDAP that waits is large, and few do; few messages span tokens. */
    LDAP_REQUESTS_PART = 4,
    LDAP_PAGES_PART = 8,
    SMB1_FLAGS_OFFSET = 4 + 9,
    SMB1_FLAG_REPLY = 0x80,
    HTTP_REQUESTS_SHARE = 8, /* of the requests open at once: those of HTTP are large */
    HANDSHAKES_SHARE = 8,    /* of the sessions open at once: so few are still in their handshake */
    NETWORK_SHARE = 8,       /* of the requests of a busy protocol: so few of DHCP and RADIUS wait at once */
    DNS_LENGTH_BYTES = 2,    /* before a message over TCP (RFC 1035 4.2.2) */
};

/* Kerberos messages are APPLICATION tags (RFC 4120 5.10): even numbers ask, odd ones answer, 30 is an error.
 */
static enum direction kerberos_tag_direction(uint8_t tag)
{
    if (tag == 0x6a || tag == 0x6c || tag == 0x6e)
        return DIRECTION_TO_SERVER;
    if (tag == 0x6b || tag == 0x6d || tag == 0x6f || tag == 0x7e)
        return DIRECTION_TO_CLIENT;
    return DIRECTION_UNKNOWN;
}

static struct str behind_length(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, TCP_LENGTH_BYTES);
    return reader_rest(&r);
}

static enum direction kerberos_direction(struct str bytes)
{
    struct reader r = reader_of_str(behind_length(bytes));
    return kerberos_tag_direction(reader_u8(&r));
}

static bool kerberos_stream_probe(struct str bytes)
{
    return kerberos_probe(behind_length(bytes));
}

static void kerberos_stream_message(struct protocols *all, struct decode_out *out, const struct place *place,
                                    struct str message, uint32_t size)
{
    (void)size;
    kerberos_message(all->kerberos, out, place, behind_length(message));
}

static void kerberos_datagram(struct protocols *all, struct decode_out *out, const struct place *place,
                              struct str message, uint32_t size)
{
    (void)size;
    kerberos_message(all->kerberos, out, place, message);
}

static void kerberos_ended(struct protocols *all, struct decode_out *out, const struct place *place)
{
    kerberos_end(all->kerberos, out, place);
}

static enum direction kpasswd_datagram_direction(struct str message)
{
    bool known;
    bool request = kpasswd_is_request(message, &known);
    if (!known)
        return DIRECTION_UNKNOWN;
    return request ? DIRECTION_TO_SERVER : DIRECTION_TO_CLIENT;
}

static enum direction kpasswd_direction(struct str bytes)
{
    return kpasswd_datagram_direction(behind_length(bytes));
}

static void kpasswd_stream_message(struct protocols *all, struct decode_out *out, const struct place *place,
                                   struct str message, uint32_t size)
{
    (void)size;
    kpasswd_message(all->kpasswd, out, place, behind_length(message));
}

static void kpasswd_datagram(struct protocols *all, struct decode_out *out, const struct place *place,
                             struct str message, uint32_t size)
{
    (void)size;
    kpasswd_message(all->kpasswd, out, place, message);
}

static void kpasswd_ended(struct protocols *all, struct decode_out *out, const struct place *place)
{
    kpasswd_end(all->kpasswd, out, place);
}

/* What follows a StartTLS. */
static struct framing ldap_stream_frame(struct protocols *all, const struct place *place, struct str bytes)
{
    return ldap_is_tls(bytes) ? tls_frame(bytes) : ldap_frame(all->ldap, place, bytes);
}

static enum direction ldap_direction(struct str bytes)
{
    int sender = ldap_sender(bytes);
    return sender > 0 ? DIRECTION_TO_SERVER : sender < 0 ? DIRECTION_TO_CLIENT : DIRECTION_UNKNOWN;
}

static void ldap_stream_message(struct protocols *all, struct decode_out *out, const struct place *place,
                                struct str message, uint32_t size)
{
    ldap_message(all->ldap, out, place, message, size);
    if (ldap_is_tls(message))
        tls_message(all->tls, out, place, protocol_ldap, message);
}

static void ldap_stream_lost(struct protocols *all, struct decode_out *out, const struct place *place)
{
    ldap_lost(all->ldap, out, place);
    tls_lost(all->tls, out, place);
}

static void ldap_ended(struct protocols *all, struct decode_out *out, const struct place *place)
{
    ldap_end(all->ldap, out, place);
    tls_end(all->tls, out, place);
}

static void ldap_udp_datagram(struct protocols *all, struct decode_out *out, const struct place *place,
                              struct str message, uint32_t size)
{
    ldap_datagram(all->ldap, out, place, message, size);
}

static enum direction smb_direction(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, SMB_MAGIC_OFFSET);
    uint32_t magic = reader_u32be(&r);
    r = reader_of_str(bytes);
    if (magic == 0xff534d42) {
        reader_skip(&r, SMB1_FLAGS_OFFSET);
        uint8_t reply = reader_u8(&r) & SMB1_FLAG_REPLY;
        if (!reader_ok(&r))
            return DIRECTION_UNKNOWN;
        return reply ? DIRECTION_TO_CLIENT : DIRECTION_TO_SERVER;
    }
    if (magic != 0xfe534d42)
        return DIRECTION_UNKNOWN;
    reader_skip(&r, SMB2_FLAGS_OFFSET);
    uint32_t flags = reader_u32le(&r);
    if (!reader_ok(&r))
        return DIRECTION_UNKNOWN;
    return flags & SMB2_FLAG_RESPONSE ? DIRECTION_TO_CLIENT : DIRECTION_TO_SERVER;
}

/* Of an encrypted message only its header is wanted, unless there may be a key for it. */
static struct framing smb_stream_frame(struct protocols *all, const struct place *place, struct str bytes)
{
    (void)place;
    struct framing framing = smb_frame(bytes);
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, SMB_MAGIC_OFFSET);
    if (all->keyring && framing.state == FRAMING_WHOLE && reader_u32be(&r) == 0xfd534d42)
        framing.want = framing.size < STREAM_MESSAGE_BYTES_MAX ? framing.size : STREAM_MESSAGE_BYTES_MAX;
    return framing;
}

static void smb_stream_message(struct protocols *all, struct decode_out *out, const struct place *place,
                               struct str message, uint32_t size)
{
    smb_message(all->smb, out, place, message, size);
}

static void smb_stream_lost(struct protocols *all, struct decode_out *out, const struct place *place)
{
    smb_lost(all->smb, out, place);
}

static void smb_ended(struct protocols *all, struct decode_out *out, const struct place *place)
{
    smb_end(all->smb, out, place);
}

/* C706 12.6.1: request, bind, alter_context, auth3, co_cancel and orphaned go to the server. The text that
 * opens a channel of RPC over HTTP comes from it, and RTS PDUs go both ways. */
static enum direction rpc_direction(struct str bytes)
{
    if (bytes.size > 0 && bytes.at[0] == 'n')
        return DIRECTION_TO_CLIENT;
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, RPC_PTYPE_OFFSET);
    uint8_t ptype = reader_u8(&r);
    if (!reader_ok(&r) || ptype == RPC_PTYPE_RTS)
        return DIRECTION_UNKNOWN;
    bool to_server = ptype == 0 || ptype == 11 || ptype == 14 || ptype == 16 || ptype == 18 || ptype == 19;
    return to_server ? DIRECTION_TO_SERVER : DIRECTION_TO_CLIENT;
}

static void rpc_stream_message(struct protocols *all, struct decode_out *out, const struct place *place,
                               struct str message, uint32_t size)
{
    (void)size;
    rpc_message(all->rpc, out, place, message);
}

static void rpc_ended(struct protocols *all, struct decode_out *out, const struct place *place)
{
    rpc_end(all->rpc, out, place);
}

static enum direction tls_direction(struct str bytes)
{
    bool known, client = tls_is_of_client(bytes, &known);
    return !known ? DIRECTION_UNKNOWN : client ? DIRECTION_TO_SERVER : DIRECTION_TO_CLIENT;
}

static void tls_stream_message(struct protocols *all, struct decode_out *out, const struct place *place,
                               struct str message, uint32_t size)
{
    (void)size;
    tls_message(all->tls, out, place, protocol_tls, message);
}

static void tls_stream_lost(struct protocols *all, struct decode_out *out, const struct place *place)
{
    tls_lost(all->tls, out, place);
}

static void tls_ended(struct protocols *all, struct decode_out *out, const struct place *place)
{
    tls_end(all->tls, out, place);
}

static struct str behind_dns_length(struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    reader_skip(&r, DNS_LENGTH_BYTES);
    return reader_rest(&r);
}

static enum direction dns_direction(struct str message)
{
    return dns_is_answer(message) ? DIRECTION_TO_CLIENT : DIRECTION_TO_SERVER;
}

static enum direction dns_stream_direction(struct str bytes)
{
    return dns_direction(behind_dns_length(bytes));
}

static void dns_stream_message(struct protocols *all, struct decode_out *out, const struct place *place,
                               struct str message, uint32_t size)
{
    dns_message(all->dns, out, place, behind_dns_length(message), size - DNS_LENGTH_BYTES);
}

/* Questions wait until their deadline. */
static void dns_ended(struct protocols *all, struct decode_out *out, const struct place *place)
{
    (void)all;
    (void)out;
    (void)place;
}

static void dns_datagram(struct protocols *all, struct decode_out *out, const struct place *place,
                         struct str message, uint32_t size)
{
    dns_message(all->dns, out, place, message, size);
}

/* BOOTREPLY, and what a DHCPv6 server sends, say so themselves; see dhcp_message(). */
static void dhcp_datagram(struct protocols *all, struct decode_out *out, const struct place *place,
                          struct str message, uint32_t size)
{
    dhcp_message(all->dhcp, out, place, message, size);
}

static void radius_datagram(struct protocols *all, struct decode_out *out, const struct place *place,
                            struct str message, uint32_t size)
{
    radius_message(all->radius, out, place, message, size);
}

static enum direction radius_direction(struct str message)
{
    return radius_is_answer(message) ? DIRECTION_TO_CLIENT : DIRECTION_TO_SERVER;
}

static struct framing http_stream_frame(struct protocols *all, const struct place *place, struct str bytes)
{
    return http_frame(all->http, place, bytes);
}

static enum direction http_direction(struct str bytes)
{
    if (!http_probe(bytes))
        return DIRECTION_UNKNOWN;
    return http_is_answer(bytes) ? DIRECTION_TO_CLIENT : DIRECTION_TO_SERVER;
}

static void http_stream_message(struct protocols *all, struct decode_out *out, const struct place *place,
                                struct str message, uint32_t size)
{
    http_message(all->http, out, place, message, size);
}

static void http_stream_lost(struct protocols *all, struct decode_out *out, const struct place *place)
{
    http_lost(all->http, out, place);
}

static void http_ended(struct protocols *all, struct decode_out *out, const struct place *place)
{
    http_end(all->http, out, place);
}

static enum direction rdp_direction(struct str bytes)
{
    bool known, client = rdp_is_of_client(bytes, &known);
    return !known ? DIRECTION_UNKNOWN : client ? DIRECTION_TO_SERVER : DIRECTION_TO_CLIENT;
}

static void rdp_stream_message(struct protocols *all, struct decode_out *out, const struct place *place,
                               struct str message, uint32_t size)
{
    (void)size;
    rdp_message(all->rdp, out, place, message);
}

static void rdp_ended(struct protocols *all, struct decode_out *out, const struct place *place)
{
    rdp_end(all->rdp, out, place);
}

#define PORTS(...) ((const uint16_t[]){__VA_ARGS__, 0})

static const struct protocol_type types[] = {
    {
        .protocol = protocol_smb,
        .tcp_ports = PORTS(139, 445),
        .frame = smb_frame,
        .frame_within = smb_stream_frame,
        .probe = smb_probe,
        .direction = smb_direction,
        .message = smb_stream_message,
        .lost = smb_stream_lost,
        .end = smb_ended,
    },
    {
        .protocol = protocol_rpc,
        .tcp_ports = PORTS(135, 593),
        .frame = rpc_frame,
        .probe = rpc_probe,
        .direction = rpc_direction,
        .message = rpc_stream_message,
        .end = rpc_ended,
    },
    {
        .protocol = protocol_kerberos,
        .tcp_ports = PORTS(88),
        .udp_ports = PORTS(88),
        .frame = kerberos_frame,
        .probe = kerberos_stream_probe,
        .direction = kerberos_direction,
        .message = kerberos_stream_message,
        .end = kerberos_ended,
        .datagram = kerberos_datagram,
    },
    {
        .protocol = protocol_ldap,
        .tcp_ports = PORTS(389, 3268),
        .udp_ports = PORTS(389),
        .frame_within = ldap_stream_frame,
        .probe = ldap_probe,
        .direction = ldap_direction,
        .message = ldap_stream_message,
        .lost = ldap_stream_lost,
        .end = ldap_ended,
        .datagram = ldap_udp_datagram,
        .datagram_direction = ldap_direction,
    },
    {
        .protocol = protocol_kpasswd,
        .tcp_ports = PORTS(464),
        .udp_ports = PORTS(464),
        .frame = kpasswd_frame,
        .probe = kpasswd_probe,
        .direction = kpasswd_direction,
        .message = kpasswd_stream_message,
        .end = kpasswd_ended,
        .datagram = kpasswd_datagram,
        .datagram_direction = kpasswd_datagram_direction,
    },
    {
        .protocol = protocol_tls,
        .tcp_ports = PORTS(443, 636, 3269, 5986, 8443),
        .frame = tls_frame,
        .probe = tls_probe,
        .direction = tls_direction,
        .message = tls_stream_message,
        .lost = tls_stream_lost,
        .end = tls_ended,
    },
    {
        .protocol = protocol_http,
        .tcp_ports = PORTS(80, 5985, 8080, 8530, 47001),
        .frame_within = http_stream_frame,
        .probe = http_probe,
        .direction = http_direction,
        .message = http_stream_message,
        .lost = http_stream_lost,
        .end = http_ended,
    },
    {
        .protocol = protocol_rdp,
        .tcp_ports = PORTS(3389),
        .frame = rdp_frame,
        .probe = rdp_probe,
        .direction = rdp_direction,
        .message = rdp_stream_message,
        .end = rdp_ended,
    },
    {
        .protocol = protocol_dns,
        .tcp_ports = PORTS(53),
        .udp_ports = PORTS(53),
        .frame = dns_frame,
        .direction = dns_stream_direction,
        .message = dns_stream_message,
        .end = dns_ended,
        .datagram = dns_datagram,
        .datagram_direction = dns_direction,
    },
    {
        .protocol = protocol_llmnr,
        .tcp_ports = PORTS(5355),
        .udp_ports = PORTS(5355),
        .frame = dns_frame,
        .direction = dns_stream_direction,
        .message = dns_stream_message,
        .end = dns_ended,
        .datagram = dns_datagram,
        .datagram_direction = dns_direction,
    },
    {
        .protocol = protocol_mdns,
        .udp_ports = PORTS(5353),
        .datagram = dns_datagram,
        .datagram_direction = dns_direction,
    },
    {
        .protocol = protocol_netbios,
        .udp_ports = PORTS(137, 138),
        .datagram = dns_datagram,
        .datagram_direction = dns_direction,
    },
    {
        .protocol = protocol_dhcp,
        .udp_ports = PORTS(67, 68, 546, 547),
        .datagram = dhcp_datagram,
    },
    {
        .protocol = protocol_radius,
        .udp_ports = PORTS(1812, 1813, 1645, 1646, 3799),
        .datagram = radius_datagram,
        .datagram_direction = radius_direction,
    },
};

const struct protocol_type *protocol_at(size_t index)
{
    return index < ARRAY_COUNT(types) ? &types[index] : NULL;
}

const struct protocol_type *protocol_find(uint8_t protocol)
{
    for (size_t i = 0; i < ARRAY_COUNT(types); i++)
        if (types[i].protocol == protocol)
            return &types[i];
    return NULL;
}

static bool has_port(const uint16_t *ports, uint16_t port)
{
    for (size_t i = 0; ports && ports[i] != 0; i++)
        if (ports[i] == port)
            return true;
    return false;
}

const struct protocol_type *protocol_of_tcp_port(uint16_t port)
{
    for (size_t i = 0; i < ARRAY_COUNT(types); i++)
        if (has_port(types[i].tcp_ports, port))
            return &types[i];
    return NULL;
}

/* So many parts of a bound, at least one. */
static uint32_t share(uint32_t bound, uint32_t parts)
{
    return bound < parts ? 1 : bound / parts;
}

enum err protocols_create(struct protocols *all, const struct decode_options *o)
{
    enum err err = ERR_OK;
    if (o->opener)
        err = keyring_create(&all->keyring, &(struct keyring_options){.opener = o->opener,
                                                                      .conversations = o->sessions,
                                                                      .flows = o->requests,
                                                                      .seed = o->seed});
    if (err == ERR_OK)
        err = auth_create(&all->auth, &(struct auth_options){.conversations = o->sessions,
                                                             .timeout = o->request_timeout,
                                                             .seed = o->seed});
    if (err == ERR_OK)
        err = kerberos_create(&all->kerberos, &(struct kerberos_options){.pending = o->requests,
                                                                         .timeout = o->request_timeout,
                                                                         .seed = o->seed});
    if (err == ERR_OK)
        err = kpasswd_create(&all->kpasswd, &(struct kpasswd_options){.pending = o->requests,
                                                                      .timeout = o->request_timeout,
                                                                      .seed = o->seed});
    if (err == ERR_OK)
        err = rpc_create(&all->rpc,
                         &(struct rpc_options){.connections = o->sessions,
                                               .calls = o->requests,
                                               .timeout = o->request_timeout,
                                               .seed = o->seed},
                         all->auth);
    if (err == ERR_OK)
        err = ldap_create(&all->ldap,
                          &(struct ldap_options){.connections = o->sessions,
                                                 .requests = o->requests / LDAP_REQUESTS_PART,
                                                 .pages = o->pages / LDAP_PAGES_PART,
                                                 .timeout = o->request_timeout,
                                                 .seed = o->seed},
                          all->auth);
    if (err == ERR_OK)
        err = smb_create(&all->smb,
                         &(struct smb_options){.sessions = o->sessions,
                                               .trees = o->sessions,
                                               .files = o->sessions,
                                               .requests = o->requests,
                                               .timeout = o->request_timeout,
                                               .all = o->all_smb,
                                               .seed = o->seed},
                         all->auth, all->rpc);
    if (err == ERR_OK)
        err = tls_create(&all->tls, &(struct tls_options){.connections = share(o->sessions, HANDSHAKES_SHARE),
                                                          .timeout = o->request_timeout,
                                                          .seed = o->seed});
    if (err == ERR_OK)
        err = rdp_create(&all->rdp,
                         &(struct rdp_options){.connections = share(o->sessions, HANDSHAKES_SHARE),
                                               .timeout = o->request_timeout,
                                               .seed = o->seed},
                         all->tls);
    if (err == ERR_OK)
        err = http_create(&all->http,
                          &(struct http_options){.connections = o->sessions,
                                                 .requests = share(o->requests, HTTP_REQUESTS_SHARE),
                                                 .plain_exchanges = o->http_plain_exchanges,
                                                 .timeout = o->request_timeout,
                                                 .seed = o->seed},
                          &(struct http_peers){.auth = all->auth, .rpc = all->rpc, .tls = all->tls});
    if (err == ERR_OK)
        err = dns_create(
            &all->dns,
            &(struct dns_options){.pending = o->requests, .timeout = o->request_timeout, .seed = o->seed},
            all->auth);
    if (err == ERR_OK)
        err = dhcp_create(&all->dhcp, &(struct dhcp_options){.requests = o->requests / NETWORK_SHARE,
                                                             .timeout = o->request_timeout,
                                                             .seed = o->seed});
    if (err == ERR_OK)
        err = radius_create(&all->radius, &(struct radius_options){.requests = o->requests / NETWORK_SHARE,
                                                                   .timeout = o->request_timeout,
                                                                   .seed = o->seed});
    return err;
}

void protocols_close(struct protocols *all)
{
    http_free(all->http);
    rdp_free(all->rdp);
    tls_free(all->tls);
    dhcp_free(all->dhcp);
    dns_free(all->dns);
    radius_free(all->radius);
    smb_free(all->smb);
    ldap_free(all->ldap);
    rpc_free(all->rpc);
    kpasswd_free(all->kpasswd);
    kerberos_free(all->kerberos);
    auth_free(all->auth);
    keyring_free(all->keyring);
}

size_t protocols_tables(struct protocols *all, struct table **tables)
{
    size_t count = keyring_tables(all->keyring, tables);
    count += auth_tables(all->auth, tables + count);
    count += kerberos_tables(all->kerberos, tables + count);
    count += kpasswd_tables(all->kpasswd, tables + count);
    count += ldap_tables(all->ldap, tables + count);
    count += rpc_tables(all->rpc, tables + count);
    count += smb_tables(all->smb, tables + count);
    count += tls_tables(all->tls, tables + count);
    count += rdp_tables(all->rdp, tables + count);
    count += http_tables(all->http, tables + count);
    count += dns_tables(all->dns, tables + count);
    count += dhcp_tables(all->dhcp, tables + count);
    count += radius_tables(all->radius, tables + count);
    return count;
}

void protocols_expire(struct protocols *all, struct decode_out *out, time_ns now)
{
    smb_expire(all->smb, out, now);
    rpc_expire(all->rpc, out, now);
    ldap_expire(all->ldap, out, now);
    auth_expire(all->auth, out, now);
    kerberos_expire(all->kerberos, out, now);
    kpasswd_expire(all->kpasswd, out, now);
    http_expire(all->http, out, now);
    rdp_expire(all->rdp, out, now);
    tls_expire(all->tls, out, now);
    dns_expire(all->dns, out, now);
    dhcp_expire(all->dhcp, out, now);
    radius_expire(all->radius, out, now);
}
