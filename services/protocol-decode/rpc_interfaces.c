/*
 * rpc_interfaces - finds interfaces and operations by their numbers.
 */
#include "services/protocol-decode/rpc_interfaces.h"

static const struct rpc_interfaces *const groups[] = {
    &rpc_interfaces_account,
    &rpc_interfaces_directory,
    &rpc_interfaces_domain,
    &rpc_interfaces_certificate,
    &rpc_interfaces_host,
    &rpc_interfaces_share,
    &rpc_interfaces_print,
    &rpc_interfaces_dcom,
    &rpc_interfaces_automation,
    &rpc_interfaces_components,
    &rpc_interfaces_terminal,
    &rpc_interfaces_network,
    &rpc_interfaces_dhcp,
    &rpc_interfaces_firewall,
    &rpc_interfaces_queue,
    &rpc_interfaces_mail,
    &rpc_interfaces_fax,
    &rpc_interfaces_cluster,
    &rpc_interfaces_disk,
    &rpc_interfaces_volume,
    &rpc_interfaces_storage,
    &rpc_interfaces_quota,
    &rpc_interfaces_classification,
    &rpc_interfaces_web,
    &rpc_interfaces_update,
    &rpc_interfaces_performance,
    &rpc_interfaces_resource,
};

const struct rpc_interface *rpc_interface_find(const uint8_t uuid[16], uint16_t major)
{
    for (size_t g = 0; g < ARRAY_COUNT(groups); g++) {
        const struct rpc_interfaces *group = groups[g];
        for (size_t i = 0; i < group->count; i++)
            if (group->at[i].major == major && memcmp(group->at[i].uuid, uuid, 16) == 0)
                return &group->at[i];
    }
    return NULL;
}

const struct rpc_interface *rpc_interface_at(size_t index)
{
    for (size_t g = 0; g < ARRAY_COUNT(groups); g++) {
        if (index < groups[g]->count)
            return &groups[g]->at[index];
        index -= groups[g]->count;
    }
    return NULL;
}

const char *rpc_operation_name(const struct rpc_interface *interface, uint16_t opnum)
{
    return opnum < interface->operation_count ? interface->operations[opnum] : NULL;
}
