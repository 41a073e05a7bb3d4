/*
 * http_content - what the beginning of a request's body says: SOAP of WinRM, enrolment and Exchange, and the
 * form of the certificate pages.
 *
 * XML is not parsed but looked through: the content of the first element of a name, whatever its prefix.
 */
#include "common/base/text.h"
#include "services/protocol-decode/build.h"
#include "services/protocol-decode/http_state.h"
#include "services/protocol-decode/keep.h"

enum {
    ARGUMENTS_MAX = 32, /* of a command line */
    PAIRS_MAX = 64,     /* of a form */
    LINES_MAX = 64,     /* of attributes */
    UTF16_BYTES = 2,
    BYTE_ORDER_MARK = 0xfffe,
};

/* MS-WSMV 2.2.9.1: the whole message is sealed; the parts around it say by what. */
bool http_is_sealed(struct str content_type)
{
    return http_begins(content_type, STR("multipart/encrypted"));
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

/* Moves r behind the start tag of the next element of that local name; tag is what stands within its angles.
 */
static bool open_element(struct reader *r, struct str name, struct str *tag)
{
    while (reader_left(r) > 0) {
        if (reader_u8(r) != '<')
            continue;
        struct reader inner = *r;
        struct str rest = reader_rest(&inner);
        const char *end = memchr(rest.at, '>', rest.size);
        if (!end)
            return false;
        *tag = reader_bytes(r, (size_t)(end - rest.at));
        reader_skip(r, 1);
        uint32_t from = 0, to = 0;
        while (to < tag->size && (is_name(tag->at[to]) || tag->at[to] == ':')) {
            to++;
            if (tag->at[to - 1] == ':')
                from = to;
        }
        if (str_equal((struct str){.at = tag->at + from, .size = to - from}, name))
            return true;
    }
    return false;
}

/* Character data up to the next tag, its entities as what they stand for (XML 1.0 4.6). */
static struct str text_here(struct arena *arena, struct reader *r)
{
    static const struct {
        struct str entity;
        char c;
    } entities[] = {{STR("&amp;"), '&'},
                    {STR("&lt;"), '<'},
                    {STR("&gt;"), '>'},
                    {STR("&quot;"), '"'},
                    {STR("&apos;"), '\''}};
    struct reader all = *r;
    struct str rest = reader_rest(&all);
    const char *end = memchr(rest.at, '<', rest.size);
    struct str raw = reader_bytes(r, end ? (size_t)(end - rest.at) : rest.size);
    struct build b = build_in(arena, raw.size + 1);
    for (uint32_t i = 0; i < raw.size;) {
        struct str left = http_from(raw, i);
        size_t e = 0;
        while (left.at[0] == '&' && e < ARRAY_COUNT(entities) && !http_begins(left, entities[e].entity))
            e++;
        bool is_entity = left.at[0] == '&' && e < ARRAY_COUNT(entities);
        build_char(&b, is_entity ? entities[e].c : left.at[0]);
        i += is_entity ? entities[e].entity.size : 1;
    }
    return http_trim(built(&b));
}

static struct str element(struct arena *arena, struct str xml, struct str name)
{
    struct reader r = reader_of_str(xml);
    struct str tag;
    return open_element(&r, name, &tag) ? text_here(arena, &r) : (struct str){.at = "", .size = 0};
}

/* The value of an attribute in a start tag. */
static struct str attribute(struct str tag, struct str name)
{
    int64_t at = http_find(tag, name);
    struct str rest = at < 0 ? (struct str){.at = "", .size = 0} : http_trim(http_from(tag, (uint32_t)at));
    if (rest.size < 2 || rest.at[0] != '=')
        return (struct str){.at = "", .size = 0};
    rest = http_trim(http_from(rest, 1));
    char quote = rest.size > 0 ? rest.at[0] : '"';
    rest = http_from(rest, 1);
    uint32_t end = 0;
    while (end < rest.size && rest.at[end] != quote)
        end++;
    rest.size = end;
    return rest;
}

/* MS-WSMV 2.2.4.9, CommandLine: a Command and its Arguments. */
static void take_command_line(const struct http_step *step, struct http_request *r, struct str xml)
{
    struct arena *arena = &step->out->batch->arena;
    struct reader reader = reader_of_str(xml);
    struct str tag;
    struct build b = build_in(arena, sizeof(r->command));
    if (!open_element(&reader, STR("CommandLine"), &tag) || !open_element(&reader, STR("Command"), &tag))
        return;
    build_str(&b, text_here(arena, &reader));
    for (int i = 0; i < ARGUMENTS_MAX && open_element(&reader, STR("Arguments"), &tag); i++) {
        build_char(&b, ' ');
        build_str(&b, text_here(arena, &reader));
    }
    HTTP_KEEP(step, r->command, built(&b));
}

static void take_winrm(const struct http_step *step, struct http_request *r, struct str xml)
{
    struct arena *arena = &step->out->batch->arena;
    struct reader reader = reader_of_str(xml);
    struct str tag;
    HTTP_KEEP(step, r->resource, element(arena, xml, STR("ResourceURI")));
    while (r->shell[0] == 0 && open_element(&reader, STR("Selector"), &tag))
        if (str_equal(attribute(tag, STR("Name")), STR("ShellId")))
            HTTP_KEEP(step, r->shell, text_here(arena, &reader));
    /* MS-PSRP 3.1.5.3: PowerShell's shells have resources of their own. */
    r->powershell =
        http_find(KEPT(r->resource), STR("/powershell/")) >= 0 || http_find(xml, STR("creationXml")) >= 0;
    take_command_line(step, r, xml);
}

static void take_soap(const struct http_step *step, struct http_request *r, struct str xml)
{
    struct arena *arena = &step->out->batch->arena;
    struct str action = element(arena, xml, STR("Action"));
    if (action.size > 0)
        HTTP_KEEP(step, r->action, action);
    if (r->service == http_service_winrm)
        take_winrm(step, r, xml);
    /* MS-OXWSPSNTIF 2.2.4: the server shall call this address. */
    struct reader reader = reader_of_str(xml);
    struct str tag;
    if (r->service == http_service_exchange && open_element(&reader, STR("PushSubscriptionRequest"), &tag) &&
        open_element(&reader, STR("URL"), &tag))
        HTTP_KEEP(step, r->callback, text_here(arena, &reader));
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The value of a form's field (URL standard, 5.1). */
static struct str form_text(struct arena *arena, struct str raw)
{
    struct build b = build_in(arena, raw.size + 1);
    for (uint32_t i = 0; i < raw.size; i++) {
        char c = raw.at[i];
        int high = c == '%' && i + 2 < raw.size ? hex_digit(raw.at[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(raw.at[i + 2]) : -1;
        i += low >= 0 ? 2 : 0;
        build_char(&b, (char)(low >= 0 ? high << 4 | low : c == '+' ? ' ' : c));
    }
    return built(&b);
}

/* Request attributes (MS-WCCE 2.2.2.6.1): a name, a colon and a value on each line. */
static void take_attributes(const struct http_step *step, struct http_request *r, struct str text)
{
    struct reader reader = reader_of_str(text);
    struct build b = build_in(&step->out->batch->arena, text.size + 1);
    for (int i = 0; i < LINES_MAX && reader_left(&reader) > 0; i++) {
        struct str line = http_trim(http_line(&reader));
        if (line.size == 0)
            continue;
        if (b.size > 0)
            build_char(&b, '\n');
        build_str(&b, line);
        if (http_begins(line, STR("CertificateTemplate:")))
            HTTP_KEEP(step, r->template_name, http_trim(http_from(line, 20)));
        else if (http_begins(line, STR("SAN:")))
            HTTP_KEEP(step, r->subject_alternative, http_trim(http_from(line, 4)));
    }
    HTTP_KEEP(step, r->attributes, built(&b));
}

static uint32_t number_of(struct str text)
{
    uint64_t number = 0;
    for (uint32_t i = 0; i < text.size && text.at[i] >= '0' && text.at[i] <= '9' && number <= UINT32_MAX; i++)
        number = number * 10 + (uint64_t)(text.at[i] - '0');
    return number <= UINT32_MAX ? (uint32_t)number : 0;
}

static void take_pair(const struct http_step *step, struct http_request *r, struct str name, struct str raw)
{
    struct str value = form_text(&step->out->batch->arena, raw);
    if (text_equal_nocase(name, STR("Mode")))
        HTTP_KEEP(step, r->enrollment_mode, value);
    else if (text_equal_nocase(name, STR("CertRequest")))
        r->certificate_request_bytes = value.size;
    else if (text_equal_nocase(name, STR("CertAttrib")))
        take_attributes(step, r, value);
    else if (text_equal_nocase(name, STR("ReqID")))
        r->certificate_request_id = number_of(value);
}

static void take_form(const struct http_step *step, struct http_request *r, struct str form)
{
    struct reader reader = reader_of_str(form);
    for (int i = 0; i < PAIRS_MAX && reader_left(&reader) > 0; i++) {
        struct reader all = reader;
        struct str rest = reader_rest(&all);
        const char *end = memchr(rest.at, '&', rest.size);
        struct str pair = reader_bytes(&reader, end ? (size_t)(end - rest.at) : rest.size);
        if (end)
            reader_skip(&reader, 1);
        const char *equals = pair.size > 0 ? memchr(pair.at, '=', pair.size) : NULL;
        uint32_t name = equals ? (uint32_t)(equals - pair.at) : pair.size;
        take_pair(step, r, (struct str){.at = pair.at, .size = name}, http_from(pair, name + 1));
    }
}

void http_take_query(const struct http_step *step, struct http_request *r, struct str target)
{
    const char *query = target.size > 0 ? memchr(target.at, '?', target.size) : NULL;
    if (query && r->service == http_service_certificate_pages)
        take_form(step, r, http_from(target, (uint32_t)(query - target.at) + 1));
}

void http_take_body(const struct http_step *step, struct http_request *r, struct str body)
{
    struct reader reader = reader_of_str(body);
    uint16_t mark = reader_u16be(&reader);
    struct str type = KEPT(r->content_type);
    /* MS-WSMV 2.2.1: SOAP may come in UTF-16. */
    if (mark == BYTE_ORDER_MARK)
        body = text_from_utf16le(&step->out->batch->arena, http_from(body, UTF16_BYTES), false);
    else if (http_find(type, STR("utf-16")) >= 0)
        body = text_from_utf16le(&step->out->batch->arena, body, false);
    if (http_find(type, STR("xml")) >= 0)
        take_soap(step, r, body);
    else if (http_find(type, STR("form-urlencoded")) >= 0 && r->service == http_service_certificate_pages)
        take_form(step, r, body);
}
