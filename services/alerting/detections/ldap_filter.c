/*
 * ldap_filter - a walk over the assertions of a filter in text (RFC 4515 3).
 *
 * A value holds no parenthesis: it is escaped. What does not follow the form ends the walk.
 */
#include "services/alerting/detections/ldap_query.h"

enum {
    DEPTH_MAX = 63,
};

static void skip(struct ldap_walk *w, uint32_t bytes)
{
    w->rest.at += bytes;
    w->rest.size -= bytes;
}

struct ldap_walk ldap_walk_of(struct str filter)
{
    return (struct ldap_walk){.rest = filter};
}

static uint32_t find_any(struct str s, const char *bytes)
{
    for (uint32_t i = 0; i < s.size; i++)
        if (strchr(bytes, s.at[i]) && s.at[i] != '\0')
            return i;
    return s.size;
}

/* "attribute;option:dn:rule:=value", "attribute>=value". */
static void read_assertion(struct str text, struct ldap_assertion *assertion)
{
    uint32_t equals = find_any(text, "=");
    struct str left = {.at = text.at, .size = equals};
    uint32_t value = equals < text.size ? equals + 1 : equals;
    assertion->attribute = (struct str){.at = left.at, .size = find_any(left, ";:<>~")};
    assertion->value = (struct str){.at = text.at + value, .size = text.size - value};
    assertion->rule = (struct str){0};
    if (left.size == 0 || left.at[left.size - 1] != ':')
        return;
    uint32_t end = left.size - 1, start = end;
    while (start > 0 && left.at[start - 1] != ':')
        start--;
    if (start > 0)
        assertion->rule = (struct str){.at = left.at + start, .size = end - start};
}

static bool open_group(struct ldap_walk *w, bool negates)
{
    if (w->depth >= DEPTH_MAX)
        return false;
    uint64_t bit = UINT64_C(1) << w->depth++;
    w->negations = negates ? w->negations | bit : w->negations & ~bit;
    return true;
}

static uint32_t negations_open(const struct ldap_walk *w)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < w->depth; i++)
        count += (w->negations >> i & 1) != 0;
    return count;
}

bool ldap_walk_next(struct ldap_walk *w, struct ldap_assertion *assertion)
{
    while (w->rest.size > 1) {
        char first = w->rest.at[0], second = w->rest.at[1];
        if (first == ')') {
            skip(w, 1);
            w->depth -= w->depth > 0;
            continue;
        }
        if (first != '(') /* only a value may hold other bytes here, and it was taken whole */
            return false;
        skip(w, 1);
        if (second == '&' || second == '|' || second == '!') {
            if (!open_group(w, second == '!'))
                return false;
            skip(w, 1);
            continue;
        }
        uint32_t end = find_any(w->rest, "()");
        read_assertion((struct str){.at = w->rest.at, .size = end}, assertion);
        assertion->negated = negations_open(w) % 2 == 1;
        skip(w, end < w->rest.size && w->rest.at[end] == ')' ? end + 1 : end);
        return true;
    }
    return false;
}
