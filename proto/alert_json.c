/*
 * alert_json - the contract form of an alert, field by field.
 */
#include "proto/alert_json.h"

#include "proto/field.h"
#include "proto/json.h"

static void write_text(struct json *json, const char *key, struct str s)
{
    json_key(json, key);
    if (s.size > 0)
        json_str(json, s);
    else
        json_null(json);
}

static void write_time(struct json *json, const char *key, time_ns time)
{
    json_key(json, key);
    if (time != 0)
        json_time(json, time);
    else
        json_null(json);
}

static void write_strs(struct json *json, const char *key, const struct strs *list)
{
    json_key(json, key);
    json_strs(json, list);
}

/* Percent as 0 to 1, in digits of its own: no locale, no rounding. */
static void write_confidence(struct json *json, uint8_t percent)
{
    json_key(json, "confidence");
    if (percent >= 100)
        json_unsigned(json, 1);
    else
        json_raw(json, (char[]){'0', '.', (char)('0' + percent / 10), (char)('0' + percent % 10)}, 4);
}

/* What a party has beside the three that always stand there. */
static void write_party_rest(struct json *json, const struct party *party)
{
    const struct record_info *info = record_info(RECORD_party);
    for (uint32_t i = 0; i < info->field_count; i++) {
        const struct field_info *field = &info->fields[i];
        struct str name = str_of(field->name);
        if (str_equal(name, STR("ip")) || str_equal(name, STR("host")) || str_equal(name, STR("account")))
            continue;
        if (!field_present(field, party))
            continue;
        json_key(json, field->name);
        json_field(json, field, party);
    }
}

static void write_party(struct json *json, const char *key, const struct party *party)
{
    json_key(json, key);
    json_begin(json, '{');
    json_key(json, "ip");
    if (party->ip.family != 0)
        json_addr(json, &party->ip);
    else
        json_null(json);
    write_text(json, "host", party->host);
    write_text(json, "account", party->account);
    write_party_rest(json, party);
    json_end(json, '}');
}

void alert_write_json(const struct record *record, struct writer *w)
{
    REQUIRE(record->type == RECORD_alert && record->body != NULL);
    const struct alert *alert = record->body;
    struct json json = {.w = w};
    json_begin(&json, '{');
    json_key(&json, "id");
    json_id(&json, record->id);
    write_text(&json, "detection", alert->detection);
    write_text(&json, "external_id", alert->external_id);
    write_text(&json, "title", alert->title);
    json_key(&json, "severity");
    json_text(&json, choice_name(&severity_choices, alert->severity));
    write_confidence(&json, alert->confidence);
    write_strs(&json, "tactics", &alert->tactics);
    write_strs(&json, "techniques", &alert->techniques);
    write_time(&json, "first_seen", alert->first_seen);
    write_time(&json, "last_seen", alert->last_seen);
    write_party(&json, "source", &alert->source);
    write_party(&json, "target", &alert->target);
    json_key(&json, "count");
    json_unsigned(&json, alert->count);
    json_key(&json, "outcome");
    json_text(&json, choice_name(&outcome_choices, alert->outcome));
    json_key(&json, "evidence");
    json_field(&json, field_named(record_info(RECORD_alert), STR("evidence")), alert);
    write_text(&json, "incident", alert->incident);
    write_text(&json, "description", alert->description);
    write_strs(&json, "checks", &alert->checks);
    write_text(&json, "tuning", alert->tuning);
    json_key(&json, "revision");
    json_unsigned(&json, alert->revision);
    json_end(&json, '}');
}
