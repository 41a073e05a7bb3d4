/*
 * ocsf - records as events of the Open Cybersecurity Schema Framework, version 1.5.0 (schema.ocsf.io/1.5.0).
 *
 *   alert                                   Detection Finding   2004
 *   kerberos, ntlm, activity of these       Authentication      3002
 *   flow                                    Network Activity    4001
 *   smb                                     SMB Activity        4006
 *   rpc, activity rpc_call                  API Activity        6003
 *
 * Where a field goes is said by the ocsf path of its declaration; what the class asks for beside that is
 * added here. A field without a path, or whose path the class does not have, stands under "unmapped" by its
 * own name, so that nothing is lost. Times are milliseconds of the epoch. Pure; any thread.
 */
#ifndef ORTHRUS_PROTO_OCSF_H
#define ORTHRUS_PROTO_OCSF_H

#include "common/base/writer.h"
#include "proto/record.h"

#define OCSF_VERSION "1.5.0"

/* One object, without a line end. False, and nothing written: no class stands for such a record. */
bool record_write_ocsf(const struct record *record, struct writer *w);

#endif
