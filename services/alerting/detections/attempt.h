/*
 * attempt - what an authentication tells of the name and of the password that were tried.
 */
#ifndef ORTHRUS_ALERTING_ATTEMPT_H
#define ORTHRUS_ALERTING_ATTEMPT_H

#include "proto/record.h"

enum attempt {
    ATTEMPT_NOTHING = 0,          /* tells neither */
    ATTEMPT_UNKNOWN_NAME = 1,     /* there is no such account */
    ATTEMPT_ASKED = 2,            /* there is one; no password was tried (RFC 4120 3.1.3, KDC_ERR_PREAUTH_REQUIRED) */
    ATTEMPT_WRONG_PASSWORD = 4,
    ATTEMPT_REFUSED = 8,          /* there is one; it is locked, disabled, expired or barred */
    ATTEMPT_SUCCESS = 16,
};

#define ATTEMPT_FAILED (ATTEMPT_UNKNOWN_NAME | ATTEMPT_WRONG_PASSWORD | ATTEMPT_REFUSED)

/* ATTEMPT_NOTHING for what is no authentication. */
enum attempt attempt_of(const struct activity *activity);

#endif
