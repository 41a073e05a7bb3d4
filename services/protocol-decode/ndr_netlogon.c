/*
 * ndr_netlogon - arguments of the Netlogon service (MS-NRPC 3.5.4). Challenges, credentials and passwords are
 * told by their fingerprints, or as zeros: all zeros are what CVE-2020-1472 tries.
 */
#include "services/protocol-decode/ndr_interfaces.h"

#define SHOW     NDR_SHOW
#define PTR_SHOW (NDR_PTR | NDR_SHOW)
#define STRING   ndr_unicode_string

/* NETLOGON_CREDENTIAL, NETLOGON_AUTHENTICATOR (2.2.1.3.4, .5), ENCRYPTED_NT_OWF_PASSWORD. */
static const struct ndr_type credential = NDR_STRUCT_OF({NULL, &ndr_byte, NDR_VALUE, NDR_FIXED, 8});
static const struct ndr_type authenticator =
    NDR_STRUCT_OF({"Credential", &credential, NDR_SECRET}, {"Timestamp", &ndr_u32, SHOW});
static const struct ndr_type hash = NDR_STRUCT_OF({NULL, &ndr_byte, NDR_VALUE, NDR_FIXED, 16});
/* NL_TRUST_PASSWORD (2.2.1.3.7): encrypted as a whole. */
static const struct ndr_type clear_password =
    NDR_STRUCT_OF({NULL, &ndr_u16, NDR_VALUE, NDR_FIXED, 256}, {"Length", &ndr_u32, SHOW});

/* NETLOGON_LEVEL (2.2.1.4.6). */
static const struct ndr_type identity =
    NDR_STRUCT_OF({"LogonDomainName", &STRING, SHOW}, {"ParameterControl", &ndr_u32, SHOW}, {NULL, &ndr_time},
                  {"UserName", &STRING, SHOW}, {"Workstation", &STRING, SHOW});
static const struct ndr_type interactive = NDR_STRUCT_OF(
    {"Identity", &identity}, {"LmOwfPassword", &hash, NDR_SECRET}, {"NtOwfPassword", &hash, NDR_SECRET});
static const struct ndr_type network =
    NDR_STRUCT_OF({"Identity", &identity}, {"LmChallenge", &credential, NDR_SECRET},
                  {"NtChallengeResponse", &ndr_ansi_string, NDR_SECRET},
                  {"LmChallengeResponse", &ndr_ansi_string, NDR_SECRET});
static const struct ndr_type generic =
    NDR_STRUCT_OF({"Identity", &identity}, {"PackageName", &STRING, SHOW}, {"DataLength", &ndr_u32, SHOW},
                  {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type logon = NDR_UNION_OF(
    ndr_enum, NDR_CASE(1, "LogonInteractive", interactive, NDR_PTR),
    NDR_CASE(2, "LogonNetwork", network, NDR_PTR), NDR_CASE(3, "LogonService", interactive, NDR_PTR),
    NDR_CASE(4, "LogonGeneric", generic, NDR_PTR),
    NDR_CASE(5, "LogonInteractiveTransitive", interactive, NDR_PTR),
    NDR_CASE(6, "LogonNetworkTransitive", network, NDR_PTR),
    NDR_CASE(7, "LogonServiceTransitive", interactive, NDR_PTR), NDR_DEFAULT_EMPTY);

/* NETLOGON_VALIDATION (2.2.1.4.14). */
static const struct ndr_type group = NDR_STRUCT_OF({"RelativeId", &ndr_u32, SHOW}, {NULL, &ndr_u32});
static const struct ndr_type extra_sid = NDR_STRUCT_OF({"Sid", &ndr_sid, PTR_SHOW}, {NULL, &ndr_u32});
#define SAM_INFO                                                                                             \
    {"LogonTime", &ndr_time, SHOW}, {NULL, &ndr_time}, {NULL, &ndr_time},                                    \
        {"PasswordLastSet", &ndr_time, SHOW}, {NULL, &ndr_time}, {NULL, &ndr_time},                          \
        {"EffectiveName", &STRING, SHOW}, {"FullName", &STRING, SHOW}, {"LogonScript", &STRING},             \
        {"ProfilePath", &STRING}, {"HomeDirectory", &STRING}, {"HomeDirectoryDrive", &STRING},               \
        {"LogonCount", &ndr_u16, SHOW}, {"BadPasswordCount", &ndr_u16, SHOW}, {"UserId", &ndr_u32, SHOW},    \
        {"PrimaryGroupId", &ndr_u32, SHOW}, {NULL, &ndr_u32}, {"GroupIds", &group, NDR_PTR, NDR_CONFORMANT}, \
        {"UserFlags", &ndr_u32, SHOW}, {"UserSessionKey", &hash, NDR_SECRET},                                \
        {"LogonServer", &STRING, SHOW}, {"LogonDomainName", &STRING, SHOW},                                  \
        {"LogonDomainId", &ndr_sid, PTR_SHOW},                                                               \
    {                                                                                                        \
        NULL, &ndr_u32, 0, NDR_FIXED, 10                                                                     \
    }
#define EXTRA_SIDS                                                                                           \
    {NULL, &ndr_u32},                                                                                        \
    {                                                                                                        \
        "ExtraSids", &extra_sid, NDR_PTR, NDR_CONFORMANT                                                     \
    }
static const struct ndr_type sam_1 = NDR_STRUCT_OF(SAM_INFO);
static const struct ndr_type sam_2 = NDR_STRUCT_OF(SAM_INFO, EXTRA_SIDS);
static const struct ndr_type sam_4 =
    NDR_STRUCT_OF(SAM_INFO, EXTRA_SIDS, {"DnsLogonDomainName", &STRING, SHOW}, {"Upn", &STRING, SHOW},
                  {NULL, &STRING, 0, NDR_FIXED, 10});
static const struct ndr_type validation_blob =
    NDR_STRUCT_OF({"DataLength", &ndr_u32, SHOW}, {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type validation = NDR_UNION_OF(
    ndr_enum, NDR_CASE(2, "ValidationSam", sam_1, NDR_PTR), NDR_CASE(3, "ValidationSam2", sam_2, NDR_PTR),
    NDR_CASE(4, "ValidationGeneric", validation_blob, NDR_PTR),
    NDR_CASE(5, "ValidationGeneric2", validation_blob, NDR_PTR),
    NDR_CASE(6, "ValidationSam4", sam_4, NDR_PTR), NDR_DEFAULT_EMPTY);

/* NETLOGON_CONTROL_DATA_INFORMATION (2.2.1.7.1). */
#define TRUSTED(code) NDR_CASE(code, "TrustedDomainName", ndr_wide, PTR_SHOW)
static const struct ndr_type control =
    NDR_UNION_OF(ndr_u32, TRUSTED(5), TRUSTED(6), NDR_CASE(8, "UserName", ndr_wide, PTR_SHOW), TRUSTED(9),
                 TRUSTED(10), NDR_CASE(0xfffe, "DebugFlag", ndr_u32, SHOW), NDR_DEFAULT_EMPTY);

/* DOMAIN_CONTROLLER_INFOW (2.2.1.2.1), DS_DOMAIN_TRUSTSW (2.2.1.6.2), DOMAIN_NAME_BUFFER,
 * NLPR_MODIFIED_COUNT (2.2.1.5.26: an OLD_LARGE_INTEGER). */
static const struct ndr_type controller = NDR_STRUCT_OF(
    {"DomainControllerName", &ndr_wide, PTR_SHOW}, {"DomainControllerAddress", &ndr_wide, PTR_SHOW},
    {"DomainControllerAddressType", &ndr_u32}, {"DomainGuid", &ndr_guid, SHOW},
    {"DomainName", &ndr_wide, PTR_SHOW}, {"DnsForestName", &ndr_wide, PTR_SHOW}, {"Flags", &ndr_u32, SHOW},
    {"DcSiteName", &ndr_wide, PTR_SHOW}, {"ClientSiteName", &ndr_wide, PTR_SHOW});
static const struct ndr_type domain_trust = NDR_STRUCT_OF(
    {"NetbiosDomainName", &ndr_wide, PTR_SHOW}, {"DnsDomainName", &ndr_wide, PTR_SHOW},
    {"Flags", &ndr_u32, SHOW}, {NULL, &ndr_u32}, {"TrustType", &ndr_u32, SHOW},
    {"TrustAttributes", &ndr_u32, SHOW}, {"DomainSid", &ndr_sid, PTR_SHOW}, {"DomainGuid", &ndr_guid});
static const struct ndr_type domain_trusts =
    NDR_STRUCT_OF({"DomainCount", &ndr_u32, SHOW}, {"Domains", &domain_trust, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type name_buffer =
    NDR_STRUCT_OF({"DomainNameByteCount", &ndr_u32, SHOW}, {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type modified_count = NDR_STRUCT_OF({"ModifiedCount", &ndr_luid, NDR_VALUE});

#define SERVER                                                                                               \
    {                                                                                                        \
        "ServerName", &ndr_wide, PTR_SHOW                                                                    \
    }
#define SERVER_REF                                                                                           \
    {                                                                                                        \
        "ServerName", &ndr_wide, SHOW                                                                        \
    }
#define PRIMARY                                                                                              \
    {                                                                                                        \
        "PrimaryName", &ndr_wide, PTR_SHOW                                                                   \
    }
#define COMPUTER                                                                                             \
    {                                                                                                        \
        "ComputerName", &ndr_wide, SHOW                                                                      \
    }
#define COMPUTER_PTR                                                                                         \
    {                                                                                                        \
        "ComputerName", &ndr_wide, PTR_SHOW                                                                  \
    }
#define CHANNEL {"AccountName", &ndr_wide, SHOW}, {"SecureChannelType", &ndr_enum, SHOW}, COMPUTER
#define FLAGS                                                                                                \
    {                                                                                                        \
        "Flags", &ndr_u32, SHOW                                                                              \
    }
#define NEGOTIATE                                                                                            \
    {                                                                                                        \
        "NegotiateFlags", &ndr_u32, SHOW                                                                     \
    }
#define SECRET(name, of)                                                                                     \
    {                                                                                                        \
        name, &of, NDR_SECRET                                                                                \
    }
#define AUTHENTICATOR                                                                                        \
    {                                                                                                        \
        "Authenticator", &authenticator                                                                      \
    }
#define RETURNED                                                                                             \
    {                                                                                                        \
        NULL, &authenticator                                                                                 \
    }
#define LOGON                                                                                                \
    {"LogonServer", &ndr_wide, PTR_SHOW}, COMPUTER_PTR, {"Authenticator", &authenticator, NDR_PTR},          \
        {NULL, &authenticator, NDR_PTR}, {"LogonLevel", &ndr_enum, SHOW},                                    \
    {                                                                                                        \
        "LogonInformation", &logon                                                                           \
    }
#define VALIDATION                                                                                           \
    {"ValidationInformation", &validation},                                                                  \
    {                                                                                                        \
        "Authoritative", &ndr_u8, SHOW                                                                       \
    }
#define VALIDATION_LEVEL                                                                                     \
    {                                                                                                        \
        "ValidationLevel", &ndr_enum, SHOW                                                                   \
    }
#define EXTRA_FLAGS                                                                                          \
    {                                                                                                        \
        "ExtraFlags", &ndr_u32, SHOW                                                                         \
    }
#define DOMAIN_PTR                                                                                           \
    {                                                                                                        \
        "DomainName", &ndr_wide, PTR_SHOW                                                                    \
    }
#define SITE_PTR                                                                                             \
    {                                                                                                        \
        "SiteName", &ndr_wide, PTR_SHOW                                                                      \
    }
#define GUID_PTR(name)                                                                                       \
    {                                                                                                        \
        name, &ndr_guid, PTR_SHOW                                                                            \
    }
#define CONTROL                                                                                              \
    SERVER, {"FunctionCode", &ndr_u32, SHOW},                                                                \
    {                                                                                                        \
        "QueryLevel", &ndr_u32, SHOW                                                                         \
    }
#define DATABASE                                                                                             \
    {"PrimaryName", &ndr_wide, SHOW}, COMPUTER, AUTHENTICATOR, RETURNED,                                     \
    {                                                                                                        \
        "DatabaseID", &ndr_u32, SHOW                                                                         \
    }
#define OUT_CONTROLLER    .out = NDR({"DomainControllerInfo", &controller, NDR_PTR})
#define OUT_AUTHENTICATOR .out = NDR(RETURNED)
#define OUT_NAME(name)    .out = NDR({name, &ndr_wide, PTR_SHOW})

static const struct ndr_operation operations[] = {
    {2, .in = NDR(LOGON, VALIDATION_LEVEL), .out = NDR({NULL, &authenticator, NDR_PTR}, VALIDATION)},
    {3, .in = NDR(LOGON), .out = NDR({NULL, &authenticator, NDR_PTR})},
    {4, .in = NDR(PRIMARY, COMPUTER, SECRET("ClientChallenge", credential)),
     .out = NDR(SECRET("ServerChallenge", credential))},
    {5, .in = NDR(PRIMARY, CHANNEL, SECRET("ClientCredential", credential)),
     .out = NDR(SECRET("ServerCredential", credential))},
    {6, .in = NDR(PRIMARY, CHANNEL, AUTHENTICATOR, SECRET("UasNewPassword", hash)), OUT_AUTHENTICATOR},
    {7, .in = NDR(DATABASE, {"DomainModifiedCount", &modified_count, SHOW}, {NULL, &ndr_u32})},
    {8, .in = NDR(DATABASE, {"SyncContext", &ndr_u32, SHOW}, {NULL, &ndr_u32})},
    {11, .in = NDR(SERVER_REF, DOMAIN_PTR), OUT_NAME("Buffer")},
    {12, .in = NDR(CONTROL)},
    {13, .in = NDR(SERVER, DOMAIN_PTR), OUT_NAME("Buffer")},
    {14, .in = NDR(CONTROL, {"Data", &control})},
    {15, .in = NDR(PRIMARY, CHANNEL, SECRET("ClientCredential", credential), NEGOTIATE),
     .out = NDR(SECRET("ServerCredential", credential), NEGOTIATE)},
    {16, .in = NDR(DATABASE, {"RestartState", &ndr_enum, SHOW}, {"SyncContext", &ndr_u32, SHOW},
                   {NULL, &ndr_u32})},
    {18, .in = NDR(CONTROL, {"Data", &control})},
    {19, .in = NDR(SERVER), .out = NDR({"DomainNameBuffer", &name_buffer})},
    {20, .in = NDR(COMPUTER_PTR, DOMAIN_PTR, GUID_PTR("DomainGuid"), GUID_PTR("SiteGuid"), FLAGS),
     OUT_CONTROLLER},
    {21, .in = NDR(SERVER_REF, COMPUTER_PTR, AUTHENTICATOR, RETURNED, {"QueryLevel", &ndr_u32, SHOW})},
    {23, .in = NDR(SERVER, DOMAIN_PTR), .out = NDR({"Rid", &ndr_u32, SHOW})},
    {26, .in = NDR(PRIMARY, CHANNEL, SECRET("ClientCredential", credential), NEGOTIATE),
     .out = NDR(SECRET("ServerCredential", credential), NEGOTIATE, {"AccountRid", &ndr_u32, SHOW})},
    {27, .in = NDR(COMPUTER_PTR, DOMAIN_PTR, GUID_PTR("DomainGuid"), SITE_PTR, FLAGS), OUT_CONTROLLER},
    {28, .in = NDR(COMPUTER_PTR), OUT_NAME("SiteName")},
    {29, .in = NDR(SERVER_REF, COMPUTER_PTR, AUTHENTICATOR, RETURNED, {"Level", &ndr_u32, SHOW}, NDR_REST)},
    {30, .in = NDR(PRIMARY, CHANNEL, AUTHENTICATOR, SECRET("ClearNewPassword", clear_password)),
     OUT_AUTHENTICATOR},
    {31, .in = NDR(PRIMARY, CHANNEL, AUTHENTICATOR),
     .out = NDR(RETURNED, SECRET("EncryptedNtOwfPassword", hash))},
    {34,
     .in = NDR(COMPUTER_PTR, {"AccountName", &ndr_wide, PTR_SHOW},
               {"AllowableAccountControlBits", &ndr_u32, SHOW}, DOMAIN_PTR, GUID_PTR("DomainGuid"), SITE_PTR,
               FLAGS),
     OUT_CONTROLLER},
    {39,
     .in = NDR({"LogonServer", &ndr_wide, PTR_SHOW}, COMPUTER_PTR, {"LogonLevel", &ndr_enum, SHOW},
               {"LogonInformation", &logon}, VALIDATION_LEVEL, EXTRA_FLAGS),
     .out = NDR(VALIDATION, EXTRA_FLAGS)},
    {40, .in = NDR(SERVER, FLAGS), .out = NDR({"Domains", &domain_trusts})},
    {41,
     .in = NDR(SERVER, {"DnsDomainName", &ndr_wide, PTR_SHOW}, GUID_PTR("DomainGuid"), GUID_PTR("DsaGuid"),
               {"DnsHostName", &ndr_wide, SHOW}),
     .out = NDR_NO_PARAMETERS},
    {42, .in = NDR({"TrustedDcName", &ndr_wide, PTR_SHOW}, CHANNEL, AUTHENTICATOR),
     .out = NDR(RETURNED, SECRET("EncryptedNewOwfPassword", hash), SECRET("EncryptedOldOwfPassword", hash))},
    {45, .in = NDR(LOGON, VALIDATION_LEVEL, EXTRA_FLAGS),
     .out = NDR({NULL, &authenticator, NDR_PTR}, VALIDATION, EXTRA_FLAGS)},
    {46, .in = NDR({"TrustedDcName", &ndr_wide, PTR_SHOW}, CHANNEL, AUTHENTICATOR),
     .out = NDR(RETURNED, SECRET("EncryptedNewOwfPassword", hash), SECRET("EncryptedOldOwfPassword", hash),
                NDR_REST)},
};

static const struct ndr_interface interfaces[] = {
    {RPC_UUID(12345678, 1234, abcd, ef00, 01234567cffb), NDR_OPERATIONS(operations)},
};

const struct ndr_interfaces ndr_netlogon = NDR_INTERFACES(interfaces);
