/*
 * attack - names of MITRE ATT&CK tactics and techniques, for those that detections cite.
 */
#ifndef ORTHRUS_PROTO_ATTACK_H
#define ORTHRUS_PROTO_ATTACK_H

#include "common/base/base.h"

/* The name of "TA0006", "T1003" or "T1003.006"; empty when it is not known here. */
const char *attack_name(struct str id);
/* Whether it has the form of a tactic or technique id, and so a page on attack.mitre.org. */
bool attack_is_tactic(struct str id);
bool attack_is_technique(struct str id);

#endif
