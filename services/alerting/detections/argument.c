/*
 * argument - a walk over a short list.
 */
#include "services/alerting/detections/argument.h"

#include "common/base/text.h"

/* "UserInformation.All.UserName" is found as "UserName" and as "All.UserName". */
static bool is_named(struct str path, struct str name)
{
    if (path.size < name.size)
        return false;
    uint32_t before = path.size - name.size;
    struct str end = {.at = path.at + before, .size = name.size};
    return str_equal(end, name) && (before == 0 || path.at[before - 1] == '.');
}

static const struct rpc_argument *find(const struct rpc_argument *at, uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++)
        if (is_named(at[i].name, str_of(name)))
            return &at[i];
    return NULL;
}

const struct rpc_argument *argument_find(const struct activity *a, const char *name)
{
    return a->rpc.count ? find(a->rpc.at->arguments.at, a->rpc.at->arguments.count, name) : NULL;
}

const struct rpc_argument *argument_find_result(const struct activity *a, const char *name)
{
    return a->rpc.count ? find(a->rpc.at->results.at, a->rpc.at->results.count, name) : NULL;
}

struct str argument_text(const struct activity *a, const char *name)
{
    const struct rpc_argument *argument = argument_find(a, name);
    return argument ? argument->text : (struct str){0};
}

bool argument_ends(struct str name, const char *end)
{
    struct str tail = str_of(end);
    return name.size >= tail.size &&
           str_equal((struct str){.at = name.at + name.size - tail.size, .size = tail.size}, tail);
}

bool argument_is_call(const struct activity *a, const char *interface, const char *operation)
{
    return a->kind == activity_kind_rpc_call && str_equal(a->interface_name, str_of(interface)) &&
           str_equal(a->operation, str_of(operation));
}
