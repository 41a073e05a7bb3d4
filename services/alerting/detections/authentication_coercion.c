/*
 * authentication-coercion - a server is made to authenticate to a host that its caller names.
 *
 * Sees: calls that make a server open a path of another host: EfsRpc* (MS-EFSR 3.1.4.2), NetrDfs*StdRoot and
 * NetrDfs*FtRoot (MS-DFSNM 3.1.4), the share names of FSRVP (MS-FSRVP 3.1.4), backup files of event logs
 * (MS-EVEN 3.1.4); and RpcRemoteFindFirstPrinterChangeNotification(Ex) (MS-RPRN 3.1.4.10.2), which names its
 * own caller by design and is therefore judged by what was opened before it and on what. The NTLM logon of
 * the server's machine account to the host that was named, or to the caller, raises it. Misses: a call in an
 * encrypted SMB session (only the logons that follow it can be told, at low severity); a call back by WebDAV
 * or Kerberos; a print queue opened on a server that is not known as a domain controller. Decided by: the
 * server that is made to authenticate.
 */
#include "common/base/text.h"
#include "proto/entity.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/unc.h"

enum {
    CONFIDENCE_CERTAIN = 97, /* the server was seen to come */
    CONFIDENCE_NAMED = 90,   /* a host that is not the server */
    CONFIDENCE_PRINTER = 65, /* the way a print console asks, too */
    CONFIDENCE_UNSURE = 45,
    CONFIDENCE_RETURN = 50, /* an encrypted session, and the server's logon to its client */
    NAME_BYTES = 64,
    ERROR_BAD_NETPATH = 53, /* MS-ERREF 2.2: the server tried the path */
};

/* Plain bytes. */
struct coercion_state {
    struct id asker; /* who called last, and whom it named */
    struct addr asker_ip;
    char named[NAME_BYTES];
    time_ns asked;
    struct id opener; /* who opened the print server itself, not a queue of it */
    time_ns opened;
    struct kept sealed; /* the last encrypted session to the server, and by whom */
    struct id sealed_by;
    struct kept back; /* the server's last logon by its own account, and to whom */
    struct id back_to;
    struct addr back_ip;
    char back_host[NAME_BYTES];
};

/* The call, as far as it matters here. */
struct ask {
    struct str path; /* as it was named; empty when sealed */
    struct str host;
    uint8_t severity; /* unknown: only worth telling when the server comes */
    uint8_t confidence;
};

static bool is_printer_open(const struct activity *a)
{
    return str_equal(a->interface_name, STR("winspool")) && (a->opnum == 1 || a->opnum == 69);
}

static bool is_printer_notification(const struct activity *a)
{
    return str_equal(a->interface_name, STR("winspool")) && (a->opnum == 62 || a->opnum == 65);
}

static bool is_machine(const struct activity *a)
{
    return a->account_name.size > 1 && a->account_name.at[a->account_name.size - 1] == '$';
}

/* Servers that are told to open a path try without a name, with their own, or both. */
static bool is_own_logon(const struct activity *a)
{
    return a->protocol == protocol_ntlm && (is_machine(a) || a->account_name.size == 0);
}

/* One for each encrypted session: nothing in it can be read. */
static bool is_sealed_session(const struct activity *a)
{
    return a->smb.count > 0 && a->smb.at->is_sealed && a->smb.at->unread == unread_encrypted;
}

static bool wants(const struct activity *a, uint8_t role)
{
    if (a->kind == activity_kind_authentication)
        return role == entity_role_source_device && is_own_logon(a);
    if (role != entity_role_target_device)
        return false;
    if (a->kind == activity_kind_smb_message)
        return is_sealed_session(a);
    if (str_equal(a->interface_name, STR("netdfs")))
        return a->opnum >= 10 && a->opnum <= 15;
    if (str_equal(a->interface_name, STR("eventlog")))
        return argument_text(a, "BackupFileName").size > 0;
    return is_printer_open(a) || is_printer_notification(a) || str_equal(a->interface_name, STR("efsrpc")) ||
           str_equal(a->interface_name, STR("FileServerVssAgent"));
}

static bool on_controller(const struct activity *a)
{
    return a->target_role == device_role_domain_controller ||
           a->target_role == device_role_domain_controller_candidate;
}

/* The path that the call names. */
static struct str path_of(const struct activity *a)
{
    static const char *const names[] = {"FileName",  "SrcFileName",    "DestFileName",   "ServerName",
                                        "ShareName", "BackupFileName", "pszLocalMachine"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct str text = argument_text(a, names[i]);
        if (text.size > 0)
            return text;
    }
    return (struct str){0};
}

/* DFS servers are named without slashes. */
static struct str host_of(const struct activity *a, struct str path)
{
    bool bare = path.size > 0 && path.at[0] != '\\' && str_equal(a->interface_name, STR("netdfs"));
    return bare ? path : unc_host(path);
}

static uint8_t printer_severity(struct judge *judge, const struct coercion_state *s, const struct activity *a)
{
    time_ns window = judge_setting(judge, "seconds") * TIME_NS_S;
    bool server_opened = id_equal(s->opener, a->source) && judge_now(judge) - s->opened <= window;
    if (on_controller(a))
        return server_opened ? severity_high : severity_medium;
    return server_opened ? severity_medium : severity_unknown;
}

/* A notification is sent to who asks for it: what it names is the caller, in an honest client too. */
static struct ask judge_printer(struct judge *judge, const struct coercion_state *s, const struct activity *a,
                                struct ask ask)
{
    ask.confidence = CONFIDENCE_PRINTER;
    if (a->sealed)
        ask.severity = on_controller(a) ? severity_low : severity_unknown;
    else if (unc_match(ask.host, &a->source_ip, a->source_host) == UNC_OTHER &&
             unc_match(ask.host, &a->target_ip, a->target_host) == UNC_OTHER)
        ask.severity = severity_high;
    else
        ask.severity = printer_severity(judge, s, a);
    return ask;
}

/* False when the call names the server itself, or nothing. */
static bool read_ask(struct judge *judge, const struct coercion_state *s, const struct activity *a,
                     struct ask *ask)
{
    ask->path = path_of(a);
    ask->host = host_of(a, ask->path);
    if (is_printer_notification(a) && (a->sealed || ask->host.size > 0)) {
        *ask = judge_printer(judge, s, a, *ask);
        return true;
    }
    if (a->sealed && str_equal(a->interface_name, STR("efsrpc"))) {
        /* Encrypted files on a share are opened so, too; hardly ever on a domain controller. */
        ask->severity = on_controller(a) ? severity_medium : severity_low;
        ask->confidence = CONFIDENCE_UNSURE;
        return true;
    }
    if (ask->host.size == 0)
        return false;
    enum unc_match match = unc_match(ask->host, &a->target_ip, a->target_host);
    if (match == UNC_UNSURE && unc_match(ask->host, &a->source_ip, a->source_host) == UNC_SAME)
        match = UNC_OTHER;
    ask->severity = match == UNC_OTHER ? severity_high : severity_medium;
    ask->confidence = match == UNC_OTHER ? CONFIDENCE_NAMED : CONFIDENCE_UNSURE;
    return match != UNC_SAME;
}

static void explain(struct judge *judge, struct finding *f, const struct coercion_state *s)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    bool came = f->confidence == CONFIDENCE_CERTAIN;
    const char *named = s->named[0] ? judge_print(judge, "the host %.*s", NAME_BYTES, s->named)
                                    : "a host that the sealed call hides";
    finding_title(
        f, came ? "%s was made to authenticate by %s" : "%s asked by %s to authenticate to a host it names",
        target, source);
    finding_text(
        f,
        "%s, working as %s, made %u call%s by which %s is told to open a path of %s. %s Whoever receives "
        "such a logon can pass it on to another server and act there as %s, which on a domain controller "
        "is the whole domain.",
        source, judge_account(judge, &f->source), f->count, f->count == 1 ? "" : "s", target, named,
        came ? "The server then came, with its own account."
             : "It was not seen to come; it may have, by another way.",
        target);
}

static bool is_listener(const struct coercion_state *s, struct id device, const struct addr *ip,
                        struct str host)
{
    struct str named = text_kept(s->named, sizeof(s->named));
    return id_equal(s->asker, device) || (named.size > 0 && unc_match(named, ip, host) == UNC_SAME);
}

static const char *own_name(struct judge *judge, const struct activity *back)
{
    return back->account_name.size > 0
               ? judge_print(judge, "%.*s", (int)back->account_name.size, back->account_name.at)
               : "no name (anonymous)";
}

static void add_call_back(struct judge *judge, struct finding *f, const struct activity *back, time_ns time)
{
    f->outcome = outcome_success;
    f->severity = severity_high;
    f->confidence = CONFIDENCE_CERTAIN;
    judge_evidence(judge, f, back,
                   &(struct evidence_text){.field = "account",
                                           .value = own_name(judge, back),
                                           .threshold = "its own account, to who asked or was named",
                                           .decisive = true,
                                           .time = time},
                   "the server authenticated by NTLM to the host that called it or was named");
}

/* The call was inside an encrypted session; what it led to was not. */
static void note_return(struct judge *judge, const struct coercion_state *s, const struct activity *a)
{
    struct activity asked = kept_activity(&s->sealed);
    asked.source_ip = a->target_ip;
    asked.source_host = a->target_host;
    asked.source_host_by = a->target_host_by;
    asked.source_host_certainty = a->target_host_certainty;
    asked.target_ip = a->source_ip;
    asked.target_host = a->source_host;
    asked.target_host_by = a->source_host_by;
    asked.target_host_certainty = a->source_host_certainty;
    asked.frame = a->frame;
    asked.reply_frame = a->reply_frame;
    struct finding *f =
        judge_act(judge, &asked,
                  &(struct act){.severity = severity_low,
                                .confidence = CONFIDENCE_RETURN,
                                .outcome = outcome_success,
                                .evidence = {.field = "account",
                                             .value = own_name(judge, a),
                                             .threshold = "its own account, to the client of an "
                                                          "encrypted session",
                                             .decisive = true}},
                  "the server authenticated by NTLM to a client that had just connected");
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    finding_title(f, "%s authenticated back to %s", target, source);
    finding_text(f,
                 "%s, working as %s, opened an encrypted SMB session to %s. Within a minute %s came back to "
                 "it with its "
                 "own account, by NTLM. That is what a call does that makes a server open a path; the call "
                 "itself could "
                 "not be read. Two servers that use shares of each other by address do the same.",
                 source, judge_account(judge, &f->source), target, target);
    judge_open(judge, f, a);
}

static void note_logon(struct judge *judge, struct coercion_state *s, const struct activity *a)
{
    time_ns now = judge_now(judge), window = judge_setting(judge, "seconds") * TIME_NS_S;
    kept_set(&s->back, a, now);
    s->back_to = a->target;
    s->back_ip = a->target_ip;
    text_keep(s->back_host, sizeof(s->back_host), a->target_host);
    bool asked = s->asked != 0 && now - s->asked <= window;
    if (!asked && is_machine(a) && s->sealed.time != 0 && now - s->sealed.time <= window &&
        id_equal(s->sealed_by, a->target))
        note_return(judge, s, a);
    struct finding *f = judge_existing(judge);
    if (!f || !asked || f->confidence == CONFIDENCE_CERTAIN ||
        !is_listener(s, a->target, &a->target_ip, a->target_host))
        return;
    add_call_back(judge, f, a, 0);
    explain(judge, f, s);
    judge_open(judge, f, a);
}

static void note_ask(struct judge *judge, struct coercion_state *s, const struct activity *a,
                     const struct ask *ask)
{
    time_ns now = judge_now(judge), window = judge_setting(judge, "seconds") * TIME_NS_S;
    s->asker = a->source;
    s->asker_ip = a->source_ip;
    s->asked = now;
    text_keep(s->named, sizeof(s->named), ask->host);
    bool tried_path = a->outcome == outcome_failure && a->code == ERROR_BAD_NETPATH;
    bool refused = a->rpc.count > 0 && a->rpc.at->reply == rpc_reply_fault;
    struct finding *f = judge_act(
        judge, a,
        &(struct act){.severity = ask->severity,
                      .confidence = ask->confidence,
                      .outcome = tried_path || a->outcome == outcome_success ? outcome_success
                                 : refused                                   ? outcome_failure
                                                                             : outcome_unknown,
                      .evidence = {.field = a->sealed ? "operation" : "path",
                                   .value = judge_print(judge, "%.*s", (int)ask->path.size, ask->path.at),
                                   .threshold = "a host that is not the server"}},
        "%.*s.%.*s", (int)a->interface_name.size, a->interface_name.at, (int)a->operation.size,
        a->operation.at);
    bool came = s->back.time != 0 && now - s->back.time <= window &&
                is_listener(s, s->back_to, &s->back_ip, text_kept(s->back_host, sizeof(s->back_host)));
    if (came && f->confidence < CONFIDENCE_CERTAIN) {
        struct activity back = kept_activity(&s->back);
        add_call_back(judge, f, &back, s->back.time);
    }
    if (ask->severity == severity_unknown && !came && !f->opened)
        return;
    explain(judge, f, s);
    judge_open(judge, f, a);
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct coercion_state *s = state;
    (void)role;
    struct ask ask = {0};
    if (a->kind == activity_kind_authentication) {
        note_logon(judge, s, a);
    } else if (a->kind == activity_kind_smb_message) {
        kept_set(&s->sealed, a, judge_now(judge));
        s->sealed_by = a->source;
    } else if (is_printer_open(a)) {
        if (unc_has_share(argument_text(a, "pPrinterName")) || a->sealed)
            return;
        s->opener = a->source;
        s->opened = judge_now(judge);
    } else if (read_ask(judge, s, a, &ask)) {
        note_ask(judge, s, a, &ask);
    }
}

static const struct detection_setting settings[] = {
    {"seconds", 60, 5, 3600, "seconds",
     "How long after, or before, the call a logon of the server's account counts as its consequence. A "
     "server tries "
     "several ways, with waits of up to 30 seconds, before it answers."},
    {0},
};

const struct detection detection_authentication_coercion = {
    .name = "authentication-coercion",
    .external_id = "2416",
    .title = "Authentication coerced from a server",
    .severity = severity_high,
    .tactics = {"TA0006"},
    .techniques = {"T1187"},
    .entity = "the server that is made to authenticate",
    .sees =
        "Calls of EFSRPC, DFSNM, FSRVP and the event log that name a path of another host than the "
        "server; requests for "
        "printer notifications made of the print server itself or of a domain controller; and the NTLM "
        "logon of "
        "the server's own account to the host that called or was named, within a minute. Such a logon to who "
        "had just opened an encrypted SMB session is told at low severity.",
    .misses = "A call inside an encrypted SMB session. A call back by WebDAV or with Kerberos counts for "
              "nothing, the call "
              "itself does. A notification asked of a print queue, away from domain controllers, is ordinary "
              "printing.",
    .wrong_when = "A print console watches a print server; a program opens encrypted files of a server under "
                  "a name that "
                  "is not known to be the server's.",
    .checks =
        {
            "Does the host that is named run a listener (responder, relay), or is it a server of yours?",
            "Did the server's account log on elsewhere right after, from an address that is not its own?",
            "Were certificates issued to the server's account at that time?",
            "Are the print spooler, EFSRPC and DFSNM filtered or switched off on domain controllers?",
        },
    .tuning = "Exclude print consoles by address.",
    .settings = settings,
    .roles = 1u << entity_role_source_device | 1u << entity_role_target_device,
    .kinds =
        1u << activity_kind_rpc_call | 1u << activity_kind_authentication | 1u << activity_kind_smb_message,
    .wants = wants,
    .state_bytes = sizeof(struct coercion_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
