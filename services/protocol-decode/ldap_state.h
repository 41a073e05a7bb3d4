/*
 * ldap_state - what is known of a connection, and of an operation until it is told.
 *
 * Internal to ldap*.c. Plain bytes that stand in tables as they are.
 */
#ifndef ORTHRUS_DECODE_LDAP_STATE_H
#define ORTHRUS_DECODE_LDAP_STATE_H

#include "services/protocol-decode/der.h"
#include "services/protocol-decode/ldap.h"

enum {
    LDAP_CONNECTION_REQUESTS_MAX = 128, /* that may wait in one connection at once */
    LDAP_NOTES_BYTES = 6144,
    LDAP_REQUEST_NOTES_BYTES = 4608, /* a request leaves the rest to its answers */
    LDAP_TEXT_BYTES_MAX = 1024,      /* of one text */
    LDAP_FILTER_BYTES_MAX = 2048,
};

/* protocolOp (RFC 4511 4.2 to 4.13): APPLICATION tags, primitive where the content is no sequence. */
enum ldap_op {
    LDAP_BIND_REQUEST = 0x60,
    LDAP_BIND_RESPONSE = 0x61,
    LDAP_UNBIND_REQUEST = 0x42,
    LDAP_SEARCH_REQUEST = 0x63,
    LDAP_SEARCH_ENTRY = 0x64,
    LDAP_SEARCH_DONE = 0x65,
    LDAP_SEARCH_REFERENCE = 0x73,
    LDAP_MODIFY_REQUEST = 0x66,
    LDAP_MODIFY_RESPONSE = 0x67,
    LDAP_ADD_REQUEST = 0x68,
    LDAP_ADD_RESPONSE = 0x69,
    LDAP_DELETE_REQUEST = 0x4a,
    LDAP_DELETE_RESPONSE = 0x6b,
    LDAP_MODIFY_DN_REQUEST = 0x6c,
    LDAP_MODIFY_DN_RESPONSE = 0x6d,
    LDAP_COMPARE_REQUEST = 0x6e,
    LDAP_COMPARE_RESPONSE = 0x6f,
    LDAP_ABANDON_REQUEST = 0x50,
    LDAP_EXTENDED_REQUEST = 0x77,
    LDAP_EXTENDED_RESPONSE = 0x78,
    LDAP_INTERMEDIATE_RESPONSE = 0x79,
};

/* Context tags of primitive content: [number] OCTET STRING and the like. */
#define LDAP_PRIMITIVE(number) (0x80 | (number))

/* What a note holds. */
enum ldap_note {
    LDAP_NOTE_MATCHED_DN = 1,
    LDAP_NOTE_DIAGNOSTIC,
    LDAP_NOTE_REFERRAL,
    LDAP_NOTE_CONTROL,
    LDAP_NOTE_REPLY_CONTROL,
    LDAP_NOTE_BIND_NAME,
    LDAP_NOTE_MECHANISM,
    LDAP_NOTE_OBJECT,
    LDAP_NOTE_FILTER,
    LDAP_NOTE_ATTRIBUTE,
    LDAP_NOTE_ENTRY,
    LDAP_NOTE_SID,
    LDAP_NOTE_ACCOUNT,
    LDAP_NOTE_CHANGE, /* struct ldap_change_head, then the attribute */
    LDAP_NOTE_VALUE,  /* of the change before it */
    LDAP_NOTE_NEW_RDN,
    LDAP_NOTE_NEW_SUPERIOR,
    LDAP_NOTE_EXTENDED_OID,
    LDAP_NOTE_IDENTITY,
    LDAP_NOTE_FOREST,
    LDAP_NOTE_DNS_DOMAIN,
    LDAP_NOTE_DNS_HOST,
    LDAP_NOTE_NETBIOS_DOMAIN,
    LDAP_NOTE_NETBIOS_HOST,
    LDAP_NOTE_NETLOGON_USER,
    LDAP_NOTE_DC_SITE,
    LDAP_NOTE_CLIENT_SITE,
    LDAP_NOTE_NEXT_SITE,
    LDAP_NOTES,
};

/* What begins the note of a change. */
struct ldap_change_head {
    uint32_t value_count;
    uint8_t kind; /* enum ldap_change_kind */
    uint8_t secret;
    uint16_t none;
};

/*
 * Texts of an operation, one behind the other: kind, length of two bytes, bytes as they came. What finds no
 * room, or is one of too many of its kind, is left out or cut, and cut is set.
 */
struct ldap_notes {
    uint16_t used;
    uint16_t limit; /* as yet */
    uint8_t count[LDAP_NOTES];
    bool cut;
    uint8_t bytes[LDAP_NOTES_BYTES];
};

/* One operation, a request with what has come of its answer. All zero but place when nothing is known. */
struct ldap_exchange {
    struct place place; /* client and server as who asked whom; of the request, or of the answer seen first */
    time_ns deadline;
    uint64_t fingerprint; /* of a request in a datagram */
    uint64_t request_frame;
    time_ns request_time;
    uint64_t reply_frame;
    time_ns reply_time;
    uint64_t reply_bytes;
    struct id conversation; /* of a bind, with auth */
    struct id password;
    struct who who;
    uint32_t message_id;
    uint32_t request_bytes;
    uint32_t result_code;
    uint32_t error_code;
    uint32_t error_data;
    uint32_t version;
    uint32_t page_size;
    uint32_t sd_flags;
    uint32_t size_limit;
    uint32_t time_limit;
    uint32_t entries;
    uint32_t references;
    uint32_t intermediates;
    uint32_t change_count;
    uint32_t abandoned_id;
    uint32_t unread_at;
    uint32_t netlogon_flags;
    uint32_t netlogon_version;
    uint16_t netlogon_opcode;
    uint8_t operation; /* enum ldap_operation */
    uint8_t protection;
    uint8_t outcome;
    uint8_t unread;
    uint8_t bind_method;
    uint8_t scope;
    uint8_t deref_aliases;
    bool page_continued;
    bool clear_text;
    bool types_only;
    bool delete_old_rdn;
    bool opened;
    bool answered; /* the last answer came */
    bool told;     /* of a datagram: kept only to know it when it comes again */
    bool who_am_i; /* an extended request of RFC 4532 */
    struct addr netlogon_address;
    uint8_t netlogon_domain_guid[16];
    struct ldap_notes notes;
};

/* The plain bytes of one direction behind a security layer, while a message is put together. */
struct ldap_gather {
    uint64_t at;          /* position of what is held in its pages */
    uint64_t skip;        /* bytes of a message of which enough was read */
    uint64_t signed_left; /* bytes in clear that belong to a token whose head was taken off */
    uint32_t held;
    uint32_t size; /* of the message, 0 while it is not known */
    uint32_t want;
    bool resync; /* a message may begin anywhere: bytes were lost */
};

/* What carries the tokens of a bind. */
enum ldap_mechanism {
    LDAP_MECHANISM_NONE,
    LDAP_MECHANISM_GSSAPI,
    LDAP_MECHANISM_SPNEGO,
    LDAP_MECHANISM_SICILY,
    LDAP_MECHANISM_PLAIN,
    LDAP_MECHANISM_OTHER,
};

struct ldap_connection {
    struct place place;
    struct who who;
    struct id conversation; /* of the bind that succeeded last: protects what follows */
    struct id binding;      /* of a bind under way */
    uint32_t waiting_count;
    uint32_t waiting[LDAP_CONNECTION_REQUESTS_MAX]; /* message ids */
    struct ldap_gather gather[2];                   /* [0] to the client, [1] to the server */
    uint8_t mechanism;                              /* enum ldap_mechanism of the bind under way */
    bool told_sealed;
};

struct ldap_module {
    struct ldap_options options;
    struct auth *auth;
    struct table *connections; /* flow -> ldap_connection */
    struct table *exchanges;   /* flow, message id -> ldap_exchange, touched in the order of deadlines */
    struct table *pages;
    struct ldap_exchange scratch; /* of what is told at once */
};

/* One LDAPMessage on its way through the module. */
struct ldap_step {
    struct ldap_module *module;
    struct decode_out *out;
    const struct place *place;
    struct ldap_connection *connection; /* null for a datagram */
    struct ldap_exchange *exchange;
    uint32_t message_id;
    uint32_t size;      /* of the whole message */
    uint8_t protection; /* enum ldap_protection */
    bool opened;        /* with a key */
    bool cut;           /* only its beginning is there */
};

/* ldap_note.c */
void ldap_note(struct ldap_notes *notes, enum ldap_note kind, struct str text);
/* A change and how many values it has; the values follow as notes of their own. */
void ldap_note_change(struct ldap_notes *notes, const struct ldap_change_head *head, struct str attribute);
/* May another of this kind and size be kept whole? */
bool ldap_note_fits(const struct ldap_notes *notes, enum ldap_note kind, uint32_t size);
/* Everything noted into an observation. */
void ldap_notes_tell(const struct ldap_notes *notes, struct arena *arena, struct ldap *body);

/* ldap_request.c, ldap_reply.c: the content of a protocolOp into the exchange. */
void ldap_read_request(struct ldap_step *s, uint8_t op, struct der *content);
/* True when nothing more comes for the request. */
bool ldap_read_reply(struct ldap_step *s, uint8_t op, struct der *content);
/* The Controls behind a protocolOp, where there are some. */
void ldap_read_controls(struct ldap_step *s, struct der *d, bool reply);
/* RFC 4511 4.1.9; gives matchedDN, in which Sicily's answers have their token. */
struct str ldap_read_result(struct ldap_step *s, struct der *content);

/* ldap_bind.c: what binds do to their connection. */
void ldap_read_bind(struct ldap_step *s, struct der *content);
void ldap_read_bind_reply(struct ldap_step *s, struct der *content);
/* The codes in a diagnosticMessage of Active Directory; zero where it has none. */
void ldap_read_diagnostic(struct str text, uint32_t *error, uint32_t *data);

/* ldap_exchange.c: one LDAPMessage, or its first bytes, to its operation. */
void ldap_take(struct ldap_step *s, struct str message);
/* The exchange as an observation of that time. */
void ldap_tell(struct decode_out *out, const struct ldap_exchange *x, time_ns time);
void ldap_refuse(const struct ldap_step *s, const char *reason, size_t offset);
/* Tells what waits longest in the module, at its deadline or now, and forgets it. */
void ldap_give_up_oldest(struct ldap_module *module, struct decode_out *out, time_ns now);
/* Tells everything that waits in a connection. */
void ldap_give_up_all(struct ldap_module *module, struct decode_out *out, struct ldap_connection *connection,
                      time_ns now);

/* ldap_layer.c: a buffer of a security layer, and what stands in clear inside one. */
void ldap_take_buffer(struct ldap_step *s, struct str message);
/* Tells once that what this connection carries cannot be read. */
void ldap_tell_sealed(struct ldap_step *s, uint8_t protection);
/* Bytes of a direction are missing. */
void ldap_layer_lost(struct ldap_module *module, struct ldap_connection *connection, bool to_server);

/* ldap_frame.c */
struct framing ldap_frame_clear(struct str bytes);
/* Of a token that is only signed: the bytes before the message in it, when this stands there in one piece;
 * 0 when it does not. */
uint32_t ldap_signed_head(struct str token);
/* Is this a request? known: is it an operation at all? */
bool ldap_op_to_server(uint8_t op, bool *known);

#endif
