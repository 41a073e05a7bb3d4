/*
 * stamp_rpc - calls of RPC operations, and logons by NTLM.
 */
#include "services/identity/stamp_state.h"

static enum outcome rpc_outcome(const struct rpc *r)
{
    if (r->reply == rpc_reply_fault || r->reply == rpc_reply_bind_nak)
        return outcome_failure;
    if (r->reply != rpc_reply_response)
        return outcome_unknown;
    if (!r->returned)
        return outcome_unknown;
    return r->return_code == 0 ? outcome_success : outcome_failure;
}

static void set_rpc(struct activity *a, const struct rpc *r)
{
    a->operation = r->operation;
    a->outcome = (uint8_t)rpc_outcome(r);
    a->code = r->reply == rpc_reply_fault ? r->status : r->return_code;
    a->interface = r->interface;
    a->interface_name = r->interface_name;
    a->opnum = r->opnum;
    a->probable = r->probable;
    a->sealed = r->sealed;
    a->request_bytes = r->request_bytes;
    a->response_bytes = r->response_bytes;
    a->naming_context = r->naming_context;
    a->extended_op = r->extended_op;
    a->carrier = r->pipe.size ? r->pipe : STR("tcp");
    a->ticket = r->ticket;
}

void stamp_rpc(const struct stamping *s)
{
    const struct rpc *r = s->record->body;
    /* A call of an interface that is not known says nothing; a bind to one may. */
    if (r->message == rpc_message_call && r->interface_name.size == 0)
        return;
    bool call = r->message == rpc_message_call;
    struct activity *a =
        activity_begin(s, call ? activity_kind_rpc_call : activity_kind_rpc_bind, protocol_rpc);
    set_rpc(a, r);
    activity_set_session(s, a, r->user, r->domain, r->ticket);
    a->rpc.at = r;
    a->rpc.count = 1;
    activity_publish(s, a);
}

void stamp_ntlm(const struct stamping *s)
{
    const struct ntlm *n = s->record->body;
    static const struct str operations[] = {
        [transport_smb] = STR("NTLM over SMB"),
        [transport_rpc] = STR("NTLM over DCE/RPC"),
        [transport_ldap] = STR("NTLM over LDAP"),
        [transport_http] = STR("NTLM over HTTP"),
    };
    /* Without AUTHENTICATE_MESSAGE nobody authenticated. */
    if (n->response == ntlm_response_none && n->user.size == 0)
        return;
    struct activity *a = activity_begin(s, activity_kind_authentication, protocol_ntlm);
    bool known = n->carrier < ARRAY_COUNT(operations) && operations[n->carrier].size > 0;
    a->operation = known ? operations[n->carrier] : STR("NTLM over DCE/RPC");
    a->outcome = n->outcome;
    a->code = n->status;
    a->code_name = ntstatus_name(n->status);
    a->proof = n->proof;
    a->preauth = true;
    if (n->response != ntlm_response_anonymous)
        activity_set_account(a, n->user, n->domain, resolved_by_ntlm_authenticate, 90);
    a->ntlm.at = n;
    a->ntlm.count = 1;
    activity_publish(s, a);
}
