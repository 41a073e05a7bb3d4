/*
 * ocsf_alert - attacks, evidences, observables and the state of a finding.
 */
#include "proto/ocsf_alert.h"

#include "common/base/text.h"
#include "proto/attack.h"

enum {
    /* Observable types of the OCSF 1.5.0 dictionary. */
    OBSERVABLE_HOSTNAME = 1,
    OBSERVABLE_IP = 2,
    OBSERVABLE_USER_NAME = 4,
};

static void write_tactic(struct json *json, struct str uid)
{
    json_key(json, "tactic");
    json_begin(json, '{');
    json_key_str(json, "name", str_of(attack_name(uid)));
    json_key_str(json, "uid", uid);
    json_end(json, '}');
}

/* T1003.006 is a sub-technique of T1003. */
static void write_technique(struct json *json, struct str uid)
{
    const char *dot = uid.size > 0 ? memchr(uid.at, '.', uid.size) : NULL;
    struct str parent = uid;
    if (dot)
        parent.size = (uint32_t)(dot - uid.at);
    json_key(json, "technique");
    json_begin(json, '{');
    json_key_str(json, "uid", parent);
    json_end(json, '}');
    if (!dot)
        return;
    json_key(json, "sub_technique");
    json_begin(json, '{');
    json_key_str(json, "uid", uid);
    json_end(json, '}');
}

/* The tactic of a technique: its own when both lists are as long, else the only one there is. */
static struct str tactic_of(const struct alert *alert, uint32_t technique)
{
    if (alert->tactics.count == alert->techniques.count)
        return alert->tactics.at[technique];
    return alert->tactics.count == 1 ? alert->tactics.at[0] : (struct str){0};
}

static void write_attack(struct json *json, struct str tactic, struct str technique)
{
    if (tactic.size == 0 && technique.size == 0)
        return;
    json_begin(json, '{');
    if (technique.size > 0)
        write_technique(json, technique);
    if (tactic.size > 0)
        write_tactic(json, tactic);
    json_end(json, '}');
}

static void write_attacks(struct json *json, const void *context)
{
    const struct alert *alert = context;
    bool paired = alert->techniques.count > 0 &&
                  (alert->tactics.count == alert->techniques.count || alert->tactics.count == 1);
    json_begin(json, '[');
    for (uint32_t i = 0; i < alert->techniques.count; i++)
        write_attack(json, tactic_of(alert, i), alert->techniques.at[i]);
    for (uint32_t i = 0; !paired && i < alert->tactics.count; i++)
        write_attack(json, alert->tactics.at[i], (struct str){0});
    json_end(json, ']');
}

static void write_types(struct json *json, const void *context)
{
    const struct alert *alert = context;
    json_begin(json, '[');
    for (uint32_t i = 0; i < alert->tactics.count; i++)
        if (attack_name(alert->tactics.at[i])[0] != '\0')
            json_text(json, attack_name(alert->tactics.at[i]));
    json_end(json, ']');
}

static void write_endpoint(struct json *json, const char *key, const struct party *party)
{
    if (party->ip.family == 0 && party->host.size == 0)
        return;
    json_key(json, key);
    json_begin(json, '{');
    json_key_addr(json, "ip", &party->ip);
    json_key_str(json, "hostname", party->host);
    json_end(json, '}');
}

static void write_user(struct json *json, const struct party *party)
{
    json_key(json, "user");
    json_begin(json, '{');
    json_key_str(json, "name", party->account);
    json_key_str(json, "domain", party->domain);
    json_end(json, '}');
}

static bool has_party(const struct party *party)
{
    return party->ip.family != 0 || party->host.size > 0 || party->account.size > 0;
}

/* Both ends as the first artifact: a finding has no endpoints of its own. */
static void write_parties(struct json *json, const struct alert *alert)
{
    json_begin(json, '{');
    json_key(json, "name");
    json_text(json, "source and target");
    if (alert->source.account.size > 0) {
        json_key(json, "actor");
        json_begin(json, '{');
        write_user(json, &alert->source);
        json_end(json, '}');
    }
    write_endpoint(json, "src_endpoint", &alert->source);
    write_endpoint(json, "dst_endpoint", &alert->target);
    if (alert->target.account.size > 0)
        write_user(json, &alert->target);
    json_end(json, '}');
}

static void write_evidences(struct json *json, const void *context)
{
    const struct alert *alert = context;
    json_begin(json, '[');
    if (has_party(&alert->source) || has_party(&alert->target))
        write_parties(json, alert);
    const struct record_info *info = record_info(RECORD_evidence);
    for (uint32_t i = 0; i < alert->evidence.count; i++) {
        const struct evidence *evidence = &alert->evidence.at[i];
        json_begin(json, '{');
        json_key_str(json, "name", evidence->what);
        json_key_id(json, "uid", evidence->observation);
        json_key(json, "data");
        json_object(json, info, evidence);
        json_end(json, '}');
    }
    json_end(json, ']');
}

static void write_observable(struct json *json, const char *name, int type, struct str value)
{
    static const char *const type_name[] = {[OBSERVABLE_HOSTNAME] = "Hostname",
                                            [OBSERVABLE_IP] = "IP Address",
                                            [OBSERVABLE_USER_NAME] = "User Name"};
    if (value.size == 0)
        return;
    json_begin(json, '{');
    json_key(json, "name");
    json_text(json, name);
    json_key(json, "type");
    json_text(json, type_name[type]);
    json_key(json, "type_id");
    json_signed(json, type);
    json_key(json, "value");
    json_str(json, value);
    json_end(json, '}');
}

static void write_observables(struct json *json, const void *context)
{
    const struct alert *alert = context;
    char source[TEXT_ADDR_BYTES], target[TEXT_ADDR_BYTES];
    json_begin(json, '[');
    write_observable(json, "evidences[0].src_endpoint.ip", OBSERVABLE_IP,
                     str_of(text_addr(&alert->source.ip, source)));
    write_observable(json, "evidences[0].src_endpoint.hostname", OBSERVABLE_HOSTNAME, alert->source.host);
    write_observable(json, "evidences[0].actor.user.name", OBSERVABLE_USER_NAME, alert->source.account);
    write_observable(json, "evidences[0].dst_endpoint.ip", OBSERVABLE_IP,
                     str_of(text_addr(&alert->target.ip, target)));
    write_observable(json, "evidences[0].dst_endpoint.hostname", OBSERVABLE_HOSTNAME, alert->target.host);
    write_observable(json, "evidences[0].user.name", OBSERVABLE_USER_NAME, alert->target.account);
    json_end(json, ']');
}

/* Low, medium and high of confidence_id. */
static int confidence_id(uint8_t percent)
{
    return percent >= 75 ? 3 : percent >= 40 ? 2 : 1;
}

static void put_severity(struct ocsf_tree *tree, uint8_t severity)
{
    static const char *const caption[] = {"Unknown", "Informational", "Low", "Medium", "High", "Critical"};
    uint8_t id = severity < ARRAY_COUNT(caption) ? severity : 0;
    ocsf_put_number(tree, "severity_id", id);
    ocsf_put_text(tree, "severity", str_of(caption[id]));
}

void ocsf_put_alert(struct ocsf_tree *tree, const struct record *record)
{
    const struct alert *alert = record->body;
    static const char *const confidence[] = {"Unknown", "Low", "Medium", "High"};
    put_severity(tree, alert->severity);
    ocsf_put_text(tree, "message", alert->title);
    ocsf_put_number(tree, "status_id", 1);
    ocsf_put_text(tree, "status", STR("New"));
    ocsf_put_true(tree, "is_alert");
    ocsf_put_number(tree, "confidence_score", alert->confidence);
    ocsf_put_number(tree, "confidence_id", confidence_id(alert->confidence));
    ocsf_put_text(tree, "confidence", str_of(confidence[confidence_id(alert->confidence)]));
    if (alert->first_seen != 0)
        ocsf_put_number(tree, "start_time", alert->first_seen / TIME_NS_MS);
    if (alert->last_seen != 0)
        ocsf_put_number(tree, "end_time", alert->last_seen / TIME_NS_MS);
    ocsf_put_id(tree, "finding_info.uid", record->id);
    ocsf_put_text(tree, "finding_info.uid", STR("0"));
    ocsf_put_number(tree, "finding_info.analytic.type_id", 1);
    ocsf_put_text(tree, "finding_info.analytic.type", STR("Rule"));
    ocsf_put_text(tree, "finding_info.analytic.name", alert->title);
    ocsf_put_text(tree, "finding_info.analytic.uid",
                  alert->detection.size > 0 ? alert->detection : STR("unknown"));
    if (alert->tactics.count > 0 || alert->techniques.count > 0) {
        ocsf_put_call(tree, "finding_info.attacks", write_attacks, alert);
        ocsf_put_call(tree, "finding_info.types", write_types, alert);
    }
    if (has_party(&alert->source) || has_party(&alert->target))
        ocsf_put_call(tree, "observables", write_observables, alert);
    ocsf_put_call(tree, "evidences", write_evidences, alert);
}
