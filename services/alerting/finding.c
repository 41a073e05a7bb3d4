/*
 * finding - what a finding keeps: its two ends, its targets, its words, and activities that may become
 * evidence later.
 */
#include "common/base/text.h"
#include "services/alerting/judge.h"

void finding_print(char *field, size_t size, const char *format, va_list args)
{
    /* Longer than any field by a character, so that text_keep() sees where the last whole one ends. */
    char text[FINDING_TEXT_BYTES + 4];
    int printed = vsnprintf(text, sizeof(text), format, args);
    size_t length = printed < 0 ? 0 : (size_t)printed < sizeof(text) ? (size_t)printed : sizeof(text) - 1;
    text_keep(field, size, (struct str){.at = text, .size = (uint32_t)length});
}

void finding_title(struct finding *finding, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    finding_print(finding->title, sizeof(finding->title), format, args);
    va_end(args);
}

void finding_text(struct finding *finding, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    finding_print(finding->text, sizeof(finding->text), format, args);
    va_end(args);
}

void finding_set_account(struct finding_end *end, const struct activity *activity)
{
    if (activity->account_name.size == 0)
        return;
    text_keep(end->account, sizeof(end->account), activity->account_name);
    text_keep(end->domain, sizeof(end->domain), activity->account_domain);
    end->account_by = activity->account_by;
    end->account_certainty = activity->account_certainty;
}

static void set_host(struct finding_end *end, struct str host, uint8_t by, uint8_t certainty)
{
    /* A name known for certain is not lost to a later activity that knew less. */
    if (host.size == 0 || certainty < end->host_certainty)
        return;
    text_keep(end->host, sizeof(end->host), host);
    end->host_by = by;
    end->host_certainty = certainty;
}

/* Another address is another device: the name of the one before is not its name. */
static void set_address(struct finding_end *end, const struct addr *ip)
{
    if (addr_equal(&end->ip, ip))
        return;
    end->ip = *ip;
    memset(end->host, 0, sizeof(end->host));
    end->host_by = resolved_by_unknown;
    end->host_certainty = 0;
}

void finding_set_ends(struct finding *finding, const struct activity *activity)
{
    set_address(&finding->source, &activity->source_ip);
    set_host(&finding->source, activity->source_host, activity->source_host_by,
             activity->source_host_certainty);
    set_address(&finding->target, &activity->target_ip);
    set_host(&finding->target, activity->target_host, activity->target_host_by,
             activity->target_host_certainty);
}

uint32_t finding_targets_kept(const struct finding *finding)
{
    return finding->target_count < FINDING_TARGETS_MAX ? finding->target_count : FINDING_TARGETS_MAX;
}

static bool set_bit(struct finding *finding, uint32_t hash)
{
    uint32_t bit = hash % (FINDING_NAMES_BYTES * 8);
    uint8_t mask = (uint8_t)(1u << bit % 8);
    bool was_set = (finding->names[bit / 8] & mask) != 0;
    finding->names[bit / 8] |= mask;
    return !was_set;
}

/* False when this name, or others with its two hashes, were noted before. */
static bool note_name(struct finding *finding, struct str name)
{
    char lower[FINDING_NAME_BYTES];
    for (uint32_t i = 0; i < name.size; i++)
        lower[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? (char)(name.at[i] + 32) : name.at[i];
    uint64_t hash = hash_u64(HASH_KEY_NAMES, lower, name.size);
    bool first = set_bit(finding, (uint32_t)hash), second = set_bit(finding, (uint32_t)(hash >> 32));
    return first || second;
}

void finding_add_target(struct finding *finding, struct str name)
{
    char cut[FINDING_NAME_BYTES];
    text_keep(cut, sizeof(cut), name);
    name = text_kept(cut, sizeof(cut));
    uint32_t kept = finding_targets_kept(finding);
    bool is_new = note_name(finding, name);
    for (uint32_t i = 0; i < kept; i++)
        if (text_equal_nocase(text_kept(finding->targets[i], FINDING_NAME_BYTES), name))
            return;
    if (kept == FINDING_TARGETS_MAX && !is_new)
        return;
    if (kept < FINDING_TARGETS_MAX)
        memcpy(finding->targets[kept], cut, sizeof(cut));
    finding->target_count++;
}

void finding_mark_target(struct finding *finding, struct str name)
{
    char cut[FINDING_NAME_BYTES];
    text_keep(cut, sizeof(cut), name);
    name = text_kept(cut, sizeof(cut));
    uint32_t kept = finding_targets_kept(finding), place = kept;
    for (uint32_t i = 0; i < kept; i++) {
        if (!finding->target_marked[i])
            place = i;
        if (text_equal_nocase(text_kept(finding->targets[i], FINDING_NAME_BYTES), name)) {
            place = i;
            break;
        }
    }
    if (place == kept)
        return;
    memcpy(finding->targets[place], cut, sizeof(cut));
    finding->target_marked[place] = true;
}

uint32_t finding_marked(const struct finding *finding)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < FINDING_TARGETS_MAX; i++)
        count += finding->target_marked[i];
    return count;
}

struct str finding_tail(struct str path, uint32_t size)
{
    if (path.size < size)
        return path;
    return (struct str){.at = path.at + (path.size - (size - 1)), .size = size - 1};
}

void kept_set(struct kept *kept, const struct activity *a, time_ns time)
{
    kept->time = time;
    kept->frame = a->frame;
    kept->reply_frame = a->reply_frame;
    kept->observation = a->observation;
    kept->account = a->account;
    kept->code = a->code;
    kept->kind = a->kind;
    kept->protocol = a->protocol;
    kept->outcome = a->outcome;
    kept->preauth = a->preauth;
    kept->account_by = a->account_by;
    kept->account_certainty = a->account_certainty;
    text_keep(kept->account_name, sizeof(kept->account_name), a->account_name);
    text_keep(kept->account_domain, sizeof(kept->account_domain), a->account_domain);
    text_keep(kept->operation, sizeof(kept->operation), a->operation);
    text_keep(kept->code_name, sizeof(kept->code_name), a->code_name);
    text_keep(kept->file, sizeof(kept->file), finding_tail(a->file, sizeof(kept->file)));
}

struct activity kept_activity(const struct kept *kept)
{
    return (struct activity){
        .frame = kept->frame,
        .reply_frame = kept->reply_frame,
        .observation = kept->observation,
        .account = kept->account,
        .code = kept->code,
        .kind = kept->kind,
        .protocol = kept->protocol,
        .outcome = kept->outcome,
        .preauth = kept->preauth,
        .account_by = kept->account_by,
        .account_certainty = kept->account_certainty,
        .account_name = text_kept(kept->account_name, sizeof(kept->account_name)),
        .account_domain = text_kept(kept->account_domain, sizeof(kept->account_domain)),
        .operation = text_kept(kept->operation, sizeof(kept->operation)),
        .code_name = text_kept(kept->code_name, sizeof(kept->code_name)),
        .file = text_kept(kept->file, sizeof(kept->file)),
    };
}
