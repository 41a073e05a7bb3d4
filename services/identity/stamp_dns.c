/*
 * stamp_dns - questions to name services, of every kind, with their answers.
 */
#include "services/identity/stamp_state.h"

void stamp_dns(const struct stamping *s)
{
    const struct dns *d = s->record->body;
    struct activity *a = activity_begin(s, activity_kind_name_query, (enum protocol)d->protocol);
    a->operation = d->qtype_name;
    a->code = d->rcode;
    a->code_name = d->rcode_name;
    a->outcome = d->reply_frame == 0 ? outcome_unknown : d->rcode == 0 ? outcome_success : outcome_failure;
    a->dns.at = d;
    a->dns.count = 1;
    activity_publish(s, a);
}
