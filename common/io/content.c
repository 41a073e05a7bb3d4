/*
 * content - signatures in a table, and a look at the rest for text.
 */
#include "common/io/content.h"

#include "common/base/reader.h"

struct signature {
    enum content content;
    uint32_t offset;
    struct str bytes;
};

/* The first that fits wins. */
static const struct signature signatures[] = {
    {CONTENT_PCAP, 0, {"\xa1\xb2\xc3\xd4", 4}}, /* microseconds, big-endian */
    {CONTENT_PCAP, 0, {"\xd4\xc3\xb2\xa1", 4}}, /* microseconds, little-endian */
    {CONTENT_PCAP, 0, {"\xa1\xb2\x3c\x4d", 4}}, /* nanoseconds */
    {CONTENT_PCAP, 0, {"\x4d\x3c\xb2\xa1", 4}},
    {CONTENT_PCAP, 0, {"\xa1\xb2\xcd\x34", 4}}, /* Kuznetzov's longer record header */
    {CONTENT_PCAP, 0, {"\x34\xcd\xb2\xa1", 4}},
    {CONTENT_PCAPNG, 0, {"\x0a\x0d\x0d\x0a", 4}},
    {CONTENT_GZIP, 0, {"\x1f\x8b", 2}},         /* RFC 1952 2.3.1 */
    {CONTENT_ZSTD, 0, {"\x28\xb5\x2f\xfd", 4}}, /* RFC 8878 3.1.1 */
    {CONTENT_ZIP, 0, {"PK\x03\x04", 4}},
    {CONTENT_ZIP, 0, {"PK\x05\x06", 4}}, /* an empty one */
    {CONTENT_ZIP, 0, {"PK\x07\x08", 4}}, /* a split one */
    {CONTENT_EVTX, 0, {"ElfFile\0", 8}},
    {CONTENT_EVT, 4, {"LfLe", 4}},
    {CONTENT_SNOOP, 0, {"snoop\0\0\0", 8}}, /* RFC 1761 */
    {CONTENT_NETMON, 0, {"RTSS", 4}},
    {CONTENT_NETMON, 0, {"GMBU", 4}},
    {CONTENT_BZIP2, 0, {"BZh", 3}},
    {CONTENT_XZ,
     0,
     {"\xfd"
      "7zXZ\0",
      6}},
    {CONTENT_LZ4, 0, {"\x04\x22\x4d\x18", 4}},
    {CONTENT_7Z, 0, {"7z\xbc\xaf\x27\x1c", 6}},
    {CONTENT_RAR, 0, {"Rar!\x1a\x07", 6}},
    {CONTENT_TAR, 257, {"ustar", 5}},
};

static const struct {
    const char *name;
    const char *text;
} names[CONTENT_COUNT] = {
    [CONTENT_UNKNOWN] = {"unknown", "is no capture and nothing else that is known here"},
    [CONTENT_EMPTY] = {"empty", "is empty"},
    [CONTENT_TEXT] = {"text", "is a text, not a capture"},
    [CONTENT_JSON] = {"json", "is JSON, which this version does not read yet"},
    [CONTENT_XML] = {"xml", "is XML, not a capture"},
    [CONTENT_PCAP] = {"pcap", "is a capture (pcap)"},
    [CONTENT_PCAPNG] = {"pcapng", "is a capture (pcapng)"},
    [CONTENT_GZIP] = {"gzip", "is compressed by gzip once more, which is not opened"},
    [CONTENT_ZSTD] = {"zstd", "is compressed by zstd once more, which is not opened"},
    [CONTENT_ZIP] = {"zip", "is a zip archive inside something else, which is not opened"},
    [CONTENT_EVTX] = {"evtx", "is an event log (EVTX), which this version does not read yet"},
    [CONTENT_EVT] = {"evt", "is an event log of Windows before Vista (EVT), which is not read"},
    [CONTENT_SNOOP] =
        {"snoop", "is a capture in the format of snoop, which is not read; editcap can make a pcapng of it"},
    [CONTENT_NETMON] =
        {"netmon", "is a capture of Network Monitor, which is not read; editcap can make a pcapng of it"},
    [CONTENT_BZIP2] = {"bzip2", "is compressed by bzip2, which is not read; decompress it first"},
    [CONTENT_XZ] = {"xz", "is compressed by xz, which is not read; decompress it first"},
    [CONTENT_LZ4] = {"lz4", "is compressed by lz4, which is not read; decompress it first"},
    [CONTENT_7Z] = {"7z", "is a 7z archive, which is not read; unpack it first"},
    [CONTENT_RAR] = {"rar", "is a rar archive, which is not read; unpack it first"},
    [CONTENT_TAR] = {"tar", "is a tar archive, which is not read; unpack it first"},
};

const char *content_text(enum content content)
{
    return names[content].text;
}

const char *content_name(enum content content)
{
    return names[content].name;
}

/* Frames that zstd readers skip (RFC 8878 3.1.2), which some writers put first: 0x184D2A50 to 0x184D2A5F. */
static bool is_skippable(struct str head)
{
    struct reader r = reader_of_str(head);
    uint32_t magic = reader_u32le(&r);
    return reader_ok(&r) && (magic & 0xfffffff0u) == 0x184d2a50u;
}

static enum content look_at_text(struct str head)
{
    struct reader r = reader_of_str(head);
    if (head.size >= 3 && memcmp(head.at, "\xef\xbb\xbf", 3) == 0)
        reader_skip(&r, 3);
    /* Windows writes UTF-16 with a mark. */
    if (head.size >= 2 && (memcmp(head.at, "\xff\xfe", 2) == 0 || memcmp(head.at, "\xfe\xff", 2) == 0))
        return CONTENT_TEXT;
    enum content content = CONTENT_TEXT;
    bool blank = true;
    while (reader_left(&r) > 0) {
        uint8_t byte = reader_u8(&r);
        bool space = byte == ' ' || (byte >= '\t' && byte <= '\r');
        if ((byte < ' ' && !space && byte != 0x1b) || byte == 0x7f)
            return CONTENT_UNKNOWN;
        if (!blank || space)
            continue;
        blank = false;
        if (byte == '{' || byte == '[')
            content = CONTENT_JSON;
        else if (byte == '<')
            content = CONTENT_XML;
    }
    return content;
}

enum content content_of(struct str head)
{
    if (head.size == 0)
        return CONTENT_EMPTY;
    struct reader all = reader_of_str(head);
    for (size_t i = 0; i < ARRAY_COUNT(signatures); i++) {
        struct reader r = reader_at(&all, signatures[i].offset);
        struct str bytes = reader_bytes(&r, signatures[i].bytes.size);
        if (reader_ok(&r) && str_equal(bytes, signatures[i].bytes))
            return signatures[i].content;
    }
    return is_skippable(head) ? CONTENT_ZSTD : look_at_text(head);
}
