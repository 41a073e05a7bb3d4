/*
 * product - what this program calls itself wherever it signs what it writes.
 */
#ifndef ORTHRUS_PROTO_PRODUCT_H
#define ORTHRUS_PROTO_PRODUCT_H

#define PRODUCT_NAME   "Orthrus"
#define PRODUCT_VENDOR "Orthrus"

/* As in 0.1.0: the version of the build. */
const char *product_version(void);

#endif
