/*
 * cef - header and extension, each with its own escapes.
 */
#include "proto/cef.h"

#include "common/base/reader.h"
#include "common/base/text.h"
#include "proto/product.h"

enum {
    CEF_HEADER_BYTES_MAX = 512,
    CEF_ID_BYTES_MAX = 40,
    CEF_TEXT_BYTES_MAX = 1023,
    CEF_CUSTOM_BYTES_MAX = 4000,
};

/* One character in its place: header and extension give a meaning to \ and to one more, and neither takes a
 * line end as it is. */
static void put_character(struct writer *w, uint32_t c, char separator)
{
    if ((c == '\n' || c == '\r') && separator == '=')
        writer_text(w, c == '\n' ? "\\n" : "\\r");
    else if (c < 0x20 || c == 0x7f)
        writer_u8(w, ' ');
    else if (c == '\\' || c == (uint32_t)separator)
        writer_print(w, "\\%c", (char)c);
    else
        text_write_utf8(w, c);
}

/* Text with its escapes, cut before the character that goes over bytes_max. */
static void put_escaped(struct writer *w, struct str s, size_t bytes_max, char separator)
{
    struct reader r = reader_of_str(s);
    const uint8_t *at = r.at;
    while (at < r.end) {
        uint32_t c = text_next_utf8(&at, r.end);
        if ((size_t)(at - r.at) > bytes_max)
            break;
        put_character(w, c, separator);
    }
}

static void put_header(struct writer *w, struct str s, size_t bytes_max)
{
    put_escaped(w, s, bytes_max, '|');
    writer_u8(w, '|');
}

/* The extension in the making: pairs of key and value with a space between. */
struct extension {
    struct writer *w;
    bool more;
};

static void put_key(struct extension *x, const char *key)
{
    if (x->more)
        writer_u8(x->w, ' ');
    x->more = true;
    writer_text(x->w, key);
    writer_u8(x->w, '=');
}

static void put_str(struct extension *x, const char *key, struct str s, size_t bytes_max)
{
    if (s.size == 0)
        return;
    put_key(x, key);
    put_escaped(x->w, s, bytes_max, '=');
}

static void put_number(struct extension *x, const char *key, int64_t number)
{
    put_key(x, key);
    writer_print(x->w, "%lld", (long long)number);
}

static void put_time(struct extension *x, const char *key, time_ns time)
{
    if (time != 0)
        put_number(x, key, time / TIME_NS_MS);
}

static void put_addr(struct extension *x, const char *key_v4, const char *key_v6, const struct addr *addr)
{
    char text[TEXT_ADDR_BYTES];
    if (addr->family == 4 || addr->family == 6)
        put_str(x, addr->family == 4 ? key_v4 : key_v6, str_of(text_addr(addr, text)), TEXT_ADDR_BYTES);
}

static void put_custom(struct extension *x, int number, const char *label, struct str s)
{
    char key[16];
    if (s.size == 0)
        return;
    (void)snprintf(key, sizeof(key), "cs%dLabel", number);
    put_str(x, key, str_of(label), CEF_TEXT_BYTES_MAX);
    (void)snprintf(key, sizeof(key), "cs%d", number);
    put_str(x, key, s, CEF_CUSTOM_BYTES_MAX);
}

/* Adds to a text that put_custom() will cut: never more than matters there. */
static void join(struct writer *joined, const char *separator, struct str s)
{
    if (joined->size > CEF_CUSTOM_BYTES_MAX)
        return;
    writer_text(joined, separator);
    writer_bytes(joined, s.at, s.size < CEF_CUSTOM_BYTES_MAX + 4 ? s.size : CEF_CUSTOM_BYTES_MAX + 4);
}

static void put_custom_strs(struct extension *x, int number, const char *label, const struct strs *list)
{
    struct writer joined = {0};
    for (uint32_t i = 0; i < list->count; i++)
        join(&joined, i > 0 ? "," : "", list->at[i]);
    put_custom(x, number, label, writer_str(&joined));
    writer_close(&joined);
}

static void put_evidence(struct extension *x, const struct alert *alert)
{
    struct writer joined = {0};
    for (uint32_t i = 0; i < alert->evidence.count; i++) {
        const struct evidence *evidence = &alert->evidence.at[i];
        join(&joined, i > 0 ? "; " : "", evidence->what);
        if (evidence->frame != 0)
            writer_print(&joined, " (frame %llu)", (unsigned long long)evidence->frame);
    }
    put_custom(x, 6, "evidence", writer_str(&joined));
    writer_close(&joined);
}

static void put_parties(struct extension *x, const struct alert *alert)
{
    put_addr(x, "src", "c6a2", &alert->source.ip);
    if (alert->source.ip.family == 6)
        put_str(x, "c6a2Label", STR("Source IPv6 Address"), CEF_TEXT_BYTES_MAX);
    put_str(x, "shost", alert->source.host, CEF_TEXT_BYTES_MAX);
    put_str(x, "suser", alert->source.account, CEF_TEXT_BYTES_MAX);
    put_str(x, "sntdom", alert->source.domain, 255);
    put_addr(x, "dst", "c6a3", &alert->target.ip);
    if (alert->target.ip.family == 6)
        put_str(x, "c6a3Label", STR("Destination IPv6 Address"), CEF_TEXT_BYTES_MAX);
    put_str(x, "dhost", alert->target.host, CEF_TEXT_BYTES_MAX);
    put_str(x, "duser", alert->target.account, CEF_TEXT_BYTES_MAX);
    put_str(x, "dntdom", alert->target.domain, 255);
}

static int severity_of(uint8_t severity)
{
    static const int number[] = {[severity_informational] = 1,
                                 [severity_low] = 3,
                                 [severity_medium] = 5,
                                 [severity_high] = 10,
                                 [severity_critical] = 10};
    return severity < ARRAY_COUNT(number) ? number[severity] : 0;
}

void alert_write_cef(const struct record *record, struct writer *w)
{
    REQUIRE(record->type == RECORD_alert && record->body != NULL);
    const struct alert *alert = record->body;
    char id[33];
    (void)snprintf(id, sizeof(id), "%016llx%016llx", (unsigned long long)record->id.high,
                   (unsigned long long)record->id.low);
    writer_text(w, "CEF:0|" PRODUCT_VENDOR "|" PRODUCT_NAME "|");
    put_header(w, str_of(product_version()), CEF_HEADER_BYTES_MAX);
    put_header(w, alert->detection, CEF_TEXT_BYTES_MAX);
    put_header(w, alert->title, CEF_HEADER_BYTES_MAX);
    writer_print(w, "%d|", severity_of(alert->severity));
    struct extension extension = {.w = w}, *x = &extension;
    put_str(x, "externalId", str_of(id), CEF_ID_BYTES_MAX);
    put_str(x, "cat", alert->detection, CEF_TEXT_BYTES_MAX);
    put_time(x, "rt", record->time);
    put_time(x, "start", alert->first_seen);
    put_time(x, "end", alert->last_seen);
    put_parties(x, alert);
    if (alert->count != 0)
        put_number(x, "cnt", alert->count);
    put_str(x, "outcome", str_of(choice_name(&outcome_choices, alert->outcome)), 63);
    put_str(x, "msg", alert->description, CEF_TEXT_BYTES_MAX);
    put_custom_strs(x, 1, "techniques", &alert->techniques);
    put_custom_strs(x, 2, "tactics", &alert->tactics);
    put_custom(x, 3, "external id", alert->external_id);
    put_custom(x, 4, "incident", alert->incident);
    put_custom_strs(x, 5, "accounts", &alert->target.accounts);
    put_evidence(x, alert);
    put_str(x, "cn1Label", STR("confidence"), CEF_TEXT_BYTES_MAX);
    put_number(x, "cn1", alert->confidence);
    put_str(x, "cn2Label", STR("revision"), CEF_TEXT_BYTES_MAX);
    put_number(x, "cn2", alert->revision);
}
