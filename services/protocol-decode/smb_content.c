/*
 * smb_content - a table of the bytes that files of each kind begin with.
 */
#include "services/protocol-decode/smb_content.h"

#include "common/base/reader.h"
#include "proto/record.h"

enum {
    MAGIC_BYTES_MAX = 16,
};

struct magic {
    uint8_t content; /* enum smb_content */
    uint8_t at;
    uint8_t size;
    char bytes[MAGIC_BYTES_MAX];
};

#define MAGIC(content, at, bytes)                                                                            \
    {                                                                                                        \
        smb_content_##content, at, sizeof(bytes) - 1, bytes                                                  \
    }

static const struct magic magics[] = {
    MAGIC(pe, 0, "MZ"),
    MAGIC(elf, 0,
          "\x7f"
          "ELF"),
    MAGIC(registry_hive, 0, "regf"),
    /* Of the database header, behind its checksum. */
    MAGIC(ese_database, 4, "\xef\xcd\xab\x89"),
    MAGIC(event_log, 0, "ElfFile\0"),
    MAGIC(minidump, 0, "MDMP"),
    MAGIC(registry_policy, 0, "PReg\x01\0\0\0"),   /* MS-GPREG 2.2.1 */
    MAGIC(shell_link, 0, "L\0\0\0\x01\x14\x02\0"), /* MS-SHLLINK 2.1 */
    MAGIC(zip, 0, "PK\x03\x04"),
    MAGIC(cabinet, 0, "MSCF\0\0\0\0"), /* MS-CAB 2.1 */
    MAGIC(rar, 0, "Rar!\x1a\x07"),
    MAGIC(seven_zip, 0, "7z\xbc\xaf\x27\x1c"),
    MAGIC(gzip, 0, "\x1f\x8b\x08"),
    MAGIC(compound_file, 0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), /* MS-CFB 2.2 */
    MAGIC(pdf, 0, "%PDF-"),
    MAGIC(script, 0, "#!"),
    MAGIC(script, 0, "@echo"),
    MAGIC(xml, 0, "<?xml"),
    MAGIC(xml, 0, "\xff\xfe<\0?\0x\0"),
    /* KRB-CRED, RFC 4120 5.8.1, with a length of two bytes; and the cache of MIT Kerberos. */
    MAGIC(kerberos_credential, 0, "\x76\x82"),
    MAGIC(kerberos_credential, 0, "\x05\x04\0"),
};

uint8_t smb_content_of(struct str beginning)
{
    for (size_t i = 0; i < ARRAY_COUNT(magics); i++) {
        const struct magic *magic = &magics[i];
        struct reader r = reader_of_str(beginning);
        reader_skip(&r, magic->at);
        struct str bytes = reader_bytes(&r, magic->size);
        if (reader_ok(&r) && memcmp(bytes.at, magic->bytes, magic->size) == 0)
            return magic->content;
    }
    return smb_content_unknown;
}
