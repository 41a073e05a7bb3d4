/*
 * ocsf - the class of each record, and what the declarations say of its fields.
 *
 * Facts of the classes are those of OCSF 1.5.0: Base Event, Finding, Detection Finding, Authentication,
 * Network Activity, SMB Activity, API Activity, and the objects Network Endpoint, User, Actor, File, Network
 * Connection Information (github.com/ocsf/ocsf-schema).
 */
#include "proto/ocsf.h"

#include "proto/field.h"
#include "proto/ocsf_alert.h"
#include "proto/product.h"

enum {
    ROOTS_MAX = 16,
};

/* roots: the attributes that the class has beside those of the base event, as far as our fields have use of
 * them. */
struct ocsf_class {
    uint16_t uid;
    const char *name;
    uint8_t category_uid;
    const char *category;
    const char *roots[ROOTS_MAX];
};

static const struct ocsf_class detection_finding = {
    2004, "Detection Finding", 2, "Findings", {"finding_info", "confidence_score", "evidences"}};
static const struct ocsf_class authentication = {
    3002,
    "Authentication",
    3,
    "Identity & Access Management",
    {"auth_protocol", "dst_endpoint", "service", "src_endpoint", "user"}};
static const struct ocsf_class network_activity = {
    4001,
    "Network Activity",
    4,
    "Network Activity",
    {"app_name", "connection_info", "dst_endpoint", "src_endpoint", "traffic"}};
static const struct ocsf_class smb_activity = {
    4006,
    "SMB Activity",
    4,
    "Network Activity",
    {"actor", "command", "connection_info", "dst_endpoint", "file", "share", "src_endpoint", "tree_uid"}};
static const struct ocsf_class api_activity = {
    6003, "API Activity", 6, "Application Activity", {"actor", "api", "dst_endpoint", "src_endpoint"}};

static const char *const base_roots[] = {"count",       "end_time",   "message",     "metadata",
                                         "severity_id", "start_time", "status_code", "status_detail",
                                         "status_id",   "time"};

struct event {
    const struct ocsf_class *class;
    uint8_t activity_id;
    const char *activity;
    const char *protocol; /* of an authentication */
    uint8_t protocol_id;
    uint8_t status_id;
};

enum {
    ACTIVITY_OTHER = 99,
};

static struct event event_of_kerberos(const struct kerberos *kerberos)
{
    static const struct {
        uint8_t id;
        const char *name;
    } activity[] = {[kerberos_message_unknown] = {0, "Unknown"},
                    [kerberos_message_as] = {3, "Authentication Ticket"},
                    [kerberos_message_tgs] = {4, "Service Ticket Request"},
                    [kerberos_message_ap] = {1, "Logon"}};
    uint8_t message = kerberos->message < ARRAY_COUNT(activity) ? kerberos->message : 0;
    return (struct event){.class = &authentication,
                          .activity_id = activity[message].id,
                          .activity = activity[message].name,
                          .protocol = "Kerberos",
                          .protocol_id = 2,
                          .status_id = kerberos->reply == kerberos_reply_reply   ? 1
                                       : kerberos->reply == kerberos_reply_error ? 2
                                                                                 : 0};
}

static struct event event_of_activity(const struct activity *activity)
{
    struct event event = {.class = &authentication, .activity_id = 1, .activity = "Logon"};
    if (activity->kind == activity_kind_rpc_call)
        return (struct event){.class = &api_activity, .activity_id = ACTIVITY_OTHER, .activity = "Call"};
    if (activity->kind == activity_kind_unknown)
        return (struct event){0};
    if (activity->kind == activity_kind_ticket_request) {
        bool tgs = str_equal(activity->operation, STR("TGS-REQ"));
        event.activity_id = tgs ? 4 : 3;
        event.activity = tgs ? "Service Ticket Request" : "Authentication Ticket";
    }
    event.protocol = activity->protocol == protocol_kerberos ? "Kerberos"
                     : activity->protocol == protocol_ntlm   ? "NTLM"
                                                             : "Unknown";
    event.protocol_id = activity->protocol == protocol_kerberos ? 2
                        : activity->protocol == protocol_ntlm   ? 1
                                                                : 0;
    return event;
}

static struct event event_of_alert(const struct alert *alert)
{
    bool again = alert->revision > 1;
    return (struct event){
        .class = &detection_finding, .activity_id = again ? 2 : 1, .activity = again ? "Update" : "Create"};
}

/* Class null: no class stands for the record. */
static struct event event_of(const struct record *record)
{
    const struct rpc *rpc = record->body;
    switch (record->body ? record->type : 0) {
    case RECORD_alert:
        return event_of_alert(record->body);
    case RECORD_kerberos:
        return event_of_kerberos(record->body);
    case RECORD_ntlm:
        return (struct event){.class = &authentication,
                              .activity_id = 1,
                              .activity = "Logon",
                              .protocol = "NTLM",
                              .protocol_id = 1};
    case RECORD_activity:
        return event_of_activity(record->body);
    case RECORD_flow:
        return (struct event){.class = &network_activity, .activity_id = 2, .activity = "Close"};
    case RECORD_smb: {
        const struct smb *smb = record->body;
        return (struct event){.class = &smb_activity,
                              .activity_id = ACTIVITY_OTHER,
                              .activity = choice_name(&smb_command_choices, smb->command)};
    }
    case RECORD_rpc:
        return (struct event){.class = &api_activity,
                              .activity_id = ACTIVITY_OTHER,
                              .activity = choice_name(&rpc_message_choices, rpc->message)};
    default:
        return (struct event){0};
    }
}

static bool is_root(const char *root, struct str name)
{
    return root && str_equal(str_of(root), name);
}

static bool has_root(const struct ocsf_class *class, const char *path)
{
    const char *dot = strchr(path, '.');
    struct str name = {.at = path, .size = dot ? (uint32_t)(dot - path) : (uint32_t)strlen(path)};
    for (size_t i = 0; i < ARRAY_COUNT(base_roots); i++)
        if (is_root(base_roots[i], name))
            return true;
    for (size_t i = 0; i < ROOTS_MAX; i++)
        if (is_root(class->roots[i], name))
            return true;
    return false;
}

static bool ends_in(const char *path, const char *end)
{
    size_t size = strlen(path), end_size = strlen(end);
    return size >= end_size && strcmp(path + size - end_size, end) == 0;
}

/* Writes a number where OCSF has a string. */
static void write_number_text(struct json *json, const void *context)
{
    const uint32_t *number = context;
    char text[16];
    (void)snprintf(text, sizeof(text), "%u", *number);
    json_text(json, text);
}

static void put_protocol_name(struct ocsf_tree *tree, uint8_t transport)
{
    if (transport != transport_unknown)
        ocsf_put_text(tree, "connection_info.protocol_name",
                      transport == transport_udp ? STR("udp") : STR("tcp"));
}

/* One field at the place its declaration names, in the form that OCSF has there. */
static void put_mapped(struct ocsf_tree *tree, const char *path, const struct field_info *field,
                       const void *body)
{
    const void *at = field_at(field, body);
    const struct strs *names = at;
    if (field->kind == KIND_TIME)
        ocsf_put_number(tree, path, field_signed(field, body) / TIME_NS_MS);
    else if (field->kind == KIND_CHOICE && ends_in(path, "_id"))
        ocsf_put_number(tree, path, (int64_t)field_unsigned(field, body));
    else if (strcmp(path, "connection_info.protocol_name") == 0)
        put_protocol_name(tree, (uint8_t)field_unsigned(field, body));
    else if (field->kind == KIND_U32 && (strcmp(path, "status_code") == 0 || strcmp(path, "tree_uid") == 0))
        ocsf_put_call(tree, path, write_number_text, at);
    else if (field->kind == KIND_STRS)
        ocsf_put_text(tree, path, names->at[0]);
    else
        ocsf_put_field(tree, path, field, body);
}

static void put_field(struct ocsf_tree *tree, const struct ocsf_class *class, const struct field_info *field,
                      const void *body)
{
    static const char actor[] = "actor.user.", user[] = "user.";
    char path[OCSF_PATH_BYTES_MAX];
    /* In an authentication the account stands as its subject. */
    if (class == &authentication && strncmp(field->ocsf, actor, sizeof(actor) - 1) == 0)
        (void)snprintf(path, sizeof(path), "%s%s", user, field->ocsf + sizeof(actor) - 1);
    else
        (void)snprintf(path, sizeof(path), "%s", field->ocsf);
    if (path[0] != '\0' && has_root(class, path)) {
        put_mapped(tree, path, field, body);
        /* Of several host names only the first stands there. */
        if (field->kind != KIND_STRS || !ends_in(path, "hostname") ||
            ((const struct strs *)field_at(field, body))->count == 1)
            return;
    }
    (void)snprintf(path, sizeof(path), "unmapped.%s", field->name);
    ocsf_put_field(tree, path, field, body);
}

static void put_classification(struct ocsf_tree *tree, const struct event *event, struct writer *type_name)
{
    const struct ocsf_class *class = event->class;
    ocsf_put_number(tree, "activity_id", event->activity_id);
    ocsf_put_text(tree, "activity_name", str_of(event->activity));
    ocsf_put_number(tree, "category_uid", class->category_uid);
    ocsf_put_text(tree, "category_name", str_of(class->category));
    ocsf_put_number(tree, "class_uid", class->uid);
    ocsf_put_text(tree, "class_name", str_of(class->name));
    ocsf_put_number(tree, "type_uid", (int64_t) class->uid * 100 + event->activity_id);
    writer_print(type_name, "%s: %s", class->name,
                 event->activity_id == ACTIVITY_OTHER ? "Other" : event->activity);
    ocsf_put_text(tree, "type_name", writer_str(type_name));
}

static void put_metadata(struct ocsf_tree *tree, const struct record *record)
{
    ocsf_put_number(tree, "time", record->time / TIME_NS_MS);
    ocsf_put_text(tree, "metadata.version", STR(OCSF_VERSION));
    ocsf_put_text(tree, "metadata.product.name", STR(PRODUCT_NAME));
    ocsf_put_text(tree, "metadata.product.vendor_name", STR(PRODUCT_VENDOR));
    ocsf_put_text(tree, "metadata.product.version", str_of(product_version()));
    ocsf_put_id(tree, "metadata.uid", record->id);
    if (record->sequence > 0 && record->sequence <= INT64_MAX)
        ocsf_put_number(tree, "metadata.sequence", (int64_t)record->sequence);
}

/* An endpoint that has a port alone, or that the class asks for, says that it is not known. */
static void complete_endpoint(struct ocsf_tree *tree, const char *endpoint, bool wanted)
{
    char path[OCSF_PATH_BYTES_MAX];
    bool known = false;
    static const char *const names[] = {"ip", "hostname", "name", "uid"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        (void)snprintf(path, sizeof(path), "%s.%s", endpoint, names[i]);
        known = known || ocsf_has(tree, path);
    }
    (void)snprintf(path, sizeof(path), "%s.name", endpoint);
    if (!known && (wanted || ocsf_has(tree, endpoint)))
        ocsf_put_text(tree, path, STR("unknown"));
}

static struct str last_part(struct str path)
{
    struct str last = path;
    for (uint32_t i = 0; i < path.size; i++)
        if (path.at[i] == '\\' && i + 1 < path.size)
            last = (struct str){.at = path.at + i + 1, .size = path.size - i - 1};
    return last;
}

static void complete_smb(struct ocsf_tree *tree, const struct smb *smb)
{
    if (smb->file_name.size > 0) {
        ocsf_put_text(tree, "file.name", last_part(smb->file_name));
        ocsf_put_number(tree, "file.type_id", 0);
    }
    if (ocsf_has(tree, "actor"))
        ocsf_put_text(tree, "actor.user.name", STR("unknown"));
}

/* What the class demands and the record may not know. */
static void complete(struct ocsf_tree *tree, const struct event *event, const struct record *record)
{
    uint16_t class = event->class->uid;
    if (class == authentication.uid) {
        ocsf_put_text(tree, "auth_protocol", str_of(event->protocol));
        ocsf_put_number(tree, "auth_protocol_id", event->protocol_id);
        ocsf_put_true(tree, "is_remote");
        ocsf_put_text(tree, "user.name", STR("unknown"));
        complete_endpoint(tree, "dst_endpoint", !ocsf_has(tree, "service.name"));
        complete_endpoint(tree, "src_endpoint", false);
    } else if (class == api_activity.uid) {
        ocsf_put_text(tree, "api.operation", str_of(event->activity));
        ocsf_put_text(tree, "actor.user.name", STR("unknown"));
        complete_endpoint(tree, "dst_endpoint", false);
        complete_endpoint(tree, "src_endpoint", true);
    } else if (class != detection_finding.uid) {
        complete_endpoint(tree, "dst_endpoint", !ocsf_has(tree, "src_endpoint"));
        complete_endpoint(tree, "src_endpoint", false);
        if (ocsf_has(tree, "connection_info"))
            ocsf_put_number(tree, "connection_info.direction_id", 0);
    }
    if (record->type == RECORD_smb)
        complete_smb(tree, record->body);
    if (event->status_id != 0)
        ocsf_put_number(tree, "status_id", event->status_id);
    ocsf_put_number(tree, "severity_id", 1);
    ocsf_put_text(tree, "severity", STR("Informational"));
}

bool record_write_ocsf(const struct record *record, struct writer *w)
{
    struct event event = event_of(record);
    if (!event.class)
        return false;
    struct ocsf_tree tree;
    tree.count = 0;
    struct writer type_name = {.limit_bytes = 256};
    const struct record_info *info = record_info(record->type);
    put_classification(&tree, &event, &type_name);
    put_metadata(&tree, record);
    if (record->type == RECORD_alert)
        ocsf_put_alert(&tree, record);
    for (uint32_t i = 0; i < info->field_count; i++)
        if (field_present(&info->fields[i], record->body))
            put_field(&tree, event.class, &info->fields[i], record->body);
    complete(&tree, &event, record);
    ocsf_write_tree(&tree, w);
    writer_close(&type_name);
    return true;
}
