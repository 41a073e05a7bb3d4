/*
 * settings_keys - what a file and the environment set alike. Internal to settings.
 *
 * where is "file:line" or "environment NAME"; it stands in the problem. Each returns false and sets the
 * problem when something is wrong.
 */
#ifndef ORTHRUS_SETTINGS_KEYS_H
#define ORTHRUS_SETTINGS_KEYS_H

#include "services/orthrus/settings.h"

/* Sets the problem; always false. */
bool settings_fail(struct settings *settings, const char *format, ...) PRINTF(2, 3);
/* nearest: what may have been meant, or null. */
bool settings_unknown_key(struct settings *settings, const char *where, const char *section, struct str key,
                          const char *nearest);
bool settings_set_capture(struct settings *settings, struct str name, struct str text,
                          const char *where) MUST_CHECK;
bool settings_set_detection(struct settings *settings, uint32_t detection, struct str name, struct str text,
                            const char *where) MUST_CHECK;
/* A list as settings_add_networks() takes it; an empty one says nothing. */
bool settings_set_networks(struct settings *settings, struct str list, const char *where) MUST_CHECK;

#endif
