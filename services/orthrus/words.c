/*
 * words - values as a person says them.
 */
#include "services/orthrus/words.h"

const char *word_outcome(uint8_t outcome)
{
    return outcome == outcome_success   ? "succeeded"
           : outcome == outcome_failure ? "failed"
                                        : "outcome not seen";
}

const char *word_resolved_by(uint8_t by)
{
    static const char *const words[] = {
        [resolved_by_unknown] = "",
        [resolved_by_address_only] = "its address alone",
        [resolved_by_ntlm_workstation] = "the workstation name in its NTLM logon, which the client chooses",
        [resolved_by_kerberos_host_address] =
            "the host name in its Kerberos request, which the client chooses",
        [resolved_by_kerberos_service_name] = "a service ticket that it accepted",
        [resolved_by_ntlm_target_info] = "its own NTLM challenge",
        [resolved_by_kerberos_request] = "its Kerberos logon",
        [resolved_by_ntlm_authenticate] = "its NTLM logon",
        [resolved_by_kerberos_machine_account] = "the logon of its machine account",
        [resolved_by_kerberos_ticket] = "the Kerberos ticket it used",
        [resolved_by_configuration] = "the configuration",
        [resolved_by_ldap_bind] = "its LDAP bind",
    };
    return by < ARRAY_COUNT(words) ? words[by] : "";
}

const char *word_role(uint8_t role)
{
    static const char *const words[] = {
        [device_role_none] = "",
        [device_role_domain_controller] = "domain controller",
        [device_role_domain_controller_candidate] = "acts as a domain controller",
        [device_role_sync_appliance] = "sync appliance",
    };
    return role < ARRAY_COUNT(words) ? words[role] : "";
}

const char *word_protocol(uint8_t protocol)
{
    static const char *const words[] = {
        [protocol_unknown] = "not recognised",
        [protocol_kerberos] = "Kerberos",
        [protocol_ntlm] = "NTLM",
        [protocol_smb] = "SMB",
        [protocol_rpc] = "DCE/RPC",
        [protocol_ldap] = "LDAP",
        [protocol_dns] = "DNS",
        [protocol_netbios] = "NetBIOS names",
        [protocol_dhcp] = "DHCP",
        [protocol_radius] = "RADIUS",
        [protocol_rdp] = "RDP",
        [protocol_http] = "HTTP",
        [protocol_tls] = "TLS",
        [protocol_llmnr] = "LLMNR",
        [protocol_mdns] = "mDNS",
        [protocol_kpasswd] = "Kerberos password change",
    };
    return protocol < ARRAY_COUNT(words) ? words[protocol] : choice_name(&protocol_choices, protocol);
}

const char *word_time(time_ns time, unsigned digits, char buffer[TEXT_TIME_BYTES])
{
    text_time(time, buffer);
    char *date_end = strchr(buffer, 'T');
    char *fraction = strchr(buffer, '.');
    REQUIRE(date_end != NULL && fraction != NULL && digits <= 6);
    *date_end = ' ';
    /* text_time gives six digits or more. */
    fraction[digits == 0 ? 0 : digits + 1] = '\0';
    return buffer;
}

time_ns word_span_between(time_ns first, time_ns last)
{
    time_ns span;
    if (last <= first)
        return 0;
    return __builtin_sub_overflow(last, first, &span) ? INT64_MAX : span;
}

const char *word_span(time_ns span, char buffer[WORDS_SPAN_BYTES])
{
    long long seconds = span / TIME_NS_S, minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
    if (span < 10 * TIME_NS_S)
        (void)snprintf(buffer, WORDS_SPAN_BYTES, "%lld.%03lld s", seconds,
                       (long long)(span / TIME_NS_MS % 1000));
    else if (minutes == 0)
        (void)snprintf(buffer, WORDS_SPAN_BYTES, "%lld s", seconds);
    else if (hours == 0)
        (void)snprintf(buffer, WORDS_SPAN_BYTES, "%lld min %lld s", minutes, seconds % 60);
    else if (days == 0)
        (void)snprintf(buffer, WORDS_SPAN_BYTES, "%lld h %lld min", hours, minutes % 60);
    else
        (void)snprintf(buffer, WORDS_SPAN_BYTES, "%lld d %lld h", days, hours % 24);
    return buffer;
}

const char *word_number(uint64_t number, char buffer[WORDS_NUMBER_BYTES])
{
    char digits[24];
    int count = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
    int used = 0;
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            buffer[used++] = ',';
        buffer[used++] = digits[i];
    }
    buffer[used] = '\0';
    return buffer;
}

const char *word_bytes(uint64_t bytes, char buffer[WORDS_NUMBER_BYTES])
{
    static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) {
        (void)snprintf(buffer, WORDS_NUMBER_BYTES, "%u byte%s", (unsigned)bytes, bytes == 1 ? "" : "s");
        return buffer;
    }
    uint64_t unit = 1000;
    size_t name = 0;
    while (name + 1 < ARRAY_COUNT(units) && bytes / unit >= 1000) {
        unit *= 1000;
        name++;
    }
    (void)snprintf(buffer, WORDS_NUMBER_BYTES, "%llu.%llu %s", (unsigned long long)(bytes / unit),
                   (unsigned long long)(bytes / (unit / 10) % 10), units[name]);
    return buffer;
}

struct str word_account(struct arena *arena, struct str account, struct str domain)
{
    if (account.size == 0 || domain.size == 0)
        return account;
    char *at = arena_take(arena, (size_t)domain.size + 1 + account.size);
    memcpy(at, domain.at, domain.size);
    at[domain.size] = '\\';
    memcpy(at + domain.size + 1, account.at, account.size);
    return (struct str){.at = at, .size = domain.size + 1 + account.size};
}
