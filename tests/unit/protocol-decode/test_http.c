/*
 * test_http - streams cut into heads and bodies, requests paired with answers, credentials, and what bodies
 * say.
 *
 * Streams are fed as TCP feeds them: in pieces of any size, each part framed before it is handed over. The
 * credentials of Basic and Digest are the examples of RFC 7617 2 and RFC 2617 3.5; chunks are those of RFC
 * 9112 7.1 by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "services/protocol-decode/base64.h"
#include "services/protocol-decode/http.h"
#include "services/protocol-decode/http_head.h"
#include "tests/unit/protocol-decode/tls_vectors.h"
#include "tests/unit/protocol-decode/token_world.h"

enum {
    STREAM_BYTES = 1 << 18,
    TABLES = 2,
    PLAIN = 5,
};

/* One direction: bytes that no message has taken, and those of a message that are skipped. */
struct stream {
    char bytes[STREAM_BYTES];
    uint32_t size;
    uint64_t skip;
};

struct world {
    struct token_world t;
    struct auth *auth;
    struct rpc_module *rpc;
    struct tls_module *tls;
    struct http_module *module;
    struct stream stream[2];
    uint64_t at_ms;
    uint32_t bad;
    bool enough;
};

static const struct hash_key seed = {.k0 = 5, .k1 = 6};

static struct http_module *make(struct world *w)
{
    struct http_module *module;
    const struct http_options options = {
        .connections = 8, .requests = 4, .plain_exchanges = PLAIN, .timeout = 10 * TIME_NS_S, .seed = seed};
    const struct http_peers peers = {.auth = w->auth, .rpc = w->rpc, .tls = w->tls};
    REQUIRE(http_create(&module, &options, &peers) == ERR_OK);
    return module;
}

static int open_world(void **state)
{
    static struct world world;
    struct world *w = &world;
    memset(w, 0, sizeof(*w));
    token_world_open(&w->t);
    const struct auth_options auth = {.conversations = 8, .timeout = 10 * TIME_NS_S, .seed = seed};
    const struct rpc_options rpc = {.connections = 8, .calls = 8, .timeout = 10 * TIME_NS_S, .seed = seed};
    const struct tls_options tls = {.connections = 8, .timeout = 10 * TIME_NS_S, .seed = seed};
    REQUIRE(auth_create(&w->auth, &auth) == ERR_OK);
    REQUIRE(rpc_create(&w->rpc, &rpc, w->auth) == ERR_OK);
    REQUIRE(tls_create(&w->tls, &tls) == ERR_OK);
    w->module = make(w);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    http_free(w->module);
    tls_free(w->tls);
    rpc_free(w->rpc);
    auth_free(w->auth);
    token_world_close(&w->t);
    return 0;
}

/* What lies at the start of a stream, as far as it goes. */
static void drain(struct world *w, bool to_server)
{
    struct stream *s = &w->stream[to_server];
    while (s->size > 0 && !w->enough) {
        uint32_t skip = s->skip < s->size ? (uint32_t)s->skip : s->size;
        if (skip > 0) {
            memmove(s->bytes, s->bytes + skip, s->size - skip);
            s->size -= skip;
            s->skip -= skip;
            continue;
        }
        struct place place = token_place(1, to_server, w->at_ms);
        struct str bytes = {.at = s->bytes, .size = s->size};
        struct framing f = http_frame(w->module, &place, bytes);
        if (f.state == FRAMING_MORE || (f.state == FRAMING_WHOLE && f.want > s->size)) {
            assert_true(f.want > s->size);
            return;
        }
        if (f.state == FRAMING_BAD) {
            w->bad++;
            s->size = 0;
            return;
        }
        assert_true(f.size >= f.want && f.want > 0 && f.want <= STREAM_MESSAGE_BYTES_MAX);
        w->t.out.enough = false;
        http_message(w->module, &w->t.out, &place,
                     arena_copy(&w->t.batch.arena, (struct str){s->bytes, f.want}), f.size);
        w->enough |= w->t.out.enough;
        s->skip = f.size;
    }
}

static void feed_str(struct world *w, bool to_server, struct str bytes)
{
    struct stream *s = &w->stream[to_server];
    w->at_ms++;
    REQUIRE(s->size + bytes.size <= STREAM_BYTES);
    memcpy(s->bytes + s->size, bytes.at, bytes.size);
    s->size += bytes.size;
    drain(w, to_server);
}

static void ask(struct world *w, const char *text)
{
    feed_str(w, true, str_of(text));
}

static void answer(struct world *w, const char *text)
{
    feed_str(w, false, str_of(text));
}

static const struct http *told(struct world *w, uint32_t index)
{
    return token_record(&w->t, index, RECORD_http);
}

static const char ok[] = "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 0\r\n\r\n";

static void a_request_is_told_with_its_answer(void **state)
{
    struct world *w = *state;
    ask(w, "GET /a?b HTTP/1.1\r\nHost: h\r\nUser-Agent:  curl \r\n\r\n");
    assert_int_equal(w->t.batch.count, 0);
    answer(
        w,
        "HTTP/1.1 404 Not Found\r\nServer: IIS\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\nabc");
    const struct http *h = told(w, 0);
    assert_text(h->method, "GET");
    assert_text(h->target, "/a?b");
    assert_text(h->host, "h");
    assert_text(h->user_agent, "curl");
    assert_int_equal(h->status, 404);
    assert_text(h->server_agent, "IIS");
    assert_text(h->reply_content_type, "text/html");
    assert_int_equal(h->response_bytes, 3);
    assert_int_equal(h->request_frame, 2);
    assert_int_equal(h->reply_frame, 3);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    struct world *w = *state;
    ask(w, "GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
    /* The answer to HEAD says a length and has no body (RFC 9110 9.3.2); 304 neither (RFC 9112 6.3). */
    answer(w, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/HTTP/1.1 201 OK\r\nContent-Length: 9\r\n\r\n"
              "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
    assert_int_equal(w->t.batch.count, 3);
    assert_text(told(w, 0)->target, "/1");
    assert_int_equal(told(w, 1)->status, 201);
    assert_text(told(w, 1)->method, "HEAD");
    assert_text(told(w, 2)->target, "/3");
    assert_int_equal(told(w, 2)->status, 304);
    assert_int_equal(w->bad, 0);
}

static void chunks_and_trailers_are_passed_over(void **state)
{
    struct world *w = *state;
    ask(w, "POST /1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;a=b\r\nGET "
           "\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n"
           "GET /2 HTTP/1.1\r\n\r\n");
    answer(w, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
    answer(w, ok);
    assert_int_equal(w->t.batch.count, 2);
    assert_text(told(w, 1)->target, "/2");
    assert_int_equal(w->bad, 0);
}

static void streams_may_come_byte_by_byte(void **state)
{
    struct world *w = *state;
    static const char request[] = "\r\nPOST /x HTTP/1.1\nTransfer-Encoding: chunked\n\n3\nabc\r\n0\n\n";
    static const char response[] = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200\r\nContent-Length: 2\r\n\r\nab";
    for (const char *at = request; *at; at++)
        feed_str(w, true, (struct str){at, 1});
    for (const char *at = response; *at; at++)
        feed_str(w, false, (struct str){at, 1});
    ask(w, "GET /y HTTP/1.1\r\n\r\n");
    answer(w, ok);
    assert_int_equal(w->t.batch.count, 2);
    assert_text(told(w, 0)->target, "/x");
    assert_int_equal(told(w, 0)->status, 200);
    assert_text(told(w, 1)->target, "/y");
    assert_int_equal(w->bad, 0);
}

static void a_body_until_the_end_hides_what_looks_like_an_answer(void **state)
{
    struct world *w = *state;
    ask(w, "GET /1 HTTP/1.1\r\n\r\n");
    answer(w, "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 500 No\r\n\r\n");
    answer(w, ok);
    assert_int_equal(w->t.batch.count, 1);
    assert_int_equal(told(w, 0)->status, 200);
}

static void a_basic_password_leaves_as_a_fingerprint(void **state)
{
    struct world *w = *state;
    ask(w, "GET / HTTP/1.1\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
    answer(w, ok);
    const struct http *h = told(w, 0);
    assert_int_equal(h->scheme, http_scheme_basic);
    assert_text(h->credential_user, "Aladdin");
    assert_true(id_equal(h->credential, decode_secret(&w->t.out, STR("open sesame"))));
}

static void digest_credentials_name_user_and_realm(void **state)
{
    struct world *w = *state;
    ask(w, "GET /dir/index.html HTTP/1.1\r\nAuthorization: Digest username=\"Mufasa\",\r\n");
    w->stream[1].size = 0;
    ask(w,
        "GET / HTTP/1.1\r\nProxy-Authorization: Digest username=\"Muf,asa\", realm=\"testrealm@host.com\", "
        "uri=\"/dir/index.html\", qop=auth, response=\"6629fae49393a05397450978507c4ef1\"\r\n\r\n");
    answer(w, ok);
    const struct http *h = told(w, 0);
    assert_int_equal(h->scheme, http_scheme_digest);
    assert_true(h->to_proxy);
    assert_text(h->credential_user, "Muf,asa");
    assert_text(h->credential_realm, "testrealm@host.com");
    assert_true(id_equal(h->credential, decode_secret(&w->t.out, STR("6629fae49393a05397450978507c4ef1"))));
}

static void an_answer_tells_which_schemes_it_takes(void **state)
{
    struct world *w = *state;
    ask(w, "GET / HTTP/1.1\r\n\r\n");
    answer(w,
           "HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM, Basic realm=\"a, b\", "
           "charset=\"UTF-8\"\r\nContent-Length: 0\r\n\r\n");
    const struct http *h = told(w, 0);
    assert_int_equal(h->offered.count, 3);
    assert_text(h->offered.at[0], "Negotiate");
    assert_text(h->offered.at[1], "NTLM");
    assert_text(h->offered.at[2], "Basic");
}

/* NTLM messages by MS-NLMP 2.2.1: NEGOTIATE without names, a CHALLENGE without target, an AUTHENTICATE of
 * user U in domain D with responses of 24 bytes. */
static void ntlm_is_joined_over_three_legs(struct world *w, const char *last, enum outcome outcome)
{
    ask(w, "GET / HTTP/1.1\r\nAuthorization: NTLM TlRMTVNTUAABAAAABwIAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n");
    answer(w,
           "HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM "
           "TlRMTVNTUAACAAAAAAAAADAAAAABAgAAEREREREREREAAAAAAAAAAAAAAAAwAAAA\r\nContent-Length: 0\r\n\r\n");
    ask(w, "GET / HTTP/1.1\r\nAuthorization: NTLM "
           "TlRMTVNTUAADAAAAGAAYAEQAAAAYABgAXAAAAAIAAgBAAAAAAgACAEIAAAAAAAAARAAAAAAAAAB0AAAA"
           "AQIAAEQAVQAiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM=\r\n\r\n");
    answer(w, last);
    uint32_t ntlm = 0;
    for (uint32_t i = 0; i < w->t.batch.count; i++) {
        if (w->t.batch.records[i].type != RECORD_ntlm)
            continue;
        const struct ntlm *n = w->t.batch.records[i].body;
        assert_int_equal(n->carrier, transport_http);
        assert_int_equal(n->outcome, outcome);
        assert_text(n->user, "U");
        assert_text(n->domain, "D");
        ntlm++;
    }
    assert_int_equal(ntlm, 1);
}

static void a_refused_ntlm_authentication_is_a_failure(void **state)
{
    struct world *w = *state;
    ntlm_is_joined_over_three_legs(
        w, "HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n", outcome_failure);
    ask(w, "GET /later HTTP/1.1\r\n\r\n");
    answer(w, ok);
    assert_int_equal(told(w, w->t.batch.count - 1)->user.size, 0);
}

static void an_accepted_one_names_who_sends_what_follows(void **state)
{
    struct world *w = *state;
    ntlm_is_joined_over_three_legs(w, "HTTP/1.1 404 Not here\r\nContent-Length: 0\r\n\r\n", outcome_success);
    ask(w, "GET /later HTTP/1.1\r\n\r\n");
    answer(w, ok);
    const struct http *h = told(w, w->t.batch.count - 1);
    assert_text(h->user, "U");
    assert_text(h->domain, "D");
    assert_int_equal(h->security, security_ntlm);
}

static void a_certificate_request_is_read_from_its_form(void **state)
{
    struct world *w = *state;
    ask(w, "POST /certsrv/certfnsh.asp HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
           "Content-Length: 105\r\n\r\n"
           "Mode=newreq&CertRequest=AB%2BC+D&CertAttrib=CertificateTemplate%3aUser%0d%0aSAN%3Aupn%3Dx%40y&"
           "ReqID=7");
    ask(w, "&z"
           "=1");
    answer(w, ok);
    const struct http *h = told(w, 0);
    assert_int_equal(h->service, http_service_certificate_pages);
    assert_text(h->enrollment_mode, "newreq");
    assert_int_equal(h->certificate_request_bytes, 6);
    assert_text(h->template_name, "User");
    assert_text(h->subject_alternative, "upn=x@y");
    assert_text(h->attributes, "CertificateTemplate:User\nSAN:upn=x@y");
    assert_int_equal(h->certificate_request_id, 7);
}

#define SOAP                                                                                                 \
    "<s:Envelope><s:Header><w:ResourceURI a=\"b\">http://r/powershell/Microsoft.PowerShell</w:ResourceURI>"  \
    "<a:Action>http://a/Command</a:Action><w:Selector Name=\"ShellId\"> 12-34 </w:Selector></s:Header>"      \
    "<s:Body><r:CommandLine><r:Command>cmd &amp; &lt;x&gt;</r:Command><r:Arguments>/c</r:Arguments>"         \
    "<r:Arguments>dir</r:Arguments></r:CommandLine></s:Body></s:Envelope>"

static void assert_winrm(struct world *w)
{
    const struct http *h = told(w, 0);
    assert_int_equal(h->service, http_service_winrm);
    assert_text(h->action, "http://a/Command");
    assert_text(h->resource, "http://r/powershell/Microsoft.PowerShell");
    assert_text(h->shell, "12-34");
    assert_text(h->command, "cmd & <x> /c dir");
    assert_true(h->powershell);
}

static void a_command_of_winrm_is_read(void **state)
{
    struct world *w = *state;
    char head[128];
    (void)snprintf(head, sizeof(head),
                   "POST /wsman HTTP/1.1\r\nContent-Type: application/soap+xml\r\n"
                   "Content-Length: %zu\r\n\r\n",
                   sizeof(SOAP) - 1);
    ask(w, head);
    ask(w, SOAP);
    answer(w, ok);
    assert_winrm(w);
}

static void a_command_in_a_chunk_of_utf_16_is_read(void **state)
{
    struct world *w = *state;
    static char wide[2 * sizeof(SOAP)] = "\xff\xfe";
    for (size_t i = 0; i < sizeof(SOAP) - 1; i++)
        wide[2 + 2 * i] = SOAP[i];
    char head[160];
    (void)snprintf(head, sizeof(head),
                   "POST /wsman HTTP/1.1\r\nContent-Type: application/soap+xml\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n%zx\r\n",
                   2 * sizeof(SOAP));
    ask(w, head);
    feed_str(w, true, (struct str){wide, 2 * sizeof(SOAP)});
    ask(w, "\r\n0\r\n\r\n");
    answer(w, ok);
    assert_winrm(w);
}

static void a_sealed_body_is_said_to_be_encrypted(void **state)
{
    struct world *w = *state;
    ask(w, "POST /wsman HTTP/1.1\r\nContent-Type: multipart/encrypted;protocol=\"x\"\r\nContent-Length: "
           "3\r\n\r\nabc");
    answer(w, ok);
    assert_int_equal(told(w, 0)->unread, unread_encrypted);
    assert_int_equal(w->t.out.sealed_messages[protocol_http], 1);
}

static void a_push_subscription_names_its_address(void **state)
{
    struct world *w = *state;
    ask(w, "POST /EWS/Exchange.asmx HTTP/1.1\r\nContent-Type: text/xml\r\nContent-Length: 91\r\n\r\n"
           "<m:PushSubscriptionRequest><t:URL>http://a/?x=1&amp;y=2</t:URL></m:PushSubscriptionRequest>");
    answer(w, ok);
    assert_text(told(w, 0)->callback, "http://a/?x=1&y=2");
}

static void services_are_known_by_path_and_method(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *line;
        uint8_t service;
    } cases[] = {
        {"GET /wpad.dat", http_service_proxy_configuration},
        {"GET http://ws.x/adfs/ls?a=/wsman", http_service_federation},
        {"PROPFIND /share", http_service_webdav},
        {"POST /CA_CES_Kerberos/service.svc/CES", http_service_certificate_enrollment},
        {"POST /ADPolicyProvider_CEP_Kerberos/service.svc/CEP", http_service_certificate_policy},
        {"GET /certsrv/mscep/mscep.dll?operation=GetCACert", http_service_device_enrollment},
        {"POST /KdcProxy", http_service_kdc_proxy},
        {"GET /?/wsman", http_service_none},
    };
    for (uint32_t i = 0; i < ARRAY_COUNT(cases); i++) {
        char request[128];
        (void)snprintf(request, sizeof(request), "%s HTTP/1.1\r\n\r\n", cases[i].line);
        ask(w, request);
        answer(w, ok);
        assert_int_equal(told(w, i)->service, cases[i].service);
    }
}

static void plain_exchanges_are_enough_after_a_while(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 2 * PLAIN; i++) {
        ask(w, "GET / HTTP/1.1\r\n\r\n");
        answer(w, ok);
    }
    assert_true(w->enough);
    assert_int_equal(w->t.batch.count, PLAIN);
}

static void a_connection_with_credentials_is_read_to_its_end(void **state)
{
    struct world *w = *state;
    ask(w, "GET / HTTP/1.1\r\nAuthorization: Bearer x\r\n\r\n");
    answer(w, ok);
    for (int i = 0; i < 2 * PLAIN; i++) {
        ask(w, "GET / HTTP/1.1\r\n\r\n");
        answer(w, ok);
    }
    assert_false(w->enough);
    assert_int_equal(w->t.batch.count, 2 * PLAIN + 1);
}

static void tls_behind_connect_goes_to_tls(void **state)
{
    struct world *w = *state;
    ask(w, "CONNECT a:443 HTTP/1.1\r\n\r\n");
    answer(w, "HTTP/1.1 200 Established\r\n\r\n");
    assert_true(told(w, 0)->tunnel);
    feed_str(w, true, (struct str){(const char *)rfc8448_client_hello, sizeof(rfc8448_client_hello)});
    feed_str(w, false, (struct str){(const char *)rfc8448_server_hello, sizeof(rfc8448_server_hello)});
    const struct tls *tls = token_record(&w->t, 1, RECORD_tls);
    assert_int_equal(tls->began_as, protocol_http);
    assert_text(tls->server_name, "server");
    assert_true(w->enough);
}

static void a_lost_answer_leaves_no_request_to_the_next(void **state)
{
    struct world *w = *state;
    ask(w, "GET /1 HTTP/1.1\r\n\r\n");
    struct place place = token_place(1, false, 50);
    http_lost(w->module, &w->t.out, &place);
    ask(w, "GET /2 HTTP/1.1\r\n\r\n");
    answer(w, ok);
    assert_int_equal(told(w, 0)->unread, unread_lost);
    assert_text(told(w, 0)->target, "/1");
    assert_text(told(w, 1)->target, "/2");
    assert_int_equal(told(w, 1)->status, 200);
}

static void an_answer_alone_is_told(void **state)
{
    struct world *w = *state;
    answer(w, ok);
    assert_int_equal(told(w, 0)->status, 200);
    assert_int_equal(told(w, 0)->request_frame, 0);
}

static void a_request_without_answer_is_told_at_its_deadline_or_for_room(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 5; i++)
        ask(w, "GET / HTTP/1.1\r\n\r\n");
    assert_int_equal(w->t.batch.count, 1);
    http_expire(w->module, &w->t.out, TOKEN_WORLD_START + 60 * TIME_NS_S);
    assert_int_equal(w->t.batch.count, 5);
    assert_true(w->t.batch.records[1].time == TOKEN_WORLD_START + 2 * TIME_NS_MS + 10 * TIME_NS_S);
    struct place place = token_place(1, true, 70000);
    http_end(w->module, &w->t.out, &place);
    assert_int_equal(w->t.batch.count, 5);
}

static void state_moves_between_any_two_bytes(void **state)
{
    struct world *w = *state;
    static const char request[] =
        "POST /wsman HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    for (const char *at = request; *at; at++) {
        struct http_module *moved = make(w);
        struct table *from[TABLES], *to[TABLES];
        assert_int_equal(http_tables(w->module, from), TABLES);
        assert_int_equal(http_tables(moved, to), TABLES);
        token_move_tables(from, to, TABLES);
        http_free(w->module);
        w->module = moved;
        feed_str(w, true, (struct str){at, 1});
    }
    answer(w, ok);
    assert_text(told(w, 0)->target, "/wsman");
    assert_int_equal(w->bad, 0);
}

static void every_prefix_of_a_head_wants_more(void **state)
{
    struct world *w = *state;
    static const char head[] = "GET /a HTTP/1.1\r\nHost: h\r\nAuthorization: Basic QTpC\r\n\r\n";
    for (uint32_t size = 1; size < sizeof(head) - 1; size++) {
        /* In memory of its own, so that a read past it is seen. */
        char *bytes = malloc(size);
        memcpy(bytes, head, size);
        struct place place = token_place(1, true, 1);
        struct framing f = http_frame(w->module, &place, (struct str){bytes, size});
        assert_int_equal(f.state, FRAMING_MORE);
        struct http_head parsed;
        const char *reason;
        size_t offset;
        bool whole_line = size >= sizeof("GET /a HTTP/1.1") - 1;
        assert_int_equal(http_head_parse((struct str){bytes, size}, &parsed, &reason, &offset), whole_line);
        assert_true(offset <= size);
        free(bytes);
    }
}

static void what_is_no_head_is_refused(void **state)
{
    struct world *w = *state;
    struct place place = token_place(1, true, 1);
    static const char *const wrong[] = {"get / HTTP/1.1\r\n",
                                        "\x16\x03\x01",
                                        "A B",
                                        "GET\r\n",
                                        "HTTP/2 200\r\n",
                                        "ABCDEFGHIJKLMNOPQRSTUVWXYZABCD"};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
        assert_int_equal(http_frame(w->module, &place, str_of(wrong[i])).state, FRAMING_BAD);
    ask(w, "GET  HTTP/1.1\r\n\r\n");
    ask(w, "GET / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n");
    assert_int_equal(w->t.out.malformed, 2);
    assert_false(http_probe(STR("GETX / HTTP/1.1")));
    assert_true(http_probe(STR("RPC_IN_DATA /rpc/rpcproxy.dll?a:593")));
}

static void base64_is_that_of_rfc_4648(void **state)
{
    struct world *w = *state;
    struct arena *arena = &w->t.batch.arena;
    assert_text(base64_decode(arena, STR("")), "");
    assert_text(base64_decode(arena, STR("Zg==")), "f");
    assert_text(base64_decode(arena, STR("Zm8=")), "fo");
    assert_text(base64_decode(arena, STR("Zm9vYmFy")), "foobar");
    assert_text(base64_decode(arena, STR("Zm9v*mFy")), "foo");
    assert_text(base64_decode(arena, STR("+/8=")), "\xfb\xff");
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(a_request_is_told_with_its_answer),
        WITH_WORLD(pipelined_requests_are_answered_in_order),
        WITH_WORLD(chunks_and_trailers_are_passed_over),
        WITH_WORLD(streams_may_come_byte_by_byte),
        WITH_WORLD(a_body_until_the_end_hides_what_looks_like_an_answer),
        WITH_WORLD(a_basic_password_leaves_as_a_fingerprint),
        WITH_WORLD(digest_credentials_name_user_and_realm),
        WITH_WORLD(an_answer_tells_which_schemes_it_takes),
        WITH_WORLD(a_refused_ntlm_authentication_is_a_failure),
        WITH_WORLD(an_accepted_one_names_who_sends_what_follows),
        WITH_WORLD(a_certificate_request_is_read_from_its_form),
        WITH_WORLD(a_command_of_winrm_is_read),
        WITH_WORLD(a_command_in_a_chunk_of_utf_16_is_read),
        WITH_WORLD(a_sealed_body_is_said_to_be_encrypted),
        WITH_WORLD(a_push_subscription_names_its_address),
        WITH_WORLD(services_are_known_by_path_and_method),
        WITH_WORLD(plain_exchanges_are_enough_after_a_while),
        WITH_WORLD(a_connection_with_credentials_is_read_to_its_end),
        WITH_WORLD(tls_behind_connect_goes_to_tls),
        WITH_WORLD(a_lost_answer_leaves_no_request_to_the_next),
        WITH_WORLD(an_answer_alone_is_told),
        WITH_WORLD(a_request_without_answer_is_told_at_its_deadline_or_for_room),
        WITH_WORLD(state_moves_between_any_two_bytes),
        WITH_WORLD(every_prefix_of_a_head_wants_more),
        WITH_WORLD(what_is_no_head_is_refused),
        WITH_WORLD(base64_is_that_of_rfc_4648),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
