/*
 * world - activities by hand, and the alerts that come of them.
 */
#ifndef ORTHRUS_TEST_ALERTING_WORLD_H
#define ORTHRUS_TEST_ALERTING_WORLD_H

#include "services/alerting/alerting.h"

struct world {
    struct alerting_options options;
    struct stage stage;
    struct batch in;
    struct batch out;
    struct batch alerts; /* everything that was told, in order */
    time_ns now;
    uint64_t ordinal;
    struct str source_host; /* of what follows; empty: not known */
    bool referral;          /* the tickets that follow lead to another realm */
};

void world_open(struct world *w);
void world_close(struct world *w);
/* The same for cmocka. */
int world_setup(void **state);
int world_teardown(void **state);
/* Moves event time on. */
void world_wait(struct world *w, time_ns duration);
/* "10.0.0.5" */
struct addr world_address(const char *text);

/* An AS-REQ as account from source that ended in an error code of RFC 4120 7.5.9; 0: a reply. preauth: it
 * proved a key. */
void world_as(struct world *w, const char *source, const char *account, uint32_t code, bool preauth);
/* An NTLM logon that ended in an NTSTATUS; 0: success. */
void world_ntlm(struct world *w, const char *source, const char *account, uint32_t status);
/* An AS-REQ without pre-authentication that asks for a service instead of a ticket-granting ticket, and gets
 * it. */
void world_as_for(struct world *w, const char *account, const char *service, int32_t ticket_etype);
/* A ticket that a service got to itself in somebody's name. */
void world_s4u(struct world *w, const char *source, const char *for_user);
/* A TGS-REQ for a service that was given a ticket of that etype; etypes ends with 0. */
void world_tgs(struct world *w, const char *account, const char *service, int32_t ticket_etype,
               const int32_t *etypes);
/* A call of drsuapi from source to target; response is the size of a sealed reply, 0 for a fault. */
void world_drs(struct world *w, const char *source, const char *target, uint16_t opnum, uint32_t response);
/* The same by a device of a role. */
void world_drs_role(struct world *w, const char *source, uint8_t role, uint16_t opnum, uint32_t response);

/* Ends the input. */
void world_end(struct world *w);
/* How many distinct alerts of a detection there are at or above severity. */
uint32_t world_count(const struct world *w, const char *detection, uint8_t severity);
/* The last revision of the only alert of a detection; fails the test when there is not just one. */
const struct alert *world_alert(const struct world *w, const char *detection);

#endif
