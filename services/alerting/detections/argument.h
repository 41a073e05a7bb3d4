/*
 * argument - the arguments of an RPC call, by the names of their IDL.
 */
#ifndef ORTHRUS_ALERTING_ARGUMENT_H
#define ORTHRUS_ALERTING_ARGUMENT_H

#include "services/alerting/judge.h"

/* The first argument of the request with that name, or with that name at the end of its path
 * ("Buffer.All.UserName" for "UserName"); null when it was not told or could not be read. */
const struct rpc_argument *argument_find(const struct activity *activity, const char *name);
/* The same of the response. */
const struct rpc_argument *argument_find_result(const struct activity *activity, const char *name);
/* Its text; empty when there is none. */
struct str argument_text(const struct activity *activity, const char *name);

/* Does the name of an argument end like this? For members of rows: "Buffer[3].Name". */
bool argument_ends(struct str name, const char *end);

/* Is it a call of this operation of this interface, by the names of its specification? */
bool argument_is_call(const struct activity *activity, const char *interface, const char *operation);

#endif
