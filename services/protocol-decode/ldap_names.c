/*
 * ldap_names - tables of names.
 */
#include "services/protocol-decode/ldap_names.h"

#include "common/base/reader.h"
#include "common/base/text.h"

struct oid_name {
    const char *oid;
    const char *name;
};

/* Controls: MS-ADTS 3.1.1.3.4.1 and the RFC that defines each; extended operations: MS-ADTS 3.1.1.3.4.2. */
static const struct oid_name oid_names[] = {
    {"1.2.840.113556.1.4.319", "LDAP_PAGED_RESULT_OID_STRING"},
    {"1.2.840.113556.1.4.417", "LDAP_SERVER_SHOW_DELETED_OID"},
    {"1.2.840.113556.1.4.473", "LDAP_SERVER_SORT_OID"},
    {"1.2.840.113556.1.4.474", "LDAP_SERVER_RESP_SORT_OID"},
    {"1.2.840.113556.1.4.521", "LDAP_SERVER_CROSSDOM_MOVE_TARGET_OID"},
    {"1.2.840.113556.1.4.528", "LDAP_SERVER_NOTIFICATION_OID"},
    {"1.2.840.113556.1.4.529", "LDAP_SERVER_EXTENDED_DN_OID"},
    {"1.2.840.113556.1.4.619", "LDAP_SERVER_LAZY_COMMIT_OID"},
    {"1.2.840.113556.1.4.801", "LDAP_SERVER_SD_FLAGS_OID"},
    {"1.2.840.113556.1.4.802", "LDAP_SERVER_RANGE_OPTION_OID"},
    {"1.2.840.113556.1.4.805", "LDAP_SERVER_TREE_DELETE_OID"},
    {"1.2.840.113556.1.4.841", "LDAP_SERVER_DIRSYNC_OID"},
    {"1.2.840.113556.1.4.970", "LDAP_SERVER_GET_STATS_OID"},
    {"1.2.840.113556.1.4.1338", "LDAP_SERVER_VERIFY_NAME_OID"},
    {"1.2.840.113556.1.4.1339", "LDAP_SERVER_DOMAIN_SCOPE_OID"},
    {"1.2.840.113556.1.4.1340", "LDAP_SERVER_SEARCH_OPTIONS_OID"},
    {"1.2.840.113556.1.4.1341", "LDAP_SERVER_RODC_DCPROMO_OID"},
    {"1.2.840.113556.1.4.1413", "LDAP_SERVER_PERMISSIVE_MODIFY_OID"},
    {"1.2.840.113556.1.4.1504", "LDAP_SERVER_ASQ_OID"},
    {"1.2.840.113556.1.4.1781", "LDAP_SERVER_FAST_BIND_OID"},
    {"1.2.840.113556.1.4.1852", "LDAP_SERVER_QUOTA_CONTROL_OID"},
    {"1.2.840.113556.1.4.1907", "LDAP_SERVER_SHUTDOWN_NOTIFY_OID"},
    {"1.2.840.113556.1.4.1948", "LDAP_SERVER_RANGE_RETRIEVAL_NOERR_OID"},
    {"1.2.840.113556.1.4.1974", "LDAP_SERVER_FORCE_UPDATE_OID"},
    {"1.2.840.113556.1.4.2026", "LDAP_SERVER_DN_INPUT_OID"},
    {"1.2.840.113556.1.4.2064", "LDAP_SERVER_SHOW_RECYCLED_OID"},
    {"1.2.840.113556.1.4.2065", "LDAP_SERVER_SHOW_DEACTIVATED_LINK_OID"},
    {"1.2.840.113556.1.4.2066", "LDAP_SERVER_POLICY_HINTS_DEPRECATED_OID"},
    {"1.2.840.113556.1.4.2090", "LDAP_SERVER_DIRSYNC_EX_OID"},
    {"1.2.840.113556.1.4.2204", "LDAP_SERVER_TREE_DELETE_EX_OID"},
    {"1.2.840.113556.1.4.2205", "LDAP_SERVER_UPDATE_STATS_OID"},
    {"1.2.840.113556.1.4.2206", "LDAP_SERVER_SEARCH_HINTS_OID"},
    {"1.2.840.113556.1.4.2211", "LDAP_SERVER_EXPECTED_ENTRY_COUNT_OID"},
    {"1.2.840.113556.1.4.2212", "LDAP_SERVER_BATCH_REQUEST_OID"},
    {"1.2.840.113556.1.4.2239", "LDAP_SERVER_POLICY_HINTS_OID"},
    {"1.2.840.113556.1.4.2255", "LDAP_SERVER_SET_OWNER_OID"},
    {"1.2.840.113556.1.4.2256", "LDAP_SERVER_BYPASS_QUOTA_OID"},
    {"1.2.840.113556.1.4.2309", "LDAP_SERVER_LINK_TTL_OID"},
    {"1.3.6.1.1.8", "cancel"},                           /* RFC 3909 */
    {"1.3.6.1.1.12", "assertion"},                       /* RFC 4528 */
    {"1.3.6.1.1.13.1", "preRead"},                       /* RFC 4527 */
    {"1.3.6.1.1.13.2", "postRead"},                      /* RFC 4527 */
    {"1.3.6.1.1.21.1", "startTransaction"},              /* RFC 5805 */
    {"1.3.6.1.1.21.3", "endTransaction"},                /* RFC 5805 */
    {"1.3.6.1.4.1.1466.101.119.1", "refresh"},           /* RFC 2589 */
    {"1.3.6.1.4.1.1466.20036", "noticeOfDisconnection"}, /* RFC 4511 4.4.1 */
    {"1.3.6.1.4.1.1466.20037", "startTLS"},              /* RFC 4511 4.14 */
    {"1.3.6.1.4.1.4203.1.9.1.1", "syncRequest"},         /* RFC 4533 */
    {"1.3.6.1.4.1.4203.1.11.1", "passwordModify"},       /* RFC 3062 */
    {"1.3.6.1.4.1.4203.1.11.3", "whoAmI"},               /* RFC 4532 */
    {"2.16.840.1.113730.3.4.2", "manageDsaIT"},          /* RFC 3296 */
    {"2.16.840.1.113730.3.4.9", "LDAP_CONTROL_VLVREQUEST"},
    {"2.16.840.1.113730.3.4.10", "LDAP_CONTROL_VLVRESPONSE"},
    {"2.16.840.1.113730.3.4.18", "proxiedAuthorization"}, /* RFC 4370 */
};

struct str ldap_oid_name(struct str oid)
{
    for (size_t i = 0; i < ARRAY_COUNT(oid_names); i++)
        if (str_equal(oid, str_of(oid_names[i].oid)))
            return str_of(oid_names[i].name);
    return (struct str){0};
}

struct number_name {
    uint32_t number;
    const char *name;
};

static const struct number_name results[] = {
    {0, "success"},
    {1, "operationsError"},
    {2, "protocolError"},
    {3, "timeLimitExceeded"},
    {4, "sizeLimitExceeded"},
    {5, "compareFalse"},
    {6, "compareTrue"},
    {7, "authMethodNotSupported"},
    {8, "strongerAuthRequired"},
    {10, "referral"},
    {11, "adminLimitExceeded"},
    {12, "unavailableCriticalExtension"},
    {13, "confidentialityRequired"},
    {14, "saslBindInProgress"},
    {16, "noSuchAttribute"},
    {17, "undefinedAttributeType"},
    {18, "inappropriateMatching"},
    {19, "constraintViolation"},
    {20, "attributeOrValueExists"},
    {21, "invalidAttributeSyntax"},
    {32, "noSuchObject"},
    {33, "aliasProblem"},
    {34, "invalidDNSyntax"},
    {36, "aliasDereferencingProblem"},
    {48, "inappropriateAuthentication"},
    {49, "invalidCredentials"},
    {50, "insufficientAccessRights"},
    {51, "busy"},
    {52, "unavailable"},
    {53, "unwillingToPerform"},
    {54, "loopDetect"},
    {64, "namingViolation"},
    {65, "objectClassViolation"},
    {66, "notAllowedOnNonLeaf"},
    {67, "notAllowedOnRDN"},
    {68, "entryAlreadyExists"},
    {69, "objectClassModsProhibited"},
    {71, "affectsMultipleDSAs"},
    {80, "other"},
};

struct str ldap_result_name(uint32_t code)
{
    for (size_t i = 0; i < ARRAY_COUNT(results); i++)
        if (results[i].number == code)
            return str_of(results[i].name);
    return (struct str){0};
}

struct status {
    uint32_t error;
    uint32_t status;
};

/* MS-ERREF 2.2 and 2.3.1: the errors that RtlNtStatusToDosError makes of these. */
static const struct status statuses[] = {
    {0x525, 0xC0000064}, /* ERROR_NO_SUCH_USER */
    {0x52e, 0xC000006D}, /* ERROR_LOGON_FAILURE */
    {0x52f, 0xC000006E}, /* ERROR_ACCOUNT_RESTRICTION */
    {0x530, 0xC000006F}, /* ERROR_INVALID_LOGON_HOURS */
    {0x531, 0xC0000070}, /* ERROR_INVALID_WORKSTATION */
    {0x532, 0xC0000071}, /* ERROR_PASSWORD_EXPIRED */
    {0x533, 0xC0000072}, /* ERROR_ACCOUNT_DISABLED */
    {0x569, 0xC000015B}, /* ERROR_LOGON_TYPE_NOT_GRANTED */
    {0x701, 0xC0000193}, /* ERROR_ACCOUNT_EXPIRED */
    {0x773, 0xC0000224}, /* ERROR_PASSWORD_MUST_CHANGE */
    {0x775, 0xC0000234}, /* ERROR_ACCOUNT_LOCKED_OUT */
};

uint32_t ldap_bind_status(uint32_t error)
{
    for (size_t i = 0; i < ARRAY_COUNT(statuses); i++)
        if (statuses[i].error == error)
            return statuses[i].status;
    return 0;
}

struct attribute {
    const char *name;
    enum ldap_syntax syntax;
};

/* Those of MS-ADA1, MS-ADA2 and MS-ADA3 that are no text or must not be told, and what other directories
 * call their passwords (RFC 4519, RFC 2307). */
static const struct attribute attributes[] = {
    {"unicodePwd", LDAP_SECRET},
    {"userPassword", LDAP_SECRET},
    {"dBCSPwd", LDAP_SECRET},
    {"clearTextPassword", LDAP_SECRET},
    {"ntPwdHistory", LDAP_SECRET},
    {"lmPwdHistory", LDAP_SECRET},
    {"supplementalCredentials", LDAP_SECRET},
    {"currentValue", LDAP_SECRET},
    {"priorValue", LDAP_SECRET},
    {"initialAuthIncoming", LDAP_SECRET},
    {"initialAuthOutgoing", LDAP_SECRET},
    {"trustAuthIncoming", LDAP_SECRET},
    {"trustAuthOutgoing", LDAP_SECRET},
    {"unixUserPassword", LDAP_SECRET},
    {"pekList", LDAP_SECRET},
    {"ms-Mcs-AdmPwd", LDAP_SECRET},
    {"msLAPS-Password", LDAP_SECRET},
    {"msLAPS-EncryptedPassword", LDAP_SECRET},
    {"msLAPS-EncryptedPasswordHistory", LDAP_SECRET},
    {"msLAPS-EncryptedDSRMPassword", LDAP_SECRET},
    {"msLAPS-EncryptedDSRMPasswordHistory", LDAP_SECRET},
    {"msDS-ManagedPassword", LDAP_SECRET},
    {"msDS-ExecuteScriptPassword", LDAP_SECRET},
    {"msFVE-RecoveryPassword", LDAP_SECRET},
    {"msFVE-KeyPackage", LDAP_SECRET},
    {"msTPM-OwnerInformation", LDAP_SECRET},
    {"userPKCS12", LDAP_SECRET},
    {"sambaNTPassword", LDAP_SECRET},
    {"sambaLMPassword", LDAP_SECRET},
    {"krbPrincipalKey", LDAP_SECRET},
    {"objectSid", LDAP_SID},
    {"securityIdentifier", LDAP_SID},
    {"sIDHistory", LDAP_SID},
    {"tokenGroups", LDAP_SID},
    {"objectGUID", LDAP_GUID},
    {"schemaIDGUID", LDAP_GUID},
    {"invocationId", LDAP_GUID},
    {"nTSecurityDescriptor", LDAP_BINARY},
    {"msDS-AllowedToActOnBehalfOfOtherIdentity", LDAP_BINARY},
    {"msDS-GroupMSAMembership", LDAP_BINARY},
    {"msDS-KeyCredentialLink", LDAP_BINARY},
    {"userCertificate", LDAP_BINARY},
    {"cACertificate", LDAP_BINARY},
    {"thumbnailPhoto", LDAP_BINARY},
    {"jpegPhoto", LDAP_BINARY},
    {"logonHours", LDAP_BINARY},
    {"dnsRecord", LDAP_BINARY},
};

enum ldap_syntax ldap_syntax_of(struct str description)
{
    struct reader r = reader_of_str(description);
    size_t size = 0;
    while (reader_left(&r) > 0 && reader_u8(&r) != ';')
        size++;
    r = reader_of_str(description);
    struct str name = reader_bytes(&r, size);
    for (size_t i = 0; i < ARRAY_COUNT(attributes); i++)
        if (text_equal_nocase(name, str_of(attributes[i].name)))
            return attributes[i].syntax;
    return LDAP_TEXT;
}
