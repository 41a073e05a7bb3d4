/*
 * unc - hosts that paths from the wire name, and whether they are a known device.
 */
#ifndef ORTHRUS_ALERTING_UNC_H
#define ORTHRUS_ALERTING_UNC_H

#include "common/base/base.h"

/* The host of "\\host\share\file", "\??\UNC\host\share" or "\\host@80\share"; empty when the path names none.
 */
struct str unc_host(struct str path);
/* Is there a share, or a queue, after the host? */
bool unc_has_share(struct str path);

/* Whom a name stands for, seen from a device whose name may not be known. */
enum unc_match {
    UNC_OTHER,
    UNC_SAME,
    UNC_UNSURE, /* a name, and that of the device is not known */
};
enum unc_match unc_match(struct str host, const struct addr *ip, struct str device_host);

#endif
