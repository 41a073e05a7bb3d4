/*
 * http_state - what is known of HTTP connections, and of requests that wait for their answers.
 *
 * Internal to http*.c. Plain bytes that stand in tables as they are; texts are UTF-8, cut at whole
 * characters, and end in NUL.
 */
#ifndef ORTHRUS_DECODE_HTTP_STATE_H
#define ORTHRUS_DECODE_HTTP_STATE_H

#include "services/protocol-decode/http.h"
#include "services/protocol-decode/http_head.h"

enum {
    HTTP_BODY_BYTES_MAX = 64 * 1024, /* of a body that can say something */
    HTTP_LINE_BYTES_MAX = 8 * 1024,  /* of a chunk's size, or of a trailer */
};

/* What comes next in one direction. */
enum http_next {
    HTTP_NEXT_START,
    HTTP_NEXT_BODY,    /* `left` bytes */
    HTTP_NEXT_CHUNK,   /* a chunk with its size */
    HTTP_NEXT_TRAILER, /* lines until an empty one */
    HTTP_NEXT_CLOSE,   /* everything until the end is a body */
    HTTP_NEXT_RPC,     /* `left` bytes of RPC over HTTP */
    HTTP_NEXT_TUNNEL,  /* another protocol */
};

struct http_side {
    uint64_t left;
    uint8_t next; /* enum http_next */
    bool wanted;  /* the body can say something, and nothing of it was seen yet */
};

struct http_connection {
    time_ns deadline;
    uint64_t asked;           /* requests so far; the number of the next */
    uint64_t answered;        /* the number of the request whose answer is next */
    uint32_t plain;           /* exchanges that said nothing of identity */
    bool special;             /* one that did was seen */
    bool token[2];            /* an authentication is under way: [0] with the server, [1] with a proxy */
    struct http_side side[2]; /* [0] of the server, [1] of the client */
};

struct http_request {
    struct place place;
    time_ns deadline;
    uint64_t request_bytes;
    struct id credential;
    uint32_t certificate_request_bytes;
    uint32_t certificate_request_id;
    uint8_t scheme;  /* enum http_scheme */
    uint8_t service; /* enum http_service */
    uint8_t unread;  /* enum unread */
    bool to_proxy;
    bool has_token; /* of a scheme whose tokens auth reads */
    bool powershell;
    bool is_head; /* its answer has no body whatever it says */
    bool is_connect;
    char method[HTTP_METHOD_BYTES_MAX + 1];
    char target[1024];
    char host[128];
    char user_agent[256];
    char content_type[128];
    char credential_user[128];
    char credential_realm[128];
    char action[192];
    char resource[192];
    char shell[64];
    char command[768];
    char enrollment_mode[32];
    char template_name[128];
    char attributes[512];
    char subject_alternative[256];
    char callback[256];
};

struct http_key {
    struct id flow;
    uint64_t number;
};

struct http_module {
    struct http_options options;
    struct http_peers peers;
    struct table *connections; /* flow -> http_connection; forgotten only when the table is full */
    struct table *requests;    /* http_key -> http_request; touched in the order of deadlines */
};

/* One message, and the connection it is of. */
struct http_step {
    struct http_module *module;
    struct decode_out *out;
    const struct place *place;
    struct http_connection *connection;
};

/* Names from the wire in fixed fields: valid UTF-8, whatever was sent. */
#define HTTP_KEEP(step, field, text) KEEP(field, text_to_utf8(&(step)->out->batch->arena, (text)))

/* http_frame.c: what comes next in a direction, after a head, and after what was framed. */
void http_next_of_request(struct http_side *side, const struct http_head *head, const struct http_request *r);
void http_next_of_answer(struct http_side *side, const struct http_head *head, const struct http_request *r);

/* http_auth.c: the credentials of a request, and what an answer says of them. */
void http_take_credentials(const struct http_step *step, const struct http_head *head,
                           struct http_request *r);
void http_take_verdict(const struct http_step *step, const struct http_head *head,
                       const struct http_request *r);
/* The connection is over: what is under way in it has no verdict. */
void http_end_authentication(const struct http_step *step);
struct id http_conversation(struct id flow, bool to_proxy);

/* http_content.c: the beginning of a request's body. */
void http_take_body(const struct http_step *step, struct http_request *r, struct str body);
bool http_is_sealed(struct str content_type);
void http_take_query(const struct http_step *step, struct http_request *r, struct str target);

/* http_tell.c: emits an exchange. head is null when it was not answered; r is null when only the answer was
 * seen. */
void http_tell(const struct http_step *step, const struct http_request *r, uint64_t number,
               const struct http_head *head, time_ns time);

#endif
