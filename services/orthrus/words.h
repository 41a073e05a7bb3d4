/*
 * words - how values are said to a person, alike at the terminal and in the report.
 *
 * Pure; any thread. Texts that are returned are constant, or in the buffer that is given.
 */
#ifndef ORTHRUS_WORDS_H
#define ORTHRUS_WORDS_H

#include "common/base/text.h"
#include "proto/record.h"

enum {
    WORDS_NUMBER_BYTES = 32,
    WORDS_SPAN_BYTES = 64,
};

/* "succeeded", "failed", "outcome not seen". */
const char *word_outcome(uint8_t outcome);
/* What a name is known from: "a Kerberos logon with the account's key"; empty when it is not known. */
const char *word_resolved_by(uint8_t by);
/* "domain controller"; empty for none. */
const char *word_role(uint8_t role);
/* "Kerberos", "SMB", ...; "not recognised" for unknown. */
const char *word_protocol(uint8_t protocol);

/* "2026-11-21 20:15:00.123456" in UTC with so many digits (0, 3 or 6) of the second's fraction, cut, not
 * rounded. */
const char *word_time(time_ns time, unsigned digits, char buffer[TEXT_TIME_BYTES]);
/* From first to last: 0 when it would be negative, the most there is when it would be more. */
time_ns word_span_between(time_ns first, time_ns last);
/* "0.120 s", "42 s", "3 min 20 s", "5 h 2 min", "3 d 4 h". */
const char *word_span(time_ns span, char buffer[WORDS_SPAN_BYTES]);
/* "1,234,567". */
const char *word_number(uint64_t number, char buffer[WORDS_NUMBER_BYTES]);
/* "512 bytes", "1.2 MB" (powers of ten). */
const char *word_bytes(uint64_t bytes, char buffer[WORDS_NUMBER_BYTES]);

/* "CORP\alice", or the account alone, or nothing: into the arena. */
struct str word_account(struct arena *arena, struct str account, struct str domain);

#endif
