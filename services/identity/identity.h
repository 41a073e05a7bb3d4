/*
 * identity - the identity core: who stood behind an address, and activities stamped with it.
 *
 * Two stages. `bind` reads each observation alone and adds the facts it holds (an address has a name, an
 * account works from an address, a server hands out tickets) as `binding` records, which go to every slot of
 * `stamp`; the observation itself goes on. `stamp` joins facts in event time and turns observations into
 * activities with entity ids on both ends, each published under the entities that its kind declares.
 *
 * Every name is a claim with a source and a certainty; the better source wins, and of equals the newer. What
 * a device says of itself (a workstation name in NTLM) is worth less than what others had to accept. A role
 * that only exempts is never taken from what a device does: domain controllers come from the options.
 */
#ifndef ORTHRUS_IDENTITY_IDENTITY_H
#define ORTHRUS_IDENTITY_IDENTITY_H

#include "common/stream/stage.h"

enum {
    IDENTITY_NAME_BYTES = 96,
    IDENTITY_KNOWN_MAX = 4096,
};

/* A device that the owner vouches for. */
struct identity_known {
    struct addr address;
    uint8_t role;    /* enum device_role */
    struct str name; /* may be empty; borrowed for the life of the stage */
};

/* An address and how many of its first bits count. */
struct identity_network {
    struct addr address;
    uint8_t bits;
};

struct identity_options {
    uint32_t addresses; /* remembered at once */
    uint32_t tickets;
    struct hash_key seed;
    const struct identity_known *known; /* borrowed for the life of the stage */
    uint32_t known_count;
    const struct identity_network
        *networks; /* that are ours; none: all. What is asked of servers outside is not told */
    uint32_t network_count;
};

struct identity_options identity_defaults(void);
enum err identity_bind_create(struct stage *stage) MUST_CHECK;
enum err identity_stamp_create(struct stage *stage, const struct identity_options *options) MUST_CHECK;

/* The name that stands where a client hides its own (RFC 8062, RFC 6113 5.4.2): nobody's account. */
bool identity_is_hidden(struct str account);
/* "KDC_ERR_PREAUTH_FAILED" for 24, empty when it has no name (RFC 4120 7.5.9). */
struct str kerberos_error_name(uint32_t code);
/* "STATUS_LOGON_FAILURE" for 0xC000006D, empty when it is not one of those that tell of identity
 * (MS-ERREF 2.3). */
struct str ntstatus_name(uint32_t status);
/* "ERROR_LOGON_FAILURE" for 0x52e: Win32 errors that a refused LDAP bind tells of (MS-ERREF 2.2). */
struct str logon_error_name(uint32_t code);

#endif
