/*
 * http_service - the paths under which Windows' services are found.
 */
#include "services/protocol-decode/http_service.h"

#include "common/base/text.h"

/* Tried in this order. begins: the path begins so; else it stands anywhere in it. */
static const struct {
    struct str path;
    bool begins;
    uint8_t service; /* enum http_service */
} paths[] = {
    {STR("/certsrv/mscep"), true, http_service_device_enrollment},
    {STR("/certsrv"), true, http_service_certificate_pages},
    {STR("ADPolicyProvider_CEP_"), false, http_service_certificate_policy},
    {STR("_CES_"), false, http_service_certificate_enrollment},
    {STR("/wsman"), true, http_service_winrm},
    {STR("/autodiscover/"), true, http_service_autodiscover},
    {STR("/EWS/"), true, http_service_exchange},
    {STR("/owa"), true, http_service_exchange},
    {STR("/ecp"), true, http_service_exchange},
    {STR("/mapi/"), true, http_service_exchange},
    {STR("/OAB/"), true, http_service_exchange},
    {STR("/powershell"), true, http_service_exchange},
    {STR("/Microsoft-Server-ActiveSync"), true, http_service_exchange},
    {STR("wpad.dat"), false, http_service_proxy_configuration},
    {STR("proxy.pac"), false, http_service_proxy_configuration},
    {STR("/adfs/"), true, http_service_federation},
    {STR("/FederationMetadata/"), true, http_service_federation},
    {STR("rpcproxy.dll"), false, http_service_rpc},
    {STR("/KdcProxy"), true, http_service_kdc_proxy},
    {STR("/remoteDesktopGateway"), true, http_service_remote_desktop_gateway},
    {STR("/RDWeb"), true, http_service_remote_desktop_gateway},
    {STR("/ClientWebService/"), true, http_service_updates},
    {STR("/SimpleAuthWebService/"), true, http_service_updates},
    {STR("/ApiRemoting30/"), true, http_service_updates},
    {STR("/ReportingWebService/"), true, http_service_updates},
    {STR("/selfupdate"), true, http_service_updates},
    {STR("/ocsp"), true, http_service_certificate_status},
    {STR("/CertEnroll/"), true, http_service_certificate_status},
    {STR("/ccm_system"), true, http_service_configuration_manager},
    {STR("/SMS_MP"), true, http_service_configuration_manager},
};

/* RFC 4918 9, and those of RPC over HTTP (MS-RPCH 2.1.2.1.1). */
static const struct {
    struct str method;
    uint8_t service;
} methods[] = {
    {STR("PROPFIND"), http_service_webdav},
    {STR("PROPPATCH"), http_service_webdav},
    {STR("MKCOL"), http_service_webdav},
    {STR("COPY"), http_service_webdav},
    {STR("MOVE"), http_service_webdav},
    {STR("LOCK"), http_service_webdav},
    {STR("UNLOCK"), http_service_webdav},
    {STR("SEARCH"), http_service_webdav},
    {STR("RPC_IN_DATA"), http_service_rpc},
    {STR("RPC_OUT_DATA"), http_service_rpc},
    {STR("RPC_CONNECT"), http_service_rpc},
    {STR("RDG_IN_DATA"), http_service_remote_desktop_gateway},
    {STR("RDG_OUT_DATA"), http_service_remote_desktop_gateway},
};

/* The path of the target: behind scheme and authority where it has them (RFC 9112 3.2.2), before the query.
 */
static struct str path_of(struct str target)
{
    int64_t scheme = http_find(target, STR("://"));
    if (scheme > 0 && target.at[0] != '/') {
        target = http_from(target, (uint32_t)scheme);
        uint32_t slash = 0;
        while (slash < target.size && target.at[slash] != '/')
            slash++;
        target = http_from(target, slash);
    }
    uint32_t end = 0;
    while (end < target.size && target.at[end] != '?')
        end++;
    target.size = end;
    return target;
}

enum http_service http_service_of(const struct http_head *head)
{
    for (size_t i = 0; i < ARRAY_COUNT(methods); i++)
        if (str_equal(head->method, methods[i].method))
            return (enum http_service)methods[i].service;
    struct str path = path_of(head->target);
    for (size_t i = 0; i < ARRAY_COUNT(paths); i++)
        if (paths[i].begins ? http_begins(path, paths[i].path) : http_find(path, paths[i].path) >= 0)
            return (enum http_service)paths[i].service;
    /* The WebClient service asks with OPTIONS first. */
    if (http_begins(head->field[HTTP_USER_AGENT], STR("Microsoft-WebDAV-MiniRedir")))
        return http_service_webdav;
    return http_service_none;
}
