/*
 * keytab - reads keytabs, and finds keys in what they held.
 */
#include "common/io/keytab_crypto.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "common/base/reader.h"
#include "common/io/keytab.h"

enum {
    KEYS_FIRST = 64,
    KEYTAB_VERSION = 0x0502,
    KEYTAB_BYTES_MAX = 16 << 20, /* of a file */
    NAME_PARTS_MAX = 16,
    NAME_TYPE_AND_TIME_BYTES = 8,
};

/* Texts are owned, and end in NUL. */
struct keytab_key {
    char *name;
    char *realm;
    uint32_t kvno;
    struct opener_key key;
};

struct keytab {
    struct keytab_crypto crypto;
    struct keytab_key *keys;
    uint32_t count;
    uint32_t capacity;
    struct opener opener;
};

static bool same(const char *text, struct str wanted)
{
    return wanted.size == 0 ||
           (strlen(text) == wanted.size && strncasecmp(text, wanted.at, wanted.size) == 0);
}

static bool find_key(const void *self, const struct opener_wanted *wanted, uint32_t number,
                     struct opener_key *key)
{
    const struct keytab *k = self;
    for (int other = 0; other < 2; other++)
        for (uint32_t i = 0; i < k->count; i++) {
            const struct keytab_key *at = &k->keys[i];
            bool fits = (wanted->etype == 0 || at->key.etype == wanted->etype) &&
                        same(at->name, wanted->name) && same(at->realm, wanted->realm);
            bool version = wanted->kvno == 0 || at->kvno == wanted->kvno;
            if (!fits || version == (other == 1))
                continue;
            if (number-- == 0) {
                *key = at->key;
                return true;
            }
        }
    return false;
}

enum err keytab_create(struct keytab **out)
{
    struct keytab *k = calloc(1, sizeof(*k));
    if (!k)
        return ERR_MEMORY;
    if (!keytab_crypto_open(&k->crypto)) {
        keytab_free(k);
        return ERR_MEMORY;
    }
    k->opener = (struct opener){
        .keys = k,
        .find = find_key,
        .crypto = &k->crypto,
        .decrypt = keytab_decrypt,
        .sizes = keytab_sizes,
        .verify = keytab_verify,
        .digest = keytab_digest,
        .open = keytab_open,
    };
    *out = k;
    return ERR_OK;
}

void keytab_free(struct keytab *k)
{
    if (!k)
        return;
    for (uint32_t i = 0; i < k->count; i++) {
        free(k->keys[i].name);
        free(k->keys[i].realm);
        explicit_bzero(&k->keys[i], sizeof(k->keys[i]));
    }
    free(k->keys);
    keytab_crypto_close(&k->crypto);
    free(k);
}

static bool make_room(struct keytab *k)
{
    if (k->count < k->capacity)
        return true;
    uint32_t capacity = k->capacity == 0 ? KEYS_FIRST : k->capacity * 2;
    struct keytab_key *keys = calloc(capacity, sizeof(*keys));
    if (!keys)
        return false;
    if (k->count > 0)
        memcpy(keys, k->keys, k->count * sizeof(*keys));
    if (k->keys)
        explicit_bzero(k->keys, k->count * sizeof(*keys));
    free(k->keys);
    k->keys = keys;
    k->capacity = capacity;
    return true;
}

/* A counted string (2 bytes of length), as an owned text behind what text holds, with between before it. */
static bool append_text(struct reader *r, char **text, const char *between)
{
    struct str part = reader_bytes(r, reader_u16be(r));
    size_t before = *text ? strlen(*text) : 0;
    char *longer = calloc(1, before + strlen(between) + part.size + 1);
    if (!longer || !reader_ok(r)) {
        free(longer);
        return false;
    }
    (void)snprintf(longer, before + strlen(between) + part.size + 1, "%s%s%.*s", *text ? *text : "", between,
                   (int)part.size, part.at);
    free(*text);
    *text = longer;
    return true;
}

static bool read_names(struct reader *r, struct keytab_key *key)
{
    uint16_t parts = reader_u16be(r);
    if (parts > NAME_PARTS_MAX || !append_text(r, &key->realm, ""))
        return false;
    key->name = calloc(1, 1);
    for (uint16_t i = 0; key->name && i < parts; i++)
        if (!append_text(r, &key->name, i > 0 ? "/" : ""))
            return false;
    return key->name != NULL;
}

/* An entry: principal, name type, time, version, key; the version again in full where there is room. */
static bool read_entry(struct reader r, struct keytab_key *key)
{
    if (!read_names(&r, key))
        return false;
    reader_skip(&r, NAME_TYPE_AND_TIME_BYTES);
    key->kvno = reader_u8(&r);
    key->key.etype = (int16_t)reader_u16be(&r);
    struct str bytes = reader_bytes(&r, reader_u16be(&r));
    if (!reader_ok(&r))
        return false;
    key->key.size = bytes.size <= OPENER_KEY_BYTES ? bytes.size : 0;
    memcpy(key->key.byte, bytes.at, key->key.size);
    uint32_t kvno = reader_left(&r) >= 4 ? reader_u32be(&r) : 0;
    if (kvno != 0)
        key->kvno = kvno;
    return true;
}

static void drop(struct keytab_key *key)
{
    free(key->name);
    free(key->realm);
    explicit_bzero(key, sizeof(*key));
}

/* Null, or what is wrong. Keys of encryption types that nothing here can use are left out. */
static const char *take_entry(struct keytab *k, struct reader entry)
{
    if (k->count >= KEYTAB_KEYS_MAX || !make_room(k))
        return "it holds more keys than can be kept";
    struct keytab_key *key = &k->keys[k->count];
    *key = (struct keytab_key){0};
    if (!read_entry(entry, key)) {
        drop(key);
        return "it is damaged: an entry cannot be read";
    }
    if (key->key.size > 0 && krb5_c_valid_enctype(key->key.etype))
        k->count++;
    else
        drop(key);
    return NULL;
}

/* 05 02, then entries, each behind its length; a negative length is a hole. */
static const char *read_entries(struct keytab *k, struct reader r)
{
    const char *problem = NULL;
    if (reader_u16be(&r) != KEYTAB_VERSION)
        return "it is not a keytab";
    while (!problem && reader_left(&r) > 0) {
        int64_t size = (int32_t)reader_u32be(&r);
        struct reader entry = reader_sub(&r, (size_t)(size < 0 ? -size : size));
        if (!reader_ok(&r))
            return "it is damaged: it ends within an entry";
        if (size > 0)
            problem = take_entry(k, entry);
    }
    return problem;
}

/* All of a file, owned; null when it cannot be read, and errno says why. */
static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = file ? malloc(KEYTAB_BYTES_MAX) : NULL;
    *size = bytes ? fread(bytes, 1, KEYTAB_BYTES_MAX, file) : 0;
    if (bytes && ferror(file)) {
        free(bytes);
        bytes = NULL;
    }
    int error = errno;
    if (file)
        (void)fclose(file);
    errno = error;
    return bytes;
}

bool keytab_add(struct keytab *k, const char *path, char problem[KEYTAB_PROBLEM_BYTES])
{
    uint32_t before = k->count;
    size_t size;
    uint8_t *bytes = read_file(path, &size);
    const char *why = bytes ? NULL : strerror(errno);
    if (bytes && size == 0)
        why = "it is empty";
    if (!why)
        why = read_entries(k, reader_of(bytes, size));
    if (!why && k->count == before)
        why = "it holds no key that can be used";
    if (bytes)
        explicit_bzero(bytes, size);
    free(bytes);
    if (why)
        (void)snprintf(problem, KEYTAB_PROBLEM_BYTES, "%s", why);
    return !why;
}

uint32_t keytab_count(const struct keytab *k)
{
    return k->count;
}

const struct opener *keytab_opener(const struct keytab *k)
{
    return &k->opener;
}
