/*
 * ndr_lsa - arguments of the local security authority: names and SIDs (MS-LSAT 3.1.4), policy, secrets,
 * rights and trusted domains (MS-LSAD 3.1.4).
 */
#include "services/protocol-decode/ndr_interfaces.h"

#define SHOW     NDR_SHOW
#define PTR_SHOW (NDR_PTR | NDR_SHOW)
#define H        NDR_SKIP_HANDLE
#define STRING   ndr_unicode_string
#define ACCESS                                                                                               \
    {                                                                                                        \
        "DesiredAccess", &ndr_u32, SHOW                                                                      \
    }

/* LSAPR_OBJECT_ATTRIBUTES (MS-LSAD 2.2.9). */
static const struct ndr_type quality =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &ndr_enum}, {NULL, &ndr_u8}, {NULL, &ndr_u8});
static const struct ndr_type attributes =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &ndr_u8, NDR_PTR}, {NULL, &ndr_ansi_string, NDR_PTR},
                  {NULL, &ndr_u32}, {NULL, &ndr_unknown, NDR_PTR}, {NULL, &quality, NDR_PTR});
/* LSAPR_SR_SECURITY_DESCRIPTOR (MS-LSAD 2.2.2.4). */
static const struct ndr_type descriptor =
    NDR_STRUCT_OF({"Length", &ndr_u32, SHOW}, {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT});
/* LSAPR_CR_CIPHER_VALUE (MS-LSAD 2.2.6.1). */
static const struct ndr_type cipher = NDR_STRUCT_OF(
    {NULL, &ndr_u32}, {NULL, &ndr_u32}, {NULL, &ndr_byte, NDR_PTR | NDR_VALUE, NDR_CONFORMANT_VARYING});
static const struct ndr_type cipher_pointer = NDR_STRUCT_OF({NULL, &cipher, NDR_PTR | NDR_VALUE});
static const struct ndr_type string_pointer = NDR_STRUCT_OF({NULL, &STRING, NDR_PTR | NDR_VALUE});

/* MS-LSAT 2.2.12 to 2.2.26. */
static const struct ndr_type trust = NDR_STRUCT_OF({"Name", &STRING, SHOW}, {"Sid", &ndr_sid, PTR_SHOW});
static const struct ndr_type domains =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {"Domains", &trust, NDR_PTR, NDR_CONFORMANT}, {NULL, &ndr_u32});
static const struct ndr_type sid_item = NDR_STRUCT_OF({"Sid", &ndr_sid, PTR_SHOW});
static const struct ndr_type sids =
    NDR_STRUCT_OF({"Entries", &ndr_u32, SHOW}, {"SidInfo", &sid_item, NDR_PTR, NDR_CONFORMANT});
#define TRANSLATED(item) NDR_STRUCT_OF({"Entries", &ndr_u32}, {"List", &item, NDR_PTR, NDR_CONFORMANT})
#define USE                                                                                                  \
    {                                                                                                        \
        "Use", &ndr_enum, SHOW                                                                               \
    }
static const struct ndr_type name_1 = NDR_STRUCT_OF(USE, {"Name", &STRING, SHOW}, {NULL, &ndr_u32});
static const struct ndr_type name_2 =
    NDR_STRUCT_OF(USE, {"Name", &STRING, SHOW}, {NULL, &ndr_u32}, {NULL, &ndr_u32});
static const struct ndr_type names_1 = TRANSLATED(name_1);
static const struct ndr_type names_2 = TRANSLATED(name_2);
static const struct ndr_type sid_1 = NDR_STRUCT_OF(USE, {"RelativeId", &ndr_u32, SHOW}, {NULL, &ndr_u32});
static const struct ndr_type sid_2 =
    NDR_STRUCT_OF(USE, {"RelativeId", &ndr_u32, SHOW}, {NULL, &ndr_u32}, {NULL, &ndr_u32});
static const struct ndr_type sid_3 =
    NDR_STRUCT_OF(USE, {"Sid", &ndr_sid, PTR_SHOW}, {NULL, &ndr_u32}, {NULL, &ndr_u32});
static const struct ndr_type sids_1 = TRANSLATED(sid_1);
static const struct ndr_type sids_2 = TRANSLATED(sid_2);
static const struct ndr_type sids_3 = TRANSLATED(sid_3);

/* LSAPR_POLICY_INFORMATION (MS-LSAD 2.2.4.2). */
static const struct ndr_type audit_log =
    NDR_STRUCT_OF({"AuditLogPercentFull", &ndr_u32, SHOW}, {"MaximumLogSize", &ndr_u32, SHOW},
                  {NULL, &ndr_time64}, {NULL, &ndr_u8}, {NULL, &ndr_time64}, {NULL, &ndr_u32});
static const struct ndr_type audit_events =
    NDR_STRUCT_OF({"AuditingMode", &ndr_u8, SHOW},
                  {"EventAuditingOptions", &ndr_u32, PTR_SHOW, NDR_CONFORMANT}, {NULL, &ndr_u32});
static const struct ndr_type primary_domain =
    NDR_STRUCT_OF({"Name", &STRING, SHOW}, {"Sid", &ndr_sid, PTR_SHOW});
static const struct ndr_type account_domain =
    NDR_STRUCT_OF({"DomainName", &STRING, SHOW}, {"DomainSid", &ndr_sid, PTR_SHOW});
static const struct ndr_type server_role = NDR_STRUCT_OF({"LsaServerRole", &ndr_enum, SHOW});
static const struct ndr_type replica_source =
    NDR_STRUCT_OF({"ReplicaSource", &STRING, SHOW}, {"ReplicaAccountName", &STRING, SHOW});
static const struct ndr_type modification =
    NDR_STRUCT_OF({NULL, &ndr_time64}, {"DatabaseCreationTime", &ndr_time64, SHOW});
static const struct ndr_type dns_domain =
    NDR_STRUCT_OF({"Name", &STRING, SHOW}, {"DnsDomainName", &STRING, SHOW}, {"DnsForestName", &STRING, SHOW},
                  {"DomainGuid", &ndr_guid, SHOW}, {"Sid", &ndr_sid, PTR_SHOW});
static const struct ndr_type policy = NDR_UNION_OF(
    ndr_enum, NDR_CASE(1, "PolicyAuditLogInfo", audit_log, 0),
    NDR_CASE(2, "PolicyAuditEventsInfo", audit_events, 0),
    NDR_CASE(3, "PolicyPrimaryDomainInfo", primary_domain, 0),
    NDR_CASE(4, "PolicyPdAccountInfo", STRING, SHOW),
    NDR_CASE(5, "PolicyAccountDomainInfo", account_domain, 0),
    NDR_CASE(6, "PolicyServerRoleInfo", server_role, 0),
    NDR_CASE(7, "PolicyReplicaSourceInfo", replica_source, 0),
    NDR_CASE(9, "PolicyModificationInfo", modification, 0),
    NDR_CASE(12, "PolicyDnsDomainInfo", dns_domain, 0), NDR_CASE(13, "PolicyDnsDomainInfoInt", dns_domain, 0),
    NDR_CASE(14, "PolicyLocalAccountDomainInfo", account_domain, 0), NDR_DEFAULT_UNKNOWN);

/* LSAPR_POLICY_DOMAIN_INFORMATION (MS-LSAD 2.2.4.14). */
static const struct ndr_type efs =
    NDR_STRUCT_OF({"InfoLength", &ndr_u32, SHOW}, {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type kerberos_policy =
    NDR_STRUCT_OF({"AuthenticationOptions", &ndr_u32, SHOW}, {"MaxServiceTicketAge", &ndr_time64, SHOW},
                  {"MaxTicketAge", &ndr_time64, SHOW}, {"MaxRenewAge", &ndr_time64, SHOW},
                  {"MaxClockSkew", &ndr_time64, SHOW}, {NULL, &ndr_time64});
static const struct ndr_type domain_policy =
    NDR_UNION_OF(ndr_enum, NDR_CASE(2, "PolicyDomainEfsInfo", efs, 0),
                 NDR_CASE(3, "PolicyDomainKerbTicketInfo", kerberos_policy, 0), NDR_DEFAULT_UNKNOWN);

/* LSAPR_TRUSTED_DOMAIN_INFO (MS-LSAD 2.2.7.2). */
static const struct ndr_type trusted_ex = NDR_STRUCT_OF(
    {"Name", &STRING, SHOW}, {"FlatName", &STRING, SHOW}, {"Sid", &ndr_sid, PTR_SHOW},
    {"TrustDirection", &ndr_u32, SHOW}, {"TrustType", &ndr_u32, SHOW}, {"TrustAttributes", &ndr_u32, SHOW});
static const struct ndr_type trusted_password = NDR_STRUCT_OF({"Password", &cipher, NDR_PTR | NDR_SECRET},
                                                              {"OldPassword", &cipher, NDR_PTR | NDR_SECRET});
static const struct ndr_type trusted_info = NDR_UNION_OF(
    ndr_enum, NDR_CASE(1, "TrustedDomainNameInfo", STRING, SHOW),
    NDR_CASE(3, "TrustedPosixOffsetInfo", ndr_u32, SHOW),
    NDR_CASE(4, "TrustedPasswordInfo", trusted_password, 0), NDR_CASE(5, "TrustedDomainInfoBasic", trust, 0),
    NDR_CASE(6, "TrustedDomainInfoEx", trusted_ex, 0), NDR_CASE(13, "TrustedDomainSETs", ndr_u32, SHOW),
    NDR_DEFAULT_UNKNOWN);
static const struct ndr_type trusts =
    NDR_STRUCT_OF({"EntriesRead", &ndr_u32, SHOW}, {"Information", &trust, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type trusts_ex = NDR_STRUCT_OF(
    {"EntriesRead", &ndr_u32, SHOW}, {"EnumerationBuffer", &trusted_ex, NDR_PTR, NDR_CONFORMANT});

/* Accounts, privileges and rights (MS-LSAD 2.2.5, 2.2.8). */
static const struct ndr_type accounts =
    NDR_STRUCT_OF({"EntriesRead", &ndr_u32, SHOW}, {"Information", &sid_item, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type privilege_item =
    NDR_STRUCT_OF({"Luid", &ndr_luid, SHOW}, {"Attributes", &ndr_u32, SHOW});
static const struct ndr_type privilege_set = NDR_STRUCT_OF(
    {"PrivilegeCount", &ndr_u32, SHOW}, {NULL, &ndr_u32}, {"Privilege", &privilege_item, 0, NDR_CONFORMANT});
static const struct ndr_type privilege_name = NDR_STRUCT_OF({"Name", &STRING, SHOW}, {NULL, &ndr_luid});
static const struct ndr_type privilege_names =
    NDR_STRUCT_OF({"Entries", &ndr_u32, SHOW}, {"Privileges", &privilege_name, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type rights =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {"UserRights", &STRING, PTR_SHOW, NDR_CONFORMANT});

#define NAMES                                                                                                \
    {"Count", &ndr_u32, SHOW},                                                                               \
    {                                                                                                        \
        "Names", &STRING, SHOW, NDR_CONFORMANT                                                               \
    }
#define LEVEL                                                                                                \
    {"LookupLevel", &ndr_enum, SHOW},                                                                        \
    {                                                                                                        \
        NULL, &ndr_u32                                                                                       \
    }
#define OPTIONS                                                                                              \
    {"LookupOptions", &ndr_u32, SHOW},                                                                       \
    {                                                                                                        \
        NULL, &ndr_u32                                                                                       \
    }
#define TRANSLATION(list, of)                                                                                \
    .out = NDR({"ReferencedDomains", &domains, NDR_PTR}, {list, &of}, {"MappedCount", &ndr_u32, SHOW})
#define STRING_SHOW(name)                                                                                    \
    {                                                                                                        \
        name, &STRING, SHOW                                                                                  \
    }
#define SID_SHOW(name)                                                                                       \
    {                                                                                                        \
        name, &ndr_sid, SHOW                                                                                 \
    }
#define CLASS                                                                                                \
    {                                                                                                        \
        "InformationClass", &ndr_enum, SHOW                                                                  \
    }
#define INFORMATION(name, of)                                                                                \
    {                                                                                                        \
        name, &of                                                                                            \
    }
#define SECRET_PTR(name)                                                                                     \
    {                                                                                                        \
        name, &cipher, NDR_PTR | NDR_SECRET                                                                  \
    }
#define OUT_HANDLE           .out = NDR(H)
#define OUT_NOTHING          .out = NDR_NO_PARAMETERS
#define OUT_PTR(name, of)    .out = NDR({name, &of, NDR_PTR})
#define ENUMERATE            .in = NDR(H, NDR_SKIP_U32, NDR_SKIP_U32)
#define ENUMERATED(name, of) .out = NDR(NDR_SKIP_U32, {name, &of})
#define QUERIED                                                                                              \
    {"EncryptedCurrentValue", &cipher_pointer, NDR_PTR | NDR_SECRET}, {NULL, &ndr_time64, NDR_PTR},          \
        {"EncryptedOldValue", &cipher_pointer, NDR_PTR | NDR_SECRET},                                        \
    {                                                                                                        \
        NULL, &ndr_time64, NDR_PTR                                                                           \
    }

static const struct ndr_operation operations[] = {
    {0, .in = NDR(H), OUT_HANDLE},
    {2, ENUMERATE, ENUMERATED("EnumerationBuffer", privilege_names)},
    {3, .in = NDR(H, {"SecurityInformation", &ndr_u32, SHOW}), OUT_PTR("SecurityDescriptor", descriptor)},
    {4, .in = NDR(H, {"SecurityInformation", &ndr_u32, SHOW}, {"SecurityDescriptor", &descriptor}),
     OUT_NOTHING},
    {6, .in = NDR({NULL, &ndr_wchar, NDR_PTR}, {NULL, &attributes}, ACCESS), OUT_HANDLE},
    {7, .in = NDR(H, CLASS), OUT_PTR("PolicyInformation", policy)},
    {8, .in = NDR(H, CLASS, INFORMATION("PolicyInformation", policy)), OUT_NOTHING},
    {10, .in = NDR(H, SID_SHOW("AccountSid"), ACCESS), OUT_HANDLE},
    {11, ENUMERATE, ENUMERATED("EnumerationBuffer", accounts)},
    {12, .in = NDR(H, {"TrustedDomainInformation", &trust}, ACCESS), OUT_HANDLE},
    {13, ENUMERATE, ENUMERATED("EnumerationBuffer", trusts)},
    {14, .in = NDR(H, NAMES, {NULL, &sids_1}, LEVEL), TRANSLATION("TranslatedSids", sids_1)},
    {15, .in = NDR(H, {"SidEnumBuffer", &sids}, {NULL, &names_1}, LEVEL),
     TRANSLATION("TranslatedNames", names_1)},
    {16, .in = NDR(H, STRING_SHOW("SecretName"), ACCESS), OUT_HANDLE},
    {17, .in = NDR(H, SID_SHOW("AccountSid"), ACCESS), OUT_HANDLE},
    {18, .in = NDR(H), OUT_PTR("Privileges", privilege_set)},
    {19, .in = NDR(H, {"Privileges", &privilege_set}), OUT_NOTHING},
    {20, .in = NDR(H, {"AllPrivileges", &ndr_u8, SHOW}, {"Privileges", &privilege_set, NDR_PTR}),
     OUT_NOTHING},
    {23, .in = NDR(H), .out = NDR({"SystemAccess", &ndr_u32, SHOW})},
    {24, .in = NDR(H, {"SystemAccess", &ndr_u32, SHOW}), OUT_NOTHING},
    {25, .in = NDR(H, SID_SHOW("TrustedDomainSid"), ACCESS), OUT_HANDLE},
    {26, .in = NDR(H, CLASS), OUT_PTR("TrustedDomainInformation", trusted_info)},
    {27, .in = NDR(H, CLASS, INFORMATION("TrustedDomainInformation", trusted_info)), OUT_NOTHING},
    {28, .in = NDR(H, STRING_SHOW("SecretName"), ACCESS), OUT_HANDLE},
    {29, .in = NDR(H, SECRET_PTR("EncryptedCurrentValue"), SECRET_PTR("EncryptedOldValue")), OUT_NOTHING},
    {30, .in = NDR(H, QUERIED), .out = NDR(QUERIED)},
    {31, .in = NDR(H, STRING_SHOW("Name")), .out = NDR({"Value", &ndr_luid, SHOW})},
    {32, .in = NDR(H, {"Value", &ndr_luid, SHOW}), .out = NDR({"Name", &STRING, PTR_SHOW})},
    {33, .in = NDR(H, STRING_SHOW("Name"), {NULL, &ndr_u16}, {NULL, &ndr_u16}),
     .out = NDR({"DisplayName", &STRING, PTR_SHOW}, {NULL, &ndr_u16})},
    {34, .in = NDR(H), OUT_HANDLE},
    {35, .in = NDR(H, {"UserRight", &STRING, PTR_SHOW}), .out = NDR({"EnumerationBuffer", &accounts})},
    {36, .in = NDR(H, SID_SHOW("AccountSid")), .out = NDR({"UserRights", &rights})},
    {37, .in = NDR(H, SID_SHOW("AccountSid"), {"UserRights", &rights}), OUT_NOTHING},
    {38, .in = NDR(H, SID_SHOW("AccountSid"), {"AllRights", &ndr_u8, SHOW}, {"UserRights", &rights}),
     OUT_NOTHING},
    {39, .in = NDR(H, SID_SHOW("TrustedDomainSid"), CLASS),
     OUT_PTR("TrustedDomainInformation", trusted_info)},
    {40,
     .in = NDR(H, SID_SHOW("TrustedDomainSid"), CLASS, INFORMATION("TrustedDomainInformation", trusted_info)),
     OUT_NOTHING},
    {41, .in = NDR(H, SID_SHOW("TrustedDomainSid")), OUT_NOTHING},
    {42, .in = NDR(H, STRING_SHOW("KeyName"), SECRET_PTR("EncryptedData")), OUT_NOTHING},
    {43, .in = NDR(H, STRING_SHOW("KeyName"), SECRET_PTR("EncryptedData")),
     .out = NDR(SECRET_PTR("EncryptedData"))},
    {44, .in = NDR({"SystemName", &ndr_wide, PTR_SHOW}, {NULL, &attributes}, ACCESS), OUT_HANDLE},
    {45,
     .in =
         NDR({"SystemName", &ndr_wide, PTR_SHOW}, {NULL, &STRING, NDR_PTR}, {NULL, &string_pointer, NDR_PTR}),
     .out = NDR({"UserName", &STRING, PTR_SHOW}, {"DomainName", &string_pointer, PTR_SHOW})},
    {46, .in = NDR(H, CLASS), OUT_PTR("PolicyInformation", policy)},
    {47, .in = NDR(H, CLASS, INFORMATION("PolicyInformation", policy)), OUT_NOTHING},
    {48, .in = NDR(H, STRING_SHOW("TrustedDomainName"), CLASS),
     OUT_PTR("TrustedDomainInformation", trusted_info)},
    {49,
     .in = NDR(H, STRING_SHOW("TrustedDomainName"), CLASS,
               INFORMATION("TrustedDomainInformation", trusted_info)),
     OUT_NOTHING},
    {50, ENUMERATE, ENUMERATED("EnumerationBuffer", trusts_ex)},
    {51, .in = NDR(H, {"TrustedDomainInformation", &trusted_ex}, NDR_REST), OUT_HANDLE},
    {53, .in = NDR(H, CLASS), OUT_PTR("PolicyDomainInformation", domain_policy)},
    {54, .in = NDR(H, CLASS, {"PolicyDomainInformation", &domain_policy, NDR_PTR}), OUT_NOTHING},
    {55, .in = NDR(H, STRING_SHOW("TrustedDomainName"), ACCESS), OUT_HANDLE},
    {57, .in = NDR(H, {"SidEnumBuffer", &sids}, {NULL, &names_2}, LEVEL, OPTIONS),
     TRANSLATION("TranslatedNames", names_2)},
    {58, .in = NDR(H, NAMES, {NULL, &sids_2}, LEVEL, OPTIONS), TRANSLATION("TranslatedSids", sids_2)},
    {59, .in = NDR(H, {"TrustedDomainInformation", &trusted_ex}, NDR_REST), OUT_HANDLE},
    {68, .in = NDR(H, NAMES, {NULL, &sids_3}, LEVEL, OPTIONS), TRANSLATION("TranslatedSids", sids_3)},
    {73, .in = NDR(H, STRING_SHOW("TrustedDomainName"), {"HighestRecordType", &ndr_enum, SHOW})},
    {74, .in = NDR(H, STRING_SHOW("TrustedDomainName"), {"HighestRecordType", &ndr_enum, SHOW}, NDR_REST)},
    {76, .in = NDR({"SidEnumBuffer", &sids}, {NULL, &names_2}, LEVEL, OPTIONS),
     TRANSLATION("TranslatedNames", names_2)},
    {77, .in = NDR(NAMES, {NULL, &sids_3}, LEVEL, OPTIONS), TRANSLATION("TranslatedSids", sids_3)},
};

static const struct ndr_interface interfaces[] = {
    {RPC_UUID(12345778, 1234, abcd, ef00, 0123456789ab), NDR_OPERATIONS(operations)},
};

const struct ndr_interfaces ndr_lsa = NDR_INTERFACES(interfaces);
