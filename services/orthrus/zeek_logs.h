/*
 * zeek_logs - which logs there are, and what their columns hold.
 *
 * Internal to zeek. A cell borrows from the record, or points to constants.
 */
#ifndef ORTHRUS_ZEEK_LOGS_H
#define ORTHRUS_ZEEK_LOGS_H

#include "proto/field.h"

enum zeek_kind {
    ZEEK_UNSET,
    ZEEK_TEXT,
    ZEEK_COUNT,
    ZEEK_BOOL,
    ZEEK_SECONDS, /* a time or an interval */
    ZEEK_ADDR,
    ZEEK_TEXTS,
    ZEEK_INTERVALS, /* whole seconds */
};

enum {
    ZEEK_SPARE_BYTES = 640, /* a text put together from two names */
};

struct zeek_cell {
    enum zeek_kind kind;
    struct str text; /* in spare, or borrowed */
    uint64_t number;
    time_ns time;
    const struct addr *addr;
    const struct strs *texts;
    const struct i32s *numbers;
    char spare[ZEEK_SPARE_BYTES];
};

struct zeek_column {
    const char *name;
    const char *type;
    const char *field; /* of ours, as it is; null: `make` gives it, or it is never set */
    void (*make)(struct zeek_cell *cell, const struct record *record);
};

struct zeek_log {
    const char *path;
    enum record_type record;
    bool (*wants)(const struct record *record); /* null: every one */
    const struct zeek_column *columns;          /* ends with a null name */
};

const struct zeek_log *zeek_log_at(uint32_t index);
struct zeek_cell zeek_cell_of(const struct zeek_column *column, const struct record *record);
const struct field_info *zeek_field_of(uint16_t type, const char *name);

#endif
