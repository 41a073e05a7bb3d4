/*
 * zeek_logs - the columns of Zeek 7's kerberos, ntlm, smb_mapping, smb_files, dce_rpc, dns, ldap and
 * ldap_search logs.
 */
#include "services/orthrus/zeek_logs.h"

#include "services/identity/identity.h"

enum {
    KDC_FORWARDABLE = 0x40000000, /* RFC 4120 5.4.1: bit 1 */
    KDC_RENEWABLE = 0x00800000,   /* bit 8 */
    PREAUTH_REQUIRED = 25,        /* KDC_ERR_PREAUTH_REQUIRED */
    DNS_CLASS_IN = 1,
    DNS_Z_SHIFT = 4,
    DNS_Z_MASK = 7,
    DNS_REFUSED = 5,
};

const struct field_info *zeek_field_of(uint16_t type, const char *name)
{
    const struct record_info *info = record_info(type);
    return info ? field_named(info, str_of(name)) : NULL;
}

static void set_text(struct zeek_cell *cell, struct str text)
{
    if (text.size == 0)
        return;
    cell->kind = ZEEK_TEXT;
    cell->text = text;
}

static void set_count(struct zeek_cell *cell, uint64_t number)
{
    cell->kind = ZEEK_COUNT;
    cell->number = number;
}

static void set_bool(struct zeek_cell *cell, bool value)
{
    cell->kind = ZEEK_BOOL;
    cell->number = value;
}

static void set_seconds(struct zeek_cell *cell, time_ns time)
{
    cell->kind = ZEEK_SECONDS;
    cell->time = time;
}

/* A field of ours as it is; what is zero or empty was not seen and is unset, but for numbers that count. */
static void set_field(struct zeek_cell *cell, const struct field_info *field, const void *body)
{
    const void *at = field_at(field, body);
    switch (field->kind) {
    case KIND_STR:
        set_text(cell, *(const struct str *)at);
        break;
    case KIND_FLAG:
        set_bool(cell, field_unsigned(field, body) != 0);
        break;
    case KIND_TIME:
        if (field_present(field, body))
            set_seconds(cell, field_signed(field, body));
        break;
    case KIND_CHOICE:
        if (field_present(field, body))
            set_text(cell, str_of(choice_name(field->choices, (uint8_t)field_unsigned(field, body))));
        break;
    case KIND_ADDR:
        if (!field_present(field, body))
            break;
        cell->kind = ZEEK_ADDR;
        cell->addr = at;
        break;
    case KIND_STRS:
        if (!field_present(field, body))
            break;
        cell->kind = ZEEK_TEXTS;
        cell->texts = at;
        break;
    case KIND_I32S:
        if (!field_present(field, body))
            break;
        cell->kind = ZEEK_INTERVALS;
        cell->numbers = at;
        break;
    default:
        set_count(cell, field_unsigned(field, body));
        break;
    }
}

struct zeek_cell zeek_cell_of(const struct zeek_column *column, const struct record *record)
{
    struct zeek_cell cell = {.kind = ZEEK_UNSET};
    if (column->make)
        column->make(&cell, record);
    else if (column->field)
        set_field(&cell, zeek_field_of(record->type, column->field), record->body);
    return cell;
}

/* What every log begins with. */

static time_ns time_of(const struct record *record, const char *name)
{
    const struct field_info *field = zeek_field_of(record->type, name);
    return field ? field_signed(field, record->body) : 0;
}

/* Of the request; Zeek's entries stand at the time of what opened them. */
static void make_ts(struct zeek_cell *cell, const struct record *record)
{
    time_ns asked = time_of(record, "request_time");
    set_seconds(cell, asked ? asked : record->time);
}

/* As Zeek's: a C, then 96 bits of the conversation's name in base 62. */
static void make_uid(struct zeek_cell *cell, const struct record *record)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const struct id *flow = field_at(zeek_field_of(record->type, "flow"), record->body);
    uint64_t parts[2] = {flow->high, flow->low};
    uint32_t size = 0;
    cell->spare[size++] = 'C';
    for (int part = 0; part < 2; part++)
        for (int i = 0; i < 8; i++, parts[part] /= 62)
            cell->spare[size++] = digits[parts[part] % 62];
    set_text(cell, (struct str){.at = cell->spare, .size = size});
}

static void make_rtt(struct zeek_cell *cell, const struct record *record)
{
    time_ns asked = time_of(record, "request_time"), answered = time_of(record, "reply_time");
    if (asked && answered)
        set_seconds(cell, answered - asked);
}

#define CONNECTION                                                                                           \
    {"ts", "time", NULL, make_ts}, {"uid", "string", NULL, make_uid}, {"id.orig_h", "addr", "client", NULL}, \
        {"id.orig_p", "port", "client_port", NULL}, {"id.resp_h", "addr", "server", NULL},                   \
    {                                                                                                        \
        "id.resp_p", "port", "server_port", NULL                                                             \
    }
#define END_COLUMNS                                                                                          \
    {                                                                                                        \
        NULL, NULL, NULL, NULL                                                                               \
    }
#define UNKNOWN NULL, NULL /* what Zeek has and we do not */

/* Two texts with something between, where both are there. */
static void set_joined(struct zeek_cell *cell, struct str one, const char *between, struct str other)
{
    if (one.size == 0 || other.size == 0) {
        set_text(cell, one.size ? one : other);
        return;
    }
    int size = snprintf(cell->spare, sizeof(cell->spare), "%.*s%s%.*s", (int)one.size, one.at, between,
                        (int)other.size, other.at);
    uint32_t most = sizeof(cell->spare) - 1;
    set_text(cell, (struct str){.at = cell->spare, .size = (uint32_t)size < most ? (uint32_t)size : most});
}

/* kerberos.log */

/* As Zeek, which passes over the first answer to every logon: that it takes a password. */
static bool is_kdc_exchange(const struct record *record)
{
    const struct kerberos *k = record->body;
    bool asks_to_go_on = k->reply == kerberos_reply_error && k->error_code == PREAUTH_REQUIRED;
    return (k->message == kerberos_message_as || k->message == kerberos_message_tgs) && !asks_to_go_on;
}

static void make_request_type(struct zeek_cell *cell, const struct record *record)
{
    const struct kerberos *k = record->body;
    set_text(cell, k->message == kerberos_message_as ? STR("AS") : STR("TGS"));
}

static void make_client(struct zeek_cell *cell, const struct record *record)
{
    const struct kerberos *k = record->body;
    if (k->cname.size > 0)
        set_joined(cell, k->cname, "/", k->crealm.size ? k->crealm : k->realm);
}

static void make_kerberos_success(struct zeek_cell *cell, const struct record *record)
{
    const struct kerberos *k = record->body;
    if (k->reply != kerberos_reply_none)
        set_bool(cell, k->reply == kerberos_reply_reply);
}

static void make_error_msg(struct zeek_cell *cell, const struct record *record)
{
    const struct kerberos *k = record->body;
    if (k->reply == kerberos_reply_error)
        set_text(cell, k->error_text.size ? k->error_text : kerberos_error_name(k->error_code));
}

/* RFC 3961 8.3, RFC 3962 7, RFC 4757 5, RFC 8009 5, by the names that MIT and Zeek give them. */
static struct str cipher_name(int32_t etype)
{
    switch (etype) {
    case 1:
        return STR("des-cbc-crc");
    case 3:
        return STR("des-cbc-md5");
    case 16:
        return STR("des3-cbc-sha1");
    case 17:
        return STR("aes128-cts-hmac-sha1-96");
    case 18:
        return STR("aes256-cts-hmac-sha1-96");
    case 19:
        return STR("aes128-cts-hmac-sha256-128");
    case 20:
        return STR("aes256-cts-hmac-sha384-192");
    case 23:
        return STR("rc4-hmac");
    case 24:
        return STR("rc4-hmac-exp");
    default:
        return (struct str){0};
    }
}

static void make_cipher(struct zeek_cell *cell, const struct record *record)
{
    const struct kerberos *k = record->body;
    if (k->reply == kerberos_reply_reply)
        set_text(cell, cipher_name(k->ticket_etype));
}

static void make_forwardable(struct zeek_cell *cell, const struct record *record)
{
    const struct kerberos *k = record->body;
    if (k->request_frame)
        set_bool(cell, (k->kdc_options & KDC_FORWARDABLE) != 0);
}

static void make_renewable(struct zeek_cell *cell, const struct record *record)
{
    const struct kerberos *k = record->body;
    if (k->request_frame)
        set_bool(cell, (k->kdc_options & KDC_RENEWABLE) != 0);
}

static const struct zeek_column kerberos_columns[] = {
    CONNECTION,
    {"request_type", "string", NULL, make_request_type},
    {"client", "string", NULL, make_client},
    {"service", "string", "sname", NULL},
    {"success", "bool", NULL, make_kerberos_success},
    {"error_msg", "string", NULL, make_error_msg},
    {"from", "time", UNKNOWN},
    {"till", "time", "till", NULL},
    {"cipher", "string", NULL, make_cipher},
    {"forwardable", "bool", NULL, make_forwardable},
    {"renewable", "bool", NULL, make_renewable},
    {"client_cert_subject", "string", UNKNOWN},
    {"client_cert_fuid", "string", UNKNOWN},
    {"server_cert_subject", "string", UNKNOWN},
    {"server_cert_fuid", "string", UNKNOWN},
    END_COLUMNS,
};

/* ntlm.log */

static void make_ntlm_success(struct zeek_cell *cell, const struct record *record)
{
    const struct ntlm *n = record->body;
    if (n->outcome != outcome_unknown)
        set_bool(cell, n->outcome == outcome_success);
}

static const struct zeek_column ntlm_columns[] = {
    CONNECTION,
    {"username", "string", "user", NULL},
    {"hostname", "string", "workstation", NULL},
    {"domainname", "string", "domain", NULL},
    {"server_nb_computer_name", "string", "server_name", NULL},
    {"server_dns_computer_name", "string", "server_dns_name", NULL},
    {"server_tree_name", "string", UNKNOWN},
    {"success", "bool", NULL, make_ntlm_success},
    END_COLUMNS,
};

/* smb_mapping.log and smb_files.log */

static bool is_pipe_share(struct str share)
{
    const struct str ipc = STR("IPC$");
    return share.size >= ipc.size && str_equal((struct str){share.at + share.size - ipc.size, ipc.size}, ipc);
}

static bool is_mapping(const struct record *record)
{
    const struct smb *s = record->body;
    return s->command == smb_command_tree_connect && s->status == 0 && s->reply_frame != 0;
}

static void make_share_type(struct zeek_cell *cell, const struct record *record)
{
    const struct smb *s = record->body;
    set_text(cell, is_pipe_share(s->share) ? STR("PIPE") : STR("DISK"));
}

static const struct zeek_column smb_mapping_columns[] = {
    CONNECTION,
    {"path", "string", "share", NULL},
    {"service", "string", UNKNOWN},
    {"native_file_system", "string", UNKNOWN},
    {"share_type", "string", NULL, make_share_type},
    END_COLUMNS,
};

static const char *action_of(const struct smb *s)
{
    bool pipe = is_pipe_share(s->share);
    switch (s->command) {
    case smb_command_create:
        return pipe ? "SMB::PIPE_OPEN" : "SMB::FILE_OPEN";
    case smb_command_read:
        return pipe ? "SMB::PIPE_READ" : "SMB::FILE_READ";
    case smb_command_write:
        return pipe ? "SMB::PIPE_WRITE" : "SMB::FILE_WRITE";
    case smb_command_close:
        return pipe ? "SMB::PIPE_CLOSE" : "SMB::FILE_CLOSE";
    default:
        return NULL;
    }
}

static bool is_file_action(const struct record *record)
{
    const struct smb *s = record->body;
    return action_of(s) && s->status == 0 && s->reply_frame != 0 && !is_pipe_share(s->share);
}

static void make_action(struct zeek_cell *cell, const struct record *record)
{
    set_text(cell, str_of(action_of(record->body)));
}

/* What a share itself is called when it is opened. */
static void make_file_name(struct zeek_cell *cell, const struct record *record)
{
    const struct smb *s = record->body;
    set_text(cell, s->file_name.size ? s->file_name : STR("<share_root>"));
}

static const struct zeek_column smb_files_columns[] = {
    CONNECTION,
    {"fuid", "string", UNKNOWN},
    {"action", "enum", NULL, make_action},
    {"path", "string", "share", NULL},
    {"name", "string", NULL, make_file_name},
    {"size", "count", "file_size", NULL},
    {"prev_name", "string", UNKNOWN},
    {"times.modified", "time", UNKNOWN},
    {"times.accessed", "time", UNKNOWN},
    {"times.created", "time", UNKNOWN},
    {"times.changed", "time", UNKNOWN},
    END_COLUMNS,
};

/* dce_rpc.log */

static bool is_call(const struct record *record)
{
    const struct rpc *r = record->body;
    return r->message == rpc_message_call && r->request_frame != 0;
}

/* Zeek names the pipe, and the port where there is none. */
static void make_named_pipe(struct zeek_cell *cell, const struct record *record)
{
    const struct rpc *r = record->body;
    int size = snprintf(cell->spare, sizeof(cell->spare), "%u", r->server_port);
    set_text(cell, r->pipe.size ? r->pipe : (struct str){.at = cell->spare, .size = (uint32_t)size});
}

static void make_endpoint(struct zeek_cell *cell, const struct record *record)
{
    const struct rpc *r = record->body;
    set_text(cell, r->interface_name.size ? r->interface_name : STR("unknown"));
}

/* As Zeek writes an operation without a name. */
static void make_operation(struct zeek_cell *cell, const struct record *record)
{
    const struct rpc *r = record->body;
    int size = snprintf(cell->spare, sizeof(cell->spare), "unknown-%u", r->opnum);
    set_text(cell,
             r->operation.size ? r->operation : (struct str){.at = cell->spare, .size = (uint32_t)size});
}

static const struct zeek_column dce_rpc_columns[] = {
    CONNECTION,
    {"rtt", "interval", NULL, make_rtt},
    {"named_pipe", "string", NULL, make_named_pipe},
    {"endpoint", "string", NULL, make_endpoint},
    {"operation", "string", NULL, make_operation},
    END_COLUMNS,
};

/* dns.log */

static bool is_dns(const struct record *record)
{
    const struct dns *d = record->body;
    return d->operation < dns_operation_datagram;
}

static void make_proto(struct zeek_cell *cell, const struct record *record)
{
    const struct dns *d = record->body;
    set_text(cell, d->transport == transport_tcp ? STR("tcp") : STR("udp"));
}

static void make_class_name(struct zeek_cell *cell, const struct record *record)
{
    const struct dns *d = record->body;
    if (d->qclass == DNS_CLASS_IN)
        set_text(cell, STR("C_INTERNET"));
}

static void make_rcode(struct zeek_cell *cell, const struct record *record)
{
    const struct dns *d = record->body;
    if (d->reply_frame)
        set_count(cell, d->rcode);
}

static void make_z(struct zeek_cell *cell, const struct record *record)
{
    const struct dns *d = record->body;
    set_count(cell, ((d->reply_frame ? d->reply_flags : d->request_flags) >> DNS_Z_SHIFT) & DNS_Z_MASK);
}

static void make_rejected(struct zeek_cell *cell, const struct record *record)
{
    const struct dns *d = record->body;
    set_bool(cell, d->reply_frame && d->rcode == DNS_REFUSED);
}

static const struct zeek_column dns_columns[] = {
    CONNECTION,
    {"proto", "enum", NULL, make_proto},
    {"trans_id", "count", "transaction_id", NULL},
    {"rtt", "interval", NULL, make_rtt},
    {"query", "string", "name", NULL},
    {"qclass", "count", "qclass", NULL},
    {"qclass_name", "string", NULL, make_class_name},
    {"qtype", "count", "qtype", NULL},
    {"qtype_name", "string", "qtype_name", NULL},
    {"rcode", "count", NULL, make_rcode},
    {"rcode_name", "string", "rcode_name", NULL},
    {"AA", "bool", "authoritative", NULL},
    {"TC", "bool", "truncated", NULL},
    {"RD", "bool", "recursion_desired", NULL},
    {"RA", "bool", "recursion_available", NULL},
    {"Z", "count", NULL, make_z},
    {"answers", "vector[string]", "answers", NULL},
    {"TTLs", "vector[interval]", "ttls", NULL},
    {"rejected", "bool", NULL, make_rejected},
    END_COLUMNS,
};

/* ldap.log and ldap_search.log */

static bool is_search(const struct record *record)
{
    const struct ldap *l = record->body;
    return l->operation == ldap_operation_search;
}

static bool is_no_search(const struct record *record)
{
    return !is_search(record);
}

static void make_opcode(struct zeek_cell *cell, const struct record *record)
{
    const struct ldap *l = record->body;
    if (l->operation == ldap_operation_bind)
        set_text(cell, l->bind_method == ldap_bind_method_sasl ? STR("bind SASL") : STR("bind simple"));
    else if (l->operation != ldap_operation_unknown)
        set_text(cell, str_of(choice_name(&ldap_operation_choices, l->operation)));
}

/* RFC 4511's invalidCredentials as "invalid credentials". */
static void set_spaced(struct zeek_cell *cell, struct str name)
{
    uint32_t size = 0;
    for (uint32_t i = 0; i < name.size && size + 2 < sizeof(cell->spare); i++) {
        bool capital = name.at[i] >= 'A' && name.at[i] <= 'Z';
        if (capital)
            cell->spare[size++] = ' ';
        cell->spare[size++] = (char)(capital ? name.at[i] + 32 : name.at[i]);
    }
    set_text(cell, (struct str){.at = cell->spare, .size = size});
}

static void make_result(struct zeek_cell *cell, const struct record *record)
{
    const struct ldap *l = record->body;
    set_spaced(cell, l->result);
}

static void make_scope(struct zeek_cell *cell, const struct record *record)
{
    const struct ldap *l = record->body;
    static const struct str names[] = {
        [ldap_scope_base_object] = STR("base"),
        [ldap_scope_single_level] = STR("single"),
        [ldap_scope_whole_subtree] = STR("tree"),
    };
    if (l->scope < ARRAY_COUNT(names))
        set_text(cell, names[l->scope]);
}

static void make_deref(struct zeek_cell *cell, const struct record *record)
{
    const struct ldap *l = record->body;
    static const struct str names[] = {
        [ldap_deref_never] = STR("never"),
        [ldap_deref_in_searching] = STR("searching"),
        [ldap_deref_finding_base] = STR("finding"),
        [ldap_deref_always] = STR("always"),
    };
    if (l->deref_aliases < ARRAY_COUNT(names))
        set_text(cell, names[l->deref_aliases]);
}

static void make_object(struct zeek_cell *cell, const struct record *record)
{
    const struct ldap *l = record->body;
    set_text(cell, l->operation == ldap_operation_bind ? l->bind_name : l->object);
}

static void make_argument(struct zeek_cell *cell, const struct record *record)
{
    const struct ldap *l = record->body;
    bool simple = l->operation == ldap_operation_bind && l->bind_method == ldap_bind_method_simple;
    if (simple)
        set_text(cell, STR("REDACTED"));
    else
        set_text(cell, l->mechanism.size ? l->mechanism : l->new_rdn.size ? l->new_rdn : l->extended_oid);
}

static const struct zeek_column ldap_columns[] = {
    CONNECTION,
    {"message_id", "int", "message_id", NULL},
    {"version", "int", "version", NULL},
    {"opcode", "string", NULL, make_opcode},
    {"result", "string", NULL, make_result},
    {"diagnostic_message", "string", "diagnostic", NULL},
    {"object", "string", NULL, make_object},
    {"argument", "string", NULL, make_argument},
    END_COLUMNS,
};

static const struct zeek_column ldap_search_columns[] = {
    CONNECTION,
    {"message_id", "int", "message_id", NULL},
    {"scope", "string", NULL, make_scope},
    {"deref_aliases", "string", NULL, make_deref},
    {"base_object", "string", "object", NULL},
    {"result_count", "count", "entries", NULL},
    {"result", "string", NULL, make_result},
    {"diagnostic_message", "string", "diagnostic", NULL},
    {"filter", "string", "filter", NULL},
    {"attributes", "vector[string]", "attributes", NULL},
    END_COLUMNS,
};

static const struct zeek_log logs[] = {
    {"kerberos", RECORD_kerberos, is_kdc_exchange, kerberos_columns},
    {"ntlm", RECORD_ntlm, NULL, ntlm_columns},
    {"smb_mapping", RECORD_smb, is_mapping, smb_mapping_columns},
    {"smb_files", RECORD_smb, is_file_action, smb_files_columns},
    {"dce_rpc", RECORD_rpc, is_call, dce_rpc_columns},
    {"dns", RECORD_dns, is_dns, dns_columns},
    {"ldap", RECORD_ldap, is_no_search, ldap_columns},
    {"ldap_search", RECORD_ldap, is_search, ldap_search_columns},
};

const struct zeek_log *zeek_log_at(uint32_t index)
{
    return index < ARRAY_COUNT(logs) ? &logs[index] : NULL;
}
