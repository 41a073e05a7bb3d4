/*
 * attempt - what an authentication tells of the name and of the password that were tried.
 */
#ifndef ORTHRUS_ALERTING_ATTEMPT_H
#define ORTHRUS_ALERTING_ATTEMPT_H

#include "services/alerting/judge.h"

enum attempt {
    ATTEMPT_NOTHING = 0,      /* tells neither */
    ATTEMPT_UNKNOWN_NAME = 1, /* there is no such account */
    ATTEMPT_ASKED = 2, /* there is one; no password was tried (RFC 4120 3.1.3, KDC_ERR_PREAUTH_REQUIRED) */
    ATTEMPT_WRONG_PASSWORD = 4,
    ATTEMPT_REFUSED = 8,  /* there is one; it is locked, disabled, expired or barred */
    ATTEMPT_SUCCESS = 16, /* the password was right, also where the logon was barred for another reason */
    ATTEMPT_BARRED = 32,  /* as refused, but the answer came before any password was tried */
};

#define ATTEMPT_FAILED (ATTEMPT_UNKNOWN_NAME | ATTEMPT_WRONG_PASSWORD | ATTEMPT_REFUSED | ATTEMPT_BARRED)

/* ATTEMPT_NOTHING for what is no authentication. */
enum attempt attempt_of(const struct activity *activity);
/* "AS-REQ as alice: KDC_ERR_PREAUTH_FAILED", borrowed from the batch. */
const char *attempt_text(struct judge *judge, const struct activity *activity);

#endif
