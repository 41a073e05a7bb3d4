/*
 * ocsf_alert - what a Detection Finding has beside the fields that its declaration maps.
 */
#ifndef ORTHRUS_PROTO_OCSF_ALERT_H
#define ORTHRUS_PROTO_OCSF_ALERT_H

#include "proto/ocsf_tree.h"

void ocsf_put_alert(struct ocsf_tree *tree, const struct record *record);

#endif
