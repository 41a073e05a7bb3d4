/*
 * auth_state - what is known of a security conversation until its carrier tells how it ended.
 *
 * Internal to auth*.c. Plain bytes that stand in a table as they are; texts are UTF-8, cut at whole
 * characters, and end in NUL.
 */
#ifndef ORTHRUS_DECODE_AUTH_STATE_H
#define ORTHRUS_DECODE_AUTH_STATE_H

#include "services/protocol-decode/auth.h"
#include "services/protocol-decode/kerberos_parse.h"
#include "services/protocol-decode/ntlm.h"
#include "services/protocol-decode/spnego.h"

enum {
    AUTH_NAME_BYTES = 256, /* service names, realms */
    AUTH_NTLM_BYTES = 2048,
    AUTH_OIDS_MAX = 8,
    AUTH_OID_BYTES = 23,
};

/* One NTLM authentication under way. Nothing of it was seen while type is 0. */
struct auth_ntlm {
    struct place place; /* of the message seen last */
    uint64_t unique;
    uint64_t request_frame; /* of the client's last message */
    time_ns request_time;
    uint32_t flags;
    uint8_t type;                  /* enum ntlm_type of the message seen last */
    uint8_t opening;               /* enum opening */
    bool cut;                      /* not all of it found room in body */
    uint8_t body[AUTH_NTLM_BYTES]; /* struct ntlm as far as it is known (keep_body.h) */
};

/* What SPNEGO said around the messages of a mechanism. */
struct auth_oid {
    uint8_t size;
    uint8_t bytes[AUTH_OID_BYTES];
};

struct auth_offer {
    struct auth_oid offered[AUTH_OIDS_MAX];
    struct auth_oid chosen;
    uint8_t count;
    bool spnego;
    bool mic;
};

/* One AP exchange under way. */
struct auth_ap {
    struct place place; /* of the AP-REQ */
    uint64_t unique;
    uint64_t reply_frame; /* of a token that answered it */
    time_ns reply_time;
    struct id ticket;
    int32_t ticket_etype;
    int32_t authenticator_etype;
    uint32_t ticket_kvno;
    uint32_t ticket_bytes;
    uint32_t options;
    uint32_t error_code;
    int32_t reply_etype;
    uint32_t reply_kvno;
    uint8_t reply; /* enum kerberos_reply, as far as tokens told */
    bool waiting;
    char sname[AUTH_NAME_BYTES];
    char realm[AUTH_NAME_BYTES];
};

struct auth_conversation {
    time_ns deadline;
    uint8_t carrier; /* enum transport */
    struct auth_offer offer;
    struct auth_ntlm ntlm;
    struct auth_ap ap;
};

/* What protects the messages of a conversation once it is open. */
struct auth_layer {
    uint32_t ntlm_flags; /* of the AUTHENTICATE_MESSAGE */
};

struct auth {
    struct table *conversations; /* id -> auth_conversation: what waits for its end; touched in the order of
                                    deadlines */
    struct table *whos;          /* id -> who: forgotten only when the table is full */
    struct table *layers;        /* id -> auth_layer: as whos */
    time_ns timeout;
};

/* How a conversation ended; place is null when nothing told it. */
struct auth_verdict {
    const struct place *place;
    enum outcome outcome;
    uint32_t status;
    time_ns time; /* of the observation */
};

/* What the functions below work on: one token. */
struct auth_step {
    struct decode_out *out;
    const struct place *place;
    struct auth_conversation *conversation;
    struct id id; /* of the conversation */
};

/* auth_tell.c: emit what waits, and forget it. Nothing waits: nothing happens. */
void auth_tell_ntlm(struct decode_out *out, struct auth_conversation *c, const struct auth_verdict *verdict);
void auth_tell_ap(struct decode_out *out, struct auth_conversation *c, const struct auth_verdict *verdict);

/* auth_join.c: what a token of SPNEGO says beside the message it holds. */
void auth_join_spnego(struct auth_conversation *c, const struct spnego *spnego);
/* auth_join.c: take one message of a mechanism into the conversation. True when it tells who authenticates:
 * who is then filled in. */
bool auth_join_ntlm(const struct auth_step *step, struct str message, struct who *who);
bool auth_join_kerberos(const struct auth_step *step, struct str message, struct who *who);

#endif
