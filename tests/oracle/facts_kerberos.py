"""facts_kerberos - Kerberos messages of a dissection, and our observations held to them.

RFC 4120 unless said otherwise. Each message that a KDC is sent or sends is one fact, and each AP-REQ in another
protocol; what stands inside another message (the AP-REQ of a TGS-REQ) is part of that one.
"""

import calendar
import re
import time

from dissection import Node, number, size_of

REQUESTS = {"kerberos.as_req_element": "AS-REQ", "kerberos.tgs_req_element": "TGS-REQ"}
REPLIES = {"kerberos.as_rep_element": "AS-REP", "kerberos.tgs_rep_element": "TGS-REP",
           "kerberos.krb_error_element": "KRB-ERROR"}
OTHERS = {"kerberos.ap_req_element": "AP-REQ", "kerberos.ap_rep_element": "AP-REP",
          "kerberos.krb_priv_element": "KRB-PRIV", "kerberos.krb_safe_element": "KRB-SAFE",
          "kerberos.krb_cred_element": "KRB-CRED"}
MESSAGES = dict(REQUESTS, **REPLIES, **OTHERS)

# Of the top-level layer that a message stands in, the transport as the records name it.
CARRIERS = {"smb2": "smb", "smb": "smb1", "dcerpc": "rpc", "ldap": "ldap", "cldap": "ldap", "http": "http",
            "kpasswd": "kpasswd"}

PA_ENC_TIMESTAMP, PA_TGS_REQ, PA_PAC_REQUEST, PA_FX_FAST, PA_FOR_USER, PA_S4U_X509_USER = 2, 1, 128, 136, 129, 130
NETBIOS_ADDRESS = 20


class Message:
    def __init__(self, frame, kind, carrier, facts):
        self.frame = frame
        self.kind = kind
        self.carrier = carrier
        self.facts = facts
        self.taken = False
        self.answer = None  # of a request, as this file pairs them


def name_of(element):
    """(components joined by /, name-type) of a PrincipalName."""
    parts = []
    for key, value in element.walk():
        if key in ("kerberos.CNameString", "kerberos.SNameString", "kerberos.KerberosString"):
            parts.append(value)
    return "/".join(parts), number(element.get("kerberos.name_type"))


def time_of(text):
    """KerberosTime as seconds; 0 when absent. tshark: Sep 13, 2037 02:48:05.000000000 UTC."""
    if not text:
        return 0
    return calendar.timegm(time.strptime(re.sub(r"\.\d+ UTC$", "", text), "%b %d, %Y %H:%M:%S"))


def record_time(text):
    return calendar.timegm(time.strptime(re.sub(r"\.?\d*Z$", "", text), "%Y-%m-%dT%H:%M:%S")) if text else 0


def padata_of(node):
    """(type, Node of the value) of each PA-DATA directly in this one, in order."""
    items = []
    for name, element in node.nodes():
        if name == "kerberos.PA_DATA_element":
            value = element.tree("kerberos.padata_type_tree").tree("kerberos.padata_value_tree")
            items.append((number(element.get("kerberos.padata_type")), value or element))
    return items


def ticket_facts(ticket, prefix):
    part = ticket.tree("kerberos.enc_part_element")
    return {prefix + "sname": name_of(ticket.tree("kerberos.sname_element"))[0],
            prefix + "realm": ticket.get("kerberos.realm", ""),
            prefix + "etype": number(part.get("kerberos.etype")),
            prefix + "kvno": number(part.get("kerberos.kvno")),
            prefix + "bytes": size_of(part.get("kerberos.cipher")), prefix + "cipher": part.get("kerberos.cipher", "")}


def host_names(body):
    names = []
    for name, element in body.tree("kerberos.addresses_tree").nodes():
        if name == "kerberos.HostAddress_element" and number(element.get("kerberos.addr_type")) == NETBIOS_ADDRESS:
            names.append(re.sub(r"<..>$", "", element.find("kerberos.addr_nb", "")).strip())
    return names


def request_facts(element):
    body = element.tree("kerberos.req_body_element")
    padata = padata_of(element.tree("kerberos.padata_tree"))
    cname, cname_type = name_of(body.tree("kerberos.cname_element"))
    sname, sname_type = name_of(body.tree("kerberos.sname_element"))
    facts = {"cname": cname, "cname_type": cname_type, "realm": body.get("kerberos.realm", ""), "sname": sname,
             "sname_type": sname_type, "kdc_options": number(body.get("kerberos.kdc_options")),
             "till": time_of(body.get("kerberos.till")), "rtime": time_of(body.get("kerberos.rtime")),
             "nonce": number(body.get("kerberos.nonce")),
             "etypes": [number(etype) for etype in body.tree("kerberos.kdc-req-body.etype_tree").all(
                 "kerberos.ENCTYPE")],
             "padata": [kind for kind, _ in padata], "host_names": host_names(body),
             "armored": any(kind == PA_FX_FAST for kind, _ in padata), "preauth_etype": 0, "pac_request": "absent",
             "for_user": "", "tgt_etype": 0, "tgt_kvno": 0, "tgt_sname": "", "tgt_cipher": "",
             "authenticator_etype": 0}
    for kind, value in padata:
        padata_facts(facts, kind, value)
    return facts


def padata_facts(facts, kind, value):
    if kind == PA_ENC_TIMESTAMP:
        facts["preauth_etype"] = number(value.find("kerberos.etype"))
    elif kind == PA_PAC_REQUEST and value.find("kerberos.include_pac") is not None:
        facts["pac_request"] = "yes" if value.find("kerberos.include_pac") == "1" else "no"
    elif kind == PA_FOR_USER:
        facts["for_user"] = name_of(value.tree("kerberos.name_element"))[0]
    elif kind == PA_S4U_X509_USER and not facts["for_user"]:
        facts["for_user"] = name_of(Node(value.find("kerberos.user_id_element", Node())))[0]
    elif kind == PA_TGS_REQ:
        request = value.tree("kerberos.ap_req_element")
        ticket = ticket_facts(request.tree("kerberos.ticket_element"), "tgt_")
        facts.update({name: ticket[name] for name in ("tgt_etype", "tgt_kvno", "tgt_sname", "tgt_cipher")})
        facts["authenticator_etype"] = number(request.tree("kerberos.authenticator_element").get("kerberos.etype"))


def reply_facts(element):
    cname, cname_type = name_of(element.tree("kerberos.cname_element"))
    facts = {"cname": cname, "cname_type": cname_type, "crealm": element.get("kerberos.crealm", ""),
             "error_code": 0, "error_text": "", "offered_etypes": [],
             "reply_etype": number(element.tree("kerberos.enc_part_element").get("kerberos.etype")),
             "reply_padata": [kind for kind, _ in padata_of(element.tree("kerberos.padata_tree"))]}
    facts.update(ticket_facts(element.tree("kerberos.ticket_element"), "ticket_"))
    facts["offered_etypes"] = offered(element)
    return facts


def offered(node):
    """ETYPE-INFO2 (5.2.7.5) before ETYPE-INFO, wherever in the message."""
    for kind in ("kerberos.ETYPE_INFO2_ENTRY_element", "kerberos.ETYPE_INFO_ENTRY_element"):
        etypes = [number(value.get("kerberos.etype")) for name, value in node.walk()
                  if name == kind and isinstance(value, Node)]
        if etypes:
            return etypes
    return []


def error_facts(element):
    facts = reply_facts(element)
    sname, sname_type = name_of(element.tree("kerberos.sname_element"))
    facts.update({"error_code": number(element.get("kerberos.error_code")), "sname": sname, "sname_type": sname_type,
                  "error_text": element.get("kerberos.e_text", ""), "realm": element.get("kerberos.realm", ""),
                  "reply_padata": [kind for kind, _ in padata_of(element.tree("kerberos.e_data_tree"))]})
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
            for kind, element in find_messages(node):
                messages.append(Message(frame, kind, carrier, facts_of(kind, element)))
                if element.get("kerberos.e_data") and not element.tree("kerberos.e_data_tree"):
                    frame.marks.add("e_data_unread")
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


ABSENT = {"etypes": [], "padata": [], "host_names": [], "offered_etypes": [], "reply_padata": [], "armored": False,
          "pac_request": "absent"}
TEXTS = {"cname", "crealm", "realm", "sname", "for_user", "tgt_sname", "error_text", "ticket_sname", "ticket_realm"}
TIMES = {"till", "rtime"}
CIPHERS = {"ticket_cipher": "ticket", "tgt_cipher": "tgt"}  # told as fingerprints
ANSWER_FIRST = {"crealm", "error_code", "error_text", "offered_etypes", "reply_etype", "reply_padata"}


def ours_of(record, field):
    if field in TIMES:
        return record_time(record.get(field))
    if field in TEXTS:
        return as_ascii(record.get(field, ""))
    return record.get(field, ABSENT.get(field, 0))


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
        elif field.startswith("ticket_") or field in ANSWER_FIRST:
            facts[field] = value
        elif not request:
            facts[field] = value
    return facts


def compare_field(record, prefix, field, frame, theirs, report):
    if field in CIPHERS:
        report.fingerprint("kerberos", prefix + CIPHERS[field], frame, record.get(CIPHERS[field]), theirs)
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
        frame = reply.frame if reply and (field in ANSWER_FIRST or not request) else request.frame
        compare_field(record, "", field, frame, theirs, report)
    if request:
        frame = request.frame
        answer = request.answer.frame.number if request.answer else 0
        report.field("kerberos", "pairing", frame, record.get("reply_frame", 0), answer)
        report.field("kerberos", "transport", frame, record.get("transport"), request.carrier)
        report.ends("kerberos", frame, record, frame.source, frame.target)


def compare_ap(record, messages, report):
    request = take(messages, record["request_frame"], ("AP-REQ",))
    report.message(request, "kerberos", record["request_frame"], "AP-REQ")
    if not request:
        return
    for field, theirs in request.facts.items():
        compare_field(record, "ap ", field, request.frame, theirs, report)
    report.field("kerberos", "ap transport", request.frame, record.get("transport"), request.carrier)
    # What answered it may also be the carrier's own verdict; an AP-REP of the server is the answer.
    answer = take(messages, record.get("reply_frame"), ("AP-REP", "KRB-ERROR"))
    if answer:
        report.field("kerberos", "ap reply", answer.frame, record.get("reply"),
                     "reply" if answer.kind == "AP-REP" else "error")
        report.field("kerberos", "ap error_code", answer.frame, record.get("error_code", 0),
                     answer.facts.get("error_code", 0))
    report.ends("kerberos", request.frame, record, request.frame.source, request.frame.target)


def compare(frames, records, report):
    messages = messages_of(frames)
    clients = {(message.frame.stream, message.frame.source) for message in messages if message.kind == "AP-REQ"}
    for record in records:
        if record["type"] != "kerberos":
            continue
        if record.get("message") == "ap":
            compare_ap(record, messages, report)
        else:
            compare_exchange(record, messages, report)
    for message in messages:
        if not message.taken:
            own = message.kind == "AP-REP" and (message.frame.stream, message.frame.source) in clients
            report.unseen("kerberos", message.frame, "%s%s in %s" % (
                message.kind, " of the client" if own else "", message.carrier))
