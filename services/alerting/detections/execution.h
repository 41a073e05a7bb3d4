/*
 * execution - what a call of a remote procedure, or a request of WinRM, does towards running code on its
 * target.
 */
#ifndef ORTHRUS_ALERTING_EXECUTION_H
#define ORTHRUS_ALERTING_EXECUTION_H

#include "services/alerting/judge.h"

enum execution_method {
    METHOD_SERVICE, /* MS-SCMR */
    METHOD_AT,      /* MS-TSCH, atsvc */
    METHOD_TASK,    /* MS-TSCH, ITaskSchedulerService */
    METHOD_WMI,     /* MS-WMI */
    METHOD_DCOM,    /* MS-DCOM, MS-OAUT */
    METHOD_WINRM,   /* MS-WSMV, MS-PSRP */
    METHODS,
};

enum execution_deed {
    DEED_NONE,
    DEED_LIST,     /* what is there was listed */
    DEED_CREATE,   /* something was made that will run */
    DEED_CHANGE,   /* what exists may run something else from now on */
    DEED_START,    /* what exists was started */
    DEED_ACTIVATE, /* an object that can run commands was made */
    DEED_RUN,      /* a command was run */
    DEED_REMOVE,   /* what was made is removed */
    DEED_MANAGE,   /* something was done by a service that can also run commands */
};

struct execution {
    uint8_t method;
    uint8_t deed;
    uint8_t outcome;     /* enum outcome */
    bool clear;          /* the arguments were read */
    struct str name;     /* of the service, task, class or object; empty: not known */
    const char *command; /* borrowed from the batch; empty: not known */
};

/* Is it a call, or a request of WinRM, that execution_read() may know? Quick. */
bool execution_concerns(const struct activity *activity);
struct execution execution_read(struct judge *judge, const struct activity *activity);
const char *execution_method_name(uint8_t method);

#endif
