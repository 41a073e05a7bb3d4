/*
 * ntlm - the three messages of NTLM (MS-NLMP 2.2.1), read one by one.
 *
 * Internal to protocol-decode; keeps nothing between messages. Texts are UTF-8 in the arena or borrow from
 * the message; challenge and proof borrow from it and are secrets: they leave the decoder as fingerprints
 * only.
 */
#ifndef ORTHRUS_DECODE_NTLM_H
#define ORTHRUS_DECODE_NTLM_H

#include "common/base/arena.h"
#include "common/base/base.h"
#include "common/base/reader.h"

enum {
    NTLM_AV_PAIRS_MAX = 32,
};

enum ntlm_type {
    NTLM_NEGOTIATE = 1,
    NTLM_CHALLENGE = 2,
    NTLM_AUTHENTICATE = 3,
};

/* Flags (MS-NLMP 2.2.2.5). */
enum {
    NTLM_FLAG_UNICODE = 0x00000001,
    NTLM_FLAG_SEAL = 0x00000020,
    NTLM_FLAG_OEM_DOMAIN_SUPPLIED = 0x00001000,
    NTLM_FLAG_OEM_WORKSTATION_SUPPLIED = 0x00002000,
    NTLM_FLAG_EXTENDED_SESSION_SECURITY = 0x00080000,
    NTLM_FLAG_TARGET_INFO = 0x00800000,
    NTLM_FLAG_VERSION = 0x02000000,
};

/* What a message holds; what it does not is zero or empty. */
struct ntlm_message {
    uint8_t type; /* enum ntlm_type */
    uint32_t flags;
    bool has_flags;
    /* VERSION (MS-NLMP 2.2.2.10) */
    uint8_t version_major;
    uint8_t version_minor;
    uint16_t version_build;
    uint8_t version_revision;
    bool has_version;
    /* CHALLENGE_MESSAGE */
    struct str challenge; /* 8 bytes */
    struct str target_name;
    /* AV pairs of CHALLENGE_MESSAGE, or as an NTLMv2 response repeats them */
    struct str server_name;
    struct str server_domain;
    struct str server_dns_name;
    struct str server_dns_domain;
    struct str server_dns_tree;
    struct str target_spn;
    struct str machine; /* MachineID, 32 bytes */
    uint32_t av_flags;
    time_ns av_time;
    uint8_t channel_bindings; /* enum tristate */
    uint16_t av_ids[NTLM_AV_PAIRS_MAX];
    uint32_t av_count;
    /* AUTHENTICATE_MESSAGE; user and workstation also of NEGOTIATE_MESSAGE */
    struct str user;
    struct str domain;
    struct str workstation;
    struct str proof;            /* NTProofStr, or the whole NTLMv1 response */
    struct str client_challenge; /* 8 bytes */
    time_ns client_time;
    uint32_t response_bytes;
    uint8_t response;    /* enum ntlm_response */
    uint8_t lm_response; /* enum ntlm_lm */
    uint8_t mic_bytes;   /* enum tristate */
    bool session_key;
    bool mic;
    /* A part of the message (target information, an NTLMv2 response) that could not be read: the rest stands.
     */
    const char *inner_reason; /* null: none */
    size_t inner_offset;
};

/* flags: those of the CHALLENGE_MESSAGE, for an AUTHENTICATE_MESSAGE of before NT 4.0 SP4 which has none
 * itself. False, with the offset, when it is not such a message. */
bool ntlm_parse(struct arena *arena, struct str message, uint32_t flags, struct ntlm_message *to,
                size_t *offset);

#endif
