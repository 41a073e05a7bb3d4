/*
 * ticket - bits and names.
 */
#include "services/alerting/detections/ticket.h"

#include "common/base/text.h"

const struct kerberos *ticket_exchange(const struct activity *a)
{
    return a->kerberos.count ? a->kerberos.at : NULL;
}

bool ticket_is_to_self(const struct activity *a)
{
    return a->kind == activity_kind_ticket_request && a->for_user.size > 0;
}

bool ticket_is_by_proxy(const struct activity *a)
{
    const struct kerberos *k = ticket_exchange(a);
    return a->kind == activity_kind_ticket_request && (a->kdc_options & KDC_OPTION_CNAME_IN_ADDL_TKT) && k &&
           k->additional_tickets > 0;
}

bool ticket_is_for_granting(struct str service)
{
    struct str name = STR("krbtgt");
    struct str start = {.at = service.at, .size = name.size};
    return service.size >= name.size && text_equal_nocase(start, name) &&
           (service.size == name.size || service.at[name.size] == '/');
}

time_ns ticket_lifetime(const struct ticket_part *part)
{
    time_ns from = part->starttime > part->authtime ? part->starttime : part->authtime;
    return part->opening == opening_opened && from != 0 && part->endtime > from ? part->endtime - from : 0;
}

struct str ticket_host_label(struct str name)
{
    uint32_t start = 0, end = name.size;
    for (uint32_t i = 0; i < name.size; i++)
        if (name.at[i] == '/')
            start = i + 1;
    for (uint32_t i = start; i < name.size; i++)
        if (name.at[i] == '.' || name.at[i] == '$' || name.at[i] == ':' || name.at[i] == '@') {
            end = i;
            break;
        }
    /* An empty text may have a null pointer, which nothing may be added to. */
    return end == start ? (struct str){0} : (struct str){.at = name.at + start, .size = end - start};
}

bool ticket_same_host(struct str a, struct str b)
{
    struct str left = ticket_host_label(a), right = ticket_host_label(b);
    return left.size > 0 && text_equal_nocase(left, right);
}
