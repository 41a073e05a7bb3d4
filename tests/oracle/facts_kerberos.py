"""facts_kerberos - Kerberos messages of a dissection, and our observations held to them.

RFC 4120 unless said otherwise. Each message that a KDC is sent or sends is one fact, and each AP-REQ in another
protocol; what stands inside another message (the AP-REQ of a TGS-REQ) is part of that one.
"""

import calendar
import re
import time

import facts_padata
import facts_spnego
from dissection import Node, number
from facts_padata import microseconds_of, name_of, plain, seconds_of, ticket_facts

REQUESTS = {"kerberos.as_req_element": "AS-REQ", "kerberos.tgs_req_element": "TGS-REQ"}
REPLIES = {"kerberos.as_rep_element": "AS-REP", "kerberos.tgs_rep_element": "TGS-REP",
           "kerberos.krb_error_element": "KRB-ERROR"}
OTHERS = {"kerberos.ap_req_element": "AP-REQ", "kerberos.ap_rep_element": "AP-REP",
          "kerberos.krb_priv_element": "KRB-PRIV", "kerberos.krb_safe_element": "KRB-SAFE",
          "kerberos.krb_cred_element": "KRB-CRED"}
MESSAGES = dict(REQUESTS, **REPLIES, **OTHERS)

# Of the top-level layer that a message stands in, the transport as the records name it.
CARRIERS = {"smb2": "smb", "smb": "smb1", "dcerpc": "rpc", "ldap": "ldap", "cldap": "ldap", "http": "http",
            "kpasswd": "kpasswd", "dns": "dns"}

NETBIOS_ADDRESS = 20


class Message:
    def __init__(self, frame, kind, carrier, facts):
        self.frame = frame
        self.kind = kind
        self.carrier = carrier
        self.facts = facts
        self.taken = False
        self.answer = None  # of a request, as this file pairs them


def record_time(text):
    """Microseconds of a time in a record."""
    if not text:
        return 0
    seconds, _, fraction = text.rstrip("Z").partition(".")
    return calendar.timegm(time.strptime(seconds, "%Y-%m-%dT%H:%M:%S")) * 1000000 + int(fraction[:6].ljust(6, "0"))


def padata_of(node):
    """(type, Node of the value, bytes of the value) of each PA-DATA directly in this one, in order."""
    items = []
    for name, element in node.nodes():
        if name == "kerberos.PA_DATA_element":
            value = element.tree("kerberos.padata_type_tree")
            items.append((number(element.get("kerberos.padata_type")), value.tree("kerberos.padata_value_tree"),
                          bytes.fromhex(plain(value.get("kerberos.padata_value")))))
    return items


def address_facts(body):
    types, names, addresses = [], [], []
    for name, element in body.tree("kerberos.addresses_tree").nodes():
        if name == "kerberos.HostAddress_element":
            types.append(number(element.get("kerberos.addr_type")))
            if types[-1] == NETBIOS_ADDRESS:
                names.append(re.sub(r"<..>$", "", element.find("kerberos.addr_nb", "")).strip())
            address = element.find("kerberos.addr_ip") or element.find("kerberos.addr_ipv6")
            addresses += [address] if address else []
    return {"address_types": types, "host_names": names, "addresses": addresses}


def additional_facts(body):
    tickets = [element for name, element in body.tree("kerberos.additional_tickets_tree").nodes()
               if name == "kerberos.Ticket_element"]
    facts = ticket_facts(tickets[0] if tickets else Node(), "additional_")
    facts.pop("additional_bytes")
    return dict(facts, additional_tickets=len(tickets))


def request_facts(element):
    body = element.tree("kerberos.req_body_element")
    cname, cname_type = name_of(body.tree("kerberos.cname_element"))
    sname, sname_type = name_of(body.tree("kerberos.sname_element"))
    facts = {"cname": cname, "cname_type": cname_type, "realm": body.get("kerberos.realm", ""), "sname": sname,
             "sname_type": sname_type, "kdc_options": number(body.get("kerberos.kdc_options")),
             "nonce": number(body.get("kerberos.nonce")),
             "authorization_etype": number(body.tree("kerberos.enc_authorization_data_element").get("kerberos.etype")),
             "etypes": [number(etype) for etype in body.tree("kerberos.kdc-req-body.etype_tree").all(
                 "kerberos.ENCTYPE")]}
    for field in ("from", "till", "rtime"):
        facts[field] = seconds_of(body.get("kerberos." + field)) * 1000000
    facts.update(address_facts(body))
    facts.update(additional_facts(body))
    facts.update(facts_padata.request_facts(padata_of(element.tree("kerberos.padata_tree"))))
    return facts


def reply_facts(element):
    cname, cname_type = name_of(element.tree("kerberos.cname_element"))
    part = element.tree("kerberos.enc_part_element")
    facts = {"cname": cname, "cname_type": cname_type, "crealm": element.get("kerberos.crealm", ""),
             "error_code": 0, "error_text": "", "server_time": 0, "client_time": 0,
             "reply_etype": number(part.get("kerberos.etype")), "reply_kvno": number(part.get("kerberos.kvno"))}
    facts.update(ticket_facts(element.tree("kerberos.ticket_element"), "ticket_"))
    facts.update(facts_padata.reply_facts(
        [(kind, data) for kind, _, data in padata_of(element.tree("kerberos.padata_tree"))], False))
    return facts


def error_facts(element):
    facts = reply_facts(element)
    sname, sname_type = name_of(element.tree("kerberos.sname_element"))
    facts.update({"error_code": number(element.get("kerberos.error_code")), "sname": sname, "sname_type": sname_type,
                  "error_text": element.get("kerberos.e_text", ""), "realm": element.get("kerberos.realm", ""),
                  "server_time": microseconds_of(element.get("kerberos.stime"), element.get("kerberos.susec")),
                  "client_time": microseconds_of(element.get("kerberos.ctime"), element.get("kerberos.cusec"))})
    facts.update(facts_padata.error_facts(bytes.fromhex(plain(element.get("kerberos.e_data")))))
    return facts


def ap_facts(element):
    facts = {"ap_options": number(element.get("kerberos.ap_options")),
             "authenticator_etype": number(element.tree("kerberos.authenticator_element").get("kerberos.etype"))}
    facts.update(ticket_facts(element.tree("kerberos.ticket_element"), "ticket_"))
    return facts


def facts_of(kind, element):
    if kind in REQUESTS.values():
        return request_facts(element)
    if kind == "KRB-ERROR":
        return error_facts(element)
    if kind in REPLIES.values():
        return reply_facts(element)
    if kind == "AP-REP":
        return {"reply_etype": number(element.tree("kerberos.enc_part_element").get("kerberos.etype"))}
    return ap_facts(element) if kind == "AP-REQ" else {}


def find_messages(node):
    """(kind, element) of the outermost messages."""
    for name, value in node.nodes():
        if name in MESSAGES:
            yield MESSAGES[name], value
        else:
            yield from find_messages(value)


def messages_of(frames):
    messages = []
    for frame in frames:
        for layer, node in frame.layers.nodes():
            carrier = CARRIERS.get(layer, frame.transport())
            if carrier == "kpasswd":
                continue  # facts_kpasswd
            for kind, element in find_messages(node):
                messages.append(Message(frame, kind, carrier, facts_of(kind, element)))
    pair(messages)
    return messages


def answers(request, reply):
    return reply.kind == "KRB-ERROR" or reply.kind[:-4] == request.kind[:-4]


def pair(messages):
    """tshark 4.0 pairs no Kerberos messages. A reply answers the oldest request of its kind that waits in its
    conversation; a datagram that came before (the same nonce) is the same request."""
    waiting = {}
    for message in messages:
        if message.carrier not in ("udp", "tcp"):
            continue
        queue = waiting.setdefault(message.frame.stream, [])
        if message.kind in REQUESTS.values():
            repeated = message.carrier == "udp" and any(
                request.facts["nonce"] == message.facts["nonce"] and request.kind == message.kind for request in queue)
            if not repeated:
                queue.append(message)
        elif message.kind in REPLIES.values():
            for request in queue:
                if answers(request, message):
                    request.answer = message
                    queue.remove(request)
                    break


def take(messages, frame, kinds, nonce=None):
    """The first message of that frame and kind that no observation has used."""
    for message in messages:
        if (message.frame.number == frame and message.kind in kinds and not message.taken
                and nonce in (None, message.facts.get("nonce"))):
            message.taken = True
            return message
    return None


def as_ascii(text):
    """tshark reads KerberosString as ASCII, whatever is in it: other bytes are U+FFFD each."""
    return text.encode("utf-8").decode("ascii", "replace")


ABSENT = {"armored": False, "pac_request": "absent", "pkinit_exchange": "none", "reply_pkinit": "none"}
LISTS = {"etypes", "padata", "host_names", "offered_etypes", "reply_padata", "address_types", "addresses", "salts",
         "s2kparams", "typed_data", "pkinit_kdfs"}
TEXTS = {"cname", "crealm", "realm", "sname", "for_user", "for_user_realm", "tgt_sname", "tgt_realm", "error_text",
         "ticket_sname", "ticket_realm", "additional_sname", "additional_realm", "armor_sname", "armor_realm",
         "pkinit_signature", "reply_kdf"}
TIMES = {"from", "till", "rtime", "server_time", "client_time", "pkinit_time"}
# Told as fingerprints: the fact, the field that tells it.
SECRETS = {"ticket_cipher": "ticket", "tgt_cipher": "tgt", "additional_cipher": "additional_ticket",
           "armor_cipher": "armor_ticket", "preauth_cipher": "preauth", "cookie_bytes": "cookie",
           "reply_cookie_bytes": "reply_cookie", "reply_freshness_bytes": "reply_freshness",
           "pkinit_checksum_bytes": "pkinit_checksum", "freshness_bytes": "freshness"}
CERTIFICATES = {"certificates", "kdc_certificates"}
REPLY_FIRST = set(facts_padata.REPLY_ABSENT) | {"crealm", "error_code", "error_text", "reply_etype", "reply_kvno",
                                                "reply_padata", "server_time", "client_time"}


def ours_of(record, field):
    if field in TIMES:
        return record_time(record.get(field))
    if field in TEXTS:
        return as_ascii(record.get(field, ""))
    return record.get(field, [] if field in LISTS else ABSENT.get(field, 0))


def expected_of(request, reply):
    """What the record of this exchange must say, by proto/records/kerberos.def."""
    facts = dict(request.facts) if request else {}
    if not reply:
        return facts
    for field, value in reply.facts.items():
        if field == "cname_type":
            continue
        if field == "cname":
            if not facts.get("cname"):
                facts["cname"], facts["cname_type"] = value, reply.facts["cname_type"]
        elif field.startswith("ticket_") or field in REPLY_FIRST:
            facts[field] = value
        elif not request:
            facts[field] = value
    return facts


def compare_certificates(record, field, frame, theirs, report):
    """The signer's certificate comes first with us; the order of the others is theirs."""
    ours = record.get(field, [])
    report.field("kerberos", field, frame, sorted(c.get("subject", "") for c in ours),
                 sorted(c["subject"] for c in theirs))
    for expected in theirs:
        found = next((c for c in ours if c.get("subject") == expected["subject"]), {})
        for name, value in expected.items():
            got = found.get(name, [] if isinstance(value, list) else type(value)())
            if name in ("not_before", "not_after"):
                got = record_time(got) // 1000000 if got else 0
            report.field("kerberos", "certificate " + name, frame, got, value)


def compare_field(record, prefix, field, frame, theirs, report):
    if field in SECRETS:
        report.fingerprint("kerberos", prefix + SECRETS[field], frame, record.get(SECRETS[field]), theirs)
    elif field in CERTIFICATES:
        compare_certificates(record, field, frame, theirs, report)
    else:
        report.field("kerberos", prefix + field, frame, ours_of(record, field), theirs)


def compare_exchange(record, messages, report):
    request = reply = None
    tgs = record.get("message") == "tgs"
    if "request_frame" in record:
        kinds = ("TGS-REQ",) if tgs else ("AS-REQ",)
        request = take(messages, record["request_frame"], kinds, record.get("nonce", 0))
        request = request or take(messages, record["request_frame"], kinds)
        report.message(request, "kerberos", record["request_frame"], kinds[0])
    if "reply_frame" in record:
        kinds = ("KRB-ERROR",) if record.get("reply") == "error" else ("TGS-REP",) if tgs else ("AS-REP",)
        reply = take(messages, record["reply_frame"], kinds)
        report.message(reply, "kerberos", record["reply_frame"], kinds[0])
    if not request and not reply:
        return
    for field, theirs in expected_of(request, reply).items():
        frame = reply.frame if reply and (field in REPLY_FIRST or not request) else request.frame
        compare_field(record, "", field, frame, theirs, report)
    if request:
        frame = request.frame
        answer = request.answer.frame.number if request.answer else 0
        report.field("kerberos", "pairing", frame, record.get("reply_frame", 0), answer)
        report.field("kerberos", "transport", frame, record.get("transport"), request.carrier)
        report.ends("kerberos", frame, record, frame.source, frame.target)


def compare_ap(record, messages, streams, report):
    request = take(messages, record["request_frame"], ("AP-REQ",))
    report.message(request, "kerberos", record["request_frame"], "AP-REQ")
    if not request:
        return
    for field, theirs in request.facts.items():
        compare_field(record, "ap ", field, request.frame, theirs, report)
    report.field("kerberos", "ap transport", request.frame, record.get("transport"), request.carrier)
    facts_spnego.compare(record, streams, request, "kerberos", report)
    # What answered it may also be the carrier's own verdict; an AP-REP of the server is the answer.
    answer = take(messages, record.get("reply_frame"), ("AP-REP", "KRB-ERROR"))
    if answer:
        report.field("kerberos", "ap reply", answer.frame, record.get("reply"),
                     "reply" if answer.kind == "AP-REP" else "error")
        report.field("kerberos", "ap error_code", answer.frame, record.get("error_code", 0),
                     answer.facts.get("error_code", 0))
        report.field("kerberos", "ap reply_etype", answer.frame, record.get("reply_etype", 0),
                     answer.facts.get("reply_etype", 0))
    report.ends("kerberos", request.frame, record, request.frame.source, request.frame.target)


def compare(frames, records, report):
    messages = messages_of(frames)
    streams = facts_spnego.tokens_of(frames)
    clients = {(message.frame.stream, message.frame.source) for message in messages if message.kind == "AP-REQ"}
    for record in records:
        if record["type"] != "kerberos":
            continue
        if record.get("message") == "ap":
            compare_ap(record, messages, streams, report)
        else:
            compare_exchange(record, messages, report)
    for message in messages:
        if not message.taken:
            own = message.kind == "AP-REP" and (message.frame.stream, message.frame.source) in clients
            report.unseen("kerberos", message.frame, "%s%s in %s" % (
                message.kind, " of the client" if own else "", message.carrier))
