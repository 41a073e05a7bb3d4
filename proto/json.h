/*
 * json - any record as one line of JSON, and the pieces that other JSON forms are made from.
 *
 *   {"type":"kerberos","time":"2026-11-21T20:15:00.123456Z","id":"<32 hex digits>","client":"10.0.0.7",...}
 *
 * type and time are always there, every other field only when it is neither zero nor empty. Choices stand by
 * name, addresses, UUIDs and ids as text, times in RFC 3339, bytes as hex, records inside as objects. Whole
 * numbers stand as JSON numbers also beyond 2^53 (RFC 8259 6 leaves their size open): a reader that keeps
 * numbers as doubles loses low digits of message_id and session_id, and of nothing else. What the envelope
 * says about its way through the stream stands in "routing".
 *
 * Pure; any thread.
 */
#ifndef ORTHRUS_PROTO_JSON_H
#define ORTHRUS_PROTO_JSON_H

#include "common/base/writer.h"
#include "proto/record.h"

/* One object, without a line end. */
void record_write_json(const struct record *record, struct writer *w);

/* JSON in the making: commas come by themselves. {.w = writer} is ready for use. */
struct json {
    struct writer *w;
    bool comma; /* something stands before the next value at this depth */
};

void json_begin(struct json *json, char bracket); /* { or [ */
void json_end(struct json *json, char bracket);
void json_key(struct json *json, const char *key); /* a key of ours: nothing in it needs an escape */
void json_str(struct json *json, struct str s);    /* escaped; not UTF-8 becomes U+FFFD */
void json_text(struct json *json, const char *text);
void json_unsigned(struct json *json, uint64_t v);
void json_signed(struct json *json, int64_t v);
void json_bool(struct json *json, bool v);
void json_null(struct json *json);
void json_raw(struct json *json, const char *bytes, size_t size); /* a value in a form of one's own */
void json_time(struct json *json, time_ns time);
void json_id(struct json *json, struct id id);
void json_addr(struct json *json, const struct addr *addr);
void json_strs(struct json *json, const struct strs *list);

/* The same with a key, and nothing at all when the value is zero or empty. */
void json_key_str(struct json *json, const char *key, struct str s);
void json_key_unsigned(struct json *json, const char *key, uint64_t v);
void json_key_time(struct json *json, const char *key, time_ns time);
void json_key_id(struct json *json, const char *key, struct id id);
void json_key_addr(struct json *json, const char *key, const struct addr *addr);
void json_key_strs(struct json *json, const char *key, const struct strs *list);

/* A body as an object of its fields. */
void json_object(struct json *json, const struct record_info *info, const void *body);
/* The value of a field of a body, as it stands in record_write_json(). */
void json_field(struct json *json, const struct field_info *field, const void *body);

#endif
