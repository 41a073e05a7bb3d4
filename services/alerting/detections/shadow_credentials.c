/*
 * shadow-credentials - a key is added with which somebody else can log on as an account.
 *
 * Sees: LDAP modify or add that gives msDS-KeyCredentialLink a value (MS-ADA2 2.482): whoever holds the
 * private key can ask tickets as the account by PKINIT. A computer that writes its own key, from its own
 * device, does what Windows does after a join and is told at low severity. Misses: sealed and LDAPS sessions
 * whose keys are not given, as most are. Decided by: the device that writes.
 */
#include "common/base/text.h"
#include "services/alerting/detections/catalogue.h"
#include "services/alerting/judge.h"

enum {
    CONFIDENCE_WRITTEN = 95,
    CONFIDENCE_REFUSED = 90,
    CONFIDENCE_OWN = 30,
};

/* Options follow the name after a semicolon (RFC 4512 2.5). */
static bool is_key_attribute(struct str attribute)
{
    struct str name = STR("msDS-KeyCredentialLink");
    if (attribute.size < name.size || (attribute.size > name.size && attribute.at[name.size] != ';'))
        return false;
    return text_equal_nocase((struct str){.at = attribute.at, .size = name.size}, name);
}

/* The change that adds a key; null when there is none. Keys that are only taken away let nobody in. */
static const struct ldap_change *added_key(const struct activity *a)
{
    if (a->ldap.count == 0)
        return NULL;
    const struct ldap *l = a->ldap.at;
    for (uint32_t i = 0; i < l->changes.count; i++) {
        const struct ldap_change *c = &l->changes.at[i];
        if (c->kind != ldap_change_kind_delete && c->value_count > 0 && is_key_attribute(c->attribute))
            return c;
    }
    return NULL;
}

static bool wants(const struct activity *a, uint8_t role)
{
    (void)role;
    return added_key(a) != NULL;
}

/* "CN=WS1,..." by WS1$ from the device WS1. The account alone would not do: a relay writes in its name. */
static bool is_own(const struct activity *a)
{
    struct str account = a->account_name, host = a->source_host;
    if (account.size < 2 || account.at[account.size - 1] != '$')
        return false;
    account.size--;
    struct str name = {.at = a->object.at, .size = account.size};
    uint32_t end = 0;
    while (end < host.size && host.at[end] != '.')
        end++;
    host.size = end;
    if (a->object.size < account.size + 4 || a->object.at[account.size + 3] != ',')
        return false;
    name.at += 3;
    return text_equal_nocase(name, account) && text_equal_nocase(host, account);
}

static uint8_t severity_of(const struct activity *a, bool own)
{
    if (own || a->source_role == device_role_sync_appliance)
        return severity_low;
    return a->outcome == outcome_failure ? severity_medium : severity_high;
}

static void observe(struct judge *judge, void *state, const struct activity *a, uint8_t role)
{
    (void)state;
    (void)role;
    const struct ldap_change *change = added_key(a);
    bool own = is_own(a), refused = a->outcome == outcome_failure;
    struct finding *f =
        judge_act(judge, a,
                  &(struct act){.severity = severity_of(a, own),
                                .confidence = own       ? CONFIDENCE_OWN
                                              : refused ? CONFIDENCE_REFUSED
                                                        : CONFIDENCE_WRITTEN,
                                .outcome = a->outcome,
                                .target = finding_tail(a->object, FINDING_NAME_BYTES),
                                .evidence = {.field = "attribute",
                                             .value = judge_print(judge, "%.*s, %u value%s",
                                                                  (int)change->attribute.size,
                                                                  change->attribute.at, change->value_count,
                                                                  change->value_count == 1 ? "" : "s"),
                                             .threshold = "any value",
                                             .decisive = true}},
                  "%.*s of %.*s", (int)a->operation.size, a->operation.at, (int)a->object.size, a->object.at);
    const char *source = judge_device(judge, &f->source), *targets = judge_targets(judge, f);
    finding_title(
        f, f->outcome == outcome_success ? "Logon key added to %s from %s" : "Logon key for %s tried from %s",
        targets, source);
    finding_text(
        f,
        "%s, working as %s, wrote msDS-KeyCredentialLink of %s on %s (%s). Who holds the private key to what "
        "was written can log on as that account by certificate, whatever its password is and after it was "
        "changed. %s",
        source, judge_account(judge, &f->source), targets, judge_device(judge, &f->target),
        f->outcome == outcome_success   ? "it was accepted"
        : f->outcome == outcome_failure ? "it was refused"
                                        : "the answer was not seen",
        own ? "The computer wrote a key of its own, as Windows does once; whoever holds its account can do "
              "the same."
            : "Keys are registered by the device that holds them, or by the synchronisation of a cloud "
              "directory.");
    judge_open(judge, f, a);
}

static const struct detection_setting settings[] = {{0}};

const struct detection detection_shadow_credentials = {
    .name = "shadow-credentials",
    .external_id = "2431",
    .title = "Shadow credentials",
    .severity = severity_high,
    .tactics = {"TA0003", "TA0006"},
    .techniques = {"T1556"},
    .entity = "the device that writes",
    .sees =
        "An LDAP modify or add that gives msDS-KeyCredentialLink of an account a value, accepted or refused.",
    .misses = "Sessions that are sealed or inside TLS, unless their keys are given: the change cannot be "
              "read there. Keys that "
              "are taken away are not told.",
    .wrong_when = "A synchronisation server writes the keys of Windows Hello for Business: name it in the "
                  "configuration. A "
                  "computer registers its own key after it joined; this is told at low severity.",
    .checks =
        {
            "Does the account use Windows Hello for Business, and is the writer the server that registers "
            "its keys?",
            "Which DeviceId and creation time has the new value? Tools leave the DeviceId empty or random.",
            "Was a ticket asked by certificate (PKINIT) for the account after the change?",
            "Remove the value, and find out who could write it: the writer's rights on the object are the "
            "hole.",
        },
    .tuning = "Name synchronisation servers in the configuration under identity.devices as sync_appliance.",
    .settings = settings,
    .roles = 1u << entity_role_source_device,
    .kinds = 1u << activity_kind_directory_change,
    .wants = wants,
    .state_bytes = sizeof(uint64_t),
    .states = 1024,
    .state_layout = 1,
    .observe = observe,
};
