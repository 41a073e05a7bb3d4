/*
 * rpc_infer - which interface a context belongs to when its bind was not captured.
 *
 * Opnums alone say little: every interface has a 0 and a 3. What tells is their order together with the sizes
 * of the stubs, which stay exact under encryption because the trailer says how much of a stub is padding. A
 * rule is such an order: the first call that was seen in the context must fit its first step, so that a rule
 * never starts in the middle of something else, and each next step must follow, with other calls of the
 * interface in between allowed. A call that the interface cannot have (an opnum past its end, a call on an
 * object, a step's opnum answered in a size that the operation cannot give) refutes a rule for good. The rule
 * that is complete names the context from that call on, marked probable; what was told before stays unnamed.
 *
 * drsuapi: IDL_DRSBind, then IDL_DRSDomainControllerInfo or IDL_DRSCrackNames, then IDL_DRSGetNCChanges with
 * an answer larger than its question (it carries at least the schema prefix table, MS-DRSR 5.180): the order
 * of every client that finds a controller and replicates from it. A lone opnum 3, however large its answer,
 * is never called replication.
 */
#include "services/protocol-decode/rpc_state.h"

enum {
    STEPS_MAX = 4,
    OPNUMS_MAX = 4,
    OPNUM_NONE = 0xffff,
    STUB_ANY = UINT32_MAX,
};

/* One call of a rule: any of these opnums, with stubs of these sizes in bytes. */
struct step {
    uint16_t opnums[OPNUMS_MAX]; /* ends with OPNUM_NONE when there are fewer */
    uint32_t request_min, request_max;
    uint32_t response_min, response_max;
    bool grows; /* the response is larger than the request */
};

struct rule {
    uint8_t uuid[16];
    uint16_t major;
    uint16_t minor;
    uint8_t steps;
    struct step step[STEPS_MAX];
};

/* Sizes from the IDL: a context handle is 20 bytes and a status 4, so that an answer of handle and status
 * is 24. NDR64 aligns to 8 and adds no more than that here. */
static const struct rule rules[] = {
    {/* drsuapi, MS-DRSR: DRS_EXTENSIONS of 4 to 52 bytes both ways (5.39). */
     {0x35, 0x42, 0x51, 0xe3, 0x06, 0x4b, 0xd1, 0x11, 0xab, 0x04, 0x00, 0xc0, 0x4f, 0xc2, 0xdc, 0xd2},
     4,
     0,
     3,
     {{{0, OPNUM_NONE}, 8, 256, 36, 160, false},
      {{12, 16, OPNUM_NONE}, 36, 4096, 32, STUB_ANY, false},
      {{3, OPNUM_NONE}, 160, 16384, 512, STUB_ANY, true}}},
    {/* samr, MS-SAMR: SamrConnect5, 4, 2 or 1; SamrLookupDomainInSamServer or SamrEnumerateDomains;
        SamrOpenDomain. */
     {0x78, 0x57, 0x34, 0x12, 0x34, 0x12, 0xcd, 0xab, 0xef, 0x00, 0x01, 0x23, 0x45, 0x67, 0x89, 0xac},
     1,
     0,
     3,
     {{{57, 62, 64, OPNUM_NONE}, 8, 1024, 24, 48, false},
      {{5, 6, OPNUM_NONE}, 24, 1024, 8, STUB_ANY, false},
      {{7, OPNUM_NONE}, 36, 80, 24, 24, false}}},
    {/* svcctl, MS-SCMR: ROpenSCManager, RCreateService or ROpenService, RStartService or RDeleteService. */
     {0x81, 0xbb, 0x7a, 0x36, 0x44, 0x98, 0xf1, 0x35, 0xad, 0x32, 0x98, 0xf0, 0x38, 0x00, 0x10, 0x03},
     2,
     0,
     3,
     {{{15, 27, OPNUM_NONE}, 8, 1024, 24, 24, false},
      {{12, 16, 24, 28}, 28, 8192, 24, 32, false},
      {{2, 19, 31, OPNUM_NONE}, 20, 4096, 4, 4, false}}},
    {/* netlogon, MS-NRPC: NetrServerReqChallenge, NetrServerAuthenticate 1, 2 or 3. */
     {0x78, 0x56, 0x34, 0x12, 0x34, 0x12, 0xcd, 0xab, 0xef, 0x00, 0x01, 0x23, 0x45, 0x67, 0xcf, 0xfb},
     1,
     0,
     2,
     {{{4, OPNUM_NONE}, 24, 1024, 12, 12, false}, {{5, 15, 26, OPNUM_NONE}, 40, 2048, 12, 24, false}}},
    {/* lsarpc, MS-LSAD and MS-LSAT: LsarOpenPolicy2, then LsarLookupSids2, LsarLookupNames2 or 3. */
     {0x78, 0x57, 0x34, 0x12, 0x34, 0x12, 0xcd, 0xab, 0xef, 0x00, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab},
     0,
     0,
     2,
     {{{44, OPNUM_NONE}, 36, 1024, 24, 24, false},
      {{57, 58, 68, OPNUM_NONE}, 48, STUB_ANY, 40, STUB_ANY, false}}},
    {/* winspool, MS-RPRN: RpcOpenPrinter or RpcOpenPrinterEx, then
        RpcRemoteFindFirstPrinterChangeNotification or its Ex, which answer with a status alone: SamrRidToSid,
        the other one at 65, answers with more. */
     {0x78, 0x56, 0x34, 0x12, 0x34, 0x12, 0xcd, 0xab, 0xef, 0x00, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab},
     1,
     0,
     2,
     {{{1, 69, OPNUM_NONE}, 36, 4096, 24, 24, false}, {{62, 65, OPNUM_NONE}, 36, 4096, 4, 4, false}}},
    {/* efsrpc, MS-EFSR: EfsRpcOpenFileRaw, then EfsRpcCloseRaw, which has no status: a handle in and out. */
     {0x88, 0xd4, 0x81, 0xc6, 0x50, 0xd8, 0xd0, 0x11, 0x8c, 0x52, 0x00, 0xc0, 0x4f, 0xd9, 0x0f, 0x7e},
     1,
     0,
     2,
     {{{0, OPNUM_NONE}, 20, 4096, 24, 24, false}, {{3, OPNUM_NONE}, 20, 20, 20, 20, false}}},
};

_Static_assert(ARRAY_COUNT(rules) <= RPC_RULES_MAX, "a context counts the progress of every rule");

static bool has_opnum(const struct step *step, uint16_t opnum)
{
    for (size_t i = 0; i < OPNUMS_MAX && step->opnums[i] != OPNUM_NONE; i++)
        if (step->opnums[i] == opnum)
            return true;
    return false;
}

static bool fits_sizes(const struct step *step, const struct rpc_call *call)
{
    return call->request_bytes >= step->request_min && call->request_bytes <= step->request_max &&
           call->response_bytes >= step->response_min && call->response_bytes <= step->response_max &&
           (!step->grows || call->response_bytes > call->request_bytes);
}

/* Could the interface of this rule have this call at all? */
static bool is_possible(const struct rule *rule, const struct rpc_call *call)
{
    const struct rpc_interface *interface = rpc_interface_find(rule->uuid, rule->major);
    return !call->object && interface && rpc_operation_name(interface, call->opnum) != NULL;
}

/* Moves a rule on by one call; false when the call refutes it. */
static bool advance(const struct rule *rule, const struct rpc_call *call, bool first, uint8_t *progress)
{
    const struct step *step = &rule->step[*progress];
    if (!is_possible(rule, call))
        return false;
    if (!has_opnum(step, call->opnum))
        return !first;
    /* A call that failed is short, and says nothing either way, but a rule does not begin with one. */
    if (call->reply != rpc_reply_response || !fits_sizes(step, call))
        return !first && call->response_bytes < step->response_min;
    *progress = (uint8_t)(*progress + 1);
    return true;
}

/* Could the interface that was asked for have this call? */
static bool fits_mapped(const struct rpc_context *context, const struct rpc_call *call)
{
    const struct rpc_interface *interface = rpc_interface_find(context->uuid, context->major);
    return !interface || rpc_operation_name(interface, call->opnum) != NULL;
}

void rpc_infer_call(struct rpc_context *context, const struct rpc_call *call)
{
    if (!call->request_seen)
        return;
    bool first = !context->begun;
    context->begun = true;
    if (context->state == RPC_CONTEXT_MAPPED && !fits_mapped(context, call))
        context->state = RPC_CONTEXT_UNKNOWN;
    for (size_t i = 0; i < ARRAY_COUNT(rules); i++) {
        uint8_t bit = (uint8_t)(1u << i);
        if (context->refuted & bit)
            continue;
        if (!advance(&rules[i], call, first, &context->progress[i])) {
            context->refuted |= bit;
        } else if (context->progress[i] == rules[i].steps) {
            memcpy(context->uuid, rules[i].uuid, sizeof(context->uuid));
            context->major = rules[i].major;
            context->minor = rules[i].minor;
            context->state = RPC_CONTEXT_PROBABLE;
            return;
        }
    }
}
