/*
 * ndr_drsuapi - arguments of directory replication (MS-DRSR 4.1, 7).
 */
#include "common/base/reader.h"
#include "services/protocol-decode/ndr_interfaces.h"

#define SHOW     NDR_SHOW
#define PTR_SHOW (NDR_PTR | NDR_SHOW)

/* NT4SID (MS-DRSR 5.137): as many of its 28 bytes as the SID has. */
static void tell_sid(struct ndr *n, struct str bytes)
{
    if (bytes.size > 0 && bytes.at[0] != 0)
        ndr_tell_sid(n, NULL, bytes);
}
static const struct ndr_type nt4sid_bytes = {.kind = NDR_BYTE, .inside = tell_sid};

/* DSNAME (MS-DRSR 5.50): an object by any of three names. */
static const struct ndr_type dsname =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &ndr_u32}, {"Guid", &ndr_guid, NDR_VALUE | NDR_NONZERO},
                  {"Sid", &nt4sid_bytes, NDR_VALUE, NDR_FIXED, 28}, {NULL, &ndr_u32},
                  {"StringName", &ndr_wchar, NDR_VALUE | NDR_NONZERO, NDR_CONFORMANT});

/* The object that the call is about. */
#define PNC                                                                                                  \
    {                                                                                                        \
        "pNC", &dsname, PTR_SHOW, .mark = NDR_MARK_OBJECT                                                    \
    }

static const struct ndr_type oid =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type prefix_entry = NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &oid});
static const struct ndr_type prefix_table =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &prefix_entry, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type usn_vector = NDR_STRUCT_OF(
    {"usnHighObjUpdate", &ndr_u64, NDR_VALUE}, {NULL, &ndr_u64}, {"usnHighPropUpdate", &ndr_u64, NDR_VALUE});
static const struct ndr_type cursor_1 = NDR_STRUCT_OF({NULL, &ndr_guid}, {NULL, &ndr_u64});
static const struct ndr_type cursor_2 = NDR_STRUCT_OF({NULL, &ndr_guid}, {NULL, &ndr_u64}, {NULL, &ndr_u64});
static const struct ndr_type up_to_date_1 =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &ndr_u32}, {NULL, &ndr_u32}, {NULL, &ndr_u32},
                  {NULL, &cursor_1, 0, NDR_CONFORMANT});
static const struct ndr_type up_to_date_2 =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &ndr_u32}, {NULL, &ndr_u32}, {NULL, &ndr_u32},
                  {NULL, &cursor_2, 0, NDR_CONFORMANT});
static const struct ndr_type partial_set = NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &ndr_u32}, {NULL, &ndr_u32},
                                                         {"rgPartialAttr", &ndr_u32, SHOW, NDR_CONFORMANT});
static const struct ndr_type mail_address =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {"mtx_name", &ndr_char, SHOW, NDR_CONFORMANT});
static const struct ndr_type sized_buffer =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &ndr_u32}, {NULL, &ndr_u64}, {NULL, &ndr_byte, 0, NDR_CONFORMANT});

/* dwFlags and SiteObjGuid, Pid, ... of DRS_EXTENSIONS_INT (MS-DRSR 5.39). */
static void tell_extensions(struct ndr *n, struct str bytes)
{
    struct reader r = reader_of_str(bytes);
    uint32_t flags = reader_u32le(&r);
    struct str site = reader_bytes(&r, 16);
    if (bytes.size >= 4)
        ndr_tell_number(n, "dwFlags", flags);
    if (site.size == 16)
        ndr_tell_uuid(n, "SiteObjGuid", (const uint8_t *)site.at);
    reader_skip(&r, 8);
    uint32_t flags_ext = reader_u32le(&r);
    if (reader_ok(&r))
        ndr_tell_number(n, "dwFlagsExt", flags_ext);
}
static const struct ndr_type extension_bytes = {.kind = NDR_BYTE, .inside = tell_extensions};
static const struct ndr_type extensions =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &extension_bytes, SHOW, NDR_CONFORMANT});

/* 4.1.10.2: the members of the versions of DRS_MSG_GETCHGREQ. */
#define CHANGES_HEAD                                                                                         \
    {"uuidDsaObjDest", &ndr_guid, SHOW}, {"uuidInvocIdSrc", &ndr_guid, SHOW}, PNC,                           \
        {"usnvecFrom", &usn_vector, SHOW},                                                                   \
    {                                                                                                        \
        "pUpToDateVecDest", &up_to_date_1, NDR_PTR                                                           \
    }
#define CHANGES_OPTIONS                                                                                      \
    {"ulFlags", &ndr_u32, SHOW}, {"cMaxObjects", &ndr_u32, SHOW}, {"cMaxBytes", &ndr_u32, SHOW},             \
    {                                                                                                        \
        "ulExtendedOp", &ndr_u32, SHOW, .mark = NDR_MARK_EXTENDED_OP                                         \
    }
#define CHANGES_SETS                                                                                         \
    {"pPartialAttrSet", &partial_set, NDR_PTR}, {"pPartialAttrSetEx", &partial_set, NDR_PTR},                \
    {                                                                                                        \
        "PrefixTableDest", &prefix_table                                                                     \
    }
#define CHANGES_BY_MAIL                                                                                      \
    {"uuidTransportObj", &ndr_guid, SHOW}, {"pmtxReturnAddress", &mail_address, NDR_PTR},                    \
    {                                                                                                        \
        NULL, &changes_3                                                                                     \
    }
#define CHANGES_FSMO                                                                                         \
    {                                                                                                        \
        "liFsmoInfo", &ndr_u64, SHOW                                                                         \
    }

static const struct ndr_type changes_3 =
    NDR_STRUCT_OF(CHANGES_HEAD, {"pPartialAttrVecDestV1", &partial_set, NDR_PTR},
                  {"PrefixTableDest", &prefix_table}, CHANGES_OPTIONS);
static const struct ndr_type changes_4 = NDR_STRUCT_OF(CHANGES_BY_MAIL);
static const struct ndr_type changes_5 = NDR_STRUCT_OF(CHANGES_HEAD, CHANGES_OPTIONS, CHANGES_FSMO);
static const struct ndr_type changes_7 = NDR_STRUCT_OF(CHANGES_BY_MAIL, CHANGES_SETS);
static const struct ndr_type changes_8 =
    NDR_STRUCT_OF(CHANGES_HEAD, CHANGES_OPTIONS, CHANGES_FSMO, CHANGES_SETS);
static const struct ndr_type changes_10 =
    NDR_STRUCT_OF(CHANGES_HEAD, CHANGES_OPTIONS, CHANGES_FSMO, CHANGES_SETS, {"ulMoreFlags", &ndr_u32, SHOW});
static const struct ndr_type changes_11 =
    NDR_STRUCT_OF(CHANGES_HEAD, CHANGES_OPTIONS, CHANGES_FSMO, CHANGES_SETS, {"ulMoreFlags", &ndr_u32, SHOW},
                  {"correlationID", &ndr_guid, SHOW}, {"pReservedBuffer", &sized_buffer, NDR_PTR});
static const struct ndr_type changes_request =
    NDR_UNION_OF(ndr_u32, NDR_CASE(4, "V4", changes_4, 0), NDR_CASE(5, "V5", changes_5, 0),
                 NDR_CASE(7, "V7", changes_7, 0), NDR_CASE(8, "V8", changes_8, 0),
                 NDR_CASE(10, "V10", changes_10, 0), NDR_CASE(11, "V11", changes_11, 0));

/* 4.1.10.2.9 and following: the objects themselves are not read. */
#define REPLY_HEAD                                                                                           \
    {"uuidDsaObjSrc", &ndr_guid, SHOW}, {"uuidInvocIdSrc", &ndr_guid, SHOW}, {"pNC", &dsname, PTR_SHOW},     \
        {"usnvecFrom", &usn_vector, SHOW},                                                                   \
    {                                                                                                        \
        "usnvecTo", &usn_vector, SHOW                                                                        \
    }
#define REPLY_COUNTS                                                                                         \
    {"PrefixTableSrc", &prefix_table}, {"ulExtendedRet", &ndr_u32, SHOW}, {"cNumObjects", &ndr_u32, SHOW},   \
        {"cNumBytes", &ndr_u32, SHOW}, {"pObjects", &ndr_unknown, NDR_PTR},                                  \
    {                                                                                                        \
        "fMoreData", &ndr_u32, SHOW                                                                          \
    }
static const struct ndr_type reply_1 =
    NDR_STRUCT_OF(REPLY_HEAD, {"pUpToDateVecSrc", &up_to_date_1, NDR_PTR}, REPLY_COUNTS);
static const struct ndr_type reply_6 = NDR_STRUCT_OF(
    REPLY_HEAD, {"pUpToDateVecSrc", &up_to_date_2, NDR_PTR}, REPLY_COUNTS,
    {"cNumNcSizeObjects", &ndr_u32, SHOW}, {"cNumNcSizeValues", &ndr_u32, SHOW},
    {"cNumValues", &ndr_u32, SHOW}, {"rgValues", &ndr_unknown, NDR_PTR}, {"dwDRSError", &ndr_u32, SHOW});
static const struct ndr_type compressed_blob =
    NDR_STRUCT_OF({"cbUncompressedSize", &ndr_u32, SHOW}, {"cbCompressedSize", &ndr_u32, SHOW},
                  {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type reply_2 = NDR_STRUCT_OF({"CompressedV1", &compressed_blob});
static const struct ndr_type reply_7 =
    NDR_STRUCT_OF({"dwCompressedVersion", &ndr_u32, SHOW}, {"CompressionAlg", &ndr_enum, SHOW},
                  {"CompressedAny", &compressed_blob});
static const struct ndr_type changes_reply =
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", reply_1, 0), NDR_CASE(2, "V2", reply_2, 0),
                 NDR_CASE(6, "V6", reply_6, 0), NDR_CASE(7, "V7", reply_7, 0), NDR_CASE(9, "V9", reply_6, 0));

/* 4.1.23, 4.1.26, 4.1.19, 4.1.20, 4.1.22: links between replicas. */
static const struct ndr_type schedule = NDR_STRUCT_OF({NULL, &ndr_byte, 0, NDR_FIXED, 84});
#define CORRELATION                                                                                          \
    {"correlationID", &ndr_guid, SHOW},                                                                      \
    {                                                                                                        \
        "pReservedBuffer", &sized_buffer, NDR_PTR                                                            \
    }
#define SYNC_1                                                                                               \
    PNC, {"uuidDsaSrc", &ndr_guid, SHOW}, {"pszDsaSrc", &ndr_string, PTR_SHOW},                              \
    {                                                                                                        \
        "ulOptions", &ndr_u32, SHOW                                                                          \
    }
static const struct ndr_type sync_1 = NDR_STRUCT_OF(SYNC_1);
static const struct ndr_type sync_2 = NDR_STRUCT_OF(SYNC_1, CORRELATION);
static const struct ndr_type sync_request =
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", sync_1, 0), NDR_CASE(2, "V2", sync_2, 0));

#define REFS_1                                                                                               \
    PNC, {"pszDsaDest", &ndr_string, PTR_SHOW}, {"uuidDsaObjDest", &ndr_guid, SHOW},                         \
    {                                                                                                        \
        "ulOptions", &ndr_u32, SHOW                                                                          \
    }
static const struct ndr_type refs_1 = NDR_STRUCT_OF(REFS_1);
static const struct ndr_type refs_2 = NDR_STRUCT_OF(REFS_1, CORRELATION);
static const struct ndr_type refs_request =
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", refs_1, 0), NDR_CASE(2, "V2", refs_2, 0));

#define ADD_2                                                                                                \
    PNC, {"pSourceDsaDN", &dsname, PTR_SHOW}, {"pTransportDN", &dsname, PTR_SHOW},                           \
        {"pszSourceDsaAddress", &ndr_string, PTR_SHOW}, {"rtSchedule", &schedule},                           \
    {                                                                                                        \
        "ulOptions", &ndr_u32, SHOW                                                                          \
    }
static const struct ndr_type add_1 = NDR_STRUCT_OF(PNC, {"pszDsaSrc", &ndr_string, PTR_SHOW},
                                                   {"rtSchedule", &schedule}, {"ulOptions", &ndr_u32, SHOW});
static const struct ndr_type add_2 = NDR_STRUCT_OF(ADD_2);
static const struct ndr_type add_3 = NDR_STRUCT_OF(ADD_2, CORRELATION);
static const struct ndr_type add_request = NDR_UNION_OF(
    ndr_u32, NDR_CASE(1, "V1", add_1, 0), NDR_CASE(2, "V2", add_2, 0), NDR_CASE(3, "V3", add_3, 0));

static const struct ndr_type del_1 =
    NDR_STRUCT_OF(PNC, {"pszDsaSrc", &ndr_string, PTR_SHOW}, {"ulOptions", &ndr_u32, SHOW});
static const struct ndr_type del_request = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", del_1, 0));

static const struct ndr_type modify_1 =
    NDR_STRUCT_OF(PNC, {"uuidSourceDRA", &ndr_guid, SHOW}, {"pszSourceDRA", &ndr_string, PTR_SHOW},
                  {"rtSchedule", &schedule}, {"ulReplicaFlags", &ndr_u32, SHOW},
                  {"ulModifyFields", &ndr_u32, SHOW}, {"ulOptions", &ndr_u32, SHOW});
static const struct ndr_type modify_request = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", modify_1, 0));

/* 4.1.27, 4.1.8: names that are verified, and whose groups are asked for. */
static const struct ndr_type verify_1 =
    NDR_STRUCT_OF({"dwFlags", &ndr_u32, SHOW}, {"cNames", &ndr_u32, SHOW},
                  {"rpNames", &dsname, PTR_SHOW | NDR_ITEM_PTR, NDR_CONFORMANT}, {NULL, &prefix_table});
static const struct ndr_type verify_request = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", verify_1, 0));
static const struct ndr_type memberships_1 = NDR_STRUCT_OF(
    {"cDsNames", &ndr_u32, SHOW}, {"ppDsNames", &dsname, PTR_SHOW | NDR_ITEM_PTR, NDR_CONFORMANT},
    {"dwFlags", &ndr_u32, SHOW}, {"OperationType", &ndr_enum, SHOW}, {"pLimitingDomain", &dsname, PTR_SHOW});
static const struct ndr_type memberships_request = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", memberships_1, 0));
static const struct ndr_type memberships2_1 =
    NDR_STRUCT_OF({"Count", &ndr_u32, SHOW}, {"Requests", &memberships_1, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type memberships2_request =
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", memberships2_1, 0));

/* 4.1.4 */
static const struct ndr_type crack_1 = NDR_STRUCT_OF(
    {"CodePage", &ndr_u32}, {"LocaleId", &ndr_u32}, {"dwFlags", &ndr_u32, SHOW},
    {"formatOffered", &ndr_u32, SHOW}, {"formatDesired", &ndr_u32, SHOW}, {"cNames", &ndr_u32, SHOW},
    {"rpNames", &ndr_wide, PTR_SHOW | NDR_ITEM_PTR, NDR_CONFORMANT});
static const struct ndr_type crack_request = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", crack_1, 0));
static const struct ndr_type cracked_item = NDR_STRUCT_OF(
    {"status", &ndr_u32, SHOW}, {"pDomain", &ndr_wide, PTR_SHOW}, {"pName", &ndr_wide, PTR_SHOW});
static const struct ndr_type cracked =
    NDR_STRUCT_OF({"cItems", &ndr_u32, SHOW}, {"rItems", &cracked_item, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type crack_reply_1 = NDR_STRUCT_OF({"pResult", &cracked, NDR_PTR});
static const struct ndr_type crack_reply = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", crack_reply_1, 0));

/* 4.1.28 */
static const struct ndr_type write_spn_1 =
    NDR_STRUCT_OF({"operation", &ndr_u32, SHOW}, {"flags", &ndr_u32}, {"pwszAccount", &ndr_wide, PTR_SHOW},
                  {"cSPN", &ndr_u32, SHOW}, {"rpwszSPN", &ndr_wide, PTR_SHOW | NDR_ITEM_PTR, NDR_CONFORMANT});
static const struct ndr_type write_spn_request = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", write_spn_1, 0));
static const struct ndr_type number_reply_1 = NDR_STRUCT_OF({"retVal", &ndr_u32, SHOW});
static const struct ndr_type number_reply = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", number_reply_1, 0));

/* 4.1.25, 4.1.24 */
static const struct ndr_type remove_server_1 = NDR_STRUCT_OF(
    {"ServerDN", &ndr_wide, PTR_SHOW}, {"DomainDN", &ndr_wide, PTR_SHOW}, {"fCommit", &ndr_u32, SHOW});
static const struct ndr_type remove_server_request =
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", remove_server_1, 0));
static const struct ndr_type removed_server_1 = NDR_STRUCT_OF({"fLastDcInDomain", &ndr_u32, SHOW});
static const struct ndr_type removed_server = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", removed_server_1, 0));
static const struct ndr_type remove_domain_1 = NDR_STRUCT_OF({"DomainDN", &ndr_wide, PTR_SHOW});
static const struct ndr_type remove_domain_request =
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", remove_domain_1, 0));

/* 4.1.5 */
static const struct ndr_type dc_info_1 =
    NDR_STRUCT_OF({"Domain", &ndr_wide, PTR_SHOW}, {"InfoLevel", &ndr_u32, SHOW});
static const struct ndr_type dc_info_request = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", dc_info_1, 0));
static const struct ndr_type dc_item_1 = NDR_STRUCT_OF(
    {"NetbiosName", &ndr_wide, PTR_SHOW}, {"DnsHostName", &ndr_wide, PTR_SHOW},
    {"SiteName", &ndr_wide, PTR_SHOW}, {"ComputerObjectName", &ndr_wide, PTR_SHOW},
    {"ServerObjectName", &ndr_wide, NDR_PTR}, {"fIsPdc", &ndr_u32, SHOW}, {"fDsEnabled", &ndr_u32});
#define DC_ITEM_NAMES                                                                                        \
    {"NetbiosName", &ndr_wide, PTR_SHOW}, {"DnsHostName", &ndr_wide, PTR_SHOW},                              \
        {"SiteName", &ndr_wide, PTR_SHOW}, {"SiteObjectName", &ndr_wide, NDR_PTR},                           \
        {"ComputerObjectName", &ndr_wide, PTR_SHOW}, {"ServerObjectName", &ndr_wide, NDR_PTR},               \
        {"NtdsDsaObjectName", &ndr_wide, NDR_PTR}, {"fIsPdc", &ndr_u32, SHOW}, {"fDsEnabled", &ndr_u32},     \
    {                                                                                                        \
        "fIsGc", &ndr_u32, SHOW                                                                              \
    }
#define DC_ITEM_GUIDS                                                                                        \
    {"SiteObjectGuid", &ndr_guid}, {"ComputerObjectGuid", &ndr_guid}, {"ServerObjectGuid", &ndr_guid},       \
    {                                                                                                        \
        "NtdsDsaObjectGuid", &ndr_guid, SHOW                                                                 \
    }
static const struct ndr_type dc_item_2 = NDR_STRUCT_OF(DC_ITEM_NAMES, DC_ITEM_GUIDS);
static const struct ndr_type dc_item_3 =
    NDR_STRUCT_OF(DC_ITEM_NAMES, {"fIsRodc", &ndr_u32, SHOW}, DC_ITEM_GUIDS);
static const struct ndr_type dc_connection =
    NDR_STRUCT_OF({"IPAddress", &ndr_u32, SHOW}, {"NotificationCount", &ndr_u32},
                  {"secTimeConnected", &ndr_u32}, {"Flags", &ndr_u32}, {"TotalRequests", &ndr_u32},
                  {"Reserved1", &ndr_u32}, {"UserName", &ndr_wide, PTR_SHOW});
#define DC_ITEMS(item) NDR_STRUCT_OF({"cItems", &ndr_u32, SHOW}, {"rItems", &item, NDR_PTR, NDR_CONFORMANT})
static const struct ndr_type dc_items_1 = DC_ITEMS(dc_item_1);
static const struct ndr_type dc_items_2 = DC_ITEMS(dc_item_2);
static const struct ndr_type dc_items_3 = DC_ITEMS(dc_item_3);
static const struct ndr_type dc_items_connection = DC_ITEMS(dc_connection);
static const struct ndr_type dc_info_reply =
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", dc_items_1, 0), NDR_CASE(2, "V2", dc_items_2, 0),
                 NDR_CASE(3, "V3", dc_items_3, 0), NDR_CASE(UINT32_MAX, "VFFFFFFFF", dc_items_connection, 0));

/* 4.1.1: what is made, by name; values are not told. */
static const struct ndr_type attribute_value =
    NDR_STRUCT_OF({NULL, &ndr_u32}, {NULL, &ndr_byte, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type attribute = NDR_STRUCT_OF({"attrTyp", &ndr_u32, SHOW}, {NULL, &ndr_u32},
                                                       {NULL, &attribute_value, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type attributes =
    NDR_STRUCT_OF({"attrCount", &ndr_u32, SHOW}, {"pAttr", &attribute, NDR_PTR, NDR_CONFORMANT});
static const struct ndr_type entry =
    NDR_STRUCT_OF({"pName", &dsname, PTR_SHOW}, {"ulFlags", &ndr_u32}, {"AttrBlock", &attributes});
static const struct ndr_type entries;
static const struct ndr_type entries = NDR_STRUCT_OF({"pNextEntInf", &entries, NDR_PTR}, {"Entinf", &entry});
static const struct ndr_type add_entry_1 =
    NDR_STRUCT_OF({"pObject", &dsname, PTR_SHOW}, {"AttrBlock", &attributes});
static const struct ndr_type add_entry_2 = NDR_STRUCT_OF({"EntInfList", &entries});
static const struct ndr_type add_entry_3 =
    NDR_STRUCT_OF({"EntInfList", &entries}, {"pClientCreds", &ndr_unknown, NDR_PTR});
static const struct ndr_type add_entry_request =
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", add_entry_1, 0), NDR_CASE(2, "V2", add_entry_2, 0),
                 NDR_CASE(3, "V3", add_entry_3, 0));

/* 4.1.6, 4.1.13 */
static const struct ndr_type kcc_1 = NDR_STRUCT_OF({"dwTaskID", &ndr_u32, SHOW}, {"dwFlags", &ndr_u32, SHOW});
static const struct ndr_type kcc_request = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", kcc_1, 0));
#define REPL_INFO_1                                                                                          \
    {"InfoType", &ndr_u32, SHOW}, {"pszObjectDN", &ndr_wide, PTR_SHOW},                                      \
    {                                                                                                        \
        "uuidSourceDsaObjGuid", &ndr_guid, SHOW | NDR_NONZERO                                                \
    }
static const struct ndr_type repl_info_1 = NDR_STRUCT_OF(REPL_INFO_1);
static const struct ndr_type repl_info_2 =
    NDR_STRUCT_OF(REPL_INFO_1, {"ulFlags", &ndr_u32, SHOW}, {"pszAttributeName", &ndr_wide, PTR_SHOW},
                  {"pszValueDN", &ndr_wide, PTR_SHOW}, {"dwEnumerationContext", &ndr_u32, SHOW});
static const struct ndr_type repl_info_request =
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", repl_info_1, 0), NDR_CASE(2, "V2", repl_info_2, 0));

/* 4.1.2: the source's credentials are told as secrets. */
static const struct ndr_type sid_history_1 =
    NDR_STRUCT_OF({"Flags", &ndr_u32, SHOW}, {"SrcDomain", &ndr_wide, PTR_SHOW},
                  {"SrcPrincipal", &ndr_wide, PTR_SHOW}, {"SrcDomainController", &ndr_wide, PTR_SHOW},
                  {NULL, &ndr_u32}, {"SrcCredsUser", &ndr_wchar, PTR_SHOW, NDR_CONFORMANT}, {NULL, &ndr_u32},
                  {"SrcCredsDomain", &ndr_wchar, PTR_SHOW, NDR_CONFORMANT}, {NULL, &ndr_u32},
                  {"SrcCredsPassword", &ndr_wchar, NDR_PTR | NDR_SECRET, NDR_CONFORMANT},
                  {"DstDomain", &ndr_wide, PTR_SHOW}, {"DstPrincipal", &ndr_wide, PTR_SHOW});
static const struct ndr_type sid_history_request = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", sid_history_1, 0));

/* 4.1.21, 4.1.16, 4.1.18, 4.1.3, 4.1.29, 4.1.30 */
static const struct ndr_type verify_objects_1 =
    NDR_STRUCT_OF(PNC, {"uuidDsaSrc", &ndr_guid, SHOW}, {"ulOptions", &ndr_u32, SHOW});
static const struct ndr_type verify_objects_request =
    NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", verify_objects_1, 0));
static const struct ndr_type sites_1 =
    NDR_STRUCT_OF({"pwszFromSite", &ndr_wide, PTR_SHOW}, {"cToSites", &ndr_u32, SHOW},
                  {"rgszToSites", &ndr_wide, PTR_SHOW | NDR_ITEM_PTR, NDR_CONFORMANT}, {NULL, &ndr_u32});
static const struct ndr_type sites_request = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", sites_1, 0));
static const struct ndr_type clone_1 =
    NDR_STRUCT_OF({"pwszCloneDCName", &ndr_wide, PTR_SHOW}, {"pwszSite", &ndr_wide, PTR_SHOW});
static const struct ndr_type clone_request = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", clone_1, 0));
static const struct ndr_type ngc_write_1 =
    NDR_STRUCT_OF({"pwszAccount", &ndr_wide, PTR_SHOW}, {"cNgcKey", &ndr_u32, SHOW},
                  {"pNgcKey", &ndr_byte, NDR_PTR | NDR_SECRET, NDR_CONFORMANT});
static const struct ndr_type ngc_write_request = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", ngc_write_1, 0));
static const struct ndr_type ngc_read_1 = NDR_STRUCT_OF({"pwszAccount", &ndr_wide, PTR_SHOW});
static const struct ndr_type ngc_read_request = NDR_UNION_OF(ndr_u32, NDR_CASE(1, "V1", ngc_read_1, 0));

#define IN(request) .in = NDR({.type = &ndr_handle}, {"dwInVersion", &ndr_u32, SHOW}, {"pmsgIn", &(request)})
#define OUT(reply)  .out = NDR({"pdwOutVersion", &ndr_u32, SHOW}, {"pmsgOut", &(reply)})
#define OUT_NOTHING .out = NDR_NO_PARAMETERS

static const struct ndr_operation operations[] = {
    {0, .in = NDR({"puuidClientDsa", &ndr_guid, PTR_SHOW}, {"pextClient", &extensions, NDR_PTR}),
     .out = NDR({"ppextServer", &extensions, NDR_PTR}, {.type = &ndr_handle})},
    {2, IN(sync_request), OUT_NOTHING},
    {3, IN(changes_request), OUT(changes_reply)},
    {4, IN(refs_request), OUT_NOTHING},
    {5, IN(add_request), OUT_NOTHING},
    {6, IN(del_request), OUT_NOTHING},
    {7, IN(modify_request), OUT_NOTHING},
    {8, IN(verify_request)},
    {9, IN(memberships_request)},
    {12, IN(crack_request), OUT(crack_reply)},
    {13, IN(write_spn_request), OUT(number_reply)},
    {14, IN(remove_server_request), OUT(removed_server)},
    {15, IN(remove_domain_request)},
    {16, IN(dc_info_request), OUT(dc_info_reply)},
    {17, IN(add_entry_request)},
    {18, IN(kcc_request), OUT_NOTHING},
    {19, IN(repl_info_request)},
    {20, IN(sid_history_request)},
    {21, IN(memberships2_request)},
    {22, IN(verify_objects_request), OUT_NOTHING},
    {24, IN(sites_request)},
    {28, IN(clone_request)},
    {29, IN(ngc_write_request), OUT(number_reply)},
    {30, IN(ngc_read_request)},
};

static const struct ndr_interface interfaces[] = {
    {RPC_UUID(e3514235, 4b06, 11d1, ab04, 00c04fc2dcd2), NDR_OPERATIONS(operations)},
};

const struct ndr_interfaces ndr_drsuapi = NDR_INTERFACES(interfaces);
