/*
 * fuzz_ntlm - covers services/protocol-decode/ntlm.c: one message, with and without Unicode where it has no
 * flags.
 */
#include "services/protocol-decode/ntlm.h"
#include "common/base/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What was read is read again to its last byte. */
static void touch(const struct ntlm_message *m)
{
    const struct str texts[] = {m->challenge,        m->target_name,       m->server_name, m->server_domain,
                                m->server_dns_name,  m->server_dns_domain, m->target_spn,  m->user,
                                m->domain,           m->workstation,       m->proof,       m->machine,
                                m->client_challenge, m->server_dns_tree};
    struct writer w = {0};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
        writer_str_bytes(&w, texts[i]);
    REQUIRE(writer_ok(&w));
    writer_close(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size > UINT16_MAX)
        return 0;
    struct arena arena;
    arena_init(&arena, 0);
    for (uint32_t flags = 0; flags <= NTLM_FLAG_UNICODE; flags++) {
        struct ntlm_message m;
        size_t offset;
        struct str message = {.at = (const char *)bytes, .size = (uint32_t)size};
        bool read = ntlm_parse(&arena, message, flags, &m, &offset);
        REQUIRE(offset <= size);
        REQUIRE(!m.inner_reason || m.inner_offset <= size);
        if (read)
            touch(&m);
    }
    arena_close(&arena);
    return 0;
}
