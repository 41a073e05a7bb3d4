/*
 * kerberoasting - service tickets asked to crack the service accounts' passwords from them.
 *
 * Sees: one account that asks for tickets of several service accounts in a short time with weaker encryption
 * than it could have, or asks for weak encryption itself, or asks for very many services at once, or by
 * account name, or without a ticket-granting ticket, as tools do. Misses: one ticket at a time over days with
 * strong encryption; tickets asked where only an unwatched controller sees it. Decided by: the account.
 *
 * What is weak is measured against the account itself: RC4 and DES (RFC 3961, RFC 4757) are weak only for who
 * was seen to hold an AES key, so that domains of old systems stay quiet. A single weak ticket has the form
 * of ordinary use of a service account without AES keys; it is told at low severity, and several over the
 * hour at medium.
 */
#include "common/base/text.h"
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
    SERVICE_IN_AS = 16, /* asked in an AS-REQ: in the name of an account that needs no pre-authentication */
    SERVICE_WEB = 32,
};

#define SERVICE_MARKS (SERVICE_WEAK | SERVICE_DOWNGRADE | SERVICE_BY_NAME | SERVICE_IN_AS)

enum {
    KDC_ERR_ETYPE_NOSUPP = 14, /* RFC 4120 7.5.9 */
    ETYPE_AES128 = 17,
    ETYPE_AES256 = 18,
    ETYPE_AES128_SHA2 = 19,
    ETYPE_AES256_SHA2 = 20,
    KDC_OPTION_ENC_TKT_IN_SKEY = 0x8, /* RFC 4120 5.4.1: bit 28, user to user */
    CONFIDENCE_MANY = 95,
    CONFIDENCE_DOWNGRADE = 85,
    CONFIDENCE_SEVERAL = 60, /* over the hour, or many strong ones at once */
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
    static const char *const classes[] = {"cifs",
                                          "host",
                                          "ldap",
                                          "rpcss",
                                          "gc",
                                          "dns",
                                          "termsrv",
                                          "wsman",
                                          "krbtgt",
                                          "kadmin",
                                          "e3514235-4b06-11d1-ab04-00c04fc2dcd2",
                                          "dhcp",
                                          "nfs",
                                          "rpc",
                                          "time",
                                          "restrictedkrbhost",
                                          "protectedstorage",
                                          "netlogon"};
    struct str class = sname;
    for (uint32_t i = 0; i < class.size; i++)
        if (class.at[i] == '/')
            class.size = i;
    if (class.size == sname.size)
        return (sname.size > 0 && sname.at[sname.size - 1] == '$') || text_equal_nocase(sname, STR("krbtgt"));
    for (size_t i = 0; i < ARRAY_COUNT(classes); i++)
        if (text_equal_nocase(class, str_of(classes[i])))
            return true;
    return false;
}

static bool is_web(struct str sname)
{
    return sname.size > 5 && text_equal_nocase((struct str){.at = sname.at, .size = 5}, STR("HTTP/"));
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
    uint32_t flags = is_web(a->service) ? SERVICE_ASKED | SERVICE_WEB : SERVICE_ASKED;
    if (s->aes && is_weak(a->ticket_etype))
        flags |= SERVICE_WEAK;
    /* Windows and MIT clients put AES first whenever they have it; a list that begins with RC4, or holds
     * nothing else, from an account with an AES key was made so on purpose. */
    if (s->aes && a->etypes.count > 0 && is_weak(a->etypes.at[0]))
        flags |= SERVICE_DOWNGRADE;
    /* Refused, because the service account has stronger keys only. */
    if (a->code == KDC_ERR_ETYPE_NOSUPP && a->etypes.count > 0 && !has_aes(a->etypes))
        flags |= SERVICE_DOWNGRADE;
    if (is_by_name(a->service))
        flags |= SERVICE_BY_NAME;
    if (a->kind == activity_kind_authentication)
        flags |= SERVICE_IN_AS;
    return flags;
}

struct roasting_counts {
    uint32_t weak;
    uint32_t weak_now; /* within the short window */
    uint32_t downgraded;
    uint32_t by_name;
    uint32_t in_as;
    uint32_t now;   /* all within the short window */
    uint32_t burst; /* those of them that make a burst */
};

static struct roasting_counts count(struct judge *judge, const struct roasting_state *s)
{
    time_ns burst = judge_now(judge) - judge_setting(judge, "burst-seconds") * TIME_NS_S;
    const struct seen *services = &s->services;
    uint32_t web = seen_count(services, burst, SERVICE_WEB, 0),
             other = seen_count(services, burst, SERVICE_ASKED, SERVICE_WEB);
    return (struct roasting_counts){
        .weak = seen_count(services, TIME_NS_NONE, SERVICE_WEAK, 0),
        .weak_now = seen_count(services, burst, SERVICE_WEAK, 0),
        .downgraded = seen_count(services, TIME_NS_NONE, SERVICE_DOWNGRADE, 0),
        .by_name = seen_count(services, TIME_NS_NONE, SERVICE_BY_NAME, 0),
        .in_as = seen_count(services, TIME_NS_NONE, SERVICE_IN_AS, 0),
        .now = other + web,
        /* Remote management asks for HTTP of machine after machine (MS-WSMV), which says nothing of service
           accounts. */
        .burst = other >= web ? other + web : other,
    };
}

/* High: several services with the marks of a tool, or weak ones at once. Medium: one with such a mark, weak
 * ones over the hour, or very many at once with strong encryption, which is slow to crack. Low: a single weak
 * ticket. None: nothing. */
static enum severity weigh(struct judge *judge, const struct roasting_counts *c)
{
    int64_t weak = judge_setting(judge, "weak-services"), tool = judge_setting(judge, "tool-services");
    if (c->weak_now >= weak || c->downgraded >= tool || c->by_name >= tool || c->in_as >= tool)
        return severity_high;
    if (c->downgraded > 0 || c->weak >= weak || c->burst >= judge_setting(judge, "burst-services"))
        return severity_medium;
    return c->weak > 0 ? severity_low : severity_unknown;
}

static const char *reason(struct judge *judge, uint32_t count, const char *what)
{
    return count == 0 ? "" : judge_print(judge, "%s: %u. ", what, count);
}

/* What of the requests is unusual, with how many services it concerns. */
static const char *reasons(struct judge *judge, const struct roasting_counts *c)
{
    bool burst = c->burst >= judge_setting(judge, "burst-services");
    return judge_print(
        judge, "%s%s%s%s%s",
        reason(judge, c->weak, "Weak tickets (RC4 or DES) although the account can use AES"),
        reason(judge, c->downgraded, "Weak encryption asked first"),
        reason(judge, c->by_name, "Asked for by account name instead of a service name"),
        reason(judge, c->in_as,
               "Asked for without a ticket-granting ticket, as an account without pre-authentication"),
        reason(judge, burst ? c->burst : 0, "Asked for within the short window"));
}

static void explain(struct judge *judge, struct finding *f, const struct roasting_counts *c)
{
    const char *account = judge_account(judge, &f->source), *source = judge_device(judge, &f->source);
    uint32_t marked = finding_marked(f);
    /* In a burst all that was asked for counts, else what bears a mark. */
    bool all = marked == 0 || marked == finding_targets_kept(f) ||
               c->burst >= judge_setting(judge, "burst-services");
    uint32_t services = all ? f->target_count : marked;
    const char *names = all ? judge_targets(judge, f) : judge_marked_targets(judge, f);
    f->confidence = f->severity == severity_high ? CONFIDENCE_MANY
                    : f->severity == severity_medium
                        ? (c->downgraded > 0 ? CONFIDENCE_DOWNGRADE : CONFIDENCE_SEVERAL)
                        : CONFIDENCE_SINGLE;
    if (f->severity <= severity_low)
        finding_title(f, "%s got a weakly encrypted ticket for %s", f->source.account, names);
    else
        finding_title(f, "%s asked for tickets of %u service%s to crack (kerberoasting)", f->source.account,
                      services, services == 1 ? "" : "s");
    finding_text(f,
                 "%s on %s asked for service tickets of %s. %sA service ticket is sealed with the service "
                 "account's password; a "
                 "weakly sealed one is cracked offline in hours. %s",
                 account, source, names, reasons(judge, c),
                 f->severity <= severity_low ? "A single one has the form of ordinary use of a service whose "
                                               "account has no AES key; that account should "
                                               "get one."
                                             : "Ordinary use asks for one service at a time, by its name, "
                                               "and takes the strongest encryption.");
}

/* A request for a ticket that can be cracked: what the answer holds is sealed with the service account's key.
 */
static bool is_roastable(const struct activity *a)
{
    bool tgs = a->kind == activity_kind_ticket_request && str_equal(a->operation, STR("TGS-REQ"));
    bool as = a->kind == activity_kind_authentication && str_equal(a->operation, STR("AS-REQ"));
    bool user_to_user = (a->kdc_options & KDC_OPTION_ENC_TKT_IN_SKEY) != 0;
    bool answered = a->outcome == outcome_success || a->code == KDC_ERR_ETYPE_NOSUPP;
    /* A referral is sealed with the key of a trust, which says nothing of the service. */
    return a->protocol == protocol_kerberos && (tgs || as) && answered && !user_to_user && !a->referral &&
           a->service.size > 0 && !is_machine_service(a->service);
}

static void add_service(struct judge *judge, struct finding *f, const struct activity *a,
                        const struct roasting_counts *c, uint32_t flags)
{
    f->count++;
    if (f->outcome != outcome_success)
        f->outcome = a->outcome;
    finding_add_target(f, a->service);
    if (flags & SERVICE_MARKS)
        finding_mark_target(f, a->service);
    bool given = a->outcome == outcome_success;
    judge_evidence(judge, f, a,
                   &(struct evidence_text){
                       .field = "ticket etype",
                       .value = judge_print(judge, "%s; %u weak, %u downgraded, %u at once",
                                            given ? judge_print(judge, "%d", a->ticket_etype) : "none",
                                            c->weak, c->downgraded, c->burst),
                       .threshold = judge_print(judge, "%lld weak, %lld downgraded, %lld at once",
                                                (long long)judge_setting(judge, "weak-services"),
                                                (long long)judge_setting(judge, "tool-services"),
                                                (long long)judge_setting(judge, "burst-services")),
                       .decisive = !f->opened && weigh(judge, c) != severity_unknown},
                   "%.*s for %.*s%s%s%s", (int)a->operation.size, a->operation.at, (int)a->service.size,
                   a->service.at,
                   !given                 ? ", refused"
                   : flags & SERVICE_WEAK ? ", weak ticket"
                                          : "",
                   flags & SERVICE_DOWNGRADE ? ", weak encryption asked" : "",
                   flags & SERVICE_BY_NAME ? ", by account name" : "");
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct roasting_state *s = state;
    (void)role;
    /* The account's own keys: what its pre-authentication used, or what the controller offers it, or what it
     * asks with. */
    if (is_aes(a->preauth_etype) || has_aes(a->offered_etypes) ||
        (a->kind == activity_kind_ticket_request && has_aes(a->etypes)))
        s->aes = 1;
    if (!is_roastable(a))
        return;
    time_ns now = judge_now(judge);
    seen_forget(&s->services, now - judge_setting(judge, "minutes") * TIME_NS_MIN);
    uint32_t flags = flags_of(s, a);
    (void)seen_note(&s->services, a->service_account, now, flags);
    struct roasting_counts c = count(judge, s);
    enum severity severity = weigh(judge, &c);
    const struct finding *before = judge_existing(judge);
    /* An ordinary ticket is evidence of a burst only. */
    bool burst = c.burst >= judge_setting(judge, "burst-services");
    if (!(flags & SERVICE_MARKS) && before && before->opened && !burst)
        return;
    if (c.now <= 1 && c.by_name == 0 && c.in_as == 0)
        judge_drop(judge);
    struct finding *f = judge_finding(judge, a);
    finding_set_ends(f, a);
    finding_set_account(&f->source, a);
    add_service(judge, f, a, &c, flags);
    if (severity == severity_unknown && !f->opened)
        return;
    if (!f->opened || severity > f->severity)
        f->severity = (uint8_t)severity;
    explain(judge, f, &c);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"weak-services", 3, 1, 64, "services",
     "So many services whose tickets came weakly encrypted within burst-seconds are told at high severity, "
     "within minutes at "
     "medium: where service accounts have no AES keys, a person's day brings a few."},
    {"tool-services", 2, 1, 64, "services",
     "So many services asked for with weak encryption first, by account name, or in an AS-REQ are told at "
     "high severity: clients "
     "do none of these."},
    {"burst-services", 8, 3, 64, "services",
     "So many services of user accounts within burst-seconds are told whatever the encryption: people open "
     "one after the "
     "other, and a page that leads to several services leads to fewer."},
    {"burst-seconds", 60, 1, 3600, "seconds", "The short window."},
    {"minutes", 60, 1, 1440, "minutes", "The long window."},
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
    .sees = "TGS-REQ for services that are not those of machine accounts: tickets given with RC4 or DES to "
            "an account that can use "
            "AES, requests that put weak encryption first, requests by account name, AS-REQ for a service "
            "instead of a "
            "ticket-granting ticket (accounts without pre-authentication), and bursts over many services.",
    .misses = "One ticket at a time over days with AES; bursts with AES over web services (HTTP) for the "
              "most part, which remote management "
              "makes as well; requests to controllers that are not watched; FAST-armored requests hide their "
              "encryption types.",
    .wrong_when =
        "An inventory or monitoring product logs on to many services, or old software can only use RC4.",
    .checks =
        {
            "Does the account's owner use these services, and from this device?",
            "Are the services run by user accounts with old passwords? Those are at risk now: change them.",
            "Was there an LDAP search for servicePrincipalName from the same device before?",
        },
    .tuning = "Give service accounts AES keys (msDS-SupportedEncryptionTypes) so that weak tickets end; "
              "exclude the accounts of "
              "inventory products.",
    .settings = settings,
    .roles = 1u << entity_role_account,
    .kinds = 1u << activity_kind_authentication | 1u << activity_kind_ticket_request,
    .state_bytes = sizeof(struct roasting_state),
    .states = 131072,
    .state_layout = 1,
    .observe = observe,
};
