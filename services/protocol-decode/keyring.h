/*
 * keyring - the keys that a decoder with an opener has learnt: of tickets, of flows to a KDC, of
 * conversations.
 *
 * Internal to protocol-decode. There is one only when the decoder was given an opener: decode_out.keyring is
 * null otherwise, and nothing is opened, kept or spent. Session keys are secrets: they stand in these tables
 * and nowhere else, never in a record. As the tables are part of the state, saved state of a decoder with
 * keys is as secret as its keytab.
 */
#ifndef ORTHRUS_DECODE_KEYRING_H
#define ORTHRUS_DECODE_KEYRING_H

#include "common/base/opener.h"
#include "services/protocol-decode/place.h"

enum {
    KEYRING_TICKETS_MAX = 8192,
    KEYRING_PART_BYTES = 8192, /* of a ticket's content, encoded */
    KEYRING_FLOW_KEYS_MAX = 4,
    KEYRING_TRIES_MAX = 4096, /* keys tried on one ticket */
    KEYRING_STREAM_BYTES = 256,
    KEYRING_CHALLENGE_BYTES = 8,
    KEYRING_SIGN_KEY_BYTES = 16,
    KEYRING_SMB_HASH_BYTES = 64,
};

/* A ticket. Key: its fingerprint. */
struct keyring_ticket {
    struct opener_key session;
    uint32_t opening; /* enum opening */
    uint32_t used;    /* bytes of part */
    uint8_t part[KEYRING_PART_BYTES];
};

/* With what a KDC may seal its next answers in a flow (RFC 4120 5.4.2), the latest last. */
struct keyring_flow {
    uint32_t count;
    uint32_t usage[KEYRING_FLOW_KEYS_MAX];
    struct opener_key key[KEYRING_FLOW_KEYS_MAX];
};

/* Which of a conversation's keys. */
enum keyring_key {
    KEYRING_SESSION, /* of the ticket, or of NTLM */
    KEYRING_INITIATOR,
    KEYRING_ACCEPTOR,
    KEYRING_KEYS,
};

/* One direction of a conversation that NTLM seals (MS-NLMP 3.4.4.2). */
struct keyring_stream {
    uint32_t ready;    /* 0 or 1: the fields below are set */
    uint32_t lost;     /* 0 or 1: a message was missed, and the key stream is out of step */
    uint32_t sequence; /* of the next message */
    uint32_t i;
    uint32_t j;
    uint8_t sign_key[KEYRING_SIGN_KEY_BYTES];
    uint8_t box[KEYRING_STREAM_BYTES]; /* RC4 */
};

/* Key: the conversation's id, as auth knows it. */
struct keyring_conversation {
    struct opener_key key[KEYRING_KEYS];
    struct keyring_stream stream[2]; /* NTLM: [0] to the client, [1] to the server */
    uint32_t opening;                /* enum opening: of the authentication */
    uint32_t ntlm_flags;
    uint32_t challenge_seen;
    uint8_t challenge[KEYRING_CHALLENGE_BYTES];
};

/* SMB 3: a connection, a setup under way, or a session (smb_keys.c). key: [0] to the client. */
struct keyring_smb {
    uint32_t opening; /* enum opening */
    uint32_t dialect;
    uint32_t cipher;
    uint32_t key_bytes; /* 0: there is no key */
    uint8_t hash[KEYRING_SMB_HASH_BYTES];
    uint8_t key[2][OPENER_KEY_BYTES];
};

struct keyring {
    const struct opener *opener;
    struct table *tickets;
    struct table *flows;
    struct table *conversations;
    struct table *smb;
};

struct keyring_options {
    const struct opener *opener; /* borrowed */
    uint32_t conversations;
    uint32_t flows;
    struct hash_key seed;
};

enum err keyring_create(struct keyring **keyring, const struct keyring_options *options) MUST_CHECK;
void keyring_free(struct keyring *keyring);
size_t keyring_tables(struct keyring *keyring, struct table **tables);

/* The plain bytes of a sealed part (RFC 3961 5.3), in the arena; false when the key does not open it. */
bool keyring_decrypt(const struct keyring *keyring, struct arena *arena, const struct opener_key *key,
                     int32_t usage, struct str sealed, struct str *plain);

/* The content of a ticket, as far as it is known; opening is absent when the ticket was not seen. */
void keyring_get_part(struct decode_out *out, struct id ticket, struct ticket_part *part);
void keyring_put_part(struct keyring *keyring, struct id ticket, const struct ticket_part *part,
                      const struct opener_key *session);

#endif
