/*
 * certificate_request - what a request for a certificate asks for: PKCS #10 (RFC 2986), by itself or inside a
 * CMS message (RFC 5652) or a CMC one (RFC 5272).
 *
 * Internal to protocol-decode; keeps nothing. Texts live in the batch's arena or borrow from the request.
 */
#ifndef ORTHRUS_DECODE_CERTIFICATE_REQUEST_H
#define ORTHRUS_DECODE_CERTIFICATE_REQUEST_H

#include "services/protocol-decode/x509.h"

enum {
    CERTIFICATE_REQUEST_ATTRIBUTES_MAX = 16,
};

struct certificate_request {
    struct certificate wanted; /* its subject, key and the extensions that it asks for */
    struct str machine; /* of szOID_REQUEST_CLIENT_INFO (MS-WCCE 2.2.2.7.4): what the client says of itself */
    struct str user;
    struct str process;
    struct strs attributes; /* "name:value" of each enrolment name and value pair (MS-WCCE 2.2.2.7.10) */
};

/* False when the bytes are no such request; what could be read stands. */
bool certificate_request_read(struct decode_out *out, struct str bytes, struct certificate_request *request);

#endif
