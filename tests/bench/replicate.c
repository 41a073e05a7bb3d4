/*
 * replicate - makes a large capture from small ones: many copies, each of other people, at the same time.
 *
 * usage: replicate [--ports PORT,...] COPIES AT_ONCE KEEP_OPEN OUT.pcap IN.pcap...
 *
 * Each copy moves the clients of one input to addresses and ports of their own; servers keep theirs. AT_ONCE
 * copies run side by side, their packets interleaved. KEEP_OPEN 1 leaves FIN and RST out, so that all flows
 * stay live; pure acknowledgements of the inputs are kept in every third copy only, as a mirror of a busy
 * controller shows fewer of them than a small lab does. Prints how much of it carries protocol data. Only
 * plain pcap of Ethernet with IPv4, as tests/lab records it. --ports keeps only what goes to or comes from
 * these ports; "dynamic" stands for 49152 and above. Else what the decoder reads is kept.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/reader.h"
#include "common/base/writer.h"

enum {
    INPUTS_MAX = 64,
    PACKETS_MAX = 20000,
    FRAME_BYTES_MAX = 65600,
    ETHERNET_BYTES = 14,
    PORT_FIRST = 20000,
};

struct packet {
    uint64_t time_us; /* since the first packet of its capture */
    struct str bytes;
    bool empty;   /* a TCP segment without payload */
    bool ends;    /* FIN or RST */
    bool service; /* to or from a port whose protocol is decoded */
};

struct input {
    uint8_t *bytes;
    struct packet *packets;
    uint32_t count;
    uint64_t length_us;
};

struct counts {
    uint64_t packets, bytes, data;
};

static void fail(const char *what)
{
    (void)fprintf(stderr, "replicate: %s\n", what);
    exit(1);
}

/* What is kept. 49152 stands for the dynamic ports, of which the lab's servers use the first ones. */
enum {
    PORTS_MAX = 32,
    PORT_DYNAMIC = 49152,
    PORT_DYNAMIC_LAST = 49399,
};

static uint16_t kept_ports[PORTS_MAX] = {53,  80,  88,   135,  139,  389,         445,
                                         464, 636, 3268, 3389, 5985, PORT_DYNAMIC};

static void keep_ports(const char *list)
{
    memset(kept_ports, 0, sizeof(kept_ports));
    for (uint32_t i = 0; i < PORTS_MAX && *list != '\0'; i++) {
        char *end;
        bool dynamic = strncmp(list, "dynamic", 7) == 0;
        kept_ports[i] = dynamic ? PORT_DYNAMIC : (uint16_t)strtoul(list, &end, 10);
        if (dynamic)
            end = (char *)(uintptr_t)list + 7;
        if (kept_ports[i] == 0)
            fail("--ports takes numbers and \"dynamic\"");
        list = *end == ',' ? end + 1 : end;
    }
}

static bool is_service_port(uint16_t port)
{
    bool dynamic = port >= PORT_DYNAMIC && port <= PORT_DYNAMIC_LAST;
    for (uint32_t i = 0; i < PORTS_MAX && kept_ports[i] != 0; i++)
        if (kept_ports[i] == port || (dynamic && kept_ports[i] == PORT_DYNAMIC))
            return true;
    return false;
}

static void classify(struct packet *p)
{
    struct reader r = reader_of_str(p->bytes);
    reader_skip(&r, ETHERNET_BYTES);
    uint8_t length = (uint8_t)((reader_u8(&r) & 15) * 4);
    reader_skip(&r, 1);
    uint16_t total = reader_u16be(&r);
    reader_skip(&r, 5);
    uint8_t protocol = reader_u8(&r);
    r = reader_of_str(p->bytes);
    reader_skip(&r, (size_t)ETHERNET_BYTES + length);
    uint16_t source = reader_u16be(&r), target = reader_u16be(&r);
    p->service = is_service_port(source) || is_service_port(target);
    if (protocol != 6)
        return;
    reader_skip(&r, 8);
    uint16_t flags = reader_u16be(&r);
    p->empty = total == length + (flags >> 12) * 4;
    p->ends = (flags & 5) != 0;
}

static void load(struct input *input, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        fail(path);
    long size = ftell(file);
    rewind(file);
    input->bytes = malloc((size_t)size);
    input->packets = calloc(PACKETS_MAX, sizeof(*input->packets));
    if (!input->bytes || !input->packets || fread(input->bytes, 1, (size_t)size, file) != (size_t)size)
        fail(path);
    (void)fclose(file);
    struct reader r = reader_of(input->bytes, (size_t)size);
    bool nano = reader_u32le(&r) == 0xa1b23c4d;
    reader_skip(&r, 16);
    if (reader_u32le(&r) != 1)
        fail("only Ethernet is copied");
    uint64_t first = 0;
    while (reader_left(&r) > 16 && input->count < PACKETS_MAX) {
        uint64_t time = (uint64_t)reader_u32le(&r) * 1000000;
        uint32_t fraction = reader_u32le(&r), bytes = reader_u32le(&r);
        time += nano ? fraction / 1000 : fraction;
        reader_skip(&r, 4);
        struct packet p = {.time_us = time, .bytes = reader_bytes(&r, bytes)};
        if (!reader_ok(&r) || p.bytes.size < 34 || p.bytes.at[12] != 8 || p.bytes.at[13] != 0)
            continue;
        first = input->count ? first : time;
        p.time_us = time - first;
        classify(&p);
        if (p.service)
            input->packets[input->count++] = p;
    }
    input->length_us = input->count ? input->packets[input->count - 1].time_us : 0;
}

/* A copy's clients: 10.77.x.y becomes 10.(128 + high byte).(low byte).y, and their ports move. */
static void rewrite(uint8_t *frame, size_t size, uint32_t copy)
{
    uint8_t *ip = frame + ETHERNET_BYTES;
    size_t header = (size_t)(ip[0] & 15) * 4;
    for (int end = 0; end < 2; end++) {
        uint8_t *address = ip + 12 + 4 * end;
        uint8_t *port = ip + header + (size_t)(2 * end);
        bool client = address[3] >= 20; /* the lab's servers are .10 and .11 */
        if (!client || (size_t)(port - frame) + 2 > size)
            continue;
        address[1] = (uint8_t)(128 + (copy >> 8) % 128);
        address[2] = (uint8_t)copy;
        uint32_t moved = PORT_FIRST + ((uint32_t)(port[0] << 8 | port[1]) + copy / 32768 * 7919) % 40000;
        port[0] = (uint8_t)(moved >> 8);
        port[1] = (uint8_t)moved;
    }
}

struct runner {
    const struct input *input;
    uint32_t next;
    uint32_t copy;
    uint64_t start_us;
};

static uint64_t due(const struct runner *r)
{
    return r->next < r->input->count ? r->start_us + r->input->packets[r->next].time_us : UINT64_MAX;
}

static void write_packet(FILE *out, const struct runner *r, struct counts *counts)
{
    static uint8_t frame[FRAME_BYTES_MAX];
    const struct packet *p = &r->input->packets[r->next];
    if (p->bytes.size > sizeof(frame))
        return;
    memcpy(frame, p->bytes.at, p->bytes.size);
    rewrite(frame, p->bytes.size, r->copy);
    uint64_t time = 1795000000u * (uint64_t)1000000 + due(r);
    uint32_t head[4] = {(uint32_t)(time / 1000000), (uint32_t)(time % 1000000), p->bytes.size, p->bytes.size};
    if (fwrite(head, sizeof(head), 1, out) != 1 || fwrite(frame, p->bytes.size, 1, out) != 1)
        fail("cannot write");
    counts->packets++;
    counts->bytes += p->bytes.size;
    counts->data += !p->empty;
}

/* A heap of the runners by the time of their next packet. */
static void sift(struct runner *heap, uint32_t count, uint32_t at)
{
    for (;;) {
        uint32_t least = at;
        for (uint32_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++)
            if (due(&heap[child]) < due(&heap[least]))
                least = child;
        if (least == at)
            return;
        struct runner swap = heap[at];
        heap[at] = heap[least];
        heap[least] = swap;
        at = least;
    }
}

int main(int argc, char **argv)
{
    static struct input inputs[INPUTS_MAX];
    if (argc > 2 && strcmp(argv[1], "--ports") == 0) {
        keep_ports(argv[2]);
        argv += 2;
        argc -= 2;
    }
    if (argc < 6 || argc - 5 > INPUTS_MAX)
        fail("usage: replicate COPIES AT_ONCE KEEP_OPEN OUT.pcap IN.pcap...");
    uint32_t copies = (uint32_t)strtoul(argv[1], NULL, 10), at_once = (uint32_t)strtoul(argv[2], NULL, 10);
    bool keep_open = argv[3][0] == '1';
    uint32_t input_count = (uint32_t)argc - 5;
    for (uint32_t i = 0; i < input_count; i++)
        load(&inputs[i], argv[5 + i]);
    FILE *out = fopen(argv[4], "wb");
    struct runner *heap = calloc(at_once, sizeof(*heap));
    if (!out || !heap)
        fail(argv[4]);
    static const uint32_t head[6] = {0xa1b2c3d4, 2 | 4 << 16, 0, 0, 262144, 1};
    if (fwrite(head, sizeof(head), 1, out) != 1)
        fail("cannot write");
    uint32_t made = 0, live = 0;
    for (; live < at_once && made < copies; live++, made++)
        heap[live] =
            (struct runner){.input = &inputs[made % input_count], .copy = made, .start_us = made * 977u};
    for (uint32_t i = live / 2; i-- > 0;)
        sift(heap, live, i);
    struct counts counts = {0};
    while (live > 0) {
        struct runner *r = &heap[0];
        if (r->next >= r->input->count) {
            if (made < copies) {
                uint64_t start = r->start_us + r->input->length_us + 1000;
                *r = (struct runner){.input = &inputs[made % input_count], .copy = made, .start_us = start};
                made++;
            } else {
                heap[0] = heap[--live];
            }
            sift(heap, live, 0);
            continue;
        }
        const struct packet *p = &r->input->packets[r->next];
        bool skipped = (keep_open && p->ends) || (p->empty && !p->ends && r->copy % 3 && r->next > 3);
        if (!skipped)
            write_packet(out, r, &counts);
        r->next++;
        sift(heap, live, 0);
    }
    if (fclose(out) != 0)
        fail("cannot write");
    printf("%llu packets, %llu bytes, %.0f %% carry protocol data\n", (unsigned long long)counts.packets,
           (unsigned long long)counts.bytes,
           100.0 * (double)counts.data / (double)(counts.packets ? counts.packets : 1));
    return 0;
}
