/*
 * coverage - the gaps there can be, each with how it is counted, what it hides and what closes it.
 */
#include "services/orthrus/coverage.h"

enum {
    PORT_LDAP_TLS = 636,
    PORT_CATALOGUE_TLS = 3269,
    PORT_WINRM_TLS = 5986,
};

static void add_up(struct results_coverage *sum, const struct results_coverage *c)
{
    sum->flows += c->flows;
    sum->packets += c->packets;
    sum->bytes += c->bytes;
    sum->lost_bytes += c->lost_bytes;
    sum->messages += c->messages;
    sum->sealed_messages += c->sealed_messages;
    sum->malformed_messages += c->malformed_messages;
    sum->midstream_flows += c->midstream_flows;
    sum->one_sided_flows += c->one_sided_flows;
    sum->exchanges += c->exchanges;
    sum->opened += c->opened;
    for (size_t i = 0; i < RESULTS_UNREAD_MAX; i++)
        sum->unread[i] += c->unread[i];
}

struct coverage_totals coverage_sum(const struct results *results)
{
    struct coverage_totals totals = {0};
    for (uint32_t i = 0; i < results->coverage_count; i++) {
        const struct results_coverage *c = &results->coverage[i];
        if (c->protocol < ARRAY_COUNT(totals.of))
            add_up(&totals.of[c->protocol], c);
        /* What is not read at all is no gap in what is. */
        if (c->protocol != protocol_unknown)
            add_up(&totals.all, c);
    }
    return totals;
}

struct coverage_share coverage_share(const struct results_coverage *c)
{
    bool own = c->flows > 0;
    struct coverage_share share = {
        .amount = own ? c->messages : c->exchanges,
        .sealed = own ? c->sealed_messages : c->unread[unread_encrypted],
    };
    uint64_t missing =
        own ? c->sealed_messages + c->malformed_messages : c->exchanges - c->unread[unread_nothing];
    share.whole = share.amount > missing ? share.amount - missing : 0;
    return share;
}

unsigned coverage_percent(uint64_t part, uint64_t all)
{
    return all == 0 ? 100 : (unsigned)((double)part / (double)all * 100.0);
}

/* Messages, and exchanges of what is only carried inside another protocol. */
static uint64_t sealed_of(const struct results *results, enum protocol protocol)
{
    uint64_t sealed = 0;
    for (uint32_t i = 0; i < results->coverage_count; i++)
        if (results->coverage[i].protocol == protocol)
            sealed += coverage_share(&results->coverage[i]).sealed;
    return sealed;
}

static uint64_t flows_of(const struct coverage_totals *totals, enum protocol protocol)
{
    const struct results_coverage *c = &totals->of[protocol];
    return c->flows + c->exchanges;
}

/* Conversations in TLS to a port of that protocol. */
static uint64_t tls_flows(const struct results *results, uint16_t port, uint16_t other)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < results->coverage_count; i++) {
        const struct results_coverage *c = &results->coverage[i];
        if (c->protocol == protocol_tls && (c->port == port || c->port == other))
            count += c->flows;
    }
    return count;
}

#define SEALED(name)                                                                                         \
    static uint64_t sealed_##name(const struct results *results, const struct coverage_totals *totals)       \
    {                                                                                                        \
        (void)totals;                                                                                        \
        return sealed_of(results, protocol_##name);                                                          \
    }
SEALED(ldap)
SEALED(rpc)
SEALED(smb)
SEALED(http)

#define SEEN(name)                                                                                           \
    static uint64_t seen_##name(const struct results *results, const struct coverage_totals *totals)         \
    {                                                                                                        \
        (void)results;                                                                                       \
        return flows_of(totals, protocol_##name);                                                            \
    }
SEEN(kerberos)
SEEN(ldap)
SEEN(smb)
SEEN(rpc)
SEEN(dns)

#define UNREAD_FOR(reason)                                                                                   \
    static uint64_t unread_for_##reason(const struct results *results, const struct coverage_totals *totals) \
    {                                                                                                        \
        (void)results;                                                                                       \
        return totals->all.unread[unread_##reason];                                                          \
    }
UNREAD_FOR(truncated)
UNREAD_FOR(bind_missing)
UNREAD_FOR(compressed)
UNREAD_FOR(too_long)

#define SUMMED(field)                                                                                        \
    static uint64_t all_##field(const struct results *results, const struct coverage_totals *totals)         \
    {                                                                                                        \
        (void)results;                                                                                       \
        return totals->all.field;                                                                            \
    }
SUMMED(midstream_flows)
SUMMED(one_sided_flows)
SUMMED(lost_bytes)
SUMMED(malformed_messages)

static uint64_t ldap_in_tls(const struct results *results, const struct coverage_totals *totals)
{
    (void)totals;
    return tls_flows(results, PORT_LDAP_TLS, PORT_CATALOGUE_TLS);
}

static uint64_t winrm_in_tls(const struct results *results, const struct coverage_totals *totals)
{
    (void)totals;
    return tls_flows(results, PORT_WINRM_TLS, PORT_WINRM_TLS);
}

#define KEYTAB "Give --keytab with the keys of the servers' accounts, or of the accounts that log on there"

static const struct coverage_gap gaps[] = {
    {"No Kerberos", "Roasting, forged tickets, and guessing or enumeration by Kerberos cannot show.",
     "Mirror port 88, UDP and TCP, of every domain controller.", "", seen_kerberos, true},
    {"No LDAP", "Searches of the directory and changes to it cannot show.",
     "Mirror ports 389 and 3268 of every domain controller.", "", seen_ldap, true},
    {"No SMB", "NTLM logons to servers, files, and what runs over named pipes cannot show.",
     "Mirror port 445 of every domain controller.", "", seen_smb, true},
    {"No DCE/RPC", "Replication of credentials, service control and account calls cannot show.",
     "Mirror port 135 and the dynamic ports (49152 to 65535) of every domain controller.", "", seen_rpc,
     true},
    {"No DNS", "Devices are named with less certainty; transfers and tunnels cannot show.",
     "Mirror port 53, UDP and TCP, of every DNS server.", "", seen_dns, true},
    {"Sealed LDAP", "Filters, attributes and changes inside cannot be read; who bound, when and how can.",
     KEYTAB ", or add the controllers' events 1644, 4662 and 5136.", "message", sealed_ldap, false},
    {"LDAP inside TLS", "Nothing but the handshake can be read on ports 636 and 3269.",
     "Add the controllers' events 1644, 4662 and 5136; or let clients sign and seal on port 389, which a "
     "keytab opens.",
     "conversation", ldap_in_tls, false},
    {"Sealed RPC",
     "Arguments cannot be read; which operations were called, by whom and how much came back can.",
     KEYTAB ".", "message", sealed_rpc, false},
    {"Encrypted SMB", "Neither files nor the RPC calls over named pipes inside can be seen.",
     KEYTAB ", or add the servers' events 5140 and 5145.", "message", sealed_smb, false},
    {"Encrypted HTTP bodies", "What was run by WinRM cannot be read; who logged on can.",
     KEYTAB ", or add the events of PowerShell (4103, 4104) and WinRM.", "message", sealed_http, false},
    {"WinRM inside TLS", "Remote shells on port 5986 show as a handshake alone.",
     "Add the events of PowerShell (4103, 4104) and WinRM of these hosts.", "conversation", winrm_in_tls,
     false},
    {"Interfaces unknown",
     "Calls of connections whose bind was not captured are recognised by their order, or "
     "not at all.",
     "Capture without a break: connections that were open before the capture are known from their next bind.",
     "exchange", unread_for_bind_missing, false},
    {"Missing beginnings", "Who logged on, and which interface was bound, is inferred there or unknown.",
     "Begin the capture earlier, or let it run: new connections are whole.", "conversation",
     all_midstream_flows, false},
    {"One direction only", "Whether something succeeded cannot be told there.",
     "Mirror both directions: the switch must copy what it sends as well as what it receives, and both links "
     "of an asymmetric route.",
     "conversation", all_one_sided_flows, false},
    {"Gaps", "Messages in what is missing were not judged.",
     "Give the capture more memory or less traffic (a filter, a second mirror), and look for drops of the "
     "mirror port itself.",
     "byte", all_lost_bytes, false},
    {"Cut packets", "The ends of messages are missing.",
     "Capture whole packets (snap length 0, tcpdump -s 0).", "exchange", unread_for_truncated, false},
    {"Compressed", "What was compressed in a way that could not be opened was not judged.",
     "Nothing needs to change; tell us if it is common.", "exchange", unread_for_compressed, false},
    {"Too long", "Only the beginning of very long messages is read.", "Nothing needs to change.", "exchange",
     unread_for_too_long, false},
    {"Malformed", "Messages that do not follow their specification were not judged.",
     "Look at them with orthrus decode --only malformed: they may be an attack, or a defect of ours.",
     "message", all_malformed_messages, false},
};

const struct coverage_gap *coverage_gap_at(size_t index)
{
    return index < ARRAY_COUNT(gaps) ? &gaps[index] : NULL;
}
