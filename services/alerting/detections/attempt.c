/*
 * attempt - codes of Kerberos (RFC 4120 7.5.9), NTLM (MS-ERREF 2.3) and LDAP binds by what they tell.
 */
#include "services/alerting/detections/attempt.h"

static enum attempt kerberos_attempt(const struct activity *a)
{
    if (!str_equal(a->operation, STR("AS-REQ")))
        return ATTEMPT_NOTHING;
    if (a->outcome == outcome_success)
        /* Without pre-authentication anyone gets a reply: no password was tried. */
        return a->preauth ? ATTEMPT_SUCCESS : ATTEMPT_ASKED;
    switch (a->code) {
    case 6: /* KDC_ERR_C_PRINCIPAL_UNKNOWN */
        return ATTEMPT_UNKNOWN_NAME;
    case 24: /* KDC_ERR_PREAUTH_FAILED */
        return ATTEMPT_WRONG_PASSWORD;
    case 31: /* KRB_AP_ERR_BAD_INTEGRITY: what older KDCs say of a wrong password */
        return a->preauth ? ATTEMPT_WRONG_PASSWORD : ATTEMPT_NOTHING;
    case 12: /* KDC_ERR_POLICY */
    case 18: /* KDC_ERR_CLIENT_REVOKED: locked, disabled or expired */
        return a->preauth ? ATTEMPT_REFUSED : ATTEMPT_BARRED;
    case 23: /* KDC_ERR_KEY_EXPIRED: the key that has expired was proved */
    case 37: /* KRB_AP_ERR_SKEW: the encrypted time could be read, it is only another */
        return a->preauth ? ATTEMPT_SUCCESS : a->code == 23 ? ATTEMPT_BARRED : ATTEMPT_NOTHING;
    case 25: /* KDC_ERR_PREAUTH_REQUIRED */
        return ATTEMPT_ASKED;
    case 52: /* KRB_ERR_RESPONSE_TOO_BIG: there is an answer, it only does not fit a datagram */
        return a->preauth ? ATTEMPT_SUCCESS : ATTEMPT_ASKED;
    default:
        return ATTEMPT_NOTHING;
    }
}

static enum attempt ntlm_attempt(const struct activity *a)
{
    if (a->outcome == outcome_success)
        return ATTEMPT_SUCCESS;
    switch (a->code) {
    case 0xC0000064: /* STATUS_NO_SUCH_USER */
        return ATTEMPT_UNKNOWN_NAME;
    case 0xC000006A: /* STATUS_WRONG_PASSWORD */
    case 0xC000006D: /* STATUS_LOGON_FAILURE: either of the two before; SMB answers both alike */
        return ATTEMPT_WRONG_PASSWORD;
    case 0xC000006E: /* STATUS_ACCOUNT_RESTRICTION */
    case 0xC000006F: /* STATUS_INVALID_LOGON_HOURS */
    case 0xC0000070: /* STATUS_INVALID_WORKSTATION */
    case 0xC0000072: /* STATUS_ACCOUNT_DISABLED */
    case 0xC0000193: /* STATUS_ACCOUNT_EXPIRED */
    case 0xC0000234: /* STATUS_ACCOUNT_LOCKED_OUT */
        return ATTEMPT_REFUSED;
    /* Answered to the right password only. */
    case 0xC0000071: /* STATUS_PASSWORD_EXPIRED */
    case 0xC000015B: /* STATUS_LOGON_TYPE_NOT_GRANTED */
    case 0xC0000199: /* STATUS_NOLOGON_WORKSTATION_TRUST_ACCOUNT */
    case 0xC0000224: /* STATUS_PASSWORD_MUST_CHANGE */
        return ATTEMPT_SUCCESS;
    default:
        return ATTEMPT_NOTHING;
    }
}

/* Of a refused simple bind the directory's diagnostic holds the Win32 error (MS-ERREF 2.2); other directories
 * give invalidCredentials (49) alone (RFC 4511 4.1.9). */
static enum attempt ldap_attempt(const struct activity *a)
{
    if (a->outcome == outcome_success)
        return ATTEMPT_SUCCESS;
    switch (a->code) {
    case 0x525: /* ERROR_NO_SUCH_USER */
        return ATTEMPT_UNKNOWN_NAME;
    case 49:
    case 0x52e: /* ERROR_LOGON_FAILURE */
        return ATTEMPT_WRONG_PASSWORD;
    case 0x52f: /* ERROR_ACCOUNT_RESTRICTION */
    case 0x530: /* ERROR_INVALID_LOGON_HOURS */
    case 0x531: /* ERROR_INVALID_WORKSTATION */
    case 0x533: /* ERROR_ACCOUNT_DISABLED */
    case 0x701: /* ERROR_ACCOUNT_EXPIRED */
    case 0x775: /* ERROR_ACCOUNT_LOCKED_OUT */
        return ATTEMPT_REFUSED;
    /* Answered to the right password only. */
    case 0x532: /* ERROR_PASSWORD_EXPIRED */
    case 0x569: /* ERROR_LOGON_TYPE_NOT_GRANTED */
    case 0x773: /* ERROR_PASSWORD_MUST_CHANGE */
        return ATTEMPT_SUCCESS;
    default:
        return ATTEMPT_NOTHING;
    }
}

enum attempt attempt_of(const struct activity *a)
{
    if (a->kind != activity_kind_authentication || a->account_name.size == 0)
        return ATTEMPT_NOTHING;
    if (a->protocol == protocol_kerberos)
        return kerberos_attempt(a);
    if (a->protocol == protocol_ldap)
        return ldap_attempt(a);
    return a->protocol == protocol_ntlm ? ntlm_attempt(a) : ATTEMPT_NOTHING;
}

const char *attempt_text(struct judge *judge, const struct activity *a)
{
    const char *tried = judge_print(judge, "%.*s as %.*s", (int)a->operation.size, a->operation.at,
                                    (int)a->account_name.size, a->account_name.at);
    if (a->outcome == outcome_success)
        return judge_print(judge, "%s succeeded", tried);
    return judge_print(judge, "%s: %.*s%s", tried, (int)a->code_name.size, a->code_name.at,
                       attempt_of(a) == ATTEMPT_SUCCESS ? ", so the password was right" : "");
}
