/*
 * remote-password-reset - the password of an account, or a secret of a machine, is set from afar.
 *
 * Sees: SamrSetInformationUser and SamrSetInformationUser2 of the information classes that hold a password
 * (MS-SAMR 2.2.6.28), LsarSetSecret and LsarStorePrivateData (MS-LSAD 3.1.4.6), and a replace of unicodePwd
 * over LDAP (MS-ADTS 3.1.1.3.1.5). An account that was made a moment before gets its first password, which is
 * no reset. Setting the password of the server's own account, of Administrator, of krbtgt, or of another
 * computer weighs more. Sealed calls are told at low severity: what they set is not known. Misses: kpasswd,
 * whose messages are always sealed; sessions that are encrypted as a whole. Decided by: the device that sets,
 * and its habits.
 */
#include "common/base/text.h"
#include "proto/entity.h"
#include "services/alerting/detections/argument.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/detections/habit.h"

enum {
    CONFIDENCE_NAMED = 90,
    CONFIDENCE_CLASS = 80, /* the account it was is not known */
    CONFIDENCE_SEALED = 30,
    NAME_BYTES = 96,
    CREATED_FRESH_S = 60,
    RID_ADMINISTRATOR = 500, /* MS-DTYP 2.4.2.4 */
    RID_KRBTGT = 502,
};

/* Plain bytes. */
struct reset_state {
    struct habit setters;    /* accounts that set passwords from here */
    char name[NAME_BYTES];   /* looked up last on that server */
    char secret[NAME_BYTES]; /* opened last on it */
    struct id server;
    time_ns created; /* an account on it, with nothing else opened since */
    uint32_t rid;    /* opened last */
    uint8_t zero[4];
};

struct reset {
    struct str name; /* of the account or the secret; empty: not known */
    const char *what;
    uint8_t severity;
    uint8_t confidence;
};

static bool is_samr_set(const struct activity *a)
{
    return a->opnum == 37 || a->opnum == 58;
}

/* USER_INFORMATION_CLASS with a password in it. All (21) may hold one too, but its own form of it is for the
 * wire of controllers alone (MS-SAMR 3.1.5.6.4). */
static bool sets_password(const struct activity *a)
{
    static const uint8_t classes[] = {18, 23, 24, 25, 26, 31, 32};
    const struct rpc_argument *class = argument_find(a, "UserInformationClass");
    for (size_t i = 0; class && i < ARRAY_COUNT(classes); i++)
        if (class->number == classes[i])
            return true;
    return a->sealed;
}

static const struct ldap_change *replaced_password(const struct activity *a)
{
    if (a->ldap.count == 0 || a->ldap.at->operation != ldap_operation_modify)
        return NULL;
    for (uint32_t i = 0; i < a->ldap.at->changes.count; i++) {
        const struct ldap_change *c = &a->ldap.at->changes.at[i];
        /* A change by its owner deletes the old value and adds the new one. */
        if (c->kind == ldap_change_kind_replace && text_equal_nocase(c->attribute, STR("unicodePwd")))
            return c;
    }
    return NULL;
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    if (a->kind == activity_kind_directory_change)
        return replaced_password(a) != NULL;
    if (str_equal(a->interface_name, STR("samr")))
        return (is_samr_set(a) && sets_password(a)) || a->opnum == 12 || a->opnum == 17 || a->opnum == 34 ||
               a->opnum == 50;
    return str_equal(a->interface_name, STR("lsarpc")) &&
           (a->opnum == 16 || a->opnum == 28 || a->opnum == 29 || a->opnum == 42);
}

/* "ws1$" of the device ws1 or ws1.corp.example. */
static bool is_machine_of(struct str account, struct str host)
{
    uint32_t label = 0;
    while (label < host.size && host.at[label] != '.')
        label++;
    return label > 0 && account.size == label + 1 && account.at[label] == '$' &&
           text_equal_nocase((struct str){.at = account.at, .size = label},
                             (struct str){.at = host.at, .size = label});
}

static uint8_t account_severity(const struct activity *a, struct str name, uint32_t rid)
{
    bool machine = name.size > 1 && name.at[name.size - 1] == '$';
    if (rid == RID_ADMINISTRATOR || rid == RID_KRBTGT || text_equal_nocase(name, STR("Administrator")) ||
        text_equal_nocase(name, STR("krbtgt")) || is_machine_of(name, a->target_host))
        return severity_high;
    if (is_machine_of(name, a->source_host))
        return severity_low; /* it joins the domain anew */
    return machine && a->source_host.size > 0 ? severity_high : severity_medium;
}

/* "CN=bob,OU=Staff,DC=corp" */
static struct str first_value(struct str dn)
{
    uint32_t start = 0, end = 0;
    while (start < dn.size && dn.at[start] != '=')
        start++;
    for (end = ++start; end < dn.size && (dn.at[end] != ',' || dn.at[end - 1] == '\\'); end++)
        ;
    return start < dn.size ? (struct str){.at = dn.at + start, .size = end - start} : (struct str){0};
}

static void note_server(struct reset_state *s, const struct activity *a)
{
    if (id_equal(s->server, a->target))
        return;
    s->server = a->target;
    s->name[0] = s->secret[0] = '\0';
    s->created = 0;
    s->rid = 0;
}

/* What leads to a reset; true when the activity is no more than that. */
static bool note_way(struct judge *judge, struct reset_state *s, const struct activity *a)
{
    bool samr = str_equal(a->interface_name, STR("samr"));
    const struct rpc_argument *rid = argument_find(a, "UserId");
    if (a->kind != activity_kind_rpc_call)
        return false;
    if (!samr && (a->opnum == 16 || a->opnum == 28))
        text_keep(s->secret, sizeof(s->secret), argument_text(a, "SecretName"));
    else if (samr && (a->opnum == 12 || a->opnum == 50))
        s->created = a->outcome == outcome_failure ? 0 : judge_now(judge);
    else if (samr && a->opnum == 17)
        text_keep(s->name, sizeof(s->name), argument_text(a, "Names[0]"));
    else if (samr && a->opnum == 34) {
        s->rid = rid ? (uint32_t)rid->number : 0;
        s->created = 0;
    } else
        return false;
    return true;
}

static struct reset read_reset(const struct reset_state *s, const struct activity *a)
{
    struct reset r = {.what = "password", .confidence = CONFIDENCE_NAMED};
    if (a->kind == activity_kind_directory_change) {
        r.name = first_value(a->object);
        r.severity = account_severity(a, r.name, 0);
    } else if (str_equal(a->interface_name, STR("samr"))) {
        r.name = text_kept(s->name, sizeof(s->name));
        r.severity = account_severity(a, r.name, s->rid);
    } else {
        r.what = "LSA secret";
        r.name = a->opnum == 42 ? argument_text(a, "KeyName") : text_kept(s->secret, sizeof(s->secret));
        r.severity = severity_medium;
    }
    if (r.name.size == 0)
        r.confidence = CONFIDENCE_CLASS;
    if (a->sealed && a->kind == activity_kind_rpc_call) {
        r.severity = severity_low;
        r.confidence = CONFIDENCE_SEALED;
    } else if (a->outcome == outcome_failure && r.severity > severity_low) {
        r.severity--;
    }
    return r;
}

static void explain(struct judge *judge, struct finding *f)
{
    const char *source = judge_device(judge, &f->source), *target = judge_device(judge, &f->target);
    const char *names = f->target_count > 0 ? judge_targets(judge, f) : "an account that is not named";
    finding_title(f,
                  f->outcome == outcome_success ? "Password or secret of %s set on %s from %s"
                                                : "Password or secret of %s tried to be set on %s from %s",
                  names, target, source);
    finding_text(
        f,
        "%s, working as %s, set on %s what %s authenticate%s with, %s, without proof of the old one: %s. Who "
        "sets a "
        "password takes the account over, and locks out who uses it. People at the help desk do this, from "
        "devices that do it often; after an attack on a domain controller it is done to the controller's own "
        "account.",
        source, judge_account(judge, &f->source), target, names, f->target_count == 1 ? "s" : "",
        f->count == 1 ? "once" : judge_print(judge, "%u times", f->count),
        f->outcome == outcome_success   ? "it was accepted"
        : f->outcome == outcome_failure ? "it was refused"
                                        : "whether it was accepted was not seen");
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    struct reset_state *s = state;
    (void)role;
    note_server(s, a);
    if (note_way(judge, s, a))
        return;
    time_ns now = judge_now(judge);
    bool samr = str_equal(a->interface_name, STR("samr"));
    if (samr && s->created != 0 && now - s->created <= CREATED_FRESH_S * TIME_NS_S)
        return;
    struct reset r = read_reset(s, a);
    bool usual = habit_note(&s->setters, a->account, now, judge_setting(judge, "learn-days") * TIME_NS_DAY);
    if (usual && r.severity < severity_high)
        return;
    struct finding *f =
        judge_act(judge, a,
                  &(struct act){.severity = r.severity,
                                .confidence = r.confidence,
                                .outcome = a->outcome,
                                .target = r.name,
                                .evidence = {.field = r.what,
                                             .value = judge_print(judge, "%.*s", (int)r.name.size, r.name.at),
                                             .threshold = "by who does not set them",
                                             .decisive = true}},
                  "%.*s", (int)a->operation.size, a->operation.at);
    explain(judge, f);
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {
    {"learn-days", 28, 1, 365, "days",
     "Who has set passwords from the same device for so long, on several days, is at the help desk."},
    {0},
};

const struct detection detection_remote_password_reset = {
    .name = "remote-password-reset",
    .external_id = "",
    .title = "Password set from afar",
    .severity = severity_medium,
    .tactics = {"TA0003"},
    .techniques = {"T1098"},
    .entity = "the device that sets it",
    .sees = "SamrSetInformationUser(2) with a password, LsarSetSecret, LsarStorePrivateData and a replace of "
            "unicodePwd over "
            "LDAP, by an account that does not do so regularly from this device. High for Administrator, "
            "krbtgt, the "
            "server's own account and computers other than the caller.",
    .misses = "Passwords set by kpasswd, whose messages are sealed; sessions that are encrypted. Sealed "
              "calls are told at low "
              "severity. The first password of an account just made is no reset.",
    .wrong_when = "An administrator or the help desk resets a password, from a device that seldom does.",
    .checks =
        {
            "Did the owner of the account ask for it? Does the account that set it belong to the help desk?",
            "Events 4724 and 4738 on the controller name both accounts.",
            "For a controller's own account: was there a Zerologon before it (events 5805, 4742)?",
            "Is the account in use by somebody else since?",
        },
    .tuning = "Exclude the devices of the help desk and identity management servers.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_rpc_call | 1u << activity_kind_directory_change,
    .wants = wants,
    .state_bytes = sizeof(struct reset_state),
    .states = 16384,
    .state_layout = 1,
    .observe = observe,
};
