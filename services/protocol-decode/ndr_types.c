/*
 * ndr_types - what the IDL of all interfaces is made of.
 */
#include "services/protocol-decode/ndr_interfaces.h"

const struct ndr_type ndr_none = {.kind = NDR_NONE};
const struct ndr_type ndr_unknown = {.kind = NDR_UNKNOWN};
const struct ndr_type ndr_u8 = {.kind = NDR_NUMBER, .size = 1};
const struct ndr_type ndr_u16 = {.kind = NDR_NUMBER, .size = 2};
const struct ndr_type ndr_u32 = {.kind = NDR_NUMBER, .size = 4};
const struct ndr_type ndr_u64 = {.kind = NDR_NUMBER, .size = 8};
const struct ndr_type ndr_enum = {.kind = NDR_ENUM};
const struct ndr_type ndr_long = {.kind = NDR_LONG};
const struct ndr_type ndr_time = {.kind = NDR_TIME};
const struct ndr_type ndr_time64 = {.kind = NDR_TIME64};
const struct ndr_type ndr_guid = {.kind = NDR_UUID};
const struct ndr_type ndr_sid = {.kind = NDR_SID};
const struct ndr_type ndr_handle = {.kind = NDR_HANDLE};
const struct ndr_type ndr_char = {.kind = NDR_CHAR};
const struct ndr_type ndr_wchar = {.kind = NDR_WCHAR};
const struct ndr_type ndr_byte = {.kind = NDR_BYTE};
const struct ndr_type ndr_string = {.kind = NDR_STRING, .size = 1};
const struct ndr_type ndr_wide = {.kind = NDR_STRING, .size = 2};
const struct ndr_type ndr_pipe = {.kind = NDR_PIPE, .size = 1};

const struct ndr_type ndr_unicode_string = NDR_STRUCT_OF(
    {NULL, &ndr_u16}, {NULL, &ndr_u16}, {NULL, &ndr_wchar, NDR_PTR | NDR_VALUE, NDR_CONFORMANT_VARYING});

const struct ndr_type ndr_ansi_string = NDR_STRUCT_OF(
    {NULL, &ndr_u16}, {NULL, &ndr_u16}, {NULL, &ndr_char, NDR_PTR | NDR_VALUE, NDR_CONFORMANT_VARYING});

const struct ndr_type ndr_luid = NDR_STRUCT_OF({"LowPart", &ndr_u32, NDR_VALUE}, {NULL, &ndr_u32});
