/*
 * msgpack - any record as MessagePack bytes, and back.
 *
 * A record is one map whose keys are the stable field numbers: 1 to 7 the envelope (type, time, id, role,
 * key, slot, sequence), from 16 the fields of its body. The keys rise, type is always there, every other
 * field only when it is neither zero nor empty, and every value stands in its shortest form: equal records
 * give equal bytes.
 *
 *   FLAG                 boolean                      STR             str, its bytes as they are
 *   U8..U64, I32, CHOICE integer                      BYTES           bin
 *   TIME                 integer, nanoseconds         I32S, STRS      array
 *   ADDR                 bin of 4 or 16 bytes         a record inside map of its fields
 *   ID                   bin 16, big-endian, high first               (without an envelope)
 *   UUID                 bin 16, as on the wire       records inside  array of such maps
 *
 * Pure; any thread.
 */
#ifndef ORTHRUS_PROTO_MSGPACK_H
#define ORTHRUS_PROTO_MSGPACK_H

#include "common/base/reader.h"
#include "common/base/writer.h"
#include "proto/record.h"

/* Appends the record. A list longer than RECORD_ITEMS_MAX fails the writer, as nobody would read it. */
void record_encode(const struct record *record, struct writer *w);

/* Reads one record; the reader then stands behind it. Texts and bytes borrow from the input, the body and
 * lists live in the arena, which takes no more than the input's size times the size of the largest record
 * inside it. Fields and envelope numbers that are not known are skipped, whatever they hold. False: the bytes
 * are not such a record, or its type is not known; *reason says why, and the reader has failed where it was
 * noticed. */
bool record_decode(struct reader *r, struct arena *arena, struct record *record,
                   const char **reason) MUST_CHECK;

#endif
