/*
 * directory_write - a walk over the changes of an operation.
 */
#include "services/alerting/detections/directory_write.h"

#include "common/base/text.h"

const struct ldap *directory_operation(const struct activity *a)
{
    return a->ldap.count ? a->ldap.at : NULL;
}

/* "servicePrincipalName" of "servicePrincipalName;binary". */
static struct str without_options(struct str description)
{
    for (uint32_t i = 0; i < description.size; i++)
        if (description.at[i] == ';')
            return (struct str){.at = description.at, .size = i};
    return description;
}

const struct ldap_change *directory_written(const struct activity *a, const char *attribute)
{
    const struct ldap *l = directory_operation(a);
    if (!l || (l->operation != ldap_operation_modify && l->operation != ldap_operation_add))
        return NULL;
    for (uint32_t i = 0; i < l->changes.count; i++) {
        const struct ldap_change *change = &l->changes.at[i];
        bool gives = l->operation == ldap_operation_add || change->kind == ldap_change_kind_add ||
                     change->kind == ldap_change_kind_replace;
        if (gives && change->value_count > 0 &&
            text_equal_nocase(without_options(change->attribute), str_of(attribute)))
            return change;
    }
    return NULL;
}

struct str directory_value(const struct ldap_change *change)
{
    return change && change->values.count > 0 ? change->values.at[0] : (struct str){0};
}

bool directory_text_holds(struct str text, const char *part)
{
    struct str wanted = str_of(part);
    for (uint32_t at = 0; at + wanted.size <= text.size; at++)
        if (text_equal_nocase((struct str){.at = text.at + at, .size = wanted.size}, wanted))
            return true;
    return false;
}
