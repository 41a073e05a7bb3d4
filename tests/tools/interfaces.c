/*
 * interfaces - lists the RPC interfaces and their operations, for the oracle: a line of UUID, major version
 * and name for each, and after it a line of opnum and name for each operation.
 */
#include <stdio.h>

#include "common/base/text.h"
#include "services/protocol-decode/rpc.h"

int main(void)
{
    const struct rpc_interface *interface;
    for (size_t i = 0; (interface = rpc_interface_at(i)); i++) {
        char uuid[TEXT_UUID_BYTES];
        printf("%s\t%u\t%s\n", text_uuid(interface->uuid, uuid), interface->major, interface->name);
        for (uint16_t opnum = 0; opnum < interface->operation_count; opnum++) {
            const char *name = rpc_operation_name(interface, opnum);
            if (name)
                printf("\t%u\t%s\n", opnum, name);
        }
    }
    return 0;
}
