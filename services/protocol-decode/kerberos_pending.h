/*
 * kerberos_pending - a request that waits for its answer, as plain bytes that may stand in a table.
 *
 * Internal to protocol-decode. Texts are UTF-8, cut at whole characters, and end in NUL.
 */
#ifndef ORTHRUS_DECODE_KERBEROS_PENDING_H
#define ORTHRUS_DECODE_KERBEROS_PENDING_H

#include "services/protocol-decode/kerberos_parse.h"

enum {
    PENDING_NAME_BYTES = 192,
    PENDING_REALM_BYTES = 160,
    PENDING_SERVICE_BYTES = 256,
    PENDING_HOST_BYTES = 48, /* 15 characters of up to 3 bytes, and a NUL */
    PENDING_LIST_MAX = 24,
};

struct kerberos_pending {
    struct place place; /* of the request, client and server as who asked whom */
    time_ns deadline;
    uint64_t fingerprint; /* of the whole request: a retransmission has the same */
    time_ns till;
    time_ns rtime;
    struct id tgt;
    struct id ticket;
    int32_t cname_type;
    int32_t sname_type;
    int32_t preauth_etype;
    int32_t tgt_etype;
    int32_t authenticator_etype;
    int32_t ticket_etype;
    uint32_t kdc_options;
    uint32_t nonce;
    uint32_t tgt_kvno;
    uint32_t ticket_kvno;
    uint32_t ticket_bytes;
    uint32_t ap_options;
    uint32_t etype_count;
    uint32_t padata_count;
    uint32_t host_name_count;
    int32_t etypes[PENDING_LIST_MAX];
    int32_t padata[PENDING_LIST_MAX];
    uint8_t message; /* enum kerberos_message */
    uint8_t pac_request;
    bool armored;
    char cname[PENDING_NAME_BYTES];
    char realm[PENDING_REALM_BYTES];
    char sname[PENDING_SERVICE_BYTES];
    char for_user[PENDING_NAME_BYTES];
    char tgt_sname[PENDING_SERVICE_BYTES];
    char ticket_sname[PENDING_SERVICE_BYTES];
    char ticket_realm[PENDING_REALM_BYTES];
    char host_names[KERBEROS_HOST_NAMES_MAX][PENDING_HOST_BYTES];
};

/* What a request's body holds, into a zeroed value. place, deadline and fingerprint are the caller's. */
void kerberos_pending_set(struct kerberos_pending *pending, const struct kerberos *body);
/* And back into a body; lists and strings are copied to the arena. */
void kerberos_pending_get(const struct kerberos_pending *pending, struct arena *arena, struct kerberos *body);
/* Copies a place member by member, so that zeroed padding stays zero. */
void kerberos_place_set(struct place *to, const struct place *from);

#endif
