/*
 * keytab - keys that the owner gave, as files of MIT krb5's keytab format, and the cryptography that uses
 * them.
 *
 * Kerberos' own is MIT krb5's, the rest OpenSSL's. Keys stay in memory until keytab_free(), which wipes them;
 * they are in no message and no log. One owner; the opener is for one thread at a time.
 */
#ifndef ORTHRUS_IO_KEYTAB_H
#define ORTHRUS_IO_KEYTAB_H

#include "common/base/opener.h"

enum {
    KEYTAB_KEYS_MAX = 1 << 20,
    KEYTAB_PROBLEM_BYTES = 256,
};

struct keytab;

enum err keytab_create(struct keytab **keytab) MUST_CHECK;
void keytab_free(struct keytab *keytab);
/* Adds the keys of a file. False: it cannot be read, is no keytab, or holds no key that can be used; problem
 * says which, for a person, without the path. */
bool keytab_add(struct keytab *keytab, const char *path, char problem[KEYTAB_PROBLEM_BYTES]) MUST_CHECK;
uint32_t keytab_count(const struct keytab *keytab);
/* Borrowed, as long as the keytab lives. */
const struct opener *keytab_opener(const struct keytab *keytab);

#endif
