/*
 * alerting - each activity to the detections that read it, each finding to an alert.
 */
#include "services/alerting/alerting.h"

#include "common/base/text.h"
#include "services/alerting/judge.h"

struct finding_key {
    struct id entity;
    uint64_t detection;
};

struct evidence_key {
    struct id finding;
    uint64_t number;
};

/* Plain bytes. */
struct evidence_item {
    time_ns time;
    uint64_t frame;
    uint64_t reply_frame;
    struct id observation;
    char what[EVIDENCE_TEXT_BYTES];
    char field[64];
    char value[EVIDENCE_TEXT_BYTES];
    char threshold[64];
    char file[EVIDENCE_FILE_BYTES];
};

struct alerting {
    struct alerting_options options;
    struct table *states[DETECTIONS_MAX];
    struct table *findings;
    struct table *evidence;
    uint32_t detection_count;
    uint64_t activities;
    uint64_t alerts;
    uint64_t told;
    struct batch *out; /* null outside of a step */
    time_ns now;
    time_ns since; /* of the first activity since this started; 0: none yet */
};

struct judge {
    struct alerting *alerting;
    const struct detection *detection;
    uint32_t index;
    const struct record *record;
    struct id entity;
};

struct alerting_options alerting_defaults(void)
{
    struct alerting_options options = {
        .states = 131072, .findings = 16384, .evidence = 131072, .quiet = 12 * TIME_NS_HOUR};
    for (uint32_t d = 0; detections()[d]; d++)
        for (uint32_t s = 0; detections()[d]->settings[s].name; s++)
            options.settings[d][s] = detections()[d]->settings[s].standard;
    return options;
}

int64_t judge_setting(const struct judge *judge, const char *name)
{
    for (uint32_t s = 0; judge->detection->settings[s].name; s++)
        if (strcmp(judge->detection->settings[s].name, name) == 0)
            return judge->alerting->options.settings[judge->index][s];
    REQUIRE(false); /* a setting that its detection does not declare */
    return 0;
}

time_ns judge_now(const struct judge *judge)
{
    return judge->record->time;
}

bool judge_has_watched(const struct judge *judge, time_ns duration)
{
    const struct alerting *a = judge->alerting;
    return judge->record->time - a->since >= duration && table_evicted(a->states[judge->index]) == 0;
}

static struct finding_key key_of(const struct judge *judge)
{
    return (struct finding_key){.entity = judge->entity, .detection = judge->index};
}

static void forget_evidence(struct alerting *a, const struct finding *finding)
{
    for (uint32_t i = 0; i < finding->evidence_count; i++) {
        struct evidence_key key = {.finding = finding->name, .number = i};
        table_remove(a->evidence, &key);
    }
}

struct finding *judge_existing(struct judge *judge)
{
    struct finding_key key = key_of(judge);
    /* No touch: close_quiet() needs touches and last_seen to go together, and only an act moves both. */
    return (struct finding *)(uintptr_t)table_peek(judge->alerting->findings, &key);
}

void judge_drop(struct judge *judge)
{
    struct finding_key key = key_of(judge);
    const struct finding *finding = table_peek(judge->alerting->findings, &key);
    if (!finding || finding->opened)
        return;
    forget_evidence(judge->alerting, finding);
    table_remove(judge->alerting->findings, &key);
}

/* The name of what one observation began for the entity under judgement. */
static struct id name_after(const struct judge *judge, const struct id *observation)
{
    struct hash_parts parts = {0};
    hash_part(&parts, judge->detection->name, strlen(judge->detection->name));
    hash_part(&parts, &judge->entity, sizeof(judge->entity));
    hash_part(&parts, observation, sizeof(*observation));
    return hash_parts_id(HASH_KEY_NAMES, &parts);
}

struct finding *judge_finding(struct judge *judge, const struct activity *activity)
{
    struct alerting *a = judge->alerting;
    struct finding_key key = key_of(judge);
    bool created;
    struct finding *finding = table_put(a->findings, &key, &created);
    finding->last_seen = judge->record->time;
    if (!created)
        return finding;
    finding->name = name_after(judge, &activity->observation);
    finding->entity = judge->entity;
    finding->detection = (uint8_t)judge->index;
    finding->severity = judge->detection->severity;
    finding->first_seen = judge->record->time;
    return finding;
}

void judge_evidence(struct judge *judge, struct finding *finding, const struct activity *activity,
                    const struct evidence_text *text, const char *what, ...)
{
    uint32_t most = text->decisive ? FINDING_EVIDENCE_MAX : FINDING_EVIDENCE_PLAIN_MAX;
    struct finding_key finding_key = key_of(judge);
    (void)table_find(judge->alerting->findings, &finding_key);
    finding->last_seen = judge->record->time;
    finding->changed = true;
    if (finding->evidence_count >= most) {
        finding->evidence_left_out++;
        return;
    }
    struct evidence_key key = {.finding = finding->name, .number = finding->evidence_count++};
    struct evidence_item *item = table_put(judge->alerting->evidence, &key, NULL);
    item->time = text->time ? text->time : judge->record->time;
    item->frame = activity->frame;
    item->reply_frame = activity->reply_frame;
    item->observation = activity->observation;
    va_list args;
    va_start(args, what);
    finding_print(item->what, sizeof(item->what), what, args);
    va_end(args);
    text_keep(item->field, sizeof(item->field), str_of(text->field));
    text_keep(item->value, sizeof(item->value), str_of(text->value));
    text_keep(item->threshold, sizeof(item->threshold), str_of(text->threshold));
    text_keep(item->file, sizeof(item->file), finding_tail(activity->file, sizeof(item->file)));
}

const char *judge_print(struct judge *judge, const char *format, ...)
{
    char text[FINDING_TEXT_BYTES];
    va_list args;
    va_start(args, format);
    finding_print(text, sizeof(text), format, args);
    va_end(args);
    size_t size = strlen(text) + 1;
    return memcpy(arena_take(&judge->alerting->out->arena, size), text, size);
}

const char *judge_account(struct judge *judge, const struct finding_end *end)
{
    if (end->account[0] == '\0')
        return "an account that the capture does not name";
    if (end->domain[0] == '\0')
        return judge_print(judge, "%s", end->account);
    return judge_print(judge, "%s (%s)", end->account, end->domain);
}

const char *judge_device(struct judge *judge, const struct finding_end *end)
{
    char ip[TEXT_ADDR_BYTES];
    text_addr(&end->ip, ip);
    if (end->host[0] == '\0')
        return judge_print(judge, "%s", ip);
    return judge_print(judge, "%s (%s)", end->host, ip);
}

/* The first few of the targets that are marked, or of all, and how many more there are. */
static const char *name_targets(struct judge *judge, const struct finding *finding, bool only_marked,
                                uint32_t count)
{
    enum { NAMED = 6 };
    char text[FINDING_TEXT_BYTES] = "";
    size_t used = 0;
    uint32_t named = 0, kept = finding_targets_kept(finding);
    for (uint32_t i = 0; i < kept && named < NAMED; i++) {
        if (only_marked && !finding->target_marked[i])
            continue;
        bool last = ++named == count;
        const char *between = named == 1 ? "" : last ? " and " : ", ";
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%.95s", between, finding->targets[i]);
    }
    if (count > named)
        (void)snprintf(text + used, sizeof(text) - used, " and %u more", count - named);
    return judge_print(judge, "%s", text);
}

const char *judge_targets(struct judge *judge, const struct finding *finding)
{
    return name_targets(judge, finding, false, finding->target_count);
}

const char *judge_marked_targets(struct judge *judge, const struct finding *finding)
{
    return name_targets(judge, finding, true, finding_marked(finding));
}

static struct str copy_field(struct alerting *a, const char *field, size_t size)
{
    return arena_copy(&a->out->arena, text_kept(field, size));
}

static struct party make_party(struct alerting *a, const struct finding_end *end)
{
    return (struct party){
        .ip = end->ip,
        .host = copy_field(a, end->host, sizeof(end->host)),
        .host_by = end->host[0] ? end->host_by : (uint8_t)resolved_by_address_only,
        .host_certainty = end->host_certainty,
        .account = copy_field(a, end->account, sizeof(end->account)),
        .domain = copy_field(a, end->domain, sizeof(end->domain)),
        .account_by = end->account_by,
        .account_certainty = end->account_certainty,
    };
}

static struct strs make_list(struct alerting *a, const char *const *items, uint32_t most)
{
    uint32_t count = 0;
    while (count < most && items[count])
        count++;
    struct str *at = arena_take(&a->out->arena, (count + 1) * sizeof(*at));
    for (uint32_t i = 0; i < count; i++)
        at[i] = str_of(items[i]);
    return (struct strs){.at = at, .count = count};
}

static void add_evidence(struct alerting *a, const struct finding *finding, struct alert *alert)
{
    struct evidence *items = arena_zeroed(&a->out->arena, (finding->evidence_count + 1) * sizeof(*items));
    uint32_t count = 0;
    for (uint32_t i = 0; i < finding->evidence_count; i++) {
        struct evidence_key key = {.finding = finding->name, .number = i};
        const struct evidence_item *item = table_peek(a->evidence, &key);
        if (!item)
            continue; /* evicted: the table was full */
        items[count++] = (struct evidence){
            .what = copy_field(a, item->what, sizeof(item->what)),
            .time = item->time,
            .file = copy_field(a, item->file, sizeof(item->file)),
            .frame = item->frame,
            .reply_frame = item->reply_frame,
            .field = copy_field(a, item->field, sizeof(item->field)),
            .value = copy_field(a, item->value, sizeof(item->value)),
            .threshold = copy_field(a, item->threshold, sizeof(item->threshold)),
            .observation = item->observation,
        };
    }
    alert->evidence.at = items;
    alert->evidence.count = count;
}

/* Writes the finding as it stands as an alert. */
static void tell(struct alerting *a, struct finding *finding, time_ns time)
{
    const struct detection *d = detections()[finding->detection];
    finding->revision++;
    finding->changed = false;
    finding->urgent = false;
    finding->told_severity = finding->severity;
    finding->told_outcome = finding->outcome;
    finding->told_count = finding->count;
    a->told++;
    struct alert *alert = batch_add(a->out, RECORD_alert, time, finding->id);
    batch_last(a->out)->key = finding->entity;
    alert->detection = str_of(d->name);
    alert->external_id = str_of(d->external_id);
    alert->title = copy_field(a, finding->title, sizeof(finding->title));
    alert->description = copy_field(a, finding->text, sizeof(finding->text));
    alert->severity = finding->severity;
    alert->confidence = finding->confidence;
    alert->tactics = make_list(a, d->tactics, DETECTION_LIST_MAX);
    alert->techniques = make_list(a, d->techniques, DETECTION_LIST_MAX);
    alert->first_seen = finding->first_seen;
    alert->last_seen = finding->last_seen;
    alert->source = make_party(a, &finding->source);
    alert->target = make_party(a, &finding->target);
    uint32_t kept = finding_targets_kept(finding);
    struct str *targets = arena_take(&a->out->arena, (kept + 1) * sizeof(*targets));
    for (uint32_t i = 0; i < kept; i++)
        targets[i] = copy_field(a, finding->targets[i], FINDING_NAME_BYTES);
    alert->target.accounts = (struct strs){.at = targets, .count = kept};
    alert->target.account_count = finding->target_count;
    alert->count = finding->count;
    alert->outcome = finding->outcome;
    add_evidence(a, finding, alert);
    alert->checks = make_list(a, d->checks, DETECTION_LIST_MAX);
    alert->tuning = str_of(d->tuning);
    alert->revision = finding->revision;
    alert->entity = finding->entity;
}

void judge_open(struct judge *judge, struct finding *finding, const struct activity *proof)
{
    struct alerting *a = judge->alerting;
    if (!finding->opened) {
        finding->id = name_after(judge, &proof->observation);
        finding->opened = true;
        a->alerts++;
        tell(a, finding, judge->record->time);
        return;
    }
    finding->changed = true;
    /* Told again when it matters more, ends otherwise or has doubled; the rest waits for the end. */
    if (finding->urgent || finding->severity != finding->told_severity ||
        finding->outcome != finding->told_outcome || finding->count >= 2 * finding->told_count)
        tell(a, finding, judge->record->time);
}

/* Before a record of time `now`: findings that have been quiet are told a last time and forgotten. The table
 * is in the order of touches, so the quiet ones stand at its old end. */
static void close_quiet(struct alerting *a, time_ns now)
{
    for (;;) {
        struct finding *finding = table_oldest(a->findings);
        if (!finding || (now != TIME_NS_END && now - finding->last_seen <= a->options.quiet))
            return;
        time_ns due = now == TIME_NS_END ? finding->last_seen : finding->last_seen + a->options.quiet;
        if (finding->opened && finding->changed)
            tell(a, finding, due);
        forget_evidence(a, finding);
        struct finding_key key = {.entity = finding->entity, .detection = finding->detection};
        table_remove(a->findings, &key);
    }
}

/* Too many are held: what was told stands with all that came since, and its evidence makes room. */
static void on_evict(void *owner, const void *key, void *value)
{
    struct alerting *a = owner;
    struct finding *finding = value;
    (void)key;
    if (!a->out)
        return;
    if (finding->opened && finding->changed)
        tell(a, finding, a->now);
    forget_evidence(a, finding);
}

static void observe(struct alerting *a, const struct record *record)
{
    a->activities++;
    for (uint32_t i = 0; i < a->detection_count; i++) {
        const struct detection *d = detections()[i];
        const struct activity *activity = record->body;
        if (!(d->roles & (1u << record->role)) || !(d->kinds & (1u << activity->kind)) || a->options.off[i] ||
            (d->wants && !d->wants(activity, record->role)))
            continue;
        struct judge judge = {
            .alerting = a, .detection = d, .index = i, .record = record, .entity = record->key};
        void *state = table_put(a->states[i], &record->key, NULL);
        d->observe(&judge, state, activity, record->role);
    }
}

static void alerting_step(void *self, const struct batch *in, struct batch *out)
{
    struct alerting *a = self;
    a->out = out;
    for (uint32_t i = 0; i < in->count; i++) {
        const struct record *record = &in->records[i];
        if (record->type == RECORD_activity) {
            a->now = record->time;
            a->since = a->since ? a->since : record->time;
            close_quiet(a, record->time);
            observe(a, record);
        } else if (record->type == RECORD_watermark) {
            close_quiet(a, record->time);
            batch_add_watermark(out, record->time);
        }
    }
    a->out = NULL;
}

static size_t alerting_tables(void *self, struct table *tables[STAGE_TABLES_MAX])
{
    struct alerting *a = self;
    size_t count = 0;
    tables[count++] = a->findings;
    tables[count++] = a->evidence;
    for (uint32_t i = 0; i < a->detection_count; i++)
        tables[count++] = a->states[i];
    REQUIRE(count <= STAGE_TABLES_MAX);
    return count;
}

static size_t alerting_counts(const void *self, struct stage_count *counts, size_t max)
{
    const struct alerting *a = self;
    const struct stage_count all[] = {
        {"judged", "activities that detections read", a->activities},
        {"alerts", "alerts opened", a->alerts},
        {"told", "alerts written, with their revisions", a->told},
        {"findings_evicted", "findings forgotten because too many were held", table_evicted(a->findings)},
        {"evidence_evicted", "evidence forgotten because too much was held", table_evicted(a->evidence)},
    };
    size_t count = ARRAY_COUNT(all) < max ? ARRAY_COUNT(all) : max;
    memcpy(counts, all, count * sizeof(*all));
    return count;
}

static void alerting_close(void *self)
{
    struct alerting *a = self;
    table_free(a->findings);
    table_free(a->evidence);
    for (uint32_t i = 0; i < a->detection_count; i++)
        table_free(a->states[i]);
    free(a);
}

static enum err create_tables(struct alerting *a)
{
    const struct alerting_options *o = &a->options;
    enum err err = table_create(&a->findings, &(struct table_options){.name = "alerting.findings",
                                                                      .key_size = sizeof(struct finding_key),
                                                                      .value_size = sizeof(struct finding),
                                                                      .capacity = o->findings,
                                                                      .layout = 2,
                                                                      .seed = o->seed});
    if (err == ERR_OK)
        table_on_evict(a->findings, on_evict, a);
    if (err == ERR_OK)
        err = table_create(&a->evidence, &(struct table_options){.name = "alerting.evidence",
                                                                 .key_size = sizeof(struct evidence_key),
                                                                 .value_size = sizeof(struct evidence_item),
                                                                 .capacity = o->evidence,
                                                                 .layout = 1,
                                                                 .seed = o->seed});
    for (; err == ERR_OK && detections()[a->detection_count]; a->detection_count++) {
        const struct detection *d = detections()[a->detection_count];
        err = table_create(&a->states[a->detection_count],
                           &(struct table_options){.name = d->name,
                                                   .key_size = sizeof(struct id),
                                                   .value_size = d->state_bytes,
                                                   .capacity = d->states < o->states ? d->states : o->states,
                                                   .layout = d->state_layout,
                                                   .seed = o->seed});
    }
    return err;
}

enum err alerting_create(struct stage *stage, const struct alerting_options *options)
{
    static const struct stage_type type = {
        .name = "alerting",
        .step = alerting_step,
        .tables = alerting_tables,
        .counts = alerting_counts,
        .close = alerting_close,
    };
    struct alerting *a = calloc(1, sizeof(*a));
    if (!a)
        return ERR_MEMORY;
    a->options = *options;
    enum err err = create_tables(a);
    if (err != ERR_OK) {
        alerting_close(a);
        return err;
    }
    *stage = (struct stage){.type = &type, .self = a};
    return ERR_OK;
}
