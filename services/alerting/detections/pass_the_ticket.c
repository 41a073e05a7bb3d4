/*
 * pass-the-ticket - one ticket is used from two devices.
 *
 * Sees: a ticket, known by its sealed part, that one device was given or used and that another then uses, in
 * a TGS-REQ or an AP-REQ. A ticket that was given to be forwarded or proxied (RFC 4120 2.6, 2.5) is meant for
 * another device; a device that the ticket was shown to before passes it on, as a reverse proxy or a relay
 * does, which is kerberos-relay's; and a device whose two addresses bear one name is one. Misses: a ticket
 * whose first device was not captured; tickets handed to a device by forwarding and stolen there. Decided by:
 * the ticket.
 */
#include "common/base/text.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/ticket.h"
#include "services/alerting/judge.h"

enum {
    SERVERS_MAX = 4,
    LABEL_BYTES = 40,
    ACCOUNT_BYTES = 64,
    ACCOUNT_CERTAINTY = 95,
    CERTAIN_NAME = 70, /* certainty of a name that somebody else than the device had to accept */
    CONFIDENCE_NAMES = 90,
    CONFIDENCE_BACK_AND_FORTH = 75,
    CONFIDENCE_MOVED = 40,
};

struct holder {
    struct id device;
    struct addr ip;
    char host[LABEL_BYTES]; /* first label; empty: not known for certain */
    time_ns last;
};

struct ticket_state {
    struct holder first;            /* that was given it, or was seen with it first */
    struct id servers[SERVERS_MAX]; /* that it was shown to, the last ones */
    time_ns given;                  /* by a domain controller; 0: was not seen */
    uint64_t given_frame;
    char account[ACCOUNT_BYTES]; /* that it was given to */
    uint32_t server_count;       /* in all */
    uint8_t meant_for_others;
    uint8_t others;  /* used it as well */
    uint8_t in_turn; /* and the first device went on with it then */
    uint8_t zero[1];
};

static bool wants(const struct activity *a, uint8_t role)
{
    if (role == entity_role_presented_ticket)
        return true;
    /* Given, or shown to a server. */
    return a->kind == activity_kind_session || a->outcome == outcome_success;
}

static struct str certain_host(const struct activity *a)
{
    return a->source_host_certainty >= CERTAIN_NAME ? a->source_host : (struct str){0};
}

static bool was_shown_to(const struct ticket_state *s, struct id device)
{
    uint32_t kept = s->server_count < SERVERS_MAX ? s->server_count : SERVERS_MAX;
    for (uint32_t i = 0; i < kept; i++)
        if (id_equal(s->servers[i], device))
            return true;
    return false;
}

static void note_server(struct ticket_state *s, const struct activity *a)
{
    if (!was_shown_to(s, a->target))
        s->servers[s->server_count++ % SERVERS_MAX] = a->target;
}

static void note_first(struct ticket_state *s, const struct activity *a, time_ns now)
{
    struct str host = ticket_host_label(certain_host(a));
    s->first.device = a->source;
    s->first.ip = a->source_ip;
    s->first.last = now;
    if (host.size > 0)
        text_keep(s->first.host, sizeof(s->first.host), host);
}

struct verdict {
    uint8_t severity;
    uint8_t confidence;
    const char *why;
};

static struct verdict weigh(struct judge *judge, const struct holder *other, const struct activity *a,
                            bool in_turn)
{
    struct str before = text_kept(other->host, sizeof(other->host)), now = certain_host(a);
    bool named = before.size > 0 && now.size > 0;
    time_ns gap = judge_now(judge) - other->last;
    if (named)
        return (struct verdict){severity_high, CONFIDENCE_NAMES, "both devices are known by name and differ"};
    /* The two addresses may be of one device, with one of each family. */
    if (other->ip.family != a->source_ip.family)
        return (struct verdict){severity_low, CONFIDENCE_MOVED,
                                "one address is of IPv4 and one of IPv6, and one device may have both"};
    if (in_turn)
        return (struct verdict){
            severity_medium, CONFIDENCE_BACK_AND_FORTH,
            "both addresses use it in turn, so that it did not move from one to the other"};
    if (gap <= judge_setting(judge, "move-seconds") * TIME_NS_S)
        return (struct verdict){
            severity_medium, CONFIDENCE_BACK_AND_FORTH,
            "the second address followed the first sooner than a device changes its network"};
    return (struct verdict){
        severity_low, CONFIDENCE_MOVED,
        "the device may have got another address meanwhile: one of them has no certain name"};
}

static const char *issue_of(struct judge *judge, const struct ticket_state *s)
{
    char when[TEXT_TIME_BYTES];
    return s->given == 0 ? "Its issue was not seen."
                         : judge_print(judge, "It was given at %s (frame %llu), and not to be forwarded.",
                                       text_time(s->given, when), (unsigned long long)s->given_frame);
}

/* An AP-REQ names no client (RFC 4120 5.5.1): it is whose ticket it is. */
static struct activity with_account(const struct activity *a, const struct ticket_state *s)
{
    struct activity named = *a;
    if (named.account_name.size > 0)
        return named;
    named.account_name = text_kept(s->account, sizeof(s->account));
    named.account_by = resolved_by_kerberos_ticket;
    named.account_certainty = ACCOUNT_CERTAINTY;
    return named;
}

static void tell(struct judge *judge, const struct activity *a, const struct ticket_state *s,
                 const struct verdict *v)
{
    const struct holder *other = &s->first;
    char ip[TEXT_ADDR_BYTES];
    struct str host = text_kept(other->host, sizeof(other->host));
    const char *first =
        host.size > 0 ? judge_print(judge, "%.*s (%s)", (int)host.size, host.at, text_addr(&other->ip, ip))
                      : judge_print(judge, "%s", text_addr(&other->ip, ip));
    time_ns gap = judge_now(judge) - other->last;
    struct finding *f =
        judge_act(judge, a,
                  &(struct act){.severity = v->severity,
                                .confidence = v->confidence,
                                .outcome = a->outcome,
                                .target = a->service,
                                .evidence = {.field = "device of the ticket",
                                             .value = judge_print(judge, "another than %s", first),
                                             .threshold = "one device",
                                             .decisive = true}},
                  "%.*s with a ticket that %s used %lld s before", (int)a->operation.size, a->operation.at,
                  first, (long long)(gap / TIME_NS_S));
    const char *source = judge_device(judge, &f->source), *account = judge_account(judge, &f->source);
    finding_title(f, "A Kerberos ticket of %s was used from %s after %s", account, source, first);
    finding_text(f,
                 "%s used a ticket of %s that %s had before; it is the same to the byte. "
                 "Tickets stay in the memory of the device that got them; one that appears on another "
                 "was copied, by theft or by a file that is shared. Here %s. %s",
                 source, account, first, v->why, issue_of(judge, s));
    judge_open(judge, f, a);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct ticket_state *s = state;
    bool given = role == entity_role_ticket && a->kind != activity_kind_session;
    if (given && (a->kdc_options & (KDC_OPTION_FORWARDED | KDC_OPTION_PROXY)))
        s->meant_for_others = true;
    if (given && s->given == 0) {
        s->given = judge_now(judge);
        s->given_frame = a->reply_frame ? a->reply_frame : a->frame;
        text_keep(s->account, sizeof(s->account), a->account_name);
    }
    if (s->meant_for_others)
        return;
    /* Who was shown it passes it on: a proxy, a read-only controller, or a relay. */
    bool passes_on = !given && was_shown_to(s, a->source);
    if (!given)
        note_server(s, a);
    if (passes_on)
        return;
    /* Who was given it first only fetched it, for the device that has it from there. */
    if (given && id_equal(s->first.device, a->target)) {
        s->servers[s->server_count++ % SERVERS_MAX] = a->target;
        s->first = (struct holder){0};
    }
    bool is_first = id_is_none(s->first.device) || id_equal(s->first.device, a->source);
    if (is_first) {
        note_first(s, a, judge_now(judge));
        s->in_turn = s->others;
        return;
    }
    s->others = true;
    if (ticket_same_host(text_kept(s->first.host, sizeof(s->first.host)), certain_host(a)))
        return;
    struct verdict v = weigh(judge, &s->first, a, s->in_turn);
    struct activity named = with_account(a, s);
    tell(judge, &named, s, &v);
}

static const struct detection_setting settings[] = {
    {"move-seconds", 10, 0, 3600, "seconds",
     "A ticket that appears at another address within so long was not carried there by a device that changed "
     "its "
     "network: leaving one and getting an address in another takes longer."},
    {0},
};

const struct detection detection_pass_the_ticket = {
    .name = "pass-the-ticket",
    .external_id = "2018",
    .title = "Pass the ticket",
    .severity = severity_high,
    .tactics = {"TA0008", "TA0005"},
    .techniques = {"T1550.003"},
    .entity = "the ticket",
    .sees =
        "The same ticket, known by its sealed part, used from two devices in TGS-REQ or AP-REQ; not when it "
        "was given to be forwarded or proxied, nor by a device that it was shown to before, nor when both "
        "addresses bear the name of one device.",
    .misses =
        "A ticket whose first device was not captured; a ticket that was forwarded to a server and stolen "
        "there; a thief who works from the victim's own device or address.",
    .wrong_when =
        "A device got another address and neither has a certain name (told at low severity); several "
        "machines or a cluster share a ticket file; clients ask for tickets through a KDC proxy and use "
        "them directly.",
    .checks =
        {
            "Do both addresses belong to one device (two network cards, VPN, a new lease)?",
            "Was the account logged on at both devices at that time?",
            "On the first device: what read the memory of lsass, or the file of tickets?",
            "When stolen: sign the account out everywhere and reset its password; tickets live on until they "
            "expire.",
        },
    .tuning = "Exclude KDC proxies and clusters that share tickets, by address.",
    .settings = settings,
    .roles = 1u << entity_role_ticket | 1u << entity_role_presented_ticket,
    .kinds =
        1u << activity_kind_authentication | 1u << activity_kind_ticket_request | 1u << activity_kind_session,
    .wants = wants,
    .state_bytes = sizeof(struct ticket_state),
    .states = 131072,
    .state_layout = 1,
    .observe = observe,
};
