/*
 * kerberos_open_parts - the parts of messages that are sealed, and what stands in them (RFC 4120 5.3 to 5.5).
 *
 * Internal to kerberos_open. Texts live in the arena or borrow from the input; keys are copied.
 */
#ifndef ORTHRUS_DECODE_KERBEROS_OPEN_PARTS_H
#define ORTHRUS_DECODE_KERBEROS_OPEN_PARTS_H

#include "services/protocol-decode/kerberos_parse.h"
#include "services/protocol-decode/pac.h"

enum {
    OPEN_AUTHORIZATION_MAX = 64, /* elements of authorization data that are looked at */
};

struct open_sealed {
    int32_t etype;
    uint32_t kvno;
    struct str cipher;
};

struct open_ticket {
    struct str realm;
    struct str sname;
    struct open_sealed part;
};

struct open_ap {
    struct open_ticket ticket;
    struct open_sealed authenticator;
};

struct open_reply {
    bool is_as;
    struct str crealm;
    struct str cname;
    struct open_ticket ticket;
    struct open_sealed part; /* of AS-REP, TGS-REP or AP-REP */
};

/* What a message seals: ap for AP-REQ and TGS-REQ, reply for the others. */
struct open_message {
    uint8_t type; /* enum kerberos_type */
    struct open_ap ap;
    struct open_reply reply;
};

/* False: the message seals nothing that is opened here. */
bool kerberos_read_sealed_parts(struct arena *arena, struct str message, struct open_message *to);

/* Plain parts. False: they are damaged, or what is asked for is not there. pac: the first AD-WIN2K-PAC, empty
 * when there is none. */
bool kerberos_read_ticket_part(struct arena *arena, struct str plain, struct ticket_part *part,
                               struct opener_key *session, struct str *pac, struct der_fault *fault);
bool kerberos_read_reply_part(struct str plain, struct ticket_part *part, struct opener_key *session,
                              struct der_fault *fault);
bool kerberos_read_authenticator(struct str plain, struct opener_key *subkey);
bool kerberos_read_ap_rep_part(struct str plain, struct opener_key *subkey);

#endif
