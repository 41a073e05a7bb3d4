/*
 * der - reads elements of definite length.
 */
#include "services/protocol-decode/der.h"

enum {
    LENGTH_LONG = 0x80, /* X.690 8.1.3.5: the low bits count the bytes of length that follow */
    LENGTH_BYTES_MAX = 4,
    TAG_NUMBER_LONG = 0x1f, /* X.690 8.1.2.4: the number follows in bytes of its own */
    YEAR_MIN = 1970,
    YEAR_MAX = 2261,     /* the last whole year that time_ns holds */
    UTC_TIME_PIVOT = 50, /* RFC 5280 4.1.2.5.1: from 50 on it is of the century before */
};

struct der der_of(struct str bytes, struct der_fault *fault)
{
    return (struct der){.bytes = reader_of_str(bytes), .fault = fault};
}

void der_fail(struct der *d, const char *reason)
{
    if (!d->fault->failed)
        *d->fault = (struct der_fault){.failed = true, .offset = reader_offset(&d->bytes), .reason = reason};
    reader_fail(&d->bytes);
}

/* Inline, so that the reader it is given stays in registers: this is the hottest loop of Kerberos. */
static inline bool read_header(struct reader *r, uint8_t *tag, uint32_t *size, const char **reason)
{
    *reason = "element cut short";
    *tag = reader_u8(r);
    uint8_t first = reader_u8(r);
    *size = first;
    if ((*tag & TAG_NUMBER_LONG) == TAG_NUMBER_LONG) {
        *reason = "tag number over 30";
        reader_fail(r);
    } else if (first >= LENGTH_LONG) {
        uint8_t count = first & 0x7f;
        if (count == 0 || count > LENGTH_BYTES_MAX) {
            *reason = count == 0 ? "indefinite length" : "length of more than 4 bytes";
            reader_fail(r);
        }
        *size = 0;
        for (uint8_t i = 0; i < count && i < LENGTH_BYTES_MAX; i++)
            *size = *size << 8 | reader_u8(r);
    }
    return reader_ok(r);
}

bool der_header(struct reader *r, uint8_t *tag, uint32_t *size)
{
    const char *reason;
    return read_header(r, tag, size, &reason);
}

struct der der_any(struct der *d, uint8_t *tag)
{
    struct der content = {.bytes = reader_of(NULL, 0), .fault = d->fault, .depth = (uint8_t)(d->depth + 1)};
    uint32_t size;
    const char *reason;
    *tag = DER_NONE;
    if (!der_ok(d))
        return content;
    /* On a copy, so that a fault is noted where the element begins. */
    struct reader r = d->bytes;
    if (d->depth >= DER_DEPTH_MAX) {
        der_fail(d, "nested too deeply");
    } else if (!read_header(&r, tag, &size, &reason) || !reader_need(&r, size)) {
        der_fail(d, reason);
    } else {
        content.bytes = reader_sub(&r, size);
        d->bytes.at = r.at;
    }
    return content;
}

struct der der_open(struct der *d, uint8_t tag)
{
    uint8_t found = der_peek(d);
    if (found != tag)
        der_fail(d, found == DER_NONE ? "element missing" : "element of another type");
    return der_any(d, &found);
}

struct str der_element(struct der *d)
{
    struct reader start = d->bytes;
    uint8_t tag;
    struct der content = der_any(d, &tag);
    if (!der_ok(&content))
        return (struct str){0};
    return reader_bytes(&start, reader_left(&start) - reader_left(&d->bytes));
}

struct str der_bytes(struct der *d, uint8_t tag)
{
    struct der content = der_open(d, tag);
    return reader_rest(&content.bytes);
}

static int64_t integer_of(struct der *d, uint8_t tag)
{
    struct der content = der_open(d, tag);
    size_t size = reader_left(&content.bytes);
    if (!der_ok(d))
        return 0;
    if (size == 0 || size > DER_INTEGER_BYTES_MAX) {
        der_fail(&content, "integer of no or too many bytes");
        return 0;
    }
    uint64_t value = reader_peek_u8(&content.bytes) & 0x80 ? UINT64_MAX : 0;
    while (reader_left(&content.bytes) > 0)
        value = value << 8 | reader_u8(&content.bytes);
    return (int64_t)value;
}

int64_t der_integer(struct der *d)
{
    return integer_of(d, DER_INTEGER);
}

int64_t der_enumerated(struct der *d)
{
    return integer_of(d, DER_ENUMERATED);
}

int32_t der_i32(struct der *d)
{
    int64_t value = der_integer(d);
    if (value < INT32_MIN || value > INT32_MAX) {
        der_fail(d, "integer out of range");
        return 0;
    }
    return (int32_t)value;
}

uint32_t der_u32(struct der *d)
{
    int64_t value = der_integer(d);
    if (value < INT32_MIN || value > UINT32_MAX) {
        der_fail(d, "integer out of range");
        return 0;
    }
    return (uint32_t)value;
}

bool der_boolean(struct der *d)
{
    struct der content = der_open(d, DER_BOOLEAN);
    if (der_ok(d) && reader_left(&content.bytes) != 1)
        der_fail(&content, "boolean of another length than one");
    return reader_u8(&content.bytes) != 0;
}

uint32_t der_bits(struct der *d)
{
    struct der content = der_open(d, DER_BIT_STRING);
    if (der_ok(d) && reader_left(&content.bytes) == 0)
        der_fail(&content, "bit string without its first byte");
    uint8_t unused = reader_u8(&content.bytes);
    if (unused > 7)
        der_fail(&content, "more than 7 unused bits");
    uint32_t bits = 0;
    for (int i = 0; i < 4; i++)
        bits = bits << 8 | (reader_left(&content.bytes) > 0 ? reader_u8(&content.bytes) : 0);
    return bits;
}

struct str der_text(struct der *d)
{
    uint8_t tag = der_peek(d);
    if (tag != DER_UTF8_STRING && tag != DER_IA5_STRING)
        tag = DER_GENERAL_STRING;
    return der_bytes(d, tag);
}

/* A number of so many digits, -1 when they are none. */
static int digits(struct reader *r, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        uint8_t c = reader_u8(r);
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar, counted in years that begin in March.
 */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t months = month <= 2 ? month + 9 : month - 3;
    return y * 365 + y / 4 - y / 100 + y / 400 + (months * 153 + 2) / 5 + day - 719469;
}

/* From the month on; year is in front of it. */
static time_ns read_time(struct der *content, struct reader at, int year)
{
    int month = digits(&at, 2), day = digits(&at, 2);
    int hour = digits(&at, 2), minute = digits(&at, 2), second = digits(&at, 2);
    bool in_range = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour >= 0 &&
                    hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60 &&
                    reader_u8(&at) == 'Z';
    if (!in_range) {
        der_fail(content, "time that cannot be");
        return 0;
    }
    if (year > YEAR_MAX)
        return TIME_NS_END;
    if (year < YEAR_MIN)
        return 0;
    int64_t seconds = ((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    return seconds * TIME_NS_S;
}

time_ns der_time(struct der *d)
{
    struct der content = der_open(d, DER_GENERALIZED_TIME);
    if (!der_ok(d))
        return 0;
    if (reader_left(&content.bytes) != DER_TIME_BYTES) {
        der_fail(&content, "time of another form than YYYYMMDDHHMMSSZ");
        return 0;
    }
    struct reader at = content.bytes;
    int year = digits(&at, 4);
    return read_time(&content, at, year);
}

time_ns der_any_time(struct der *d)
{
    if (der_peek(d) != DER_UTC_TIME)
        return der_time(d);
    struct der content = der_open(d, DER_UTC_TIME);
    if (reader_left(&content.bytes) != DER_UTC_TIME_BYTES) {
        der_fail(&content, "time of another form than YYMMDDHHMMSSZ");
        return 0;
    }
    struct reader at = content.bytes;
    int year = digits(&at, 2);
    if (year >= 0)
        year += year < UTC_TIME_PIVOT ? 2000 : 1900;
    return read_time(&content, at, year);
}

uint32_t der_integer_bits(struct str content)
{
    struct reader r = reader_of_str(content);
    while (reader_left(&r) > 0 && reader_peek_u8(&r) == 0)
        reader_skip(&r, 1);
    uint32_t bits = (uint32_t)reader_left(&r) * 8;
    for (uint8_t first = reader_peek_u8(&r); bits > 0 && !(first & 0x80); first = (uint8_t)(first << 1))
        bits--;
    return bits;
}
