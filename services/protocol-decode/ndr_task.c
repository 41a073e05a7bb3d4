/*
 * ndr_task - arguments of the task scheduler (MS-TSCH): its three interfaces, and of the XML of a task who
 * wrote it and what it runs.
 */
#include "common/base/text.h"
#include "services/protocol-decode/ndr_shorthand.h"

enum {
    XML_VALUES_MAX = 4, /* of one element */
    XML_VALUE_BYTES = 1024,
};

/* Of a task (MS-TSCH 2.5): who registered it, under which account it runs, and its actions. */
static const char *const xml_elements[] = {
    "Author", "UserId", "RunLevel", "Hidden", "Command", "Arguments", "WorkingDirectory", "ClassId", "Data",
};

/* Where text stands in a run of text, counted from `from`; its size when it does not. */
static uint32_t find(struct str in, uint32_t from, struct str text)
{
    for (uint32_t i = from; i + text.size <= in.size; i++)
        if (memcmp(in.at + i, text.at, text.size) == 0)
            return i;
    return in.size;
}

/* The five entities that XML knows by itself (XML 1.0, 4.6). */
static uint32_t read_entity(struct str in, uint32_t at, char *out)
{
    static const struct {
        const char *name;
        char character;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    for (size_t i = 0; i < ARRAY_COUNT(entities); i++) {
        struct str name = str_of(entities[i].name);
        if (at + name.size <= in.size && memcmp(in.at + at, name.at, name.size) == 0) {
            *out = entities[i].character;
            return name.size;
        }
    }
    *out = in.at[at];
    return 1;
}

static void tell_content(struct ndr *n, const char *name, struct str content)
{
    char text[XML_VALUE_BYTES];
    uint32_t used = 0;
    for (uint32_t at = 0; at < content.size && used < sizeof(text);)
        at += read_entity(content, at, &text[used++]);
    ndr_tell_text(n, name, (struct str){text, used});
}

/* Each <name>content</name>, also with attributes; an element in which others stand has no content here. */
static void tell_elements(struct ndr *n, struct str xml, const char *name)
{
    struct str opening = arena_print(ndr_arena(n), "<%s", name),
               closing = arena_print(ndr_arena(n), "</%s>", name);
    uint32_t at = 0;
    for (uint32_t i = 0; i < XML_VALUES_MAX; i++) {
        at = find(xml, at, opening) + opening.size;
        if (at >= xml.size)
            return;
        if (xml.at[at] != '>' && xml.at[at] != ' ')
            continue;
        uint32_t start = find(xml, at, str_of(">")) + 1, end = find(xml, start, closing);
        if (end >= xml.size)
            return;
        tell_content(n, name, (struct str){xml.at + start, end - start});
        at = end;
    }
}

static void tell_xml(struct ndr *n, struct str utf16)
{
    struct str xml = text_from_utf16le(ndr_arena(n), utf16, false);
    for (size_t i = 0; i < ARRAY_COUNT(xml_elements); i++)
        tell_elements(n, xml, xml_elements[i]);
}
static const struct ndr_type task_xml = {.kind = NDR_STRING, .size = 2, .inside = tell_xml};

/* TASK_USER_CRED (2.4.3). */
static const struct ndr_type credential =
    NDR_STRUCT_OF(TEXT_PTR("userId"), {"password", &ndr_wide, NDR_PTR | NDR_SECRET}, NUMBER("flags"));

/* AT_INFO and AT_ENUM (2.3.4, 2.3.6). */
#define AT_JOB                                                                                               \
    {"JobTime", &ndr_long, NDR_SHOW}, NUMBER("DaysOfMonth"), SMALL("DaysOfWeek"), SMALL("Flags"),            \
        TEXT_PTR("Command")
static const struct ndr_type at_info = NDR_STRUCT_OF(AT_JOB);
static const struct ndr_type at_enum = NDR_STRUCT_OF(NUMBER("JobId"), AT_JOB);
static const struct ndr_type at_container =
    NDR_STRUCT_OF(NDR_SKIP_U32, {"Buffer", &at_enum, NDR_PTR, NDR_CONFORMANT});

/* 3.2.5.2 */
static const struct ndr_operation atsvc_operations[] = {
    {0, 0, NDR(TEXT_PTR("ServerName"), {"pAtInfo", &at_info}), NDR(NUMBER("pJobId"))},
    {1, 0, NDR(TEXT_PTR("ServerName"), NUMBER("MinJobId"), NUMBER("MaxJobId")), NDR_NO_PARAMETERS},
    {2, 0, NDR(TEXT_PTR("ServerName"), NDR_REST),
     NDR({"pEnumContainer", &at_container}, NUMBER("pTotalEntries"), SKIP_PTR(ndr_u32))},
    {3, 0, NDR(TEXT_PTR("ServerName"), NUMBER("JobId")), NDR({"ppAtInfo", &at_info, NDR_PTR})},
};

/* 3.2.5.3 */
static const struct ndr_operation sasec_operations[] = {
    {0, 0,
     NDR(TEXT_PTR("Handle"), TEXT("pwszJobName"), TEXT("pwszAccount"),
         {"pwszPassword", &ndr_wide, NDR_PTR | NDR_SECRET}, NUMBER("dwJobFlags")),
     NDR_NO_PARAMETERS},
    {1, 0,
     NDR(TEXT_PTR("Handle"), TEXT_PTR("pwszAccount"), {"pwszPassword", &ndr_wide, NDR_PTR | NDR_SECRET}),
     NDR_NO_PARAMETERS},
};

/* 3.2.5.4 */
static const struct ndr_operation task_operations[] = {
    {0, 0, NDR_NO_PARAMETERS, NDR(NUMBER("pVersion"))},
    {1, 0,
     NDR(TEXT_PTR("path"), {"xml", &task_xml, NDR_SHOW}, NUMBER("flags"), TEXT_PTR("sddl"),
         NUMBER("logonType"), NDR_SKIP_U32, {"pCreds", &credential, NDR_PTR, NDR_CONFORMANT}),
     NDR(TEXT_PTR("pActualPath"), NDR_REST)},
    {2, 0, NDR(TEXT("path"), NDR_REST), NDR({"pXml", &task_xml, NDR_PTR | NDR_SHOW})},
    {3, 0, NDR(TEXT("path"), TEXT_PTR("sddl"), NUMBER("flags")), NDR_NO_PARAMETERS},
    {4, 0, NDR(TEXT("path"), TEXT("sddl"), NUMBER("flags")), NDR_NO_PARAMETERS},
    {5, 0, NDR(TEXT("path"), NUMBER("securityInformation")), NDR(TEXT_PTR("sddl"))},
    {6, 0, NDR(TEXT("path"), NUMBER("flags"), NDR_REST)},
    {7, 0, NDR(TEXT("path"), NUMBER("flags"), NDR_REST)},
    {8, 0, NDR(TEXT_PTR("path"), NUMBER("flags"))},
    {9, 0, NDR(GUID("guid")), NDR(TEXT_PTR("pPath"), NUMBER("pState"), TEXT_PTR("pCurrentAction"), NDR_REST)},
    {10, 0, NDR(GUID("guid"), NUMBER("flags")), NDR_NO_PARAMETERS},
    {11, 0, NDR(TEXT_PTR("path"), NUMBER("flags")), NDR_NO_PARAMETERS},
    {12, 0,
     NDR(TEXT("path"), NDR_SKIP_U32, {"pArgs", &ndr_wide, NDR_PTR | NDR_ITEM_PTR | NDR_SHOW, NDR_CONFORMANT},
         NUMBER("flags"), NUMBER("sessionId"), TEXT_PTR("user")),
     NDR(GUID("pGuid"))},
    {13, 0, NDR(TEXT("path"), NUMBER("flags")), NDR_NO_PARAMETERS},
    {14, 0, NDR(TEXT("path"), TEXT("newName"), NUMBER("flags")), NDR_NO_PARAMETERS},
    {15, 0, NDR(TEXT("path"), NDR_REST)},
    {16, 0, NDR(TEXT("path"))},
    {17, 0, NDR(TEXT("path"), NUMBER("flags")), NDR(NUMBER("pEnabled"), NUMBER("pState"))},
    {18, 0, NDR(TEXT("path")), NDR(NUMBER("pNumberOfMissedRuns"))},
    {19, 0, NDR(TEXT("path"), NUMBER("enabled")), NDR_NO_PARAMETERS},
};

static const struct ndr_interface interfaces[] = {
    {.uuid = RPC_UUID(1ff70682, 0a51, 30e8, 076d, 740be8cee98b), NDR_OPERATIONS(atsvc_operations)},
    {.uuid = RPC_UUID(378e52b0, c0a9, 11cf, 822d, 00aa0051e40f), NDR_OPERATIONS(sasec_operations)},
    {.uuid = RPC_UUID(86d35949, 83c9, 4044, b424, db363231fd0c), NDR_OPERATIONS(task_operations)},
};

const struct ndr_interfaces ndr_task = NDR_INTERFACES(interfaces);
