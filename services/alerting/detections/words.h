/*
 * words - what paths and commands from the wire contain, whatever their case.
 */
#ifndef ORTHRUS_ALERTING_WORDS_H
#define ORTHRUS_ALERTING_WORDS_H

#include "common/base/base.h"

bool words_begin(struct str text, const char *word);
bool words_have(struct str text, const char *word);
/* Does it name a command interpreter, or a program of Windows that runs what others wrote? The word that
 * says so, null when none does. */
const char *words_interpreter(struct str command);
/* Is it a share that Windows makes for administrators (MS-SRVS): ADMIN$, or a drive's? Takes the last
 * part of a share's path. */
bool words_admin_share(struct str share);

#endif
