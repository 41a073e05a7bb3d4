/*
 * tls_ja4 - the fingerprint JA4 of a client's hello: what it can do, counted and hashed.
 */
#include "common/base/sha256.h"
#include "services/protocol-decode/tls_hello.h"

enum {
    CODES_MAX = 1024,    /* of a list that are hashed */
    CODE_TEXT_BYTES = 5, /* four digits and a separator */
    COUNT_MAX = 99,
    HASH_CHARACTERS = 12,
    HEAD_CHARACTERS = 10,
};

static const char digits[] = "0123456789abcdef";

/* Codes of one list without those that mean nothing. */
struct codes {
    uint16_t *code;
    uint32_t count;
};

static int compare_codes(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

static struct codes codes_of(struct arena *arena, struct str list)
{
    struct codes codes = {.code = arena_take(arena, CODES_MAX * sizeof(uint16_t))};
    struct reader r = reader_of_str(list);
    uint16_t code;
    while (codes.count < CODES_MAX && tls_code_next(&r, &code))
        if (!tls_is_grease(code))
            codes.code[codes.count++] = code;
    return codes;
}

/* Server name and ALPN count, and stand in the fingerprint's head, but are not hashed. */
static struct codes extensions_of(struct arena *arena, const struct tls_hello *h, uint32_t *all)
{
    struct codes codes = {.code = arena_take(arena, TLS_EXTENSIONS_MAX * sizeof(uint16_t))};
    *all = 0;
    for (uint32_t i = 0; i < h->extensions; i++) {
        if (tls_is_grease(h->extension[i]))
            continue;
        (*all)++;
        if (h->extension[i] != TLS_SERVER_NAME && h->extension[i] != TLS_ALPN)
            codes.code[codes.count++] = h->extension[i];
    }
    return codes;
}

static size_t put_codes(char *to, struct codes codes)
{
    size_t size = 0;
    for (uint32_t i = 0; i < codes.count; i++) {
        if (i > 0)
            to[size++] = ',';
        for (int shift = 12; shift >= 0; shift -= 4)
            to[size++] = digits[codes.code[i] >> shift & 15];
    }
    return size;
}

/* The first twelve digits of the digest; zeros when there is nothing to hash. */
static void put_hash(char to[HASH_CHARACTERS], const char *text, size_t size)
{
    uint8_t digest[SHA256_BYTES] = {0};
    if (size > 0)
        sha256(text, size, digest);
    for (int i = 0; i < HASH_CHARACTERS; i++)
        to[i] = digits[i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15];
}

static const char *version_text(uint16_t version)
{
    static const char *const names[] = {"s3", "10", "11", "12", "13"};
    if (version == 2)
        return "s2";
    return version >> 8 == 3 && (version & 0xff) < ARRAY_COUNT(names) ? names[version & 0xff] : "00";
}

static bool is_alphanumeric(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* First and last character of the first protocol; of its hexadecimal form, when one of them is no letter or
 * digit. */
static void put_alpn(char to[2], struct str alpn)
{
    struct reader list = reader_of_str(alpn);
    struct str name;
    to[0] = to[1] = '0';
    if (!tls_alpn_next(&list, &name) || name.size == 0)
        return;
    uint8_t first = (uint8_t)name.at[0], last = (uint8_t)name.at[name.size - 1];
    bool plain = is_alphanumeric(first) && is_alphanumeric(last);
    to[0] = plain ? (char)first : digits[first >> 4];
    to[1] = plain ? (char)last : digits[last & 15];
}

static void put_count(char to[2], uint32_t count)
{
    count = count < COUNT_MAX ? count : COUNT_MAX;
    to[0] = digits[count / 10];
    to[1] = digits[count % 10];
}

static bool names_server(const struct tls_hello *h)
{
    for (uint32_t i = 0; i < h->extensions; i++)
        if (h->extension[i] == TLS_SERVER_NAME)
            return true;
    return false;
}

void tls_ja4(struct arena *arena, const struct tls_hello *h, char ja4[TLS_JA4_BYTES])
{
    uint32_t extension_count;
    struct codes ciphers = codes_of(arena, h->ciphers);
    struct codes extensions = extensions_of(arena, h, &extension_count);
    struct codes signatures = codes_of(arena, h->signature_algorithms);
    char *text = arena_take(arena, (size_t)2 * CODES_MAX * CODE_TEXT_BYTES);
    memset(ja4, 0, TLS_JA4_BYTES);
    ja4[0] = 't';
    memcpy(ja4 + 1, version_text(h->version), 2);
    ja4[3] = names_server(h) ? 'd' : 'i';
    put_count(ja4 + 4, ciphers.count);
    put_count(ja4 + 6, extension_count);
    put_alpn(ja4 + 8, h->alpn);
    ja4[HEAD_CHARACTERS] = ja4[HEAD_CHARACTERS + 1 + HASH_CHARACTERS] = '_';

    qsort(ciphers.code, ciphers.count, sizeof(*ciphers.code), compare_codes);
    qsort(extensions.code, extensions.count, sizeof(*extensions.code), compare_codes);
    put_hash(ja4 + HEAD_CHARACTERS + 1, text, put_codes(text, ciphers));
    size_t size = put_codes(text, extensions);
    if (signatures.count > 0) {
        text[size++] = '_';
        size += put_codes(text + size, signatures);
    }
    put_hash(ja4 + HEAD_CHARACTERS + 2 + HASH_CHARACTERS, text, size);
}
