/*
 * der - ASN.1 as Kerberos, SPNEGO and LDAP encode it (X.690): a cursor over elements of definite length.
 *
 * A cursor is a reader with a depth and a fault that all cursors of one message share: the first thing that
 * is wrong is noted there with its offset, every cursor then reads as empty, and a parser reads a layout
 * straight down and asks once. Lengths may be longer than they need be, as BER allows; indefinite lengths and
 * tag numbers over 30, which none of these grammars has, are faults. Results borrow from the input.
 */
#ifndef ORTHRUS_DECODE_DER_H
#define ORTHRUS_DECODE_DER_H

#include "common/base/base.h"
#include "common/base/reader.h"

enum {
    DER_DEPTH_MAX = 32,
    DER_INTEGER_BYTES_MAX = 8,
    DER_TIME_BYTES = 15,     /* RFC 4120 5.2.3: YYYYMMDDHHMMSSZ */
    DER_UTC_TIME_BYTES = 13, /* RFC 5280 4.1.2.5.1: YYMMDDHHMMSSZ */
};

/* Identifier octets (X.690 8.1.2): the class, the constructed bit and the number in one byte. */
enum {
    DER_NONE = 0x00, /* der_peek() at the end */
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_OID = 0x06,
    DER_ENUMERATED = 0x0a,
    DER_UTF8_STRING = 0x0c,
    DER_NUMERIC_STRING = 0x12,
    DER_PRINTABLE_STRING = 0x13,
    DER_TELETEX_STRING = 0x14,
    DER_IA5_STRING = 0x16,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_VISIBLE_STRING = 0x1a,
    DER_GENERAL_STRING = 0x1b,
    DER_BMP_STRING = 0x1e,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
};

#define DER_APPLICATION(number) (0x60 | (number))
#define DER_CONTEXT(number)     (0xa0 | (number))
#define DER_IMPLICIT(number)    (0x80 | (number)) /* of a primitive type in its place */
#define DER_NUMBER(tag)         ((tag)&0x1f)

/* What was wrong first. Owned by the parser that began, shared by its cursors. */
struct der_fault {
    bool failed;
    size_t offset;      /* from the start of the input */
    const char *reason; /* a literal */
};

struct der {
    struct reader bytes;
    struct der_fault *fault;
    uint8_t depth;
};

struct der der_of(struct str bytes, struct der_fault *fault);
/* Notes a fault at the cursor's place; only the first one counts. */
void der_fail(struct der *d, const char *reason);
static inline bool der_ok(const struct der *d)
{
    return !d->fault->failed;
}

/* Is there another element, and nothing wrong so far? */
static inline bool der_more(const struct der *d)
{
    return !d->fault->failed && reader_left(&d->bytes) > 0;
}

/* The identifier octet of the next element without taking it; DER_NONE at the end. */
static inline uint8_t der_peek(const struct der *d)
{
    return der_more(d) ? reader_peek_u8(&d->bytes) : DER_NONE;
}

/* Tag and length of an element, for callers that do not have all of its content yet. Fails the reader. */
bool der_header(struct reader *r, uint8_t *tag, uint32_t *size);

/* The content of the next element, whatever it is; the outer cursor moves behind it. */
struct der der_any(struct der *d, uint8_t *tag);
/* The same, when the element must be of this tag. */
struct der der_open(struct der *d, uint8_t tag);
/* The next element as it stands, its tag and length with it. */
struct str der_element(struct der *d);

/* The content of a primitive element. */
struct str der_bytes(struct der *d, uint8_t tag);
int64_t der_integer(struct der *d);
int64_t der_enumerated(struct der *d);
/* An Int32; a fault when it is none. */
int32_t der_i32(struct der *d);
/* A UInt32 (RFC 4120 5.2.4); some encoders write it as a negative Int32, which is the same 32 bits. */
uint32_t der_u32(struct der *d);
bool der_boolean(struct der *d);
/* The first 32 bits of a BIT STRING, the first of them the highest; bits that are not there are 0. */
uint32_t der_bits(struct der *d);
/* GeneralString, or what is written in its place (UTF8String, IA5String). Any bytes. */
struct str der_text(struct der *d);
/* KerberosTime, cut to what time_ns can hold. */
time_ns der_time(struct der *d);
/* Time (RFC 5280 4.1.2.5): UTCTime, or GeneralizedTime as above. */
time_ns der_any_time(struct der *d);
/* Bits of a positive INTEGER of any length, as its content stands. */
uint32_t der_integer_bits(struct str content);

#endif
