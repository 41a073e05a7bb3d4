/*
 * dns_build - writes messages.
 */
#include "tests/unit/protocol-decode/dns_build.h"

enum {
    HEADER_BYTES = 12,
    TYPE_SOA = 6,
    CLASS_IN = 1,
};

void build_header(struct writer *w, uint16_t id, uint16_t flags, struct build_counts counts)
{
    writer_u16be(w, id);
    writer_u16be(w, flags);
    for (int i = 0; i < 4; i++)
        writer_u16be(w, counts.of[i]);
}

void build_name(struct writer *w, const char *name)
{
    while (*name != 0) {
        const char *dot = strchr(name, '.');
        size_t size = dot ? (size_t)(dot - name) : strlen(name);
        writer_u8(w, (uint8_t)size);
        writer_bytes(w, name, size);
        name += size + (dot ? 1 : 0);
    }
    writer_u8(w, 0);
}

void build_netbios_name(struct writer *w, const char *name, uint8_t suffix)
{
    char bytes[16];
    memset(bytes, *name == '*' ? 0 : ' ', sizeof(bytes));
    memcpy(bytes, name, strlen(name));
    bytes[15] = (char)suffix;
    writer_u8(w, 32);
    for (int i = 0; i < 16; i++) {
        writer_u8(w, (uint8_t)('A' + ((uint8_t)bytes[i] >> 4)));
        writer_u8(w, (uint8_t)('A' + ((uint8_t)bytes[i] & 15)));
    }
    writer_u8(w, 0);
}

void build_pointer(struct writer *w, uint16_t offset)
{
    writer_u16be(w, (uint16_t)(0xc000 | offset));
}

void build_type(struct writer *w, uint16_t type, uint16_t class)
{
    writer_u16be(w, type);
    writer_u16be(w, class);
}

void build_record(struct writer *w, uint16_t type, uint16_t class, uint32_t ttl, uint16_t bytes)
{
    build_type(w, type, class);
    writer_u32be(w, ttl);
    writer_u16be(w, bytes);
}

void build_question(struct writer *w, uint16_t id, uint16_t flags, const char *name, uint16_t type)
{
    build_header(w, id, flags, COUNTS(1, 0, 0, 0));
    build_name(w, name);
    build_type(w, type, CLASS_IN);
}

void build_address_answer(struct writer *w, uint16_t id, const char *name, uint32_t address)
{
    build_header(w, id, BUILD_ANSWER, COUNTS(1, 1, 0, 0));
    build_name(w, name);
    build_type(w, 1, CLASS_IN);
    build_pointer(w, HEADER_BYTES);
    build_record(w, 1, CLASS_IN, 600, 4);
    writer_u32be(w, address);
}

void build_soa(struct writer *w, uint32_t serial)
{
    build_pointer(w, HEADER_BYTES);
    build_record(w, TYPE_SOA, CLASS_IN, 3600, 2 + 2 + 20);
    build_pointer(w, HEADER_BYTES);
    build_pointer(w, HEADER_BYTES);
    writer_u32be(w, serial);
    for (uint32_t i = 1; i < 5; i++)
        writer_u32be(w, i);
}
