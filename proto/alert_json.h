/*
 * alert_json - an alert as the one line of JSON that `orthrus analyze --format jsonl` prints.
 *
 *   {"id": hex, "detection", "external_id", "title", "severity", "confidence": 0 to 1, "tactics": [],
 * "techniques": [], "first_seen": RFC 3339, "last_seen", "source": {"ip", "host", "account", ...}, "target":
 * {...}, "count", "outcome": success|failure|unknown, "evidence": [...], "incident", "description", "checks":
 * [], "tuning", "revision"}
 *
 * These keys are always there and keep their order; a text that is not known is null. Both ends hold beside
 * ip, host and account only what is known of: domain, host_by, host_certainty, account_by, account_certainty,
 * accounts and account_count. An item of evidence holds what is known of: what, time, file, frame,
 * reply_frame, field, value, threshold and observation. Pure; any thread.
 */
#ifndef ORTHRUS_PROTO_ALERT_JSON_H
#define ORTHRUS_PROTO_ALERT_JSON_H

#include "common/base/writer.h"
#include "proto/record.h"

/* record is a RECORD_alert. One object, without a line end. */
void alert_write_json(const struct record *record, struct writer *w);

#endif
