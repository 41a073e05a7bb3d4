/*
 * product - the version comes from the build.
 */
#include "proto/product.h"

const char *product_version(void)
{
    return ORTHRUS_VERSION;
}
