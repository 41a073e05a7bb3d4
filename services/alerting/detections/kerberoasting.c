/*
 * kerberoasting - service tickets asked to crack the service accounts' passwords from them.
 *
 * Sees: one account that asks for tickets of several service accounts in a short time with weaker encryption than it could
 * have, or asks for weak encryption itself, or asks for very many services at once, or by account name, as tools do.
 * Misses: one ticket at a time over days with strong encryption; tickets asked where only an unwatched controller sees it.
 * Decided by: the account.
 *
 * What is weak is measured against the account itself: RC4 and DES (RFC 3961, RFC 4757) are weak only for who was seen
 * to hold an AES key, so that domains of old systems stay quiet. A single weak ticket has the form of ordinary use of
 * a service account without AES keys; it is told at low severity.
 */
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/seen.h"
#include "services/alerting/judge.h"

struct roasting_state {
    struct seen services; /* flags below */
    uint64_t aes;         /* the account holds an AES key: seen in its tickets or its own requests */
};

enum service_flags {
    SERVICE_ASKED = 1,
    SERVICE_WEAK = 2,      /* the ticket given is weak although the account could have had a strong one */
    SERVICE_DOWNGRADE = 4, /* the request itself put weak encryption first or alone */
    SERVICE_BY_NAME = 8,   /* asked by account name instead of a service principal name */
};

enum {
    KDC_ERR_ETYPE_NOSUPP = 14, /* RFC 4120 7.5.9 */
    ETYPE_AES128 = 17,
    ETYPE_AES256 = 18,
    ETYPE_AES128_SHA2 = 19,
    ETYPE_AES256_SHA2 = 20,
    KDC_OPTION_ENC_TKT_IN_SKEY = 0x8, /* RFC 4120 5.4.1: bit 28, user to user */
    CONFIDENCE_MANY = 95,
    CONFIDENCE_DOWNGRADE = 85,
    CONFIDENCE_SINGLE = 40,
};

static bool is_aes(int32_t etype)
{
    return etype >= ETYPE_AES128 && etype <= ETYPE_AES256_SHA2;
}

/* Encryption that can be cracked at speed: the key is the password's MD4 or a DES key. */
static bool is_weak(int32_t etype)
{
    return etype != 0 && !is_aes(etype);
}

static bool has_aes(struct i32s etypes)
{
    for (uint32_t i = 0; i < etypes.count; i++)
        if (is_aes(etypes.at[i]))
            return true;
    return false;
}

/* Service classes that belong to machine accounts, whose passwords are random and not worth cracking. */
static bool is_machine_service(struct str sname)
{
    static const char *const classes[] = {"cifs",   "host",   "ldap",    "rpcss", "gc",     "dns",    "termsrv",
                                          "wsman",  "krbtgt", "kadmin",  "e3514235-4b06-11d1-ab04-00c04fc2dcd2",
                                          "dhcp",   "nfs",    "rpc",     "time",  "restrictedkrbhost",
                                          "protectedstorage", "netlogon"};
    uint32_t end = 0;
    while (end < sname.size && sname.at[end] != '/')
        end++;
    if (end == sname.size)
        return sname.size > 0 && sname.at[sname.size - 1] == '$';
    for (size_t i = 0; i < ARRAY_COUNT(classes); i++) {
        struct str class = str_of(classes[i]);
        bool same = class.size == end;
        for (uint32_t c = 0; c < end && same; c++)
            same = (sname.at[c] | 0x20) == class.at[c] || sname.at[c] == class.at[c];
        if (same)
            return true;
    }
    return false;
}

static bool is_by_name(struct str sname)
{
    for (uint32_t i = 0; i < sname.size; i++)
        if (sname.at[i] == '/')
            return false;
    return sname.size > 0;
}

static uint32_t flags_of(const struct roasting_state *s, const struct activity *a)
{
    uint32_t flags = SERVICE_ASKED;
    bool can_aes = s->aes || has_aes(a->etypes);
    if (can_aes && is_weak(a->ticket_etype))
        flags |= SERVICE_WEAK;
    /* Windows and MIT clients put AES first whenever they have it; a list that begins with RC4, or holds nothing
     * else, from an account with an AES key was made so on purpose. */
    if (s->aes && a->etypes.count > 0 && is_weak(a->etypes.at[0]))
        flags |= SERVICE_DOWNGRADE;
    /* Refused, because the service account has stronger keys only. */
    if (a->code == KDC_ERR_ETYPE_NOSUPP && a->etypes.count > 0 && !has_aes(a->etypes))
        flags |= SERVICE_DOWNGRADE;
    if (is_by_name(a->service))
        flags |= SERVICE_BY_NAME;
    return flags;
}

struct roasting_counts {
    uint32_t weak;
    uint32_t downgraded;
    uint32_t by_name;
    uint32_t all;
    uint32_t burst;
};

static struct roasting_counts count(struct judge *judge, const struct roasting_state *s)
{
    time_ns burst = judge_now(judge) - judge_setting(judge, "burst-seconds") * TIME_NS_S;
    return (struct roasting_counts){
        .weak = seen_count(&s->services, TIME_NS_NONE, SERVICE_WEAK, 0),
        .downgraded = seen_count(&s->services, TIME_NS_NONE, SERVICE_DOWNGRADE, 0),
        .by_name = seen_count(&s->services, TIME_NS_NONE, SERVICE_BY_NAME, 0),
        .all = (uint32_t)s->services.count,
        .burst = seen_count(&s->services, burst, SERVICE_ASKED, 0),
    };
}

/* High: several services with the marks of a tool. Medium: one with a downgrade, or very many at once with strong
 * encryption, which is slow to crack. Low: a single weak ticket. None: nothing. */
static enum severity weigh(struct judge *judge, const struct roasting_counts *c)
{
    if (c->weak >= judge_setting(judge, "weak-services") || c->downgraded >= judge_setting(judge, "tool-services") ||
        c->by_name >= judge_setting(judge, "tool-services"))
        return severity_high;
    if (c->downgraded > 0 || c->burst >= judge_setting(judge, "burst-services"))
        return severity_medium;
    return c->weak > 0 ? severity_low : severity_unknown;
}

static void explain(struct judge *judge, struct finding *f, const struct roasting_counts *c)
{
    const char *account = judge_account(judge, &f->source), *source = judge_device(judge, &f->source);
    f->confidence = f->severity == severity_high     ? CONFIDENCE_MANY
                    : f->severity == severity_medium ? CONFIDENCE_DOWNGRADE
                                                     : CONFIDENCE_SINGLE;
    if (f->severity <= severity_low)
        finding_title(f, "%s got a weakly encrypted ticket for %s", f->source.account, judge_targets(judge, f));
    else
        finding_title(f, "%s asked for tickets of %u service account%s to crack (kerberoasting)", f->source.account,
                      f->target_count, f->target_count == 1 ? "" : "s");
    finding_text(f,
                 "%s on %s asked for service tickets of %s. %u of them came with RC4 or DES although the account can use AES, %u "
                 "requests asked for weak encryption first, and %u named an account instead of a service. A service ticket is "
                 "sealed with the service account's password; a weakly sealed one is cracked offline in hours. %s",
                 account, source, judge_targets(judge, f), c->weak, c->downgraded, c->by_name,
                 f->severity <= severity_low
                     ? "A single one has the form of ordinary use of a service whose account has no AES key; that account should "
                       "get one."
                     : "Ordinary use asks for one service at a time, by its name, and takes the strongest encryption.");
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct roasting_state *s = state;
    (void)role;
    /* The account's own keys: what its pre-authentication used, or what the controller offers it. */
    if (is_aes(a->preauth_etype) || has_aes(a->offered_etypes))
        s->aes = 1;
    if (a->kind != activity_kind_ticket_request || a->protocol != protocol_kerberos)
        return;
    if (has_aes(a->etypes))
        s->aes = 1;
    bool user_to_user = (a->kdc_options & KDC_OPTION_ENC_TKT_IN_SKEY) != 0;
    bool answered = a->outcome == outcome_success || a->code == KDC_ERR_ETYPE_NOSUPP;
    if (!str_equal(a->operation, STR("TGS-REQ")) || user_to_user || is_machine_service(a->service) || !answered)
        return;
    time_ns now = judge_now(judge);
    seen_forget(&s->services, now - judge_setting(judge, "minutes") * TIME_NS_MIN);
    if (s->services.count == 0)
        judge_drop(judge);
    uint32_t flags = flags_of(s, a);
    (void)seen_note(&s->services, a->service_account, now, flags);
    struct finding *f = judge_finding(judge, a);
    finding_set_ends(f, a);
    finding_set_account(&f->source, a);
    f->count++;
    if (f->outcome != outcome_success)
        f->outcome = a->outcome;
    (void)finding_add_target(f, a->service);
    struct roasting_counts c = count(judge, s);
    judge_evidence(judge, f, a,
                   &(struct evidence_text){.field = "ticket etype",
                                           .value = judge_print(judge, "%d; %u weak, %u downgraded, %u at once", a->ticket_etype,
                                                                c.weak, c.downgraded, c.burst),
                                           .threshold = judge_print(judge, "%lld weak, %lld downgraded, %lld at once",
                                                                    (long long)judge_setting(judge, "weak-services"),
                                                                    (long long)judge_setting(judge, "tool-services"),
                                                                    (long long)judge_setting(judge, "burst-services"))},
                   "TGS-REQ for %.*s%s%s%s", (int)a->service.size, a->service.at,
                   a->outcome == outcome_success ? flags & SERVICE_WEAK ? ", weak ticket" : "" : ", refused", flags & SERVICE_DOWNGRADE ? ", weak encryption asked" : "",
                   flags & SERVICE_BY_NAME ? ", by account name" : "");
    enum severity severity = weigh(judge, &c);
    if (severity == severity_unknown && !f->opened)
        return;
    if (!f->opened || severity > f->severity)
        f->severity = (uint8_t)severity;
    explain(judge, f, &c);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"weak-services", 3, 1, 64, "services",
     "So many services whose tickets came weakly encrypted within the window are told at high severity."},
    {"tool-services", 2, 1, 64, "services",
     "So many services asked for with weak encryption first, or by account name, are told at high severity: clients do neither."},
    {"burst-services", 8, 3, 64, "services",
     "So many services of user accounts within burst-seconds are told whatever the encryption: people open one after the "
     "other, and a page that leads to several services leads to fewer."},
    {"burst-seconds", 60, 1, 3600, "seconds", "The window for bursts."},
    {"minutes", 60, 1, 1440, "minutes", "The window for weak tickets."},
    {0},
};

const struct detection detection_kerberoasting = {
    .name = "kerberoasting",
    .external_id = "2410",
    .title = "Kerberoasting",
    .severity = severity_high,
    .tactics = {"TA0006"},
    .techniques = {"T1558.003"},
    .entity = "the account that asks",
    .sees = "TGS-REQ for services that are not those of machine accounts: tickets given with RC4 or DES to an account that can use "
            "AES, requests that put weak encryption first, requests by account name, and bursts over many services.",
    .misses = "One ticket at a time over days with AES; requests to controllers that are not watched; FAST-armored requests "
              "hide their encryption types.",
    .wrong_when = "An inventory or monitoring product logs on to many services, or old software can only use RC4.",
    .checks =
        {
            "Does the account's owner use these services, and from this device?",
            "Are the services run by user accounts with old passwords? Those are at risk now: change them.",
            "Was there an LDAP search for servicePrincipalName from the same device before?",
        },
    .tuning = "Give service accounts AES keys (msDS-SupportedEncryptionTypes) so that weak tickets end; exclude the accounts of "
              "inventory products.",
    .settings = settings,
    .roles = 1u << entity_role_account,
    .state_bytes = sizeof(struct roasting_state),
    .states = 131072,
    .state_layout = 1,
    .observe = observe,
};
