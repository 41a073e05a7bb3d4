/*
 * http_service - what a request is for, by method, path and the program that sends it.
 *
 * Internal to http; keeps nothing.
 */
#ifndef ORTHRUS_DECODE_HTTP_SERVICE_H
#define ORTHRUS_DECODE_HTTP_SERVICE_H

#include "proto/record.h"
#include "services/protocol-decode/http_head.h"

enum http_service http_service_of(const struct http_head *head);

#endif
