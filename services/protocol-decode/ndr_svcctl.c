/*
 * ndr_svcctl - arguments of the service control manager (MS-SCMR 3.1.4): what is installed, changed, started,
 * under which account. Passwords are told by their fingerprints.
 */
#include "services/protocol-decode/ndr_interfaces.h"

#define SHOW     NDR_SHOW
#define PTR_SHOW (NDR_PTR | NDR_SHOW)
#define H        NDR_SKIP_HANDLE

/* SERVICE_STATUS (2.2.47). */
static const struct ndr_type status =
    NDR_STRUCT_OF({"dwServiceType", &ndr_u32, SHOW}, {"dwCurrentState", &ndr_u32, SHOW}, {NULL, &ndr_u32},
                  {"dwWin32ExitCode", &ndr_u32, SHOW}, {NULL, &ndr_u32}, {NULL, &ndr_u32}, {NULL, &ndr_u32});

/* QUERY_SERVICE_CONFIGW and its ANSI form (2.2.15, 2.2.14). */
#define CONFIGURATION(text)                                                                                  \
    NDR_STRUCT_OF({"dwServiceType", &ndr_u32, SHOW}, {"dwStartType", &ndr_u32, SHOW},                        \
                  {"dwErrorControl", &ndr_u32}, {"lpBinaryPathName", &text, PTR_SHOW},                       \
                  {NULL, &text, NDR_PTR}, {NULL, &ndr_u32}, {NULL, &text, NDR_PTR},                          \
                  {"lpServiceStartName", &text, PTR_SHOW}, {"lpDisplayName", &text, PTR_SHOW})
static const struct ndr_type config_w = CONFIGURATION(ndr_wide);
static const struct ndr_type config_a = CONFIGURATION(ndr_string);

/* SC_RPC_CONFIG_INFOW and its ANSI form (2.2.22, 2.2.21). */
static const struct ndr_type action = NDR_STRUCT_OF({"Type", &ndr_u32, SHOW}, {"Delay", &ndr_u32, SHOW});
static const struct ndr_type one_number = NDR_STRUCT_OF({"value", &ndr_u32, NDR_VALUE});
static const struct ndr_type privileges =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT});
#define DESCRIPTION(text) NDR_STRUCT_OF({"lpDescription", &text, PTR_SHOW})
#define FAILURE(text)                                                                                        \
    NDR_STRUCT_OF({"dwResetPeriod", &ndr_u32}, {"lpRebootMsg", &text, PTR_SHOW},                             \
                  {"lpCommand", &text, PTR_SHOW}, {NULL, &ndr_u32},                                          \
                  {"lpsaActions", &action, NDR_PTR, NDR_CONFORMANT})
static const struct ndr_type description_w = DESCRIPTION(ndr_wide);
static const struct ndr_type description_a = DESCRIPTION(ndr_string);
static const struct ndr_type failure_w = FAILURE(ndr_wide);
static const struct ndr_type failure_a = FAILURE(ndr_string);
#define CONFIG_INFO(description, failure)                                                                    \
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, "psd", description, NDR_PTR), NDR_CASE(2, "psfa", failure, NDR_PTR),   \
                 NDR_CASE(3, "psda", one_number, PTR_SHOW), NDR_CASE(4, "psfaf", one_number, PTR_SHOW),      \
                 NDR_CASE(5, "pssid", one_number, PTR_SHOW), NDR_CASE(6, "psrp", privileges, NDR_PTR),       \
                 NDR_CASE(7, "psps", one_number, PTR_SHOW), NDR_DEFAULT_UNKNOWN)
static const struct ndr_type config_info_w = CONFIG_INFO(description_w, failure_w);
static const struct ndr_type config_info_a = CONFIG_INFO(description_a, failure_a);
static const struct ndr_type config2_w =
    NDR_STRUCT_OF({"dwInfoLevel", &ndr_u32, SHOW}, {NULL, &config_info_w});
static const struct ndr_type config2_a =
    NDR_STRUCT_OF({"dwInfoLevel", &ndr_u32, SHOW}, {NULL, &config_info_a});

/* SERVICE_CONTROL_STATUS_REASON_IN_PARAMSW (2.2.31, 2.2.30). */
#define REASON(text) NDR_STRUCT_OF({"dwReason", &ndr_u32, SHOW}, {"pszComment", &text, PTR_SHOW})
static const struct ndr_type reason_w = REASON(ndr_wide);
static const struct ndr_type reason_a = REASON(ndr_string);
static const struct ndr_type control_w =
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, "psrInParams", reason_w, NDR_PTR), NDR_DEFAULT_UNKNOWN);
static const struct ndr_type control_a =
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, "psrInParams", reason_a, NDR_PTR), NDR_DEFAULT_UNKNOWN);

#define NUMBER(name)                                                                                         \
    {                                                                                                        \
        name, &ndr_u32, SHOW                                                                                 \
    }
#define SKIP_PTR                                                                                             \
    {                                                                                                        \
        NULL, &ndr_u32, NDR_PTR                                                                              \
    }
#define BUFFER                                                                                               \
    {                                                                                                        \
        NULL, &ndr_byte, 0, NDR_CONFORMANT                                                                   \
    }
#define DEPENDENCIES                                                                                         \
    {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT},                                                              \
    {                                                                                                        \
        NULL, &ndr_u32                                                                                       \
    }
#define PASSWORD                                                                                             \
    {"lpPassword", &ndr_byte, NDR_PTR | NDR_SECRET, NDR_CONFORMANT},                                         \
    {                                                                                                        \
        NULL, &ndr_u32                                                                                       \
    }
#define KINDS NUMBER("dwServiceType"), NUMBER("dwStartType"), NUMBER("dwErrorControl")

/* The operations of an ANSI form and of its wide one differ in their characters only. */
#define OUT_HANDLE  .out = NDR(H)
#define OUT_NOTHING .out = NDR_NO_PARAMETERS
#define OUT_STATUS  .out = NDR({"lpServiceStatus", &status})
#define CHANGE_CONFIG(text)                                                                                  \
    .in = NDR(H, KINDS, {"lpBinaryPathName", &text, PTR_SHOW}, {"lpLoadOrderGroup", &text, NDR_PTR},         \
              SKIP_PTR, DEPENDENCIES, {"lpServiceStartName", &text, PTR_SHOW}, PASSWORD,                     \
              {"lpDisplayName", &text, PTR_SHOW}),                                                           \
    .out = NDR(SKIP_PTR)
#define CREATE(text)                                                                                         \
    .in = NDR(H, {"lpServiceName", &text, SHOW}, {"lpDisplayName", &text, PTR_SHOW},                         \
              NUMBER("dwDesiredAccess"), KINDS, {"lpBinaryPathName", &text, SHOW},                           \
              {"lpLoadOrderGroup", &text, NDR_PTR}, SKIP_PTR, DEPENDENCIES,                                  \
              {"lpServiceStartName", &text, PTR_SHOW}, PASSWORD),                                            \
    .out = NDR(SKIP_PTR, H)
#define ENUM_DEPENDENT                                                                                       \
    .in = NDR(H, NUMBER("dwServiceState"), NDR_SKIP_U32),                                                    \
    .out = NDR(BUFFER, NDR_SKIP_U32, NUMBER("lpServicesReturned"))
#define ENUM_SERVICES                                                                                        \
    .in = NDR(H, NUMBER("dwServiceType"), NUMBER("dwServiceState"), NDR_SKIP_U32, SKIP_PTR),                 \
    .out = NDR(BUFFER, NDR_SKIP_U32, NUMBER("lpServicesReturned"), SKIP_PTR)
#define OPEN_MANAGER(text)                                                                                   \
    .in = NDR({"lpMachineName", &text, PTR_SHOW}, {"lpDatabaseName", &text, PTR_SHOW},                       \
              NUMBER("dwDesiredAccess")),                                                                    \
    OUT_HANDLE
#define OPEN_SERVICE(text) .in = NDR(H, {"lpServiceName", &text, SHOW}, NUMBER("dwDesiredAccess")), OUT_HANDLE
#define QUERY_CONFIG(config)                                                                                 \
    .in = NDR(H, NDR_SKIP_U32), .out = NDR({"lpServiceConfig", &config}, NDR_SKIP_U32)
#define START(text)                                                                                          \
    .in = NDR(H, NUMBER("argc"), {"argv", &text, PTR_SHOW | NDR_ITEM_PTR, NDR_CONFORMANT}), OUT_NOTHING
#define DISPLAY_NAME(text)                                                                                   \
    .in = NDR(H, {"lpServiceName", &text, SHOW}, NDR_SKIP_U32),                                              \
    .out = NDR({"lpDisplayName", &text, SHOW}, NDR_SKIP_U32)
#define KEY_NAME(text)                                                                                       \
    .in = NDR(H, {"lpDisplayName", &text, SHOW}, NDR_SKIP_U32),                                              \
    .out = NDR({"lpServiceName", &text, SHOW}, NDR_SKIP_U32)
#define QUERY_CONFIG2 .in = NDR(H, NUMBER("dwInfoLevel"), NDR_SKIP_U32), .out = NDR(BUFFER, NDR_SKIP_U32)
#define ENUM_EX(text)                                                                                        \
    .in = NDR(H, {"InfoLevel", &ndr_enum, SHOW}, NUMBER("dwServiceType"), NUMBER("dwServiceState"),          \
              NDR_SKIP_U32, SKIP_PTR, {"pszGroupName", &text, PTR_SHOW}),                                    \
    .out = NDR(BUFFER, NDR_SKIP_U32, NUMBER("lpServicesReturned"), SKIP_PTR)
#define CONTROL_EX(control)                                                                                  \
    .in = NDR(H, NUMBER("dwControl"), NUMBER("dwInfoLevel"), {"pControlInParams", &control})

static const struct ndr_operation operations[] = {
    {0, .in = NDR(H), OUT_HANDLE},
    {1, .in = NDR(H, NUMBER("dwControl")), OUT_STATUS},
    {2, .in = NDR(H), OUT_NOTHING},
    {3, .in = NDR(H), OUT_HANDLE},
    {4, .in = NDR(H, NUMBER("dwSecurityInformation"), NDR_SKIP_U32), .out = NDR(BUFFER, NDR_SKIP_U32)},
    {5, .in = NDR(H, NUMBER("dwSecurityInformation"), BUFFER, NDR_SKIP_U32), OUT_NOTHING},
    {6, .in = NDR(H), OUT_STATUS},
    {7, .in = NDR(H, {"lpServiceStatus", &status}), OUT_NOTHING},
    {11, CHANGE_CONFIG(ndr_wide)},
    {12, CREATE(ndr_wide)},
    {13, ENUM_DEPENDENT},
    {14, ENUM_SERVICES},
    {15, OPEN_MANAGER(ndr_wide)},
    {16, OPEN_SERVICE(ndr_wide)},
    {17, QUERY_CONFIG(config_w)},
    {18, .in = NDR(H, NDR_SKIP_U32)},
    {19, START(ndr_wide)},
    {20, DISPLAY_NAME(ndr_wide)},
    {21, KEY_NAME(ndr_wide)},
    {23, CHANGE_CONFIG(ndr_string)},
    {24, CREATE(ndr_string)},
    {25, ENUM_DEPENDENT},
    {26, ENUM_SERVICES},
    {27, OPEN_MANAGER(ndr_string)},
    {28, OPEN_SERVICE(ndr_string)},
    {29, QUERY_CONFIG(config_a)},
    {30, .in = NDR(H, NDR_SKIP_U32)},
    {31, START(ndr_string)},
    {32, DISPLAY_NAME(ndr_string)},
    {33, KEY_NAME(ndr_string)},
    {35,
     .in = NDR(H, NUMBER("dwServiceType"), NUMBER("dwServiceState"), NDR_SKIP_U32, SKIP_PTR,
               {"pszGroupName", &ndr_wide, PTR_SHOW}),
     .out = NDR(BUFFER, NDR_SKIP_U32, NUMBER("lpServicesReturned"), SKIP_PTR)},
    {36, .in = NDR(H, {"Info", &config2_a}), OUT_NOTHING},
    {37, .in = NDR(H, {"Info", &config2_w}), OUT_NOTHING},
    {38, QUERY_CONFIG2},
    {39, QUERY_CONFIG2},
    {40, .in = NDR(H, {"InfoLevel", &ndr_enum, SHOW}, NDR_SKIP_U32), .out = NDR(BUFFER, NDR_SKIP_U32)},
    {41, ENUM_EX(ndr_string)},
    {42, ENUM_EX(ndr_wide)},
    {44, CREATE(ndr_string)},
    {45, CREATE(ndr_wide)},
    {51, CONTROL_EX(control_a)},
    {52, CONTROL_EX(control_w)},
};

static const struct ndr_interface interfaces[] = {
    {RPC_UUID(367abb81, 9844, 35f1, ad32, 98f038001003), NDR_OPERATIONS(operations)},
};

const struct ndr_interfaces ndr_svcctl = NDR_INTERFACES(interfaces);
