/*
 * world - each activity is published as identity publishes it: under its source and its account, or under
 * both devices.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "proto/entity.h"
#include "tests/unit/alerting/world.h"

void world_open(struct world *w)
{
    *w = (struct world){.now = 1000 * TIME_NS_DAY};
    w->options = alerting_defaults();
    w->options.states = 1024;
    w->options.findings = 256;
    w->options.evidence = 4096;
    assert_int_equal(alerting_create(&w->stage, &w->options), ERR_OK);
    batch_init(&w->in);
    batch_init(&w->out);
    batch_init(&w->alerts);
}

void world_close(struct world *w)
{
    stage_close(&w->stage);
    batch_close(&w->in);
    batch_close(&w->out);
    batch_close(&w->alerts);
}

int world_setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    world_open(w);
    *state = w;
    return 0;
}

int world_teardown(void **state)
{
    world_close(*state);
    free(*state);
    return 0;
}

void world_wait(struct world *w, time_ns duration)
{
    w->now += duration;
}

struct addr world_address(const char *text)
{
    struct addr address;
    assert_true(text_parse_addr(str_of(text), &address));
    return address;
}

static void step(struct world *w)
{
    batch_reset(&w->out);
    stage_step(&w->stage, &w->in, &w->out);
    for (uint32_t i = 0; i < w->out.count; i++) {
        if (w->out.records[i].type != RECORD_alert)
            continue;
        struct record copy = record_copy(&w->alerts.arena, &w->out.records[i]);
        batch_append(&w->alerts, &copy);
    }
    batch_reset(&w->in);
}

static void publish(struct world *w, struct activity *a, uint8_t role, struct id key)
{
    if (id_is_none(key))
        return;
    struct record record = {.type = RECORD_activity, .role = role, .time = w->now, .key = key, .body = a};
    record.id = record_name(RECORD_activity, w->now, a->observation, role);
    batch_append(&w->in, &record);
}

static struct activity begin(struct world *w, const char *source, const char *target)
{
    struct activity a = {.source_ip = world_address(source), .target_ip = world_address(target)};
    a.source = entity_address(&a.source_ip);
    a.target = entity_address(&a.target_ip);
    a.observation = (struct id){.high = 7, .low = ++w->ordinal};
    a.source_host = w->source_host;
    a.source_host_certainty = w->source_host.size > 0 ? 95 : 0;
    a.file = STR("made.pcap");
    a.frame = w->ordinal;
    return a;
}

static void set_account(struct activity *a, const char *account)
{
    a->account_name = str_of(account);
    a->account = entity_account(a->account_name);
    a->account_domain = STR("CORP");
}

static void publish_logon(struct world *w, struct activity *a)
{
    publish(w, a, entity_role_source_device, a->source);
    publish(w, a, entity_role_account, a->account);
    step(w);
}

void world_as(struct world *w, const char *source, const char *account, uint32_t code, bool preauth)
{
    struct activity a = begin(w, source, "10.0.0.10");
    a.kind = activity_kind_authentication;
    a.protocol = protocol_kerberos;
    a.operation = STR("AS-REQ");
    a.preauth = preauth;
    a.code = code;
    bool go_on = code == 25 || code == 52;
    a.outcome = code == 0 ? outcome_success : go_on ? outcome_unknown : outcome_failure;
    set_account(&a, account);
    publish_logon(w, &a);
}

void world_ntlm(struct world *w, const char *source, const char *account, uint32_t status)
{
    struct activity a = begin(w, source, "10.0.0.10");
    a.kind = activity_kind_authentication;
    a.protocol = protocol_ntlm;
    a.operation = STR("NTLM over SMB");
    a.preauth = true;
    a.code = status;
    a.outcome = status == 0 ? outcome_success : outcome_failure;
    set_account(&a, account);
    publish_logon(w, &a);
}

void world_as_for(struct world *w, const char *account, const char *service, int32_t ticket_etype)
{
    struct activity a = begin(w, "10.0.0.66", "10.0.0.10");
    a.kind = activity_kind_authentication;
    a.protocol = protocol_kerberos;
    a.operation = STR("AS-REQ");
    a.outcome = outcome_success;
    a.service = str_of(service);
    a.service_account = entity_service(a.service);
    a.ticket_etype = ticket_etype;
    set_account(&a, account);
    publish_logon(w, &a);
}

void world_s4u(struct world *w, const char *source, const char *for_user)
{
    struct activity a = begin(w, source, "10.0.0.10");
    a.kind = activity_kind_ticket_request;
    a.protocol = protocol_kerberos;
    a.operation = STR("TGS-REQ S4U2Self");
    a.outcome = outcome_success;
    a.service = STR("web1$");
    a.for_user = str_of(for_user);
    set_account(&a, "web1$");
    publish_logon(w, &a);
}

void world_tgs(struct world *w, const char *account, const char *service, int32_t ticket_etype,
               const int32_t *etypes)
{
    struct activity a = begin(w, "10.0.0.5", "10.0.0.10");
    a.kind = activity_kind_ticket_request;
    a.protocol = protocol_kerberos;
    a.operation = STR("TGS-REQ");
    a.outcome = outcome_success;
    a.service = str_of(service);
    a.service_account = entity_service(a.service);
    a.ticket_etype = ticket_etype;
    a.referral = w->referral;
    a.etypes.at = etypes;
    while (etypes[a.etypes.count] != 0)
        a.etypes.count++;
    set_account(&a, account);
    publish_logon(w, &a);
}

static void call_drs(struct world *w, struct activity *a, uint16_t opnum, uint32_t response)
{
    a->kind = activity_kind_rpc_call;
    a->protocol = protocol_rpc;
    a->interface_name = STR("drsuapi");
    a->opnum = opnum;
    a->sealed = true;
    a->carrier = STR("tcp");
    a->response_bytes = response;
    a->outcome = response == 0 ? outcome_failure : outcome_unknown;
    set_account(a, "admin");
    publish(w, a, entity_role_source_device, a->source);
    publish(w, a, entity_role_target_device, a->target);
    step(w);
}

void world_drs(struct world *w, const char *source, const char *target, uint16_t opnum, uint32_t response)
{
    struct activity a = begin(w, source, target);
    call_drs(w, &a, opnum, response);
}

void world_drs_role(struct world *w, const char *source, uint8_t role, uint16_t opnum, uint32_t response)
{
    struct activity a = begin(w, source, "10.0.0.10");
    a.source_role = role;
    call_drs(w, &a, opnum, response);
}

void world_end(struct world *w)
{
    batch_add_watermark(&w->in, TIME_NS_END);
    step(w);
}

/* The last one told with this id stands for the alert. */
static bool is_last(const struct world *w, uint32_t index)
{
    for (uint32_t i = index + 1; i < w->alerts.count; i++)
        if (id_equal(w->alerts.records[i].id, w->alerts.records[index].id))
            return false;
    return true;
}

uint32_t world_count(const struct world *w, const char *detection, uint8_t severity)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < w->alerts.count; i++) {
        const struct alert *alert = w->alerts.records[i].body;
        count +=
            is_last(w, i) && str_equal(alert->detection, str_of(detection)) && alert->severity >= severity;
    }
    return count;
}

const struct alert *world_alert(const struct world *w, const char *detection)
{
    assert_int_equal(world_count(w, detection, severity_unknown), 1);
    for (uint32_t i = 0; i < w->alerts.count; i++) {
        const struct alert *alert = w->alerts.records[i].body;
        if (is_last(w, i) && str_equal(alert->detection, str_of(detection)))
            return alert;
    }
    return NULL;
}
