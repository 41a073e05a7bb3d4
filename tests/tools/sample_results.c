/*
 * sample_results - made-up results of a run.
 */
#include "tests/tools/sample_results.h"

#include "common/base/text.h"

enum {
    MANY_ALERTS = 6200,
    EVIDENCE_MAX = 32,
};

#define DAY ((time_ns)1584316800 * TIME_NS_S) /* 2020-03-16 */

/* What every sample says in the same way. */
struct act {
    const char *detection;
    const char *title;
    const char *text;
    const char *tactic;
    const char *technique;
    const char *check;
    uint8_t severity;
    uint8_t confidence;
    uint8_t outcome;
    time_ns at;   /* after midnight */
    time_ns beat; /* between items of evidence */
    uint32_t items;
    const char *fact;
    const char *field;
    const char *value;
    const char *threshold;
};

static const struct act acts[] = {
    {"account-enumeration", "Account names enumerated by WS2 (192.168.5.60): 61 asked for",
     "WS2 (192.168.5.60) asked the domain controller DC1 (192.168.5.30) for 61 different account names, "
     "among them admin, "
     "backup, sql and 58 more. At least 47 do not exist, and the answers gave away that at least 14 do. "
     "Clients ask for "
     "the accounts of the people who use them; asking for many names that do not exist is how a list of "
     "valid accounts "
     "is made before passwords are tried.",
     "TA0007", "T1087.002", "Which program on WS2 asked at this time, and who was logged on there?",
     severity_medium, 98, outcome_success, 19 * TIME_NS_HOUR + 2 * TIME_NS_MIN, 400 * TIME_NS_MS, 24,
     "AS-REQ for a name that does not exist", "error-code", "6 KDC_ERR_C_PRINCIPAL_UNKNOWN",
     "5 unknown names in 60 s"},
    {"password-spray", "One password tried on 14 accounts from WS2 (192.168.5.60), 1 succeeded",
     "WS2 (192.168.5.60) failed to log on as 13 accounts within 40 seconds, once each, and then succeeded as "
     "helpdesk. A "
     "person mistypes his own password several times; one try each for many accounts stays below the lockout "
     "threshold "
     "and is how a common password is tried on all of them.",
     "TA0006", "T1110.003", "Does the owner of helpdesk know of this logon? If not, reset its password now.",
     severity_high, 95, outcome_success, 19 * TIME_NS_HOUR + 11 * TIME_NS_MIN, 3 * TIME_NS_S, 14,
     "pre-authentication failed", "error-code", "24 KDC_ERR_PREAUTH_FAILED", "8 accounts in 120 s"},
    {"kerberoasting", "Service tickets for 9 accounts asked by helpdesk with weak encryption",
     "CORP\\helpdesk on WS2 (192.168.5.60) asked DC1 for tickets of 9 service accounts within 2 seconds and "
     "offered RC4 alone, "
     "although it holds AES keys. Such tickets can be cracked offline at speed; each weak password behind "
     "them is lost.",
     "TA0006", "T1558.003", "Which of these accounts have old or short passwords? Change them first.",
     severity_high, 95, outcome_success, 19 * TIME_NS_HOUR + 24 * TIME_NS_MIN, 220 * TIME_NS_MS, 9,
     "TGS-REQ offered RC4 alone", "etype", "23 rc4-hmac", "the account holds AES keys (18)"},
    {"brute-force", "Stale password of backup-svc retried from FILE1, 8 failures",
     "8 logons of CORP\\backup-svc failed for a wrong password, the last of them from FILE1 (192.168.5.41). "
     "They come at a "
     "steady beat, as a service or a task does that was left with an old password.",
     "TA0006", "T1110.001",
     "Was this account's password changed lately, and does a task on FILE1 still hold the old one?",
     severity_low, 40, outcome_failure, 18 * TIME_NS_HOUR + 55 * TIME_NS_MIN, 5 * TIME_NS_MIN, 8,
     "NTLM logon failed", "status", "0xC000006A STATUS_WRONG_PASSWORD", "6 failures in 60 min"},
    {"dcsync", "Credentials replicated away from DC1 (192.168.5.30) by WS2 (192.168.5.60) (DCSync)",
     "WS2 (192.168.5.60), working as CORP\\Administrator, asked the domain controller DC1 (192.168.5.30) to "
     "replicate "
     "directory data (IDL_DRSGetNCChanges, 3 times) and received objects. Only domain controllers and a few "
     "known "
     "appliances do this; this device is not one of those that are configured, and the controller did not "
     "invite it. Who "
     "receives this reply holds the password hashes of the accounts in it, with the hash of krbtgt those of "
     "the whole "
     "domain.",
     "TA0006", "T1003.006",
     "Is WS2 a domain controller or an identity synchronisation server? Then configure it as such. If it is "
     "not, treat the "
     "domain as lost: reset krbtgt twice and all privileged passwords.",
     severity_critical, 97, outcome_success, 19 * TIME_NS_HOUR + 44 * TIME_NS_MIN + 50 * TIME_NS_S,
     310 * TIME_NS_MS, 3, "IDL_DRSGetNCChanges was answered with objects", "reply bytes", "18,432",
     "answers to no domain controller: 0"},
    {"domain-controller-added", "New domain controller DC7 (192.168.5.37), to be confirmed",
     "DC7 (192.168.5.37) registered as a domain controller and replicates as one should. If this was "
     "planned, confirm it; "
     "until then its replication is told, not exempted.",
     "TA0003", "T1207", "Was a controller promoted on this day?", severity_informational, 90, outcome_unknown,
     19 * TIME_NS_HOUR + 50 * TIME_NS_MIN, 20 * TIME_NS_S, 2, "IDL_DRSAddEntry", "interface", "drsuapi", ""},
};

static const char *const names[] = {"empty", "quiet", "one", "attack", "hostile", "many"};

const char *sample_name(enum sample sample)
{
    return sample < SAMPLE_COUNT ? names[sample] : NULL;
}

static struct addr v4(uint32_t last)
{
    return (struct addr){.family = 4, .byte = {192, 168, (uint8_t)(5 + (last >> 8)), (uint8_t)last}};
}

static struct str text(const char *s)
{
    return str_of(s);
}

/* A list of one. */
static struct strs one_of(struct batch *batch, const char *s)
{
    struct str *at = arena_take(&batch->arena, sizeof(*at));
    *at = text(s);
    return (struct strs){.at = at, .count = 1};
}

static void fill_evidence(struct batch *batch, struct alert *alert, const struct act *act, uint64_t frame)
{
    struct evidence *items = arena_zeroed(&batch->arena, act->items * sizeof(*items));
    for (uint32_t i = 0; i < act->items; i++)
        items[i] = (struct evidence){.what = text(act->fact),
                                     .time = DAY + act->at + i * act->beat + 123456789,
                                     .file = i % 7 == 6 ? STR("/cases/17/fileserver.pcapng")
                                                        : STR("/cases/17/dc.pcap"),
                                     .frame = frame + 12 * i,
                                     .reply_frame = act->outcome == outcome_unknown ? 0 : frame + 12 * i + 1,
                                     .field = text(act->field),
                                     .value = text(act->value),
                                     .threshold = text(act->threshold)};
    alert->evidence.at = items;
    alert->evidence.count = act->items;
    alert->first_seen = items[0].time;
    alert->last_seen = items[act->items - 1].time;
}

static void fill_ends(struct batch *batch, struct alert *alert, const struct act *act)
{
    bool steady = act->severity == severity_low, added = act->severity == severity_informational;
    alert->source = (struct party){.ip = v4(steady  ? 41
                                            : added ? 37
                                                    : 60),
                                   .host = steady  ? STR("FILE1")
                                           : added ? STR("DC7")
                                                   : STR("WS2.corp.example"),
                                   .host_by = resolved_by_ntlm_workstation,
                                   .host_certainty = 50};
    if (!added)
        alert->source.host_by = resolved_by_kerberos_machine_account, alert->source.host_certainty = 95;
    if (act->severity >= severity_high && act->items != 14) {
        alert->source.account = act->severity == severity_critical ? STR("Administrator") : STR("helpdesk");
        alert->source.domain = STR("CORP");
        alert->source.account_by = resolved_by_kerberos_ticket;
        alert->source.account_certainty = 90;
    }
    alert->target = (struct party){.ip = v4(30),
                                   .host = STR("DC1.corp.example"),
                                   .host_by = resolved_by_ntlm_target_info,
                                   .host_certainty = 85};
    if (steady) {
        alert->target.account = STR("backup-svc");
        alert->target.domain = STR("CORP");
    } else if (!added && act->items >= 9) {
        struct str *accounts = arena_zeroed(&batch->arena, 14 * sizeof(*accounts));
        for (int i = 0; i < 14; i++)
            accounts[i] =
                i == 3 ? STR("helpdesk") : arena_print(&batch->arena, "MSSQLSvc/db%02d.corp.example", i);
        alert->target.accounts = (struct strs){.at = accounts, .count = 14};
        alert->target.account_count = act->items == 24 ? 61 : 14;
    }
}

static struct alert *add_alert(struct batch *batch, const struct act *act, uint64_t number)
{
    struct id id = hash_id(HASH_KEY_NAMES, &number, sizeof(number));
    struct alert *alert = batch_add(batch, RECORD_alert, DAY + act->at, id);
    *alert = (struct alert){
        .detection = text(act->detection),
        .external_id = act->severity == severity_critical ? STR("2006") : STR(""),
        .title = text(act->title),
        .description = text(act->text),
        .severity = act->severity,
        .confidence = act->confidence,
        .tactics = one_of(batch, act->tactic),
        .techniques = one_of(batch, act->technique),
        .count = act->items,
        .outcome = act->outcome,
        .checks = one_of(batch, act->check),
        .tuning = STR("Name known appliances under `domain-controllers`, or raise `least-answers`."),
        .revision = 1};
    fill_ends(batch, alert, act);
    fill_evidence(batch, alert, act, 11 + 31 * number);
    return alert;
}

static void add_binding(struct batch *batch, uint32_t last, const char *name, uint8_t by, uint8_t certainty)
{
    uint64_t number = batch->count;
    struct binding *b = batch_add(batch, RECORD_binding, DAY + 19 * TIME_NS_HOUR,
                                  hash_id(HASH_KEY_NAMES, &number, sizeof(number)));
    *b = (struct binding){.kind = binding_kind_address_name,
                          .address = v4(last),
                          .name = text(name),
                          .by = by,
                          .certainty = certainty};
}

static void add_bindings(struct batch *batch)
{
    add_binding(batch, 30, "DC1.corp.example", resolved_by_ntlm_target_info, 85);
    add_binding(batch, 60, "WS2.corp.example", resolved_by_kerberos_machine_account, 95);
    add_binding(batch, 41, "FILE1", resolved_by_ntlm_target_info, 85);
    add_binding(batch, 37, "DC7", resolved_by_ntlm_workstation, 50);
    struct binding *role = batch_add(batch, RECORD_binding, DAY + 18 * TIME_NS_HOUR, (struct id){.low = 1});
    *role = (struct binding){
        .kind = binding_kind_address_role, .address = v4(30), .role = device_role_domain_controller};
    struct binding *account =
        batch_add(batch, RECORD_binding, DAY + 20 * TIME_NS_HOUR, (struct id){.low = 2});
    *account = (struct binding){.kind = binding_kind_address_account,
                                .address = v4(60),
                                .name = STR("Administrator"),
                                .domain = STR("CORP")};
}

static void add_flow(struct batch *batch, uint32_t server, uint16_t port, uint8_t protocol,
                     const struct flow *what)
{
    uint64_t number = batch->count;
    struct flow *flow = batch_add(batch, RECORD_flow, DAY + 20 * TIME_NS_HOUR,
                                  hash_id(HASH_KEY_NAMES, &number, sizeof(number)));
    *flow = *what;
    flow->client = v4(60 + (uint32_t)number % 5);
    flow->server = v4(server);
    flow->server_port = port;
    flow->protocol = protocol;
}

static void add_flows(struct batch *batch)
{
    for (int i = 0; i < 40; i++)
        add_flow(batch, 30, 88, protocol_kerberos,
                 &(struct flow){.packets = 10, .bytes = 3000, .messages = 2});
    for (int i = 0; i < 9; i++)
        add_flow(batch, 30, 445, protocol_smb,
                 &(struct flow){.packets = 90,
                                .bytes = 18000,
                                .messages = 61,
                                .sealed_messages = i == 3 ? 40 : 0,
                                .midstream = i < 2,
                                .lost_bytes = i == 4 ? 14600 : 0});
    for (int i = 0; i < 4; i++)
        add_flow(batch, 30, 49667, protocol_rpc,
                 &(struct flow){.packets = 30, .bytes = 44000, .messages = 12, .sealed_messages = 12});
    add_flow(batch, 41, 445, protocol_smb,
             &(struct flow){
                 .packets = 12, .bytes = 900, .messages = 8, .malformed_messages = 1, .one_sided = true});
}

/* Every text of it tries to leave where it stands. */
static void add_hostile(struct batch *batch)
{
    static const char evil[] = "<script>alert(1)</script>\"'`&amp;\x1b[31mred\x1b]0;t\a\r\n\x7f"
                               "\xe2\x80\xae"
                               "gpj.exe\xe2\x80\xac"
                               "\xc3\x28 --><style>*{}</style></title></svg>\xff";
    static const char link[] = "T1003\"><img src=x onerror=alert(1)>";
    struct alert *alert = add_alert(batch, &acts[4], 7);
    struct str bad = {.at = evil, .size = sizeof(evil) - 1};
    alert->detection = alert->external_id = alert->title = alert->description = alert->tuning = bad;
    alert->incident = bad;
    alert->source.host = alert->source.account = alert->source.domain = bad;
    alert->target = alert->source;
    alert->target.accounts = alert->checks = one_of(batch, evil);
    alert->tactics = alert->techniques = one_of(batch, link);
    struct evidence *items = arena_zeroed(&batch->arena, 2 * sizeof(*items));
    for (int i = 0; i < 2; i++)
        items[i] = (struct evidence){.what = bad,
                                     .time = alert->first_seen,
                                     .file = bad,
                                     .frame = 3,
                                     .field = bad,
                                     .value = bad,
                                     .threshold = bad};
    alert->evidence.at = items;
    alert->evidence.count = 2;
    add_binding(batch, 60, evil, resolved_by_configuration, 100);
    struct binding *account = batch_add(batch, RECORD_binding, DAY, (struct id){.low = 3});
    *account =
        (struct binding){.kind = binding_kind_address_account, .address = v4(60), .name = bad, .domain = bad};
}

static void add_many(struct batch *batch)
{
    for (uint32_t i = 0; i < MANY_ALERTS; i++) {
        struct act act = acts[i % ARRAY_COUNT(acts)];
        act.at = (time_ns)(i * 7919 % 86400) * TIME_NS_S;
        struct alert *alert = add_alert(batch, &act, i);
        alert->source.ip = v4(i % 700);
    }
}

static void set_inputs(struct results *results, enum sample sample)
{
    static const struct results_input inputs[] = {
        {.path = {"/cases/17/dc.pcap", 17}, .bytes = 48211309, .frames = 61204},
        {.path = {"/cases/17/fileserver.pcapng", 27},
         .bytes = 9120444,
         .frames = 12011,
         .problem = {"cut off inside the block at byte 9120388", 40}},
        {.path = {"/cases/17/notes.docx", 20},
         .bytes = 18322,
         .problem = {"holds no capture", 16},
         .unreadable = true},
    };
    static const char evil_path[] = "/cases/<b>17</b>/\"x\" onload=\xe2\x80\xae.pcap";
    static const struct results_input hostile = {.path = {evil_path, sizeof(evil_path) - 1},
                                                 .problem = {"<i>bad</i>", 10}};
    results->inputs = sample == SAMPLE_HOSTILE ? &hostile : inputs;
    results->input_count = sample == SAMPLE_HOSTILE ? 1 : (uint32_t)ARRAY_COUNT(inputs);
    results->frames = 73215;
    results->frame_bytes = 57000000;
    results->first = DAY + (sample == SAMPLE_MANY ? 0 : 18 * TIME_NS_HOUR + 30 * TIME_NS_MIN);
    results->last = DAY + (sample == SAMPLE_MANY ? 24 : 20) * TIME_NS_HOUR;
    results->stages[0] =
        (struct results_stage){.name = "protocol-decode",
                               .counts = {{"frames", "frames taken", 73215},
                                          {"cut_packets", "packets cut by a snap length", 12},
                                          {"tcp_flows", "TCP flows", 54},
                                          {"bad_packets", "packets whose headers cannot be", 0}},
                               .count = 4};
    results->stages[1] = (struct results_stage){
        .name = "alerting",
        .counts = {{"alerts", "alerts opened", 6}, {"told", "alerts written, with their revisions", 9}},
        .count = 2};
    results->stage_count = 2;
}

void sample_results(struct results *results, enum sample sample)
{
    struct batch batch;
    REQUIRE(results_open(results, (struct hash_key){1, 2}) == ERR_OK);
    batch_init(&batch);
    if (sample != SAMPLE_EMPTY) {
        add_flows(&batch);
        add_bindings(&batch);
        set_inputs(results, sample);
    }
    if (sample == SAMPLE_ONE)
        add_alert(&batch, &acts[4], 4);
    if (sample == SAMPLE_ATTACK)
        for (uint32_t i = 0; i < ARRAY_COUNT(acts); i++)
            add_alert(&batch, &acts[i], i);
    if (sample == SAMPLE_HOSTILE)
        add_hostile(&batch);
    if (sample == SAMPLE_MANY)
        add_many(&batch);
    results_feed(results, &batch);
    batch_close(&batch);
    results_finish(results);
}
