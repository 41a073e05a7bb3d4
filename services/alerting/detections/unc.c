/*
 * unc - MS-DTYP 2.2.57, with the forms that Windows also takes (the NT name of the redirector, a WebDAV
 * port).
 */
#include "services/alerting/detections/unc.h"

#include "common/base/text.h"

static bool is_slash(char c)
{
    return c == '\\' || c == '/';
}

static struct str cut(struct str s, uint32_t from, uint32_t to)
{
    return (struct str){.at = s.size > 0 ? s.at + from : s.at, .size = to - from};
}

/* What follows the two slashes, or the NT prefix. */
static struct str after_prefix(struct str path)
{
    static const struct str prefixes[] = {STR("\\??\\UNC\\"), STR("\\\\?\\UNC\\"), STR("\\DosDevices\\UNC\\"),
                                          STR("\\\\.\\UNC\\")};
    for (size_t i = 0; i < ARRAY_COUNT(prefixes); i++)
        if (path.size > prefixes[i].size && text_equal_nocase(cut(path, 0, prefixes[i].size), prefixes[i]))
            return cut(path, prefixes[i].size, path.size);
    if (path.size < 3 || !is_slash(path.at[0]) || !is_slash(path.at[1]))
        return (struct str){0};
    return cut(path, 2, path.size);
}

struct str unc_host(struct str path)
{
    struct str rest = after_prefix(path);
    uint32_t end = 0;
    while (end < rest.size && !is_slash(rest.at[end]) && rest.at[end] != '@')
        end++;
    struct str host = cut(rest, 0, end);
    return str_equal(host, STR("?")) || str_equal(host, STR(".")) ? (struct str){0} : host;
}

bool unc_has_share(struct str path)
{
    struct str rest = after_prefix(path);
    for (uint32_t i = 0; i + 1 < rest.size; i++)
        if (is_slash(rest.at[i]))
            return true;
    return false;
}

static struct str first_label(struct str host)
{
    uint32_t end = 0;
    while (end < host.size && host.at[end] != '.')
        end++;
    return cut(host, 0, end);
}

enum unc_match unc_match(struct str host, const struct addr *ip, struct str device_host)
{
    struct addr address;
    if (text_parse_addr(host, &address))
        return addr_equal(&address, ip) || (address.family == 4 && address.byte[0] == 127) ? UNC_SAME
                                                                                           : UNC_OTHER;
    if (text_equal_nocase(host, STR("localhost")))
        return UNC_SAME;
    if (device_host.size == 0)
        return UNC_UNSURE;
    return text_equal_nocase(first_label(host), first_label(device_host)) ? UNC_SAME : UNC_OTHER;
}
