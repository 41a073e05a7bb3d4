/*
 * cef - an alert in the Common Event Format (ArcSight CEF 0, revision 25), for SIEMs.
 *
 *   CEF:0|Orthrus|Orthrus|VERSION|detection|title|severity|externalId=... cat=... rt=... src=... ...
 *
 * severity: informational 1, low 3, medium 5, high and critical 10, unknown 0. Times are milliseconds of the
 * epoch. An IPv6 address stands in c6a2 (source) or c6a3 (target), as src and dst hold IPv4. cs1 to cs6 and
 * cn1, cn2 hold techniques, tactics, external id, incident, attacked accounts, evidence, confidence and
 * revision, each with its label. Texts are cut, at a whole character, to the length the format gives their
 * key. Pure; any thread.
 */
#ifndef ORTHRUS_PROTO_CEF_H
#define ORTHRUS_PROTO_CEF_H

#include "common/base/writer.h"
#include "proto/record.h"

/* record is a RECORD_alert. One line, without a line end. */
void alert_write_cef(const struct record *record, struct writer *w);

#endif
