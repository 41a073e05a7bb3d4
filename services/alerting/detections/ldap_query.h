/*
 * ldap_query - what an LDAP search is after, read from its base, scope, filter and attributes.
 *
 * Filters are text as RFC 4515 writes it and come from the client: nested no deeper than is looked at, and
 * cut where they do not follow the form.
 */
#ifndef ORTHRUS_ALERTING_LDAP_QUERY_H
#define ORTHRUS_ALERTING_LDAP_QUERY_H

#include "services/alerting/judge.h"

/* Classes of objects that a wide search asks for. */
enum ldap_query_class {
    LDAP_QUERY_USERS = 1,
    LDAP_QUERY_COMPUTERS = 2,
    LDAP_QUERY_GROUPS = 4,
    LDAP_QUERY_TRUSTS = 8,
    LDAP_QUERY_EVERYTHING = 16,
};

/* Strings borrow from the activity, except those that are constant. */
struct ldap_query {
    bool from_root;       /* the whole of a domain, of the forest or of its configuration */
    bool wide;            /* nothing in the filter names a single object */
    uint32_t classes;     /* enum ldap_query_class */
    struct str named;     /* a group or account of power that the filter names; empty: none */
    struct str attribute; /* the first critical attribute in the filter, or else asked for; empty: none */
    const char *meaning;  /* what that attribute tells */
};

struct ldap_query ldap_query_of(const struct activity *activity);
/* Its shape: base, scope and the attributes of the filter without their values. */
struct id ldap_query_shape(const struct activity *activity);

/* One assertion of a filter. */
struct ldap_assertion {
    struct str attribute; /* without options and matching rule */
    struct str rule;      /* object identifier of an extensible match; empty: none */
    struct str value;     /* as it stands: "*" for presence, escapes of RFC 4515 left in */
    bool negated;
};

/* A walk over the assertions of a filter, whatever stands around them. */
struct ldap_walk {
    struct str rest;
    uint32_t depth;
    uint64_t negations; /* of the groups that are open: bit by depth */
};

struct ldap_walk ldap_walk_of(struct str filter);
/* False at the end. */
bool ldap_walk_next(struct ldap_walk *walk, struct ldap_assertion *assertion);

#endif
