/*
 * status - names of the codes that tell how an authentication ended, and the name that is nobody's.
 */
#include "services/identity/identity.h"

struct code_name {
    uint32_t code;
    const char *name;
};

/* RFC 4120 7.5.9, RFC 4556 3.1.3, MS-KILE. */
static const struct code_name kerberos_errors[] = {
    {1, "KDC_ERR_NAME_EXP"},
    {2, "KDC_ERR_SERVICE_EXP"},
    {3, "KDC_ERR_BAD_PVNO"},
    {6, "KDC_ERR_C_PRINCIPAL_UNKNOWN"},
    {7, "KDC_ERR_S_PRINCIPAL_UNKNOWN"},
    {8, "KDC_ERR_PRINCIPAL_NOT_UNIQUE"},
    {9, "KDC_ERR_NULL_KEY"},
    {11, "KDC_ERR_NEVER_VALID"},
    {12, "KDC_ERR_POLICY"},
    {13, "KDC_ERR_BADOPTION"},
    {14, "KDC_ERR_ETYPE_NOSUPP"},
    {15, "KDC_ERR_SUMTYPE_NOSUPP"},
    {16, "KDC_ERR_PADATA_TYPE_NOSUPP"},
    {17, "KDC_ERR_TRTYPE_NOSUPP"},
    {18, "KDC_ERR_CLIENT_REVOKED"},
    {19, "KDC_ERR_SERVICE_REVOKED"},
    {20, "KDC_ERR_TGT_REVOKED"},
    {21, "KDC_ERR_CLIENT_NOTYET"},
    {22, "KDC_ERR_SERVICE_NOTYET"},
    {23, "KDC_ERR_KEY_EXPIRED"},
    {24, "KDC_ERR_PREAUTH_FAILED"},
    {25, "KDC_ERR_PREAUTH_REQUIRED"},
    {26, "KDC_ERR_SERVER_NOMATCH"},
    {27, "KDC_ERR_MUST_USE_USER2USER"},
    {28, "KDC_ERR_PATH_NOT_ACCEPTED"},
    {29, "KDC_ERR_SVC_UNAVAILABLE"},
    {31, "KRB_AP_ERR_BAD_INTEGRITY"},
    {32, "KRB_AP_ERR_TKT_EXPIRED"},
    {33, "KRB_AP_ERR_TKT_NYV"},
    {34, "KRB_AP_ERR_REPEAT"},
    {35, "KRB_AP_ERR_NOT_US"},
    {36, "KRB_AP_ERR_BADMATCH"},
    {37, "KRB_AP_ERR_SKEW"},
    {40, "KRB_AP_ERR_MSG_TYPE"},
    {41, "KRB_AP_ERR_MODIFIED"},
    {52, "KRB_ERR_RESPONSE_TOO_BIG"},
    {60, "KRB_ERR_GENERIC"},
    {62, "KDC_ERR_CLIENT_NOT_TRUSTED"},
    {68, "KDC_ERR_WRONG_REALM"},
};

/* MS-ERREF 2.3.1. */
static const struct code_name ntstatuses[] = {
    {0xC0000001, "STATUS_UNSUCCESSFUL"},
    {0xC0000022, "STATUS_ACCESS_DENIED"},
    {0xC000005E, "STATUS_NO_LOGON_SERVERS"},
    {0xC0000064, "STATUS_NO_SUCH_USER"},
    {0xC000006A, "STATUS_WRONG_PASSWORD"},
    {0xC000006C, "STATUS_PASSWORD_RESTRICTION"},
    {0xC000006D, "STATUS_LOGON_FAILURE"},
    {0xC000006E, "STATUS_ACCOUNT_RESTRICTION"},
    {0xC000006F, "STATUS_INVALID_LOGON_HOURS"},
    {0xC0000070, "STATUS_INVALID_WORKSTATION"},
    {0xC0000071, "STATUS_PASSWORD_EXPIRED"},
    {0xC0000072, "STATUS_ACCOUNT_DISABLED"},
    {0xC000009A, "STATUS_INSUFFICIENT_RESOURCES"},
    {0xC00000BB, "STATUS_NOT_SUPPORTED"},
    {0xC0000133, "STATUS_TIME_DIFFERENCE_AT_DC"},
    {0xC000015B, "STATUS_LOGON_TYPE_NOT_GRANTED"},
    {0xC0000192, "STATUS_NETLOGON_NOT_STARTED"},
    {0xC0000193, "STATUS_ACCOUNT_EXPIRED"},
    {0xC0000199, "STATUS_NOLOGON_WORKSTATION_TRUST_ACCOUNT"},
    {0xC0000203, "STATUS_USER_SESSION_DELETED"},
    {0xC0000224, "STATUS_PASSWORD_MUST_CHANGE"},
    {0xC0000233, "STATUS_DOMAIN_CONTROLLER_NOT_FOUND"},
    {0xC0000234, "STATUS_ACCOUNT_LOCKED_OUT"},
    {0xC0000388, "STATUS_DOWNGRADE_DETECTED"},
    {0xC0000413, "STATUS_AUTHENTICATION_FIREWALL_FAILED"},
};

/* MS-ERREF 2.2. */
static const struct code_name logon_errors[] = {
    {0x525, "ERROR_NO_SUCH_USER"},           {0x52e, "ERROR_LOGON_FAILURE"},
    {0x52f, "ERROR_ACCOUNT_RESTRICTION"},    {0x530, "ERROR_INVALID_LOGON_HOURS"},
    {0x531, "ERROR_INVALID_WORKSTATION"},    {0x532, "ERROR_PASSWORD_EXPIRED"},
    {0x533, "ERROR_ACCOUNT_DISABLED"},       {0x568, "ERROR_TOO_MANY_CONTEXT_IDS"},
    {0x569, "ERROR_LOGON_TYPE_NOT_GRANTED"}, {0x701, "ERROR_ACCOUNT_EXPIRED"},
    {0x773, "ERROR_PASSWORD_MUST_CHANGE"},   {0x775, "ERROR_ACCOUNT_LOCKED_OUT"},
};

static struct str find_name(const struct code_name *names, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++)
        if (names[i].code == code)
            return str_of(names[i].name);
    return (struct str){0};
}

struct str kerberos_error_name(uint32_t code)
{
    return find_name(kerberos_errors, ARRAY_COUNT(kerberos_errors), code);
}

struct str ntstatus_name(uint32_t status)
{
    return find_name(ntstatuses, ARRAY_COUNT(ntstatuses), status);
}

struct str logon_error_name(uint32_t code)
{
    return find_name(logon_errors, ARRAY_COUNT(logon_errors), code);
}

bool identity_is_hidden(struct str account)
{
    return str_equal(account, STR("WELLKNOWN/ANONYMOUS"));
}
