/*
 * dns_pending - a question that waits for its answer, as plain bytes that may stand in a table.
 *
 * Internal to protocol-decode. Most questions are a name and a type; what only a few have (several questions,
 * an update's lists, a key) stands in a table of its own, so that a flood of names costs little.
 */
#ifndef ORTHRUS_DECODE_DNS_PENDING_H
#define ORTHRUS_DECODE_DNS_PENDING_H

#include "services/protocol-decode/dns_message.h"
#include "services/protocol-decode/place.h"

enum {
    DNS_EXTRA_BYTES = 1800,
    DNS_KEY_BYTES = 128,
    DNS_ALGORITHM_BYTES = 32,
};

struct dns_pending {
    struct place place; /* of the request, client and server as who asked whom */
    time_ns deadline;
    uint64_t answered_frame; /* of the last answer; 0: none has come */
    struct dns_transfer transfer;
    struct addr address;
    uint32_t asked;
    uint32_t bytes;
    uint32_t serial_asked;
    uint32_t unread_at;
    uint16_t id;
    uint16_t flags;
    uint16_t type;
    uint16_t class;
    uint16_t counts[DNS_SECTIONS];
    uint16_t edns_payload;
    uint16_t nb_flags;
    uint16_t edns_options[DNS_OPTIONS_MAX];
    uint8_t edns_option_count;
    uint8_t protocol; /* enum protocol */
    uint8_t unread;   /* enum unread */
    bool edns;
    bool dnssec_ok;
    bool is_signed;
    bool multicast;
    bool has_extra;
    struct dns_name name;
};

/* Texts one after the other, each behind its length of 2 bytes: questions, prerequisites, updates. */
struct dns_extra {
    struct id conversation; /* of the key, for auth */
    uint16_t key_mode;
    uint16_t counts[DNS_ADDITIONAL];
    uint16_t used;
    uint16_t spare[3];
    char key_name[DNS_KEY_BYTES];
    char key_algorithm[DNS_ALGORITHM_BYTES];
    uint8_t texts[DNS_EXTRA_BYTES];
};

/* What a request holds, into a zeroed value. deadline, asked, unread and multicast are the caller's. */
void dns_pending_set(struct dns_pending *pending, const struct place *place, enum protocol protocol,
                     const struct dns_message *request);
/* Does the request hold what stands in a value of its own? */
bool dns_has_extra(const struct dns_message *request);
/* The same for the other value. conversation is the caller's. */
void dns_extra_set(struct dns_extra *extra, struct arena *arena, const struct dns_message *request);
/* Back into a body; texts are copied to the arena. */
void dns_pending_get(const struct dns_pending *pending, struct arena *arena, struct dns *body);
void dns_extra_get(const struct dns_extra *extra, struct arena *arena, struct dns *body);

/* What an answer says, into a body that holds its request or nothing. */
void dns_set_reply(struct dns *body, struct arena *arena, enum protocol protocol,
                   const struct dns_message *reply);
/* What is asked: the name, NetBIOS or not, its type and the service. */
void dns_set_subject(struct dns *body, struct arena *arena, enum protocol protocol,
                     const struct dns_name *name, uint16_t type);
enum dns_operation dns_operation_of(enum protocol protocol, uint16_t flags);

#endif
