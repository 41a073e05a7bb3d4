/*
 * ndr_samr - arguments of account management (MS-SAMR 2.2, 3.1.5). Passwords and their hashes are told by
 * their fingerprints alone.
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

/* SAMPR_SR_SECURITY_DESCRIPTOR (2.2.7.1), SAMPR_LOGON_HOURS (2.2.6.5). */
static const struct ndr_type descriptor =
    NDR_STRUCT_OF({"Length", &ndr_u32, SHOW}, {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type logon_hours =
    NDR_STRUCT_OF({NULL, &ndr_u16}, {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT_VARYING});

/* ENCRYPTED_NT_OWF_PASSWORD (2.2.1.1), SAMPR_ENCRYPTED_USER_PASSWORD, its _NEW and _AES (2.2.6.21, .22, .32),
 * RPC_SHORT_BLOB (2.2.6.4). */
static const struct ndr_type hash = NDR_STRUCT_OF({NULL, &ndr_byte, NDR_VALUE, NDR_FIXED, 16});
static const struct ndr_type password = NDR_STRUCT_OF({NULL, &ndr_byte, NDR_VALUE, NDR_FIXED, 516});
static const struct ndr_type password_new = NDR_STRUCT_OF({NULL, &ndr_byte, NDR_VALUE, NDR_FIXED, 532});
static const struct ndr_type password_aes = NDR_STRUCT_OF(
    {NULL, &ndr_byte, 0, NDR_FIXED, 64}, {NULL, &ndr_byte, 0, NDR_FIXED, 16}, {NULL, &ndr_u32},
    {NULL, &ndr_byte, NDR_PTR | NDR_VALUE, NDR_CONFORMANT}, {"PBKDF2Iterations", &ndr_u64, SHOW});
static const struct ndr_type short_blob = NDR_STRUCT_OF(
    {NULL, &ndr_u16}, {NULL, &ndr_u16}, {NULL, &ndr_u16, NDR_PTR | NDR_VALUE, NDR_CONFORMANT_VARYING});

/* 2.2.3.9, 2.2.3.10: what enumerations return. */
static const struct ndr_type rid_name =
    NDR_STRUCT_OF({"RelativeId", &ndr_u32, SHOW}, {"Name", &STRING, SHOW});
static const struct ndr_type enumeration =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {"Buffer", &rid_name, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type numbers =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {"Element", &ndr_u32, PTR_SHOW, NDR_CONFORMANT});
static const struct ndr_type strings =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {"Element", &STRING, PTR_SHOW, NDR_CONFORMANT});
static const struct ndr_type sid_pointer = NDR_STRUCT_OF({"SidPointer", &ndr_sid, PTR_SHOW});
static const struct ndr_type sids =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {"Sids", &sid_pointer, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type membership = NDR_STRUCT_OF({"RelativeId", &ndr_u32, SHOW}, {NULL, &ndr_u32});
static const struct ndr_type memberships =
    NDR_STRUCT_OF({"MembershipCount", &ndr_u32, SHOW}, {"Groups", &membership, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type members =
    NDR_STRUCT_OF({"MemberCount", &ndr_u32, SHOW}, {"Members", &ndr_u32, PTR_SHOW, NDR_CONFORMANT},
                  {NULL, &ndr_u32, NDR_PTR, NDR_CONFORMANT});

/* DOMAIN_INFORMATION_CLASS (2.2.3.16). */
static const struct ndr_type domain_password =
    NDR_STRUCT_OF({"MinPasswordLength", &ndr_u16, SHOW}, {"PasswordHistoryLength", &ndr_u16, SHOW},
                  {"PasswordProperties", &ndr_u32, SHOW}, {"MaxPasswordAge", &ndr_time, SHOW},
                  {"MinPasswordAge", &ndr_time, SHOW});
#define DOMAIN_GENERAL                                                                                       \
    {"ForceLogoff", &ndr_time}, {"OemInformation", &STRING, SHOW}, {"DomainName", &STRING, SHOW},            \
        {"ReplicaSourceNodeName", &STRING, SHOW}, {"DomainModifiedCount", &ndr_time},                        \
        {"DomainServerState", &ndr_u32, SHOW}, {"DomainServerRole", &ndr_u32, SHOW}, {NULL, &ndr_u8},        \
        {"UserCount", &ndr_u32, SHOW}, {"GroupCount", &ndr_u32, SHOW},                                       \
    {                                                                                                        \
        "AliasCount", &ndr_u32, SHOW                                                                         \
    }
static const struct ndr_type domain_general = NDR_STRUCT_OF(DOMAIN_GENERAL);
static const struct ndr_type domain_logoff = NDR_STRUCT_OF({"ForceLogoff", &ndr_time, SHOW});
static const struct ndr_type domain_oem = NDR_STRUCT_OF({"OemInformation", &STRING, SHOW});
static const struct ndr_type domain_name = NDR_STRUCT_OF({"DomainName", &STRING, SHOW});
static const struct ndr_type domain_replication = NDR_STRUCT_OF({"ReplicaSourceNodeName", &STRING, SHOW});
static const struct ndr_type domain_role = NDR_STRUCT_OF({"DomainServerRole", &ndr_enum, SHOW});
static const struct ndr_type domain_modified =
    NDR_STRUCT_OF({"DomainModifiedCount", &ndr_time}, {"CreationTime", &ndr_time, SHOW});
static const struct ndr_type domain_state = NDR_STRUCT_OF({"DomainServerState", &ndr_enum, SHOW});
#define DOMAIN_LOCKOUT                                                                                       \
    {"LockoutDuration", &ndr_time64, SHOW}, {"LockoutObservationWindow", &ndr_time64, SHOW},                 \
    {                                                                                                        \
        "LockoutThreshold", &ndr_u16, SHOW                                                                   \
    }
static const struct ndr_type domain_lockout = NDR_STRUCT_OF(DOMAIN_LOCKOUT);
static const struct ndr_type domain_general2 = NDR_STRUCT_OF({"I1", &domain_general}, DOMAIN_LOCKOUT);
static const struct ndr_type domain_modified2 =
    NDR_STRUCT_OF({"DomainModifiedCount", &ndr_time}, {"CreationTime", &ndr_time, SHOW}, {NULL, &ndr_time});
static const struct ndr_type domain_information = NDR_UNION_OF(
    ndr_enum, NDR_CASE(1, "Password", domain_password, 0), NDR_CASE(2, "General", domain_general, 0),
    NDR_CASE(3, "Logoff", domain_logoff, 0), NDR_CASE(4, "Oem", domain_oem, 0),
    NDR_CASE(5, "Name", domain_name, 0), NDR_CASE(6, "Replication", domain_replication, 0),
    NDR_CASE(7, "Role", domain_role, 0), NDR_CASE(8, "Modified", domain_modified, 0),
    NDR_CASE(9, "State", domain_state, 0), NDR_CASE(11, "General2", domain_general2, 0),
    NDR_CASE(12, "Lockout", domain_lockout, 0), NDR_CASE(13, "Modified2", domain_modified2, 0));

/* GROUP_INFORMATION_CLASS, ALIAS_INFORMATION_CLASS (2.2.4, 2.2.5). */
static const struct ndr_type group_general =
    NDR_STRUCT_OF({"Name", &STRING, SHOW}, {"Attributes", &ndr_u32, SHOW}, {"MemberCount", &ndr_u32, SHOW},
                  {"AdminComment", &STRING, SHOW});
static const struct ndr_type group_attributes = NDR_STRUCT_OF({"Attributes", &ndr_u32, SHOW});
static const struct ndr_type group_information =
    NDR_UNION_OF(ndr_enum, NDR_CASE(1, "General", group_general, 0), NDR_CASE(2, "Name", STRING, SHOW),
                 NDR_CASE(3, "Attribute", group_attributes, 0), NDR_CASE(4, "AdminComment", STRING, SHOW),
                 NDR_CASE(5, "DoNotUse", group_general, 0));
static const struct ndr_type alias_general =
    NDR_STRUCT_OF({"Name", &STRING, SHOW}, {"MemberCount", &ndr_u32, SHOW}, {"AdminComment", &STRING, SHOW});
static const struct ndr_type alias_information =
    NDR_UNION_OF(ndr_enum, NDR_CASE(1, "General", alias_general, 0), NDR_CASE(2, "Name", STRING, SHOW),
                 NDR_CASE(3, "AdminComment", STRING, SHOW));

/* USER_INFORMATION_CLASS (2.2.6). */
static const struct ndr_type user_general = NDR_STRUCT_OF(
    {"UserName", &STRING, SHOW}, {"FullName", &STRING, SHOW}, {"PrimaryGroupId", &ndr_u32, SHOW},
    {"AdminComment", &STRING, SHOW}, {"UserComment", &STRING, SHOW});
static const struct ndr_type user_preferences =
    NDR_STRUCT_OF({"UserComment", &STRING, SHOW}, {NULL, &STRING}, {NULL, &ndr_u16}, {NULL, &ndr_u16});
#define USER_HOME                                                                                            \
    {"HomeDirectory", &STRING, SHOW}, {"HomeDirectoryDrive", &STRING}, {"ScriptPath", &STRING, SHOW},        \
    {                                                                                                        \
        "ProfilePath", &STRING, SHOW                                                                         \
    }
#define USER_IDS                                                                                             \
    {"UserName", &STRING, SHOW}, {"FullName", &STRING, SHOW}, {"UserId", &ndr_u32, SHOW},                    \
    {                                                                                                        \
        "PrimaryGroupId", &ndr_u32, SHOW                                                                     \
    }
static const struct ndr_type user_logon = NDR_STRUCT_OF(
    USER_IDS, USER_HOME, {"WorkStations", &STRING, SHOW}, {"LastLogon", &ndr_time, SHOW},
    {"LastLogoff", &ndr_time}, {"PasswordLastSet", &ndr_time, SHOW}, {"PasswordCanChange", &ndr_time},
    {"PasswordMustChange", &ndr_time, SHOW}, {NULL, &logon_hours}, {"BadPasswordCount", &ndr_u16, SHOW},
    {"LogonCount", &ndr_u16, SHOW}, {"UserAccountControl", &ndr_u32, SHOW});
static const struct ndr_type user_account =
    NDR_STRUCT_OF(USER_IDS, USER_HOME, {"AdminComment", &STRING, SHOW}, {"WorkStations", &STRING, SHOW},
                  {"LastLogon", &ndr_time, SHOW}, {"LastLogoff", &ndr_time}, {NULL, &logon_hours},
                  {"BadPasswordCount", &ndr_u16, SHOW}, {"LogonCount", &ndr_u16, SHOW},
                  {"PasswordLastSet", &ndr_time, SHOW}, {"AccountExpires", &ndr_time, SHOW},
                  {"UserAccountControl", &ndr_u32, SHOW});
static const struct ndr_type user_names =
    NDR_STRUCT_OF({"UserName", &STRING, SHOW}, {"FullName", &STRING, SHOW});
static const struct ndr_type user_home =
    NDR_STRUCT_OF({"HomeDirectory", &STRING, SHOW}, {"HomeDirectoryDrive", &STRING, SHOW});
static const struct ndr_type user_group = NDR_STRUCT_OF({"PrimaryGroupId", &ndr_u32, SHOW});
static const struct ndr_type user_control = NDR_STRUCT_OF({"UserAccountControl", &ndr_u32, SHOW});
static const struct ndr_type user_expires = NDR_STRUCT_OF({"AccountExpires", &ndr_time, SHOW});
static const struct ndr_type user_internal1 = NDR_STRUCT_OF(
    {"EncryptedNtOwfPassword", &hash, NDR_SECRET}, {"EncryptedLmOwfPassword", &hash, NDR_SECRET},
    {NULL, &ndr_u8}, {NULL, &ndr_u8}, {"PasswordExpired", &ndr_u8, SHOW});
static const struct ndr_type user_internal2 =
    NDR_STRUCT_OF({NULL, &ndr_time}, {NULL, &ndr_time}, {NULL, &ndr_u16}, {NULL, &ndr_u16});
static const struct ndr_type user_parameters = NDR_STRUCT_OF({"Parameters", &STRING, NDR_SECRET});
/* SAMPR_USER_ALL_INFORMATION (2.2.6.6). */
static const struct ndr_type user_all = NDR_STRUCT_OF(
    {"LastLogon", &ndr_time, SHOW | NDR_NONZERO}, {"LastLogoff", &ndr_time},
    {"PasswordLastSet", &ndr_time, SHOW | NDR_NONZERO}, {"AccountExpires", &ndr_time, SHOW | NDR_NONZERO},
    {"PasswordCanChange", &ndr_time}, {"PasswordMustChange", &ndr_time},
    {"UserName", &STRING, SHOW | NDR_NONZERO}, {"FullName", &STRING, SHOW | NDR_NONZERO},
    {"HomeDirectory", &STRING, SHOW | NDR_NONZERO}, {"HomeDirectoryDrive", &STRING},
    {"ScriptPath", &STRING, SHOW | NDR_NONZERO}, {"ProfilePath", &STRING, SHOW | NDR_NONZERO},
    {"AdminComment", &STRING, SHOW | NDR_NONZERO}, {"WorkStations", &STRING, SHOW | NDR_NONZERO},
    {"UserComment", &STRING, SHOW | NDR_NONZERO}, {"Parameters", &STRING},
    {"LmOwfPassword", &short_blob, NDR_SECRET}, {"NtOwfPassword", &short_blob, NDR_SECRET},
    {"PrivateData", &STRING}, {NULL, &descriptor}, {"UserId", &ndr_u32, SHOW},
    {"PrimaryGroupId", &ndr_u32, SHOW}, {"UserAccountControl", &ndr_u32, SHOW},
    {"WhichFields", &ndr_u32, SHOW}, {NULL, &logon_hours}, {"BadPasswordCount", &ndr_u16, SHOW},
    {"LogonCount", &ndr_u16, SHOW}, {NULL, &ndr_u16}, {NULL, &ndr_u16}, {NULL, &ndr_u8}, {NULL, &ndr_u8},
    {"PasswordExpired", &ndr_u8, SHOW}, {NULL, &ndr_u8});
static const struct ndr_type user_internal4 =
    NDR_STRUCT_OF({"I1", &user_all}, {"UserPassword", &password, NDR_SECRET});
static const struct ndr_type user_internal4_new =
    NDR_STRUCT_OF({"I1", &user_all}, {"UserPassword", &password_new, NDR_SECRET});
static const struct ndr_type user_internal5 =
    NDR_STRUCT_OF({"UserPassword", &password, NDR_SECRET}, {"PasswordExpired", &ndr_u8, SHOW});
static const struct ndr_type user_internal5_new =
    NDR_STRUCT_OF({"UserPassword", &password_new, NDR_SECRET}, {"PasswordExpired", &ndr_u8, SHOW});
static const struct ndr_type user_internal7 =
    NDR_STRUCT_OF({"UserPassword", &password_aes, NDR_SECRET}, {"PasswordExpired", &ndr_u8, SHOW});
static const struct ndr_type user_internal8 =
    NDR_STRUCT_OF({"I1", &user_all}, {"UserPassword", &password_aes, NDR_SECRET});
static const struct ndr_type user_information = NDR_UNION_OF(
    ndr_enum, NDR_CASE(1, "General", user_general, 0), NDR_CASE(2, "Preferences", user_preferences, 0),
    NDR_CASE(3, "Logon", user_logon, 0), NDR_CASE(4, "LogonHours", logon_hours, 0),
    NDR_CASE(5, "Account", user_account, 0), NDR_CASE(6, "Name", user_names, 0),
    NDR_CASE(7, "AccountName", STRING, SHOW), NDR_CASE(8, "FullName", STRING, SHOW),
    NDR_CASE(9, "PrimaryGroup", user_group, 0), NDR_CASE(10, "Home", user_home, 0),
    NDR_CASE(11, "Script", STRING, SHOW), NDR_CASE(12, "Profile", STRING, SHOW),
    NDR_CASE(13, "AdminComment", STRING, SHOW), NDR_CASE(14, "WorkStations", STRING, SHOW),
    NDR_CASE(16, "Control", user_control, 0), NDR_CASE(17, "Expires", user_expires, 0),
    NDR_CASE(18, "Internal1", user_internal1, 0), NDR_CASE(19, "Internal2", user_internal2, 0),
    NDR_CASE(20, "Parameters", user_parameters, 0), NDR_CASE(21, "All", user_all, 0),
    NDR_CASE(23, "Internal4", user_internal4, 0), NDR_CASE(24, "Internal5", user_internal5, 0),
    NDR_CASE(25, "Internal4New", user_internal4_new, 0), NDR_CASE(26, "Internal5New", user_internal5_new, 0),
    NDR_CASE(31, "Internal7", user_internal7, 0), NDR_CASE(32, "Internal8", user_internal8, 0));

/* DOMAIN_DISPLAY_INFORMATION (2.2.8). */
#define DISPLAY_HEAD                                                                                         \
    {NULL, &ndr_u32}, {"Rid", &ndr_u32, SHOW}, {"AccountControl", &ndr_u32, SHOW},                           \
    {                                                                                                        \
        "AccountName", &STRING, SHOW                                                                         \
    }
static const struct ndr_type display_user =
    NDR_STRUCT_OF(DISPLAY_HEAD, {"AdminComment", &STRING}, {"FullName", &STRING});
static const struct ndr_type display_machine = NDR_STRUCT_OF(DISPLAY_HEAD, {"AdminComment", &STRING});
static const struct ndr_type display_oem =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {"OemAccountName", &ndr_ansi_string, SHOW});
#define DISPLAY_LIST(of)                                                                                     \
    NDR_STRUCT_OF({"EntriesRead", &ndr_u32, SHOW}, {"Buffer", &of, NDR_PTR, NDR_CONFORMANT})
static const struct ndr_type display_users = DISPLAY_LIST(display_user);
static const struct ndr_type display_machines = DISPLAY_LIST(display_machine);
static const struct ndr_type display_oems = DISPLAY_LIST(display_oem);
static const struct ndr_type display = NDR_UNION_OF(
    ndr_enum, NDR_CASE(1, "UserInformation", display_users, 0),
    NDR_CASE(2, "MachineInformation", display_machines, 0),
    NDR_CASE(3, "GroupInformation", display_machines, 0), NDR_CASE(4, "OemUserInformation", display_oems, 0),
    NDR_CASE(5, "OemGroupInformation", display_oems, 0));

/* SAMPR_REVISION_INFO (2.2.7.15), VALIDATE_PASSWORD (2.2.9). */
static const struct ndr_type revision_1 =
    NDR_STRUCT_OF({"Revision", &ndr_u32}, {"SupportedFeatures", &ndr_u32});
static const struct ndr_type revision = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", revision_1, 0));

#define NAME                                                                                                 \
    {                                                                                                        \
        "Name", &STRING, SHOW                                                                                \
    }
#define SECRET_PTR(name, type)                                                                               \
    {                                                                                                        \
        name, &type, NDR_PTR | NDR_SECRET                                                                    \
    }
/* A resume handle, and how much is asked for at once. */
#define ENUMERATE                                                                                            \
    H, {"EnumerationContext", &ndr_u32},                                                                     \
    {                                                                                                        \
        NULL, &ndr_u32                                                                                       \
    }
#define ENUMERATED                                                                                           \
    .out = NDR({NULL, &ndr_u32}, {"Buffer", &enumeration, NDR_PTR}, {"CountReturned", &ndr_u32, SHOW})
#define OPEN(rid)   .in = NDR(H, ACCESS, {rid, &ndr_u32, SHOW}), .out = NDR(H)
#define IN_HANDLE   .in = NDR(H)
#define OUT_NOTHING .out = NDR_NO_PARAMETERS
#define OUT_HANDLE  .out = NDR(H)
#define QUERY(class, buffer, information)                                                                    \
    .in = NDR(H, {class, &ndr_enum, SHOW}), .out = NDR({buffer, &information, NDR_PTR})
#define SET(class, buffer, information)                                                                      \
    .in = NDR(H, {class, &ndr_enum, SHOW}, {buffer, &information}), .out = NDR_NO_PARAMETERS
#define QUERY_DISPLAY                                                                                        \
    .in = NDR(H, {"DisplayInformationClass", &ndr_enum, SHOW}, {"Index", &ndr_u32, SHOW},                    \
              {"EntryCount", &ndr_u32, SHOW}, {NULL, &ndr_u32}),                                             \
    .out = NDR({"TotalAvailable", &ndr_u32, SHOW}, {NULL, &ndr_u32}, {"Buffer", &display})
#define GET_INDEX                                                                                            \
    .in = NDR(H, {"DisplayInformationClass", &ndr_enum, SHOW}, {"Prefix", &STRING, SHOW}),                   \
    .out = NDR({"Index", &ndr_u32, SHOW})

/* 3.1.5.10: the old password's hash under the new one and the other way round, all of them secrets. */
#define CHANGE_HASHES                                                                                        \
    {"LmPresent", &ndr_u8}, SECRET_PTR("OldLmEncryptedWithNewLm", hash),                                     \
        SECRET_PTR("NewLmEncryptedWithOldLm", hash), {"NtPresent", &ndr_u8},                                 \
        SECRET_PTR("OldNtEncryptedWithNewNt", hash), SECRET_PTR("NewNtEncryptedWithOldNt", hash),            \
        {"NtCrossEncryptionPresent", &ndr_u8}, SECRET_PTR("NewNtEncryptedWithNewLm", hash),                  \
        {"LmCrossEncryptionPresent", &ndr_u8}, SECRET_PTR("NewLmEncryptedWithNewNt", hash)
#define CHANGE_UNICODE                                                                                       \
    {"ServerName", &STRING, PTR_SHOW}, {"UserName", &STRING, SHOW},                                          \
        SECRET_PTR("NewPasswordEncryptedWithOldNt", password),                                               \
        SECRET_PTR("OldNtOwfPasswordEncryptedWithNewNt", hash), {"LmPresent", &ndr_u8},                      \
        SECRET_PTR("NewPasswordEncryptedWithOldLm", password),                                               \
        SECRET_PTR("OldLmOwfPasswordEncryptedWithNewNt", hash)

static const struct ndr_operation operations[] = {
    {0, .in = NDR({"ServerName", &ndr_wchar, NDR_PTR}, ACCESS), OUT_HANDLE},
    {1, IN_HANDLE, OUT_HANDLE},
    {2, .in = NDR(H, {"SecurityInformation", &ndr_u32, SHOW}, {"SecurityDescriptor", &descriptor}),
     OUT_NOTHING},
    {3, .in = NDR(H, {"SecurityInformation", &ndr_u32, SHOW}),
     .out = NDR({"SecurityDescriptor", &descriptor, NDR_PTR})},
    {5, .in = NDR(H, NAME), .out = NDR({"DomainId", &ndr_sid, PTR_SHOW})},
    {6, .in = NDR(ENUMERATE), ENUMERATED},
    {7, .in = NDR(H, ACCESS, {"DomainId", &ndr_sid, SHOW}), OUT_HANDLE},
    {8, QUERY("DomainInformationClass", "Buffer", domain_information)},
    {9, SET("DomainInformationClass", "DomainInformation", domain_information)},
    {10, .in = NDR(H, NAME, ACCESS), .out = NDR(H, {"RelativeId", &ndr_u32, SHOW})},
    {11, .in = NDR(ENUMERATE), ENUMERATED},
    {12, .in = NDR(H, NAME, ACCESS), .out = NDR(H, {"RelativeId", &ndr_u32, SHOW})},
    {13,
     .in = NDR(H, {"EnumerationContext", &ndr_u32}, {"UserAccountControl", &ndr_u32, SHOW}, {NULL, &ndr_u32}),
     ENUMERATED},
    {14, .in = NDR(H, {"AccountName", &STRING, SHOW}, ACCESS), .out = NDR(H, {"RelativeId", &ndr_u32, SHOW})},
    {15, .in = NDR(ENUMERATE), ENUMERATED},
    {16, .in = NDR(H, {"SidArray", &sids}), .out = NDR({"Membership", &numbers})},
    {17, .in = NDR(H, {"Count", &ndr_u32, SHOW}, {"Names", &STRING, SHOW, NDR_CONFORMANT_VARYING}),
     .out = NDR({"RelativeIds", &numbers}, {"Use", &numbers})},
    {18, .in = NDR(H, {"Count", &ndr_u32, SHOW}, {"RelativeIds", &ndr_u32, SHOW, NDR_CONFORMANT_VARYING}),
     .out = NDR({"Names", &strings}, {"Use", &numbers})},
    {19, OPEN("GroupId")},
    {20, QUERY("GroupInformationClass", "Buffer", group_information)},
    {21, SET("GroupInformationClass", "Buffer", group_information)},
    {22, .in = NDR(H, {"MemberId", &ndr_u32, SHOW}, {"Attributes", &ndr_u32, SHOW}), OUT_NOTHING},
    {23, IN_HANDLE, OUT_HANDLE},
    {24, .in = NDR(H, {"MemberId", &ndr_u32, SHOW}), OUT_NOTHING},
    {25, IN_HANDLE, .out = NDR({"Members", &members, NDR_PTR})},
    {26, .in = NDR(H, {"MemberId", &ndr_u32, SHOW}, {"Attributes", &ndr_u32, SHOW}), OUT_NOTHING},
    {27, OPEN("AliasId")},
    {28, QUERY("AliasInformationClass", "Buffer", alias_information)},
    {29, SET("AliasInformationClass", "Buffer", alias_information)},
    {30, IN_HANDLE, OUT_HANDLE},
    {31, .in = NDR(H, {"MemberId", &ndr_sid, SHOW}), OUT_NOTHING},
    {32, .in = NDR(H, {"MemberId", &ndr_sid, SHOW}), OUT_NOTHING},
    {33, IN_HANDLE, .out = NDR({"Members", &sids})},
    {34, OPEN("UserId")},
    {35, IN_HANDLE, OUT_HANDLE},
    {36, QUERY("UserInformationClass", "Buffer", user_information)},
    {37, SET("UserInformationClass", "Buffer", user_information)},
    {38, .in = NDR(H, CHANGE_HASHES), OUT_NOTHING},
    {39, IN_HANDLE, .out = NDR({"Groups", &memberships, NDR_PTR})},
    {40, QUERY_DISPLAY},
    {41, GET_INDEX},
    {44, IN_HANDLE, .out = NDR({"MinPasswordLength", &ndr_u16, SHOW}, {NULL, &ndr_u32})},
    {45, .in = NDR(H, {"MemberSid", &ndr_sid, SHOW}), OUT_NOTHING},
    {46, QUERY("DomainInformationClass", "Buffer", domain_information)},
    {47, QUERY("UserInformationClass", "Buffer", user_information)},
    {48, QUERY_DISPLAY},
    {49, GET_INDEX},
    {50, .in = NDR(H, NAME, {"AccountType", &ndr_u32, SHOW}, ACCESS),
     .out = NDR(H, {"GrantedAccess", &ndr_u32, SHOW}, {"RelativeId", &ndr_u32, SHOW})},
    {51, QUERY_DISPLAY},
    {52, .in = NDR(H, {"MembersBuffer", &sids}), OUT_NOTHING},
    {53, .in = NDR(H, {"MembersBuffer", &sids}), OUT_NOTHING},
    {54,
     .in = NDR({"ServerName", &ndr_ansi_string, PTR_SHOW}, {"UserName", &ndr_ansi_string, SHOW},
               SECRET_PTR("NewPasswordEncryptedWithOldLm", password),
               SECRET_PTR("OldLmOwfPasswordEncryptedWithNewLm", hash)),
     OUT_NOTHING},
    {55, .in = NDR(CHANGE_UNICODE), OUT_NOTHING},
    {56, .in = NDR({"Unused", &STRING, PTR_SHOW}),
     .out = NDR({"MinPasswordLength", &ndr_u16, SHOW}, {NULL, &ndr_u32})},
    {57, .in = NDR({"ServerName", &ndr_wide, PTR_SHOW}, ACCESS), OUT_HANDLE},
    {58, SET("UserInformationClass", "Buffer", user_information)},
    {62, .in = NDR({"ServerName", &ndr_wide, PTR_SHOW}, {NULL, &ndr_u32}, ACCESS), OUT_HANDLE},
    /* Not in MS-SAMR; what Samba's clients call. */
    {63, .in = NDR(CHANGE_UNICODE, SECRET_PTR("NewPasswordEncryptedWithOldNt3", password)), .out = NULL},
    {64, .in = NDR({"ServerName", &ndr_wide, PTR_SHOW}, ACCESS, {NULL, &ndr_u32}, {NULL, &revision}),
     .out = NDR({NULL, &ndr_u32}, {NULL, &revision}, H)},
    {65, .in = NDR(H, {"Rid", &ndr_u32, SHOW}), .out = NDR({"Sid", &ndr_sid, PTR_SHOW})},
    {66,
     .in = NDR({"Unused", &STRING, NDR_PTR}, {"UserId", &ndr_u32, SHOW},
               SECRET_PTR("EncryptedNtOwfPassword", hash)),
     OUT_NOTHING},
    {67, .in = NDR({"ValidationType", &ndr_enum, SHOW}, NDR_REST)},
    {73,
     .in = NDR({"ServerName", &STRING, PTR_SHOW}, {"UserName", &STRING, SHOW},
               {"EncryptedPassword", &password_aes, NDR_SECRET}),
     OUT_NOTHING},
};

static const struct ndr_interface interfaces[] = {
    {RPC_UUID(12345778, 1234, abcd, ef00, 0123456789ac), NDR_OPERATIONS(operations)},
};

const struct ndr_interfaces ndr_samr = NDR_INTERFACES(interfaces);
