/*
 * texts - runs the conversions of common/base over standard input, for the oracle.
 *
 * Each request is a letter, a length (4 bytes, big-endian) and that many bytes; each answer a length and
 * bytes.
 *
 *   u utf16le to utf8      U the same, keeping NUL     v bytes to valid utf8    l lower case
 *   a address to text      p text to address           t time to text           i uuid to text
 *   j JSON                 h HTML                       x terminal               b hex
 *   1 SipHash-1-3          2 SipHash-2-4                3 SipHash-2-4-128 (the first 16 bytes are the key)
 *   e equal without case (two halves)
 */
#include <stdio.h>

#include "common/base/hash.h"
#include "common/base/reader.h"
#include "common/base/text.h"

enum {
    INPUT_BYTES_MAX = 64 * 1024 * 1024,
};

static void put_hash(char letter, struct str s, struct writer *w)
{
    struct reader r = reader_of_str(s);
    struct hash_key key = {.k0 = reader_u64le(&r)};
    key.k1 = reader_u64le(&r);
    struct str bytes = reader_rest(&r);
    if (letter == '3') {
        struct id id = hash_id(key, bytes.at, bytes.size);
        writer_u64le(w, id.low);
        writer_u64le(w, id.high);
    } else {
        writer_u64le(w, letter == '1' ? hash_seeded(key, bytes.at, bytes.size)
                                      : hash_u64(key, bytes.at, bytes.size));
    }
}

static void put_value(char letter, struct str s, struct writer *w)
{
    char buffer[TEXT_TIME_BYTES];
    struct reader r = reader_of_str(s);
    struct addr addr = {.family = s.size == 4 ? 4 : 6};
    switch (letter) {
    case 'a':
        memcpy(addr.byte, s.at, s.size);
        writer_text(w, text_addr(&addr, buffer));
        break;
    case 'p':
        if (text_parse_addr(s, &addr))
            writer_bytes(w, addr.byte, addr.family == 4 ? 4 : 16);
        break;
    case 't':
        writer_text(w, text_time((time_ns)reader_u64be(&r), buffer));
        break;
    default:
        writer_text(w, text_uuid((const uint8_t *)s.at, buffer));
        break;
    }
}

static void answer(char letter, struct str s, struct arena *arena, struct writer *w)
{
    if (letter == 'u' || letter == 'U')
        writer_str_bytes(w, text_from_utf16le(arena, s, letter == 'U'));
    else if (letter == 'v')
        writer_str_bytes(w, text_to_utf8(arena, s));
    else if (letter == 'l')
        writer_str_bytes(w, text_lower(arena, s));
    else if (letter == 'j')
        text_write_json(w, s);
    else if (letter == 'h')
        text_write_html(w, s);
    else if (letter == 'x')
        text_write_terminal(w, s);
    else if (letter == 'b')
        text_write_hex(w, s);
    else if (letter == 'e')
        writer_u8(w, text_equal_nocase((struct str){s.at, s.size / 2},
                                       (struct str){s.at + s.size / 2, s.size - s.size / 2}));
    else if (letter >= '1' && letter <= '3')
        put_hash(letter, s, w);
    else
        put_value(letter, s, w);
}

int main(void)
{
    uint8_t *bytes = malloc(INPUT_BYTES_MAX);
    REQUIRE(bytes != NULL);
    struct reader r = reader_of(bytes, fread(bytes, 1, INPUT_BYTES_MAX, stdin));
    struct arena arena;
    struct writer w = {0};
    arena_init(&arena, 1 << 20);
    while (reader_left(&r) > 0) {
        char letter = (char)reader_u8(&r);
        uint32_t size = reader_u32be(&r);
        /* A copy of exactly that size, so that a read past its end is seen. */
        char *exact = malloc(size ? size : 1);
        REQUIRE(exact != NULL);
        struct str s = reader_bytes(&r, size);
        memcpy(exact, s.at, s.size);
        writer_reset(&w);
        answer(letter, (struct str){.at = exact, .size = s.size}, &arena, &w);
        uint8_t head[4] = {(uint8_t)(w.size >> 24), (uint8_t)(w.size >> 16), (uint8_t)(w.size >> 8),
                           (uint8_t)w.size};
        (void)fwrite(head, 1, sizeof(head), stdout);
        (void)fwrite(w.size ? w.bytes : (const uint8_t *)"", 1, w.size, stdout);
        free(exact);
        arena_reset(&arena);
    }
    arena_close(&arena);
    writer_close(&w);
    free(bytes);
    return fflush(stdout) != 0;
}
