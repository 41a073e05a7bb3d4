/*
 * act - what most detections do alike with one act of an attack.
 */
#include "services/alerting/judge.h"

static uint8_t worse_outcome(uint8_t known, uint8_t now)
{
    if (known == outcome_success || now == outcome_unknown)
        return known;
    return now;
}

struct finding *judge_act(struct judge *judge, const struct activity *a, const struct act *act,
                          const char *what, ...)
{
    char words[EVIDENCE_TEXT_BYTES];
    va_list args;
    va_start(args, what);
    finding_print(words, sizeof(words), what, args);
    va_end(args);
    struct finding *f = judge_finding(judge, a);
    finding_set_ends(f, a);
    finding_set_account(&f->source, a);
    f->count++;
    if (act->severity != severity_unknown && (f->count == 1 || act->severity > f->severity))
        f->severity = act->severity;
    if (act->confidence > f->confidence)
        f->confidence = act->confidence;
    f->outcome = worse_outcome(f->outcome, act->outcome);
    if (act->target.size > 0)
        finding_add_target(f, act->target);
    judge_evidence(judge, f, a, &act->evidence, "%s", words);
    return f;
}
