/*
 * ndr_shorthand - the parameters that tables of arguments mostly consist of, in short.
 *
 * Internal to ndr_*.c.
 */
#ifndef ORTHRUS_DECODE_NDR_SHORTHAND_H
#define ORTHRUS_DECODE_NDR_SHORTHAND_H

#include "services/protocol-decode/ndr_interfaces.h"

#define NDR_SHOWN(name, of)                                                                                  \
    {                                                                                                        \
        (name), &(of), NDR_SHOW                                                                              \
    }
#define NDR_SHOWN_PTR(name, of)                                                                              \
    {                                                                                                        \
        (name), &(of), NDR_PTR | NDR_SHOW                                                                    \
    }

#define TEXT(name)       NDR_SHOWN(name, ndr_wide)     /* [string] wchar_t *, ref */
#define TEXT_PTR(name)   NDR_SHOWN_PTR(name, ndr_wide) /* the same, unique or in a structure */
#define NUMBER(name)     NDR_SHOWN(name, ndr_u32)
#define SHORT(name)      NDR_SHOWN(name, ndr_u16)
#define SMALL(name)      NDR_SHOWN(name, ndr_u8)
#define GUID(name)       NDR_SHOWN(name, ndr_guid)
#define STRING(name)     NDR_SHOWN(name, ndr_unicode_string) /* RPC_UNICODE_STRING */
#define STRING_PTR(name) NDR_SHOWN_PTR(name, ndr_unicode_string)
#define ANSI(name)       NDR_SHOWN(name, ndr_ansi_string) /* RPC_STRING */
#define ANSI_PTR(name)   NDR_SHOWN_PTR(name, ndr_ansi_string)
#define SKIP_PTR(of)                                                                                         \
    {                                                                                                        \
        NULL, &(of), NDR_PTR                                                                                 \
    }
/* What every call of an object begins with, and every answer (MS-DCOM 2.2.13): ndr_dcom.c. */
extern const struct ndr_type ndr_orpc_this, ndr_orpc_that;
#define NDR_ORPC_THIS                                                                                        \
    {                                                                                                        \
        NULL, &ndr_orpc_this                                                                                 \
    }
#define NDR_ORPC_THAT                                                                                        \
    {                                                                                                        \
        NULL, &ndr_orpc_that                                                                                 \
    }
/* A BSTR behind its pointer (MS-OAUT 2.2.23): ndr_dcom.c. */
extern const struct ndr_type ndr_bstr;

/* A pointer to the first character of a name, which is all that is sent of it. */
#define SERVER_W SKIP_PTR(ndr_wchar)
#define SERVER_A SKIP_PTR(ndr_char)

#endif
