/*
 * test_ldap - operations of a directory: what is read of each, how requests and answers meet, and what
 * becomes of those that lack an end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "proto/msgpack.h"
#include "tests/unit/protocol-decode/ldap_world.h"

static struct str present(struct ldap_world *w, const char *attribute)
{
    return ber_text(w, 0x87, attribute);
}

static void a_search_is_one_observation_with_what_it_gave(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_search(w, 7, present(w, "objectClass")), true, 0);
    ldap_send(w, ldap_entry(w, 7, "CN=Alice,DC=a"), false, 1);
    ldap_send(w, ldap_entry(w, 7, "CN=Bob,DC=a"), false, 2);
    ldap_send(w, LDAP_MESSAGE(7, BER(0x73, OCTETS("ldap://b/DC=b"))), false, 3);
    assert_int_equal(w->t.batch.count, 0);
    ldap_send(w, ldap_result(w, 7, 0x65, 0, ""), false, 4);
    assert_int_equal(w->t.batch.count, 1);
    const struct ldap *l = ldap_told(w, 0);
    assert_int_equal(w->t.batch.records[0].time, TOKEN_WORLD_START + 4 * TIME_NS_MS);
    assert_int_equal(l->request_frame, 1);
    assert_int_equal(l->reply_frame, 5);
    assert_int_equal(l->transport, transport_tcp);
    assert_int_equal(l->operation, ldap_operation_search);
    assert_int_equal(l->message_id, 7);
    assert_int_equal(l->outcome, outcome_success);
    assert_text(l->result, "success");
    assert_text(l->object, "DC=a");
    assert_int_equal(l->scope, ldap_scope_whole_subtree);
    assert_int_equal(l->deref_aliases, ldap_deref_never);
    assert_int_equal(l->size_limit, 1000);
    assert_int_equal(l->time_limit, 60);
    assert_false(l->types_only);
    assert_text(l->filter, "(objectClass=*)");
    assert_int_equal(l->attributes.count, 1);
    assert_text(l->attributes.at[0], "cn");
    assert_int_equal(l->entries, 2);
    assert_int_equal(l->references, 1);
    assert_int_equal(l->objects.count, 2);
    assert_text(l->objects.at[1], "CN=Bob,DC=a");
    assert_text(l->accounts.at[0], "alice");
    assert_text(l->object_sids.at[0], "S-1-5-21-1-2-3-500");
    assert_text(l->referrals.at[0], "ldap://b/DC=b");
    assert_int_equal(l->request_bytes, ldap_search(w, 7, present(w, "objectClass")).size);
    assert_int_equal(l->reply_bytes, ldap_entry(w, 7, "CN=Alice,DC=a").size +
                                         ldap_entry(w, 7, "CN=Bob,DC=a").size + 22 +
                                         ldap_result(w, 7, 0x65, 0, "").size);
}

static void many_operations_are_under_way_at_once(void **state)
{
    struct ldap_world *w = *state;
    for (uint32_t id = 1; id <= 5; id++)
        ldap_send(w, ldap_search(w, id, present(w, "a")), true, id);
    for (uint32_t id = 5; id >= 1; id--) {
        ldap_send(w, ldap_result(w, id, 0x65, 0, ""), false, 10 + id);
        const struct ldap *l = ldap_told(w, 5 - id);
        assert_int_equal(l->message_id, id);
        assert_int_equal(l->request_frame, id + 1);
    }
}

static void controls_are_told_by_number_and_name(void **state)
{
    struct ldap_world *w = *state;
    struct str paged = BER(0x30, OCTETS("1.2.840.113556.1.4.319"), BOOLEAN(1),
                           BER(0x04, BER(0x30, INTEGER(500), OCTETS("more"))));
    struct str flags = BER(0x30, OCTETS("1.2.840.113556.1.4.801"), BER(0x04, BER(0x30, INTEGER(7))));
    struct str other = BER(0x30, OCTETS("1.2.3"));
    struct str search = BER(0x63, OCTETS(""), ENUMERATED(0), ENUMERATED(3), INTEGER(0), INTEGER(0),
                            BOOLEAN(1), present(w, "a"), BER(0x30, OCTETS("cn")));
    ldap_send(w, LDAP_MESSAGE(1, search, BER(0xa0, paged, flags, other)), true, 0);
    ldap_send(w,
              LDAP_MESSAGE(1, BER(0x65, ENUMERATED(0), OCTETS(""), OCTETS("")),
                           BER(0xa0, BER(0x30, OCTETS("1.2.840.113556.1.4.319")))),
              false, 1);
    const struct ldap *l = ldap_told(w, 0);
    assert_int_equal(l->controls.count, 3);
    assert_text(l->controls.at[0], "1.2.840.113556.1.4.319");
    assert_text(l->control_names.at[0], "LDAP_PAGED_RESULT_OID_STRING");
    assert_text(l->control_names.at[1], "LDAP_SERVER_SD_FLAGS_OID");
    assert_int_equal(l->control_names.at[2].size, 0);
    assert_int_equal(l->page_size, 500);
    assert_true(l->page_continued);
    assert_int_equal(l->sd_flags, 7);
    assert_true(l->types_only);
    assert_int_equal(l->deref_aliases, ldap_deref_always);
    assert_int_equal(l->reply_controls.count, 1);
}

static void a_modify_tells_its_changes_but_no_secret(void **state)
{
    struct ldap_world *w = *state;
    struct str key = BER(0x30, OCTETS("msDS-KeyCredentialLink"), BER(0x31, OCTETS("B:4:abcd:CN=x")));
    struct str password = BER(0x30, OCTETS("unicodePwd"), BER(0x31, BER(0x04, BYTES("220050002200"))));
    struct str names =
        BER(0x30, OCTETS("servicePrincipalName"), BER(0x31, OCTETS("http/a"), OCTETS("http/b")));
    struct str bytes = BER(0x30, OCTETS("extraData"), BER(0x31, BER(0x04, BYTES("0001"))));
    ldap_send(w,
              LDAP_MESSAGE(9, BER(0x66, OCTETS("CN=x"),
                                  BER(0x30, BER(0x30, ENUMERATED(0), key), BER(0x30, ENUMERATED(2), password),
                                      BER(0x30, ENUMERATED(1), names), BER(0x30, ENUMERATED(3), bytes)))),
              true, 0);
    ldap_send(w, ldap_result(w, 9, 0x67, 50, "00000005: SecErr: DSID-031A1190, problem 4003, data 0"), false,
              1);
    const struct ldap *l = ldap_told(w, 0);
    assert_int_equal(l->operation, ldap_operation_modify);
    assert_int_equal(l->outcome, outcome_failure);
    assert_text(l->result, "insufficientAccessRights");
    assert_int_equal(l->error_code, 5);
    assert_int_equal(l->error_data, 0);
    assert_int_equal(l->change_count, 4);
    assert_int_equal(l->changes.count, 4);
    assert_text(l->changes.at[0].attribute, "msDS-KeyCredentialLink");
    assert_int_equal(l->changes.at[0].kind, ldap_change_kind_add);
    assert_int_equal(l->changes.at[0].value_count, 1);
    assert_int_equal(l->changes.at[0].values.count, 0);
    assert_true(l->changes.at[1].secret);
    assert_int_equal(l->changes.at[1].kind, ldap_change_kind_replace);
    assert_int_equal(l->changes.at[1].value_count, 1);
    assert_int_equal(l->changes.at[1].values.count, 0);
    assert_int_equal(l->changes.at[2].kind, ldap_change_kind_delete);
    assert_int_equal(l->changes.at[2].values.count, 2);
    assert_text(l->changes.at[2].values.at[1], "http/b");
    assert_int_equal(l->changes.at[3].kind, ldap_change_kind_increment);
    assert_int_equal(l->changes.at[3].values.count, 0);
}

static void an_add_tells_its_attributes(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w,
              LDAP_MESSAGE(2, BER(0x68, OCTETS("CN=pc,DC=a"),
                                  BER(0x30, BER(0x30, OCTETS("objectClass"), BER(0x31, OCTETS("computer"))),
                                      BER(0x30, OCTETS("sAMAccountName"), BER(0x31, OCTETS("pc$")))))),
              true, 0);
    ldap_send(w, ldap_result(w, 2, 0x69, 68, ""), false, 1);
    const struct ldap *l = ldap_told(w, 0);
    assert_int_equal(l->operation, ldap_operation_add);
    assert_text(l->object, "CN=pc,DC=a");
    assert_int_equal(l->changes.count, 2);
    assert_text(l->changes.at[1].attribute, "sAMAccountName");
    assert_text(l->changes.at[1].values.at[0], "pc$");
    assert_text(l->result, "entryAlreadyExists");
}

static void delete_rename_and_compare_name_their_object(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, LDAP_MESSAGE(1, ber_text(w, 0x4a, "CN=x")), true, 0);
    ldap_send(w, ldap_result(w, 1, 0x6b, 0, ""), false, 1);
    ldap_send(
        w, LDAP_MESSAGE(2, BER(0x6c, OCTETS("CN=x"), OCTETS("CN=y"), BOOLEAN(1), ber_text(w, 0x80, "OU=z"))),
        true, 2);
    ldap_send(w, ldap_result(w, 2, 0x6d, 0, ""), false, 3);
    ldap_send(w, LDAP_MESSAGE(3, BER(0x6e, OCTETS("CN=x"), BER(0x30, OCTETS("cn"), OCTETS("a*")))), true, 4);
    ldap_send(w, ldap_result(w, 3, 0x6f, 5, ""), false, 5);
    const struct ldap *deleted = ldap_told(w, 0), *renamed = ldap_told(w, 1), *compared = ldap_told(w, 2);
    assert_int_equal(deleted->operation, ldap_operation_delete);
    assert_text(deleted->object, "CN=x");
    assert_int_equal(renamed->operation, ldap_operation_modify_dn);
    assert_text(renamed->new_rdn, "CN=y");
    assert_true(renamed->delete_old_rdn);
    assert_text(renamed->new_superior, "OU=z");
    assert_int_equal(compared->operation, ldap_operation_compare);
    assert_text(compared->filter, "(cn=a\\2a)");
    assert_text(compared->result, "compareFalse");
    assert_int_equal(compared->outcome, outcome_success);
}

static void extended_operations_are_told_by_name(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, LDAP_MESSAGE(1, BER(0x77, ber_text(w, 0x80, "1.3.6.1.4.1.4203.1.11.3"))), true, 0);
    ldap_send(
        w, LDAP_MESSAGE(1, BER(0x78, ENUMERATED(0), OCTETS(""), OCTETS(""), ber_text(w, 0x8b, "u:A\\alice"))),
        false, 1);
    struct str change = BER(0x30, ber_text(w, 0x80, "CN=bob"), ber_text(w, 0x82, "secret"));
    ldap_send(w, LDAP_MESSAGE(2, BER(0x77, ber_text(w, 0x80, "1.3.6.1.4.1.4203.1.11.1"), BER(0x81, change))),
              true, 2);
    ldap_send(w, ldap_result(w, 2, 0x78, 0, ""), false, 3);
    const struct ldap *who = ldap_told(w, 0), *password = ldap_told(w, 1);
    assert_int_equal(who->operation, ldap_operation_extended);
    assert_text(who->extended_oid, "1.3.6.1.4.1.4203.1.11.3");
    assert_text(who->extended_name, "whoAmI");
    assert_text(who->identity, "u:A\\alice");
    assert_text(password->extended_name, "passwordModify");
    assert_text(password->identity, "CN=bob");
    assert_true(password->clear_text);
}

static void what_has_no_answer_is_told_at_once(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, LDAP_MESSAGE(3, ber_number(w, 0x50, 300)), true, 0);
    ldap_send(w, BYTES("30050201044200"), true, 1);
    const struct ldap *abandon = ldap_told(w, 0), *unbind = ldap_told(w, 1);
    assert_int_equal(abandon->operation, ldap_operation_abandon);
    assert_int_equal(abandon->abandoned_id, 300);
    assert_int_equal(unbind->operation, ldap_operation_unbind);
    assert_int_equal(unbind->message_id, 4);
    assert_int_equal(unbind->result.size, 0);
}

static void a_notice_of_disconnection_stands_alone(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w,
              LDAP_MESSAGE(0, BER(0x78, ENUMERATED(52), OCTETS(""), OCTETS("going down"),
                                  ber_text(w, 0x8a, "1.3.6.1.4.1.1466.20036"))),
              false, 0);
    const struct ldap *l = ldap_told(w, 0);
    assert_int_equal(l->operation, ldap_operation_notice);
    assert_text(l->extended_name, "noticeOfDisconnection");
    assert_text(l->result, "unavailable");
    assert_text(l->diagnostic, "going down");
    assert_int_equal(l->request_frame, 0);
}

static void answers_without_a_request_are_told(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_entry(w, 7, "CN=Alice,DC=a"), false, 1);
    ldap_send(w, ldap_result(w, 7, 0x65, 4, ""), false, 2);
    const struct ldap *l = ldap_told(w, 0);
    assert_int_equal(l->operation, ldap_operation_search);
    assert_int_equal(l->request_frame, 0);
    assert_int_equal(l->reply_frame, 3);
    assert_int_equal(l->entries, 1);
    assert_text(l->result, "sizeLimitExceeded");
}

static void a_request_without_an_answer_is_told_at_its_deadline(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_search(w, 7, present(w, "a")), true, 0);
    ldap_send(w, ldap_entry(w, 7, "CN=Alice,DC=a"), false, 4000);
    ldap_expire(w->module, &w->t.out, TOKEN_WORLD_START + 14 * TIME_NS_S);
    assert_int_equal(w->t.batch.count, 0);
    ldap_expire(w->module, &w->t.out, TOKEN_WORLD_START + 14 * TIME_NS_S + 1);
    assert_int_equal(w->t.batch.records[0].time, TOKEN_WORLD_START + 14 * TIME_NS_S);
    const struct ldap *l = ldap_told(w, 0);
    assert_int_equal(l->entries, 1);
    assert_int_equal(l->outcome, outcome_unknown);
    assert_int_equal(l->result.size, 0);
}

static void the_end_of_a_connection_tells_what_waits(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_search(w, 1, present(w, "a")), true, 0);
    ldap_send(w, ldap_search(w, 2, present(w, "b")), true, 1);
    struct place place = token_place(1, true, 5);
    ldap_end(w->module, &w->t.out, &place);
    assert_int_equal(w->t.batch.count, 2);
    assert_text(ldap_told(w, 0)->filter, "(a=*)");
    assert_text(ldap_told(w, 1)->filter, "(b=*)");
}

static void nothing_is_lost_when_the_tables_are_full(void **state)
{
    struct ldap_world *w = *state;
    for (uint32_t id = 1; id <= 9; id++)
        ldap_send(w, ldap_search(w, id, present(w, "a")), true, id);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(ldap_told(w, 0)->message_id, 1);
    /* Two more connections: the first of three goes, and tells what waits in it. */
    for (uint64_t flow = 2; flow <= 3; flow++) {
        struct place place = token_place(flow, true, 20 + flow);
        struct str unbind = BYTES("30050201044200");
        ldap_message(w->module, &w->t.out, &place, unbind, unbind.size);
    }
    assert_int_equal(w->t.batch.count, 1 + 8 + 2);
}

static void a_repeated_message_id_begins_anew(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_search(w, 1, present(w, "a")), true, 0);
    ldap_send(w, ldap_search(w, 1, present(w, "b")), true, 1);
    ldap_send(w, ldap_result(w, 1, 0x65, 0, ""), false, 2);
    assert_int_equal(w->t.batch.count, 2);
    assert_text(ldap_told(w, 0)->filter, "(a=*)");
    assert_int_equal(ldap_told(w, 0)->reply_frame, 0);
    assert_text(ldap_told(w, 1)->filter, "(b=*)");
    assert_int_equal(ldap_told(w, 1)->reply_frame, 3);
}

static void lists_keep_the_first_and_count_all(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_search(w, 1, present(w, "a")), true, 0);
    for (uint32_t i = 0; i < 100; i++)
        ldap_send(w, ldap_entry(w, 1, "CN=Somebody,OU=Somewhere,DC=a"), false, 1 + i);
    ldap_send(w, ldap_result(w, 1, 0x65, 0, ""), false, 200);
    const struct ldap *l = ldap_told(w, 0);
    assert_int_equal(l->entries, 100);
    assert_int_equal(l->objects.count, 32);
    assert_int_equal(l->accounts.count, 16);
    assert_int_equal(l->object_sids.count, 16);
    assert_int_equal(l->unread, unread_nothing);
}

static void a_filter_too_long_is_cut_and_said_to_be(void **state)
{
    struct ldap_world *w = *state;
    char value[2200];
    memset(value, 'x', sizeof(value) - 1);
    value[sizeof(value) - 1] = 0;
    ldap_send(w, ldap_search(w, 1, BER(0xa3, OCTETS("cn"), OCTETS(value))), true, 0);
    ldap_send(w, ldap_result(w, 1, 0x65, 0, ""), false, 1);
    const struct ldap *l = ldap_told(w, 0);
    assert_int_equal(l->unread, unread_too_long);
    assert_true(l->filter.size <= 2048 && l->filter.size > 2000);
    assert_int_equal(l->attributes.count, 1);
}

static void a_filter_that_cannot_be_leaves_the_rest_readable(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_search(w, 1, BER(0xaf, OCTETS("cn"))), true, 0);
    ldap_send(w, ldap_result(w, 1, 0x65, 2, ""), false, 1);
    assert_int_equal(w->t.batch.records[0].type, RECORD_malformed);
    const struct ldap *l = ldap_told(w, 1);
    assert_int_equal(l->unread, unread_malformed);
    assert_int_equal(l->attributes.count, 1);
    assert_text(l->result, "protocolError");
}

static void a_message_from_the_wrong_end_is_refused(void **state)
{
    struct ldap_world *w = *state;
    ldap_send(w, ldap_search(w, 1, present(w, "a")), false, 0);
    assert_int_equal(w->t.batch.count, 1);
    assert_text(((const struct malformed *)token_record(&w->t, 0, RECORD_malformed))->reason,
                "direction of a message");
}

/* Every prefix, told as a message whose last bytes were not sent: refused or told as malformed, never read
 * as whole. */
static void every_prefix_is_refused(void **state)
{
    struct ldap_world *w = *state;
    struct str change = BER(0x30, OCTETS("cn"), BER(0x31, OCTETS("v")));
    struct str controls =
        BER(0xa0, BER(0x30, OCTETS("1.2.840.113556.1.4.801"), BER(0x04, BER(0x30, INTEGER(7)))));
    struct str messages[] = {
        ldap_search(w, 1,
                    BER(0xa0, present(w, "a"), BER(0xa4, OCTETS("b"), BER(0x30, ber_text(w, 0x81, "c"))))),
        LDAP_MESSAGE(1, BER(0x66, OCTETS("CN=x"), BER(0x30, BER(0x30, ENUMERATED(0), change))), controls),
        LDAP_MESSAGE(1, BER(0x68, OCTETS("CN=x"), BER(0x30, change))),
        LDAP_MESSAGE(1, BER(0x6c, OCTETS("CN=x"), OCTETS("CN=y"), BOOLEAN(1), ber_text(w, 0x80, "OU=z"))),
        ldap_bind_sasl(w, 1, "GSS-SPNEGO", OCTETS("x")),
    };
    for (size_t m = 0; m < ARRAY_COUNT(messages); m++) {
        for (uint32_t size = 1; size < messages[m].size; size++) {
            struct place place = token_place(1, true, size);
            struct str prefix = {.at = messages[m].at, .size = size};
            uint64_t malformed = w->t.out.malformed;
            uint8_t *exact = malloc(size); /* so that a read behind it is seen */
            memcpy(exact, prefix.at, size);
            prefix.at = (const char *)exact;
            ldap_message(w->module, &w->t.out, &place, prefix, size);
            free(exact);
            assert_true(w->t.out.malformed > malformed);
        }
    }
}

/* Saved and loaded between any two messages, the same is told. */
static void state_moves_between_any_two_messages(void **state)
{
    struct ldap_world *w = *state;
    struct str sent[] = {
        ldap_search(w, 1, present(w, "a")), ldap_entry(w, 1, "CN=Alice,DC=a"),
        ldap_search(w, 2, present(w, "b")), ldap_result(w, 1, 0x65, 0, ""),
        ldap_result(w, 2, 0x65, 0, ""),
    };
    struct writer whole = {0}, moved = {0};
    for (int pass = 0; pass < 2; pass++) {
        struct ldap_module *module = w->module;
        for (size_t i = 0; i < ARRAY_COUNT(sent); i++) {
            struct ldap_module *next = NULL;
            struct ldap_options options = {
                .connections = 2, .requests = 8, .pages = 128, .timeout = 10 * TIME_NS_S, .seed = {.k0 = 1}};
            struct table *from[4], *to[4];
            if (pass == 1) {
                REQUIRE(ldap_create(&next, &options, w->auth) == ERR_OK);
                size_t count = ldap_tables(module, from);
                (void)ldap_tables(next, to);
                token_move_tables(from, to, count);
                if (module != w->module)
                    ldap_free(module);
                module = next;
            }
            struct place place = token_place(1, i == 0 || i == 2, i);
            ldap_message(module, &w->t.out, &place, sent[i], sent[i].size);
        }
        for (uint32_t i = 0; i < w->t.batch.count; i++)
            record_encode(&w->t.batch.records[i], pass == 0 ? &whole : &moved);
        w->t.batch.count = 0;
        if (pass == 1)
            ldap_free(module);
    }
    assert_true(whole.size > 0 && str_equal(writer_str(&whole), writer_str(&moved)));
    writer_close(&whole);
    writer_close(&moved);
}

static void a_datagram_holds_an_entry_and_its_result(void **state)
{
    struct ldap_world *w = *state;
    struct place place = token_place(1, true, 0);
    place.transport = transport_udp;
    struct str request = ldap_search(w, 5, present(w, "a"));
    ldap_datagram(w->module, &w->t.out, &place, request, request.size);
    ldap_datagram(w->module, &w->t.out, &place, request, request.size); /* mirrored twice */
    place.to_server = false;
    struct str reply = ldap_joined(w, ldap_entry(w, 5, "CN=x"), ldap_result(w, 5, 0x65, 0, ""));
    ldap_datagram(w->module, &w->t.out, &place, reply, reply.size);
    ldap_datagram(w->module, &w->t.out, &place, reply, reply.size);
    assert_int_equal(w->t.batch.count, 1);
    const struct ldap *l = ldap_told(w, 0);
    assert_int_equal(l->transport, transport_udp);
    assert_int_equal(l->entries, 1);
    ldap_expire(w->module, &w->t.out, TIME_NS_END);
    assert_int_equal(w->t.batch.count, 1);
}

static void a_datagram_cut_by_the_capture_is_read_as_far_as_it_goes(void **state)
{
    struct ldap_world *w = *state;
    struct place place = token_place(1, false, 0);
    place.transport = transport_udp;
    struct str reply = ldap_entry(w, 5, "CN=x");
    uint32_t size = reply.size;
    reply.size -= 10;
    ldap_datagram(w->module, &w->t.out, &place, reply, size);
    ldap_expire(w->module, &w->t.out, TIME_NS_END);
    const struct ldap *l = ldap_told(w, 0);
    assert_int_equal(l->unread, unread_truncated);
    assert_text(l->objects.at[0], "CN=x");
    assert_int_equal(w->t.out.malformed, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ldap_world_open, ldap_world_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_search_is_one_observation_with_what_it_gave),
        TEST(many_operations_are_under_way_at_once),
        TEST(controls_are_told_by_number_and_name),
        TEST(a_modify_tells_its_changes_but_no_secret),
        TEST(an_add_tells_its_attributes),
        TEST(delete_rename_and_compare_name_their_object),
        TEST(extended_operations_are_told_by_name),
        TEST(what_has_no_answer_is_told_at_once),
        TEST(a_notice_of_disconnection_stands_alone),
        TEST(answers_without_a_request_are_told),
        TEST(a_request_without_an_answer_is_told_at_its_deadline),
        TEST(the_end_of_a_connection_tells_what_waits),
        TEST(nothing_is_lost_when_the_tables_are_full),
        TEST(a_repeated_message_id_begins_anew),
        TEST(lists_keep_the_first_and_count_all),
        TEST(a_filter_too_long_is_cut_and_said_to_be),
        TEST(a_filter_that_cannot_be_leaves_the_rest_readable),
        TEST(a_message_from_the_wrong_end_is_refused),
        TEST(every_prefix_is_refused),
        TEST(state_moves_between_any_two_messages),
        TEST(a_datagram_holds_an_entry_and_its_result),
        TEST(a_datagram_cut_by_the_capture_is_read_as_far_as_it_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
