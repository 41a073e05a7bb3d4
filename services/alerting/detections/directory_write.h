/*
 * directory_write - what a change of a directory writes, by the names of its attributes.
 */
#ifndef ORTHRUS_ALERTING_DIRECTORY_WRITE_H
#define ORTHRUS_ALERTING_DIRECTORY_WRITE_H

#include "services/alerting/judge.h"

/* The LDAP operation that the activity was made of; null when it is none. */
const struct ldap *directory_operation(const struct activity *activity);
/* The first change that gives the attribute a value, in a modify or an add; null when there is none. Options
 * of the attribute's description are left out of account. */
const struct ldap_change *directory_written(const struct activity *activity, const char *attribute);
/* The first value of it; empty when it is not told. */
struct str directory_value(const struct ldap_change *change);
/* Does it hold this text, without case? */
bool directory_text_holds(struct str text, const char *part);

#endif
