/*
 * ndr_interfaces - finds the table of an operation.
 */
#include "services/protocol-decode/ndr_interfaces.h"

static const struct ndr_interfaces *const families[] = {
    &ndr_certificate, &ndr_dcom,   &ndr_drsuapi,  &ndr_epm,   &ndr_event,
    &ndr_files,       &ndr_lsa,    &ndr_netlogon, &ndr_print, &ndr_registry,
    &ndr_samr,        &ndr_server, &ndr_svcctl,   &ndr_task,  &ndr_wmi,
};

static int compare_opnum(const void *key, const void *operation)
{
    uint16_t opnum = *(const uint16_t *)key, other = ((const struct ndr_operation *)operation)->opnum;
    return (opnum > other) - (opnum < other);
}

static const struct ndr_interface *find_interface(const uint8_t uuid[16])
{
    for (size_t f = 0; f < ARRAY_COUNT(families); f++)
        for (size_t i = 0; i < families[f]->count; i++)
            if (memcmp(families[f]->at[i].uuid, uuid, 16) == 0)
                return &families[f]->at[i];
    return NULL;
}

const struct ndr_operation *ndr_operation_find(const uint8_t uuid[16], uint16_t opnum)
{
    const struct ndr_interface *interface = find_interface(uuid);
    if (!interface)
        return NULL;
    return bsearch(&opnum, interface->operations, interface->count, sizeof(*interface->operations),
                   compare_opnum);
}

const struct ndr_interface *ndr_interface_at(size_t index)
{
    for (size_t f = 0; f < ARRAY_COUNT(families); f++) {
        if (index < families[f]->count)
            return &families[f]->at[index];
        index -= families[f]->count;
    }
    return NULL;
}
