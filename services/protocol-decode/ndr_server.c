/*
 * ndr_server - arguments of the server and the workstation service (MS-SRVS 3.1.4, MS-WKST 3.2.4): sessions,
 * connections, files and shares of a host, who is logged on to it, and its way into a domain.
 */
#include "services/protocol-decode/ndr_interfaces.h"

#define SHOW     NDR_SHOW
#define PTR_SHOW (NDR_PTR | NDR_SHOW)
#define TEXT(name)                                                                                           \
    {                                                                                                        \
        name, &ndr_wide, PTR_SHOW                                                                            \
    }
#define TEXT_REF(name)                                                                                       \
    {                                                                                                        \
        name, &ndr_wide, SHOW                                                                                \
    }
#define NUMBER(name)                                                                                         \
    {                                                                                                        \
        name, &ndr_u32, SHOW                                                                                 \
    }
#define SKIP NDR_SKIP_U32
#define SKIP_PTR                                                                                             \
    {                                                                                                        \
        NULL, &ndr_u32, NDR_PTR                                                                              \
    }
/* A container: EntriesRead, and so many of one kind. */
#define LIST(of)                                                                                             \
    NDR_STRUCT_OF({"EntriesRead", &ndr_u32, SHOW | NDR_NONZERO}, {"Buffer", &of, NDR_PTR, NDR_CONFORMANT})
/* A level and the container of that level. */
#define LEVELS(arms)   NDR_STRUCT_OF(NUMBER("Level"), {NULL, &arms})
#define ARM(level, of) NDR_CASE(level, NULL, of, NDR_PTR)

/* MS-SRVS 2.2.4.1 to 2.2.4.5: CONNECTION_INFO_n. */
static const struct ndr_type connection_0 = NDR_STRUCT_OF(NUMBER("coni0_id"));
static const struct ndr_type connection_1 = NDR_STRUCT_OF(
    NUMBER("coni1_id"), NUMBER("coni1_type"), NUMBER("coni1_num_opens"), NUMBER("coni1_num_users"),
    NUMBER("coni1_time"), TEXT("coni1_username"), TEXT("coni1_netname"));
static const struct ndr_type connections_0 = LIST(connection_0);
static const struct ndr_type connections_1 = LIST(connection_1);
static const struct ndr_type connections =
    NDR_UNION_OF(ndr_u32, ARM(0, connections_0), ARM(1, connections_1));
static const struct ndr_type connection_enum = LEVELS(connections);

/* 2.2.4.6 to 2.2.4.11: FILE_INFO_n. */
static const struct ndr_type file_2 = NDR_STRUCT_OF(NUMBER("fi2_id"));
static const struct ndr_type file_3 =
    NDR_STRUCT_OF(NUMBER("fi3_id"), NUMBER("fi3_permissions"), NUMBER("fi3_num_locks"), TEXT("fi3_pathname"),
                  TEXT("fi3_username"));
static const struct ndr_type files_2 = LIST(file_2);
static const struct ndr_type files_3 = LIST(file_3);
static const struct ndr_type files = NDR_UNION_OF(ndr_u32, ARM(2, files_2), ARM(3, files_3));
static const struct ndr_type file_enum = LEVELS(files);
static const struct ndr_type file = NDR_UNION_OF(ndr_u32, ARM(2, file_2), ARM(3, file_3));

/* 2.2.4.12 to 2.2.4.21: SESSION_INFO_n. */
static const struct ndr_type session_0 = NDR_STRUCT_OF(TEXT("sesi0_cname"));
static const struct ndr_type session_1 =
    NDR_STRUCT_OF(TEXT("sesi1_cname"), TEXT("sesi1_username"), NUMBER("sesi1_num_opens"),
                  NUMBER("sesi1_time"), NUMBER("sesi1_idle_time"), NUMBER("sesi1_user_flags"));
static const struct ndr_type session_2 = NDR_STRUCT_OF(
    TEXT("sesi2_cname"), TEXT("sesi2_username"), NUMBER("sesi2_num_opens"), NUMBER("sesi2_time"),
    NUMBER("sesi2_idle_time"), NUMBER("sesi2_user_flags"), TEXT("sesi2_cltype_name"));
static const struct ndr_type session_10 = NDR_STRUCT_OF(TEXT("sesi10_cname"), TEXT("sesi10_username"),
                                                        NUMBER("sesi10_time"), NUMBER("sesi10_idle_time"));
static const struct ndr_type session_502 =
    NDR_STRUCT_OF(TEXT("sesi502_cname"), TEXT("sesi502_username"), NUMBER("sesi502_num_opens"),
                  NUMBER("sesi502_time"), NUMBER("sesi502_idle_time"), NUMBER("sesi502_user_flags"),
                  TEXT("sesi502_cltype_name"), TEXT("sesi502_transport"));
static const struct ndr_type sessions_0 = LIST(session_0);
static const struct ndr_type sessions_1 = LIST(session_1);
static const struct ndr_type sessions_2 = LIST(session_2);
static const struct ndr_type sessions_10 = LIST(session_10);
static const struct ndr_type sessions_502 = LIST(session_502);
static const struct ndr_type sessions =
    NDR_UNION_OF(ndr_u32, ARM(0, sessions_0), ARM(1, sessions_1), ARM(2, sessions_2), ARM(10, sessions_10),
                 ARM(502, sessions_502));
static const struct ndr_type session_enum = LEVELS(sessions);

/* 2.2.4.22 to 2.2.4.37: SHARE_INFO_n. */
#define DESCRIPTOR                                                                                           \
    SKIP,                                                                                                    \
    {                                                                                                        \
        NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT                                                             \
    }
#define SHARE(n) TEXT("shi" n "_netname"), NUMBER("shi" n "_type"), TEXT("shi" n "_remark")
#define SHARE_MORE(n)                                                                                        \
    SHARE(n), SKIP, NUMBER("shi" n "_max_uses"), NUMBER("shi" n "_current_uses"), TEXT("shi" n "_path"),     \
    {                                                                                                        \
        "shi" n "_passwd", &ndr_wide, NDR_PTR | NDR_SECRET                                                   \
    }
static const struct ndr_type share_0 = NDR_STRUCT_OF(TEXT("shi0_netname"));
static const struct ndr_type share_1 = NDR_STRUCT_OF(SHARE("1"));
static const struct ndr_type share_2 = NDR_STRUCT_OF(SHARE_MORE("2"));
static const struct ndr_type share_501 = NDR_STRUCT_OF(SHARE("501"), NUMBER("shi501_flags"));
static const struct ndr_type share_502 = NDR_STRUCT_OF(SHARE_MORE("502"), DESCRIPTOR);
static const struct ndr_type share_503 =
    NDR_STRUCT_OF(SHARE_MORE("503"), TEXT("shi503_servername"), DESCRIPTOR);
static const struct ndr_type share_1004 = NDR_STRUCT_OF(TEXT("shi1004_remark"));
static const struct ndr_type share_1005 = NDR_STRUCT_OF(NUMBER("shi1005_flags"));
static const struct ndr_type share_1006 = NDR_STRUCT_OF(NUMBER("shi1006_max_uses"));
static const struct ndr_type share_1501 = NDR_STRUCT_OF(DESCRIPTOR);
static const struct ndr_type shares_0 = LIST(share_0);
static const struct ndr_type shares_1 = LIST(share_1);
static const struct ndr_type shares_2 = LIST(share_2);
static const struct ndr_type shares_501 = LIST(share_501);
static const struct ndr_type shares_502 = LIST(share_502);
static const struct ndr_type shares_503 = LIST(share_503);
static const struct ndr_type shares =
    NDR_UNION_OF(ndr_u32, ARM(0, shares_0), ARM(1, shares_1), ARM(2, shares_2), ARM(501, shares_501),
                 ARM(502, shares_502), ARM(503, shares_503));
static const struct ndr_type share_enum = LEVELS(shares);
static const struct ndr_type share =
    NDR_UNION_OF(ndr_u32, ARM(0, share_0), ARM(1, share_1), ARM(2, share_2), ARM(501, share_501),
                 ARM(502, share_502), ARM(503, share_503), ARM(1004, share_1004), ARM(1005, share_1005),
                 ARM(1006, share_1006), ARM(1501, share_1501));

/* 2.2.4.40 to 2.2.4.42: SERVER_INFO_n; 2.2.4.105: TIME_OF_DAY_INFO. */
#define VERSION(n)                                                                                           \
    NUMBER("sv" n "_platform_id"), TEXT("sv" n "_name"), NUMBER("sv" n "_version_major"),                    \
        NUMBER("sv" n "_version_minor"), NUMBER("sv" n "_type"), TEXT("sv" n "_comment")
static const struct ndr_type server_100 = NDR_STRUCT_OF(NUMBER("sv100_platform_id"), TEXT("sv100_name"));
static const struct ndr_type server_101 = NDR_STRUCT_OF(VERSION("101"));
static const struct ndr_type server_102 = NDR_STRUCT_OF(VERSION("102"), NUMBER("sv102_users"), SKIP, SKIP,
                                                        SKIP, SKIP, SKIP, TEXT("sv102_userpath"));
static const struct ndr_type server_info = NDR_UNION_OF(ndr_u32, ARM(100, server_100), ARM(101, server_101),
                                                        ARM(102, server_102), NDR_DEFAULT_UNKNOWN);
static const struct ndr_type time_of_day =
    NDR_STRUCT_OF(NUMBER("tod_elapsedt"), SKIP, SKIP, SKIP, SKIP, SKIP, NUMBER("tod_timezone"), SKIP, SKIP,
                  SKIP, SKIP, SKIP);

#define SERVER TEXT("ServerName")
/* How much is asked for, and where it goes on. */
#define ENUMERATE(info)  {"InfoStruct", &info}, SKIP, SKIP_PTR
#define ENUMERATED(info) .out = NDR({"InfoStruct", &info}, NUMBER("TotalEntries"), SKIP_PTR)
#define INFO(of)                                                                                             \
    {                                                                                                        \
        "InfoStruct", &of                                                                                    \
    }
#define OUT_NOTHING   .out = NDR_NO_PARAMETERS
#define OUT_PARAMETER .out = NDR(SKIP_PTR)

static const struct ndr_operation server_operations[] = {
    {8, .in = NDR(SERVER, TEXT("Qualifier"), ENUMERATE(connection_enum)), ENUMERATED(connection_enum)},
    {9, .in = NDR(SERVER, TEXT("BasePath"), TEXT("UserName"), ENUMERATE(file_enum)), ENUMERATED(file_enum)},
    {10, .in = NDR(SERVER, NUMBER("FileId"), NUMBER("Level")), .out = NDR(INFO(file))},
    {11, .in = NDR(SERVER, NUMBER("FileId")), OUT_NOTHING},
    {12, .in = NDR(SERVER, TEXT("ClientName"), TEXT("UserName"), ENUMERATE(session_enum)),
     ENUMERATED(session_enum)},
    {13, .in = NDR(SERVER, TEXT("ClientName"), TEXT("UserName")), OUT_NOTHING},
    {14, .in = NDR(SERVER, NUMBER("Level"), INFO(share), SKIP_PTR), OUT_PARAMETER},
    {15, .in = NDR(SERVER, ENUMERATE(share_enum)), ENUMERATED(share_enum)},
    {16, .in = NDR(SERVER, TEXT_REF("NetName"), NUMBER("Level")), .out = NDR(INFO(share))},
    {17, .in = NDR(SERVER, TEXT_REF("NetName"), NUMBER("Level"), INFO(share), SKIP_PTR), OUT_PARAMETER},
    {18, .in = NDR(SERVER, TEXT_REF("NetName"), SKIP), OUT_NOTHING},
    {19, .in = NDR(SERVER, TEXT_REF("NetName"), SKIP), OUT_NOTHING},
    {20, .in = NDR(SERVER, TEXT_REF("Device")), .out = NDR(NUMBER("Type"))},
    {21, .in = NDR(SERVER, NUMBER("Level")), .out = NDR(INFO(server_info))},
    {22, .in = NDR(SERVER, NUMBER("Level"), NDR_REST)},
    {23, .in = NDR(SERVER, NUMBER("Level"), NDR_REST)},
    {24, .in = NDR(SERVER, TEXT("Service"), NUMBER("Level"), NUMBER("Options"))},
    {28, .in = NDR(SERVER), .out = NDR({"BufferPtr", &time_of_day, NDR_PTR})},
    {30, .in = NDR(SERVER, TEXT_REF("PathName"), SKIP), .out = NDR(NUMBER("PathType"))},
    {33, .in = NDR(SERVER, TEXT_REF("Name"), NUMBER("NameType"), SKIP), OUT_NOTHING},
    {36, .in = NDR(SERVER, ENUMERATE(share_enum)), ENUMERATED(share_enum)},
    {39, .in = NDR(SERVER, TEXT("ShareName"), TEXT_REF("lpFileName"), NUMBER("RequestedInformation"))},
    {40,
     .in = NDR(SERVER, TEXT("ShareName"), TEXT_REF("lpFileName"), NUMBER("SecurityInformation"), NDR_REST)},
};

/* MS-WKST 2.2.5.1 and following: WKSTA_INFO_n, WKSTA_USER_INFO_n, WKSTA_TRANSPORT_INFO_0. */
#define WORKSTATION(n)                                                                                       \
    NUMBER("wki" n "_platform_id"), TEXT("wki" n "_computername"), TEXT("wki" n "_langroup"),                \
        NUMBER("wki" n "_ver_major"), NUMBER("wki" n "_ver_minor")
static const struct ndr_type workstation_100 = NDR_STRUCT_OF(WORKSTATION("100"));
static const struct ndr_type workstation_101 = NDR_STRUCT_OF(WORKSTATION("101"), TEXT("wki101_lanroot"));
static const struct ndr_type workstation_102 =
    NDR_STRUCT_OF(WORKSTATION("102"), TEXT("wki102_lanroot"), NUMBER("wki102_logged_on_users"));
static const struct ndr_type workstation =
    NDR_UNION_OF(ndr_u32, ARM(100, workstation_100), ARM(101, workstation_101), ARM(102, workstation_102),
                 NDR_DEFAULT_UNKNOWN);
static const struct ndr_type user_0 = NDR_STRUCT_OF(TEXT("wkui0_username"));
static const struct ndr_type user_1 = NDR_STRUCT_OF(TEXT("wkui1_username"), TEXT("wkui1_logon_domain"),
                                                    TEXT("wkui1_oth_domains"), TEXT("wkui1_logon_server"));
static const struct ndr_type users_0 = LIST(user_0);
static const struct ndr_type users_1 = LIST(user_1);
static const struct ndr_type users = NDR_UNION_OF(ndr_u32, ARM(0, users_0), ARM(1, users_1));
static const struct ndr_type user_enum = LEVELS(users);
static const struct ndr_type network_0 = NDR_STRUCT_OF(
    SKIP, NUMBER("wkti0_number_of_vcs"), TEXT("wkti0_transport_name"), TEXT("wkti0_transport_address"), SKIP);
static const struct ndr_type networks_0 = LIST(network_0);
static const struct ndr_type networks = NDR_UNION_OF(ndr_u32, ARM(0, networks_0));
static const struct ndr_type network_enum = LEVELS(networks);

/* JOINPR_ENCRYPTED_USER_PASSWORD (2.2.5.18). */
static const struct ndr_type join_password = NDR_STRUCT_OF({"Buffer", &ndr_byte, NDR_VALUE, NDR_FIXED, 524});
static const struct ndr_type computer_names =
    NDR_STRUCT_OF(NUMBER("EntryCount"), {"ComputerNames", &ndr_unicode_string, PTR_SHOW, NDR_CONFORMANT});
#define PASSWORD                                                                                             \
    {                                                                                                        \
        "Password", &join_password, NDR_PTR | NDR_SECRET                                                     \
    }
#define ALTERNATE(name) .in = NDR(SERVER, TEXT(name), TEXT("DomainAccount"), PASSWORD, SKIP), OUT_NOTHING

static const struct ndr_operation workstation_operations[] = {
    {0, .in = NDR(SERVER, NUMBER("Level")), .out = NDR({"WkstaInfo", &workstation})},
    {1, .in = NDR(SERVER, NUMBER("Level"), NDR_REST)},
    {2, .in = NDR(SERVER, {"UserInfo", &user_enum}, SKIP, SKIP_PTR),
     .out = NDR({"UserInfo", &user_enum}, NUMBER("TotalEntries"), SKIP_PTR)},
    {5, .in = NDR(SERVER, {"TransportInfo", &network_enum}, SKIP, SKIP_PTR),
     .out = NDR({"TransportInfo", &network_enum}, NUMBER("TotalEntries"), SKIP_PTR)},
    {8, .in = NDR(SERVER, NUMBER("Level"), NDR_REST)},
    {13, .in = NDR(SERVER, TEXT("ServiceName"), NUMBER("Level"), NUMBER("Options"))},
    {20, .in = NDR(SERVER, TEXT("NameBuffer")),
     .out = NDR(TEXT("NameBuffer"), {"BufferType", &ndr_enum, SHOW})},
    {22,
     .in = NDR(SERVER, TEXT_REF("DomainNameParam"), TEXT("MachineAccountOU"), TEXT("AccountName"), PASSWORD,
               NUMBER("Options")),
     OUT_NOTHING},
    {23, .in = NDR(SERVER, TEXT("AccountName"), PASSWORD, NUMBER("Options")), OUT_NOTHING},
    {24, .in = NDR(SERVER, TEXT("MachineName"), TEXT("AccountName"), PASSWORD, NUMBER("Options")),
     OUT_NOTHING},
    {25,
     .in = NDR(SERVER, TEXT_REF("NameToValidate"), TEXT("AccountName"), PASSWORD,
               {"NameType", &ndr_enum, SHOW}),
     OUT_NOTHING},
    {26, .in = NDR(SERVER, TEXT_REF("DomainNameParam"), TEXT("AccountName"), PASSWORD, SKIP),
     .out = NDR(NUMBER("OUCount"), {"OUs", &ndr_wide, PTR_SHOW | NDR_ITEM_PTR, NDR_CONFORMANT})},
    {27, ALTERNATE("AlternateName")},
    {28, ALTERNATE("AlternateName")},
    {29, ALTERNATE("PrimaryName")},
    {30, .in = NDR(SERVER, {"NameType", &ndr_enum, SHOW}, SKIP),
     .out = NDR({"ComputerNames", &computer_names, NDR_PTR})},
};

static const struct ndr_interface interfaces[] = {
    {RPC_UUID(4b324fc8, 1670, 01d3, 1278, 5a47bf6ee188), NDR_OPERATIONS(server_operations)},
    {RPC_UUID(6bffd098, a112, 3610, 9833, 46c3f87e345a), NDR_OPERATIONS(workstation_operations)},
};

const struct ndr_interfaces ndr_server = NDR_INTERFACES(interfaces);
