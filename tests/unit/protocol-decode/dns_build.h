/*
 * dns_build - messages of name services, written for tests by the layouts of RFC 1035 4.1 and RFC 1002 4.2.
 */
#ifndef ORTHRUS_TEST_DNS_BUILD_H
#define ORTHRUS_TEST_DNS_BUILD_H

#include "common/base/writer.h"

enum {
    BUILD_QUERY = 0x0100,  /* RD */
    BUILD_ANSWER = 0x8580, /* QR, AA, RD, RA */
};

/* Counts of questions, answers, authorities and additionals. */
struct build_counts {
    uint16_t of[4];
};

#define COUNTS(questions, answers, authorities, additionals)                                                 \
    ((struct build_counts){.of = {(questions), (answers), (authorities), (additionals)}})

void build_header(struct writer *w, uint16_t id, uint16_t flags, struct build_counts counts);
/* A name given as a.b.c; "" is the root. */
void build_name(struct writer *w, const char *name);
/* The first-level encoding of a NetBIOS name of at most 15 characters and its suffix (RFC 1001 14.1), no
 * scope. */
void build_netbios_name(struct writer *w, const char *name, uint8_t suffix);
/* A pointer to offset. */
void build_pointer(struct writer *w, uint16_t offset);
/* What follows a name in a question, and in a record: its data is written after it. */
void build_type(struct writer *w, uint16_t type, uint16_t class);
void build_record(struct writer *w, uint16_t type, uint16_t class, uint32_t ttl, uint16_t bytes);
/* A whole question for one name; a whole answer of one A record for it. */
void build_question(struct writer *w, uint16_t id, uint16_t flags, const char *name, uint16_t type);
void build_address_answer(struct writer *w, uint16_t id, const char *name, uint32_t address);
/* A SOA record for the name at offset 12 with this serial. */
void build_soa(struct writer *w, uint32_t serial);

#endif
