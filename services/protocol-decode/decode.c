/*
 * decode - the stage: each frame to its flow, each flow to its protocol.
 */
#include "services/protocol-decode/decode.h"

#include "services/protocol-decode/dispatch.h"
#include "services/protocol-decode/fragment.h"
#include "services/protocol-decode/packet.h"

enum {
    DECODE_FILES_MAX = 65536,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    UDP_HEADER_BYTES = 8,
};

struct decode {
    struct decode_options options;
    struct table *files;
    struct fragments *fragments;
    struct tcp *tcp;
    struct dispatch dispatch;
    uint64_t file;                     /* id of the capture that the last frame stood in, */
    char file_name[DECODE_FILE_BYTES]; /* and its name: consecutive frames share it as a rule */
    uint32_t file_name_size;
    uint64_t frames;
    uint64_t bytes;
    uint64_t not_ip;
    uint64_t unsupported;
    uint64_t bad_packets;
    uint64_t cut_packets;
    uint64_t tunneled;
    uint64_t udp_packets;
};

struct decode_options decode_defaults(void)
{
    return (struct decode_options){
        .flows = 131072,
        .pages = 32768,
        .pages_of_flow = 64,
        .fragments = 1024,
        .requests = 65536,
        .sessions = 32768,
        .idle_timeout = 10 * TIME_NS_MIN,
        .gap_timeout = 2 * TIME_NS_S,
        .request_timeout = 30 * TIME_NS_S,
        .http_plain_exchanges = 64,
        .overlap = OVERLAP_FIRST,
        .fingerprint_key = HASH_KEY_NAMES,
    };
}

/* The id of a capture by its name, which is kept so that observations can give it. */
static uint64_t file_id(struct decode *d, struct str name)
{
    if (name.size > DECODE_FILE_BYTES)
        name.size = DECODE_FILE_BYTES;
    if (name.size == d->file_name_size && d->file != 0 && memcmp(name.at, d->file_name, name.size) == 0)
        return d->file;
    uint64_t id = hash_u64(HASH_KEY_NAMES, name.at, name.size);
    char *kept = table_put(d->files, &id, NULL);
    if (name.size > 0) {
        memcpy(kept, name.at, name.size);
        memcpy(d->file_name, name.at, name.size);
    }
    d->file_name_size = name.size;
    d->file = id;
    return id;
}

static void udp_datagram(struct decode *d, const struct packet *packet, struct place *place)
{
    struct reader r = reader_of_str(packet->payload);
    struct datagram datagram = {.source = packet->source, .target = packet->target};
    datagram.source_port = reader_u16be(&r);
    datagram.target_port = reader_u16be(&r);
    uint16_t size = reader_u16be(&r);
    reader_skip(&r, 2);
    if (!reader_ok(&r)) {
        d->bad_packets++;
        return;
    }
    d->udp_packets++;
    size_t left = reader_left(&r);
    /* 0: a jumbo datagram, or one that was not cut to segments yet. */
    size_t payload = size >= UDP_HEADER_BYTES ? (size_t)size - UDP_HEADER_BYTES : left;
    datagram.size = (uint32_t)payload;
    datagram.payload = reader_bytes(&r, payload < left ? payload : left);
    dispatch_datagram(&d->dispatch, &datagram, place);
}

static void ip_packet(struct decode *d, struct packet *packet, struct place *place)
{
    if (packet->fragment) {
        if (!fragments_add(d->fragments, &d->dispatch.out.batch->arena, packet, place->time))
            return;
        const char *reason;
        if (packet_parse_payload(packet, &reason) != PACKET_OK) {
            d->bad_packets++;
            return;
        }
    }
    d->cut_packets += packet->cut;
    d->tunneled += packet->tunnels > 0;
    if (packet->protocol == PROTOCOL_UDP) {
        udp_datagram(d, packet, place);
    } else if (packet->protocol == PROTOCOL_TCP) {
        struct tcp_input input = {
            .source = &packet->source,
            .target = &packet->target,
            .segment = packet->payload,
            .cut = packet->cut,
            .cut_bytes = packet->cut_bytes,
            .file = place->file,
            .frame = place->frame,
            .time = place->time,
        };
        tcp_segment(d->tcp, &d->dispatch.out.batch->arena, &input);
    }
}

static void one_frame(struct decode *d, const struct record *record)
{
    const struct frame *frame = record->body;
    d->frames++;
    d->bytes += frame->bytes.size;
    struct packet packet;
    const char *reason;
    switch (packet_parse(frame->linktype, frame->bytes, &packet, &reason)) {
    case PACKET_OK: {
        struct place place = {.file = file_id(d, frame->file), .frame = frame->number, .time = record->time};
        ip_packet(d, &packet, &place);
        break;
    }
    case PACKET_NOT_IP:
        d->not_ip++;
        break;
    case PACKET_UNSUPPORTED:
        d->unsupported++;
        break;
    case PACKET_MALFORMED:
        d->bad_packets++;
        break;
    }
}

static int compare_records(const void *a, const void *b)
{
    const struct record *left = a, *right = b;
    if (left->time != right->time)
        return left->time < right->time ? -1 : 1;
    return id_compare(left->id, right->id);
}

/* Everything due before now, in the order of its own time, whichever module it comes from: so the sequence of
 * what is emitted does not depend on how often this is called. */
static void expire(struct decode *d, time_ns now)
{
    struct batch *out = d->dispatch.out.batch;
    uint32_t before = out->count;
    dispatch_expire(&d->dispatch, now);
    fragments_expire(d->fragments, now);
    tcp_expire(d->tcp, &out->arena, now);
    if (out->count - before > 1)
        qsort(out->records + before, out->count - before, sizeof(*out->records), compare_records);
}

static void decode_step(void *self, const struct batch *in, struct batch *out)
{
    struct decode *d = self;
    d->dispatch.out.batch = out;
    for (uint32_t i = 0; i < in->count; i++) {
        const struct record *record = &in->records[i];
        if (record->type == RECORD_frame) {
            expire(d, record->time);
            one_frame(d, record);
        } else if (record->type == RECORD_watermark) {
            expire(d, record->time);
            batch_add_watermark(out, record->time);
        }
    }
    d->dispatch.out.batch = NULL;
}

static size_t decode_tables(void *self, struct table *tables[STAGE_TABLES_MAX])
{
    struct decode *d = self;
    size_t count = 0;
    tables[count++] = d->files;
    count += fragments_tables(d->fragments, tables + count);
    count += tcp_tables(d->tcp, tables + count);
    count += dispatch_tables(&d->dispatch, tables + count);
    REQUIRE(count <= STAGE_TABLES_MAX);
    return count;
}

static size_t decode_counts(const void *self, struct stage_count *counts, size_t max)
{
    const struct decode *d = self;
    struct tcp_counts tcp = tcp_counts(d->tcp);
    struct fragments_counts fragments = fragments_counts(d->fragments);
    const struct stage_count all[] = {
        {"frames", "frames taken", d->frames},
        {"frame_bytes", "bytes of these frames", d->bytes},
        {"not_ip", "frames that hold no IP", d->not_ip},
        {"unsupported", "frames of a link type or tunnel that is not read", d->unsupported},
        {"bad_packets", "packets whose headers cannot be", d->bad_packets},
        {"cut_packets", "packets cut by a snap length", d->cut_packets},
        {"tunneled", "packets inside GRE, ERSPAN, VXLAN or Geneve", d->tunneled},
        {"fragments_incomplete", "datagrams whose fragments did not all come", fragments.incomplete},
        {"fragments_overlapping", "datagrams dropped for overlapping fragments", fragments.overlaps},
        {"udp_packets", "UDP datagrams", d->udp_packets},
        {"tcp_segments", "TCP segments", tcp.segments},
        {"tcp_flows", "TCP flows", tcp.flows},
        {"tcp_bad_segments", "TCP segments whose headers cannot be", tcp.bad_segments},
        {"tcp_retransmitted", "bytes seen again", tcp.retransmitted},
        {"tcp_lost_bytes", "bytes that the capture lacks", tcp.lost_bytes},
        {"tcp_overlap_conflicts", "bytes seen twice with different content", tcp.overlap_conflicts},
        {"tcp_flows_evicted", "flows forgotten because too many were open", tcp.flows_evicted},
        {"tcp_pages_evicted", "waiting bytes forgotten because too many waited, in pages", tcp.pages_evicted},
        {"malformed", "messages that do not follow their specification", d->dispatch.out.malformed},
        {"kerberos_messages", "Kerberos messages read", d->dispatch.out.messages[protocol_kerberos]},
        {"kpasswd_messages", "password change messages read", d->dispatch.out.messages[protocol_kpasswd]},
        {"smb_messages", "SMB messages read", d->dispatch.out.messages[protocol_smb]},
        {"rpc_messages", "DCE/RPC messages read", d->dispatch.out.messages[protocol_rpc]},
        {"ldap_messages", "LDAP messages read", d->dispatch.out.messages[protocol_ldap]},
        {"ntlm_messages", "NTLM messages read", d->dispatch.out.messages[protocol_ntlm]},
        {"http_messages", "HTTP heads read", d->dispatch.out.messages[protocol_http]},
        {"http_sealed", "HTTP bodies that were encrypted", d->dispatch.out.sealed_messages[protocol_http]},
        {"rdp_messages", "RDP packets read", d->dispatch.out.messages[protocol_rdp]},
        {"tls_messages", "TLS records of handshakes read", d->dispatch.out.messages[protocol_tls]},
        {"dns_messages", "DNS messages read", d->dispatch.out.messages[protocol_dns]},
        {"llmnr_messages", "LLMNR messages read", d->dispatch.out.messages[protocol_llmnr]},
        {"mdns_messages", "mDNS messages read", d->dispatch.out.messages[protocol_mdns]},
        {"netbios_messages", "NetBIOS name and datagram messages read",
         d->dispatch.out.messages[protocol_netbios]},
        {"dhcp_messages", "DHCP messages read", d->dispatch.out.messages[protocol_dhcp]},
        {"radius_messages", "RADIUS packets read", d->dispatch.out.messages[protocol_radius]},
        {"smb_sealed", "SMB messages that were encrypted", d->dispatch.out.sealed_messages[protocol_smb]},
        {"ldap_sealed", "LDAP messages that were encrypted", d->dispatch.out.sealed_messages[protocol_ldap]},
        {"rpc_sealed", "DCE/RPC messages whose arguments were encrypted",
         d->dispatch.out.sealed_messages[protocol_rpc]},
    };
    size_t count = ARRAY_COUNT(all) < max ? ARRAY_COUNT(all) : max;
    memcpy(counts, all, count * sizeof(*all));
    return count;
}

static void decode_close(void *self)
{
    struct decode *d = self;
    dispatch_close(&d->dispatch);
    tcp_free(d->tcp);
    fragments_free(d->fragments);
    table_free(d->files);
    free(d);
}

static enum err create_parts(struct decode *d)
{
    const struct decode_options *o = &d->options;
    struct table_options files = {.name = "decode.files",
                                  .key_size = sizeof(uint64_t),
                                  .value_size = DECODE_FILE_BYTES,
                                  .capacity = DECODE_FILES_MAX,
                                  .layout = 1,
                                  .seed = o->seed};
    enum err err = table_create(&d->files, &files);
    if (err == ERR_OK)
        err = fragments_create(&d->fragments, &(struct fragments_options){.datagrams = o->fragments,
                                                                          .timeout = o->request_timeout,
                                                                          .seed = o->seed});
    if (err == ERR_OK)
        err = dispatch_create(&d->dispatch, o, d->files);
    if (err == ERR_OK) {
        struct tcp_handler handler = dispatch_handler(&d->dispatch);
        err = tcp_create(&d->tcp,
                         &(struct tcp_options){.flows = o->flows,
                                               .pages = o->pages,
                                               .pages_of_flow = o->pages_of_flow,
                                               .idle_timeout = o->idle_timeout,
                                               .gap_timeout = o->gap_timeout,
                                               .overlap = o->overlap,
                                               .seed = o->seed},
                         &handler);
    }
    return err;
}

enum err decode_create(struct stage *stage, const struct decode_options *options)
{
    static const struct stage_type type = {
        .name = "protocol-decode",
        .step = decode_step,
        .tables = decode_tables,
        .counts = decode_counts,
        .close = decode_close,
    };
    struct decode *d = calloc(1, sizeof(*d));
    if (!d)
        return ERR_MEMORY;
    d->options = *options;
    enum err err = create_parts(d);
    if (err != ERR_OK) {
        decode_close(d);
        return err;
    }
    *stage = (struct stage){.type = &type, .self = d};
    return ERR_OK;
}

struct id decode_route(uint16_t linktype, struct str frame)
{
    struct packet packet;
    const char *reason;
    if (packet_parse(linktype, frame, &packet, &reason) != PACKET_OK)
        return (struct id){0};
    bool in_order = memcmp(&packet.source, &packet.target, sizeof(packet.source)) <= 0;
    struct hash_parts parts = {0};
    hash_part(&parts, in_order ? &packet.source : &packet.target, sizeof(packet.source));
    hash_part(&parts, in_order ? &packet.target : &packet.source, sizeof(packet.source));
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}
