"""facts_ldap - LDAP messages of a dissection, and our observations held to them.

RFC 4511 unless said otherwise. Each LDAPMessage is one fact; requests and answers are paired here by message id, as tshark
pairs only some. Filters are written from tshark's tree of their parts by RFC 4515, not taken from its own text, which leaves
out sequences of one and writes some values in words.
"""

import uuid

from dissection import Node, number

REQUESTS = {0: "bind", 2: "unbind", 3: "search", 6: "modify", 8: "add", 10: "delete", 12: "modify_dn", 14: "compare",
            16: "abandon", 23: "extended"}
ANSWERS = {1: "bind", 4: "search", 5: "search", 19: "search", 7: "modify", 9: "add", 11: "delete", 13: "modify_dn",
           15: "compare", 24: "extended", 25: "unknown"}
ENTRY, REFERENCE, INTERMEDIATE = 4, 19, 25
SCOPES = ["base_object", "single_level", "whole_subtree", "subordinate_subtree"]
DEREFS = ["never", "in_searching", "finding_base", "always"]
CHANGES = ["add", "delete", "replace", "increment"]
OBJECTS_MAX, SIDS_MAX, ACCOUNTS_MAX, REFERRALS_MAX = 32, 16, 16, 8
SECRETS = {"unicodepwd", "userpassword"}


class Message:
    def __init__(self, frame, node, signed):
        self.frame = frame
        self.id = number(node.get("ldap.messageID"))
        self.op = number(node.get("ldap.protocolOp"))
        self.protection = "signed" if signed else "none"
        self.node = node
        body = node.tree("ldap.protocolOp_tree")
        self.body = next((child for _, child in body.nodes()), body)
        self.taken = False
        self.facts = {}
        if self.op in REQUESTS:
            self.facts = request_facts(self)


def text_of(value):
    """tshark writes an octet string as text or, where it does not know it to be text, as 0c:00:1f."""
    return as_bytes(value).decode("utf-8", "replace")


def as_bytes(value):
    parts = (value or "").split(":")
    if value and all(len(part) == 2 and set(part) <= set("0123456789abcdef") for part in parts):
        return bytes(int(part, 16) for part in parts)
    return (value or "").encode("utf-8")


def escaped(raw):
    """RFC 4515 3: NUL, parentheses, asterisk, backslash and what is no UTF-8 as \\xx; controls too."""
    out = []
    for char in raw.decode("utf-8", "surrogateescape"):
        code = ord(char)
        if 0xdc80 <= code <= 0xdcff:
            out.append("\\%02x" % (code - 0xdc00))
        elif code < 0x20 or code == 0x7f or char in "*()\\":
            out.append("\\%02x" % code)
        else:
            out.append(char)
    return "".join(out)


def assertion_bytes(node):
    """A value of a filter that tshark knows as a number or an identifier stands in clear in none of its fields."""
    flags = node.get("mscldap.ntver.flags")
    if flags is not None:
        return number(flags).to_bytes(4, "little")
    guid = node.get("ldap.guid") or node.get("mscldap.domain.guid")
    if guid is not None:
        return uuid.UUID(guid).bytes_le
    if node.get("ldap.assertionValue_tree") is not None and node.tree("ldap.assertionValue_tree").get("nt.sid.revision"):
        return sid_bytes(node.get("ldap.assertionValue"))
    return as_bytes(node.get("ldap.assertionValue"))


def sid_bytes(text):
    parts = [int(part) for part in text.split("-")[1:]]
    return (bytes([parts[0], len(parts) - 2]) + parts[1].to_bytes(6, "big")
            + b"".join(part.to_bytes(4, "little") for part in parts[2:]))


def filter_items(node, name):
    """The filters of an and, or or not: each has a tree of its own."""
    return [tree for key, child in node.nodes() for inner, tree in child.nodes() if inner == name + "_item_tree"] or [
        child for key, child in node.nodes() if key == name + "_item_tree"]


RELATIONS = {"ldap.equalityMatch_element": "=", "ldap.greaterOrEqual_element": ">=", "ldap.lessOrEqual_element": "<=",
             "ldap.approxMatch_element": "~="}


def filter_of(node):
    if node.get("ldap.present") is not None:
        return "(%s=*)" % node.get("ldap.present")
    for name, relation in RELATIONS.items():
        if node.get(name) is not None:
            part = node.tree(name)
            return "(%s%s%s)" % (part.get("ldap.attributeDesc"), relation, escaped(assertion_bytes(part)))
    if node.get("ldap.extensibleMatch_element") is not None:
        return extensible_of(node.tree("ldap.extensibleMatch_element"))
    for name, child in node.nodes():
        if name.startswith("substring: "):
            return substrings_of(child.tree("ldap.substrings_element"))
        for name, sign in (("ldap.and", "&"), ("ldap.or", "|"), ("ldap.not", "!")):
            tree = child if child.get(name + "_tree") is None else child.tree(name + "_tree")
            if child.get(name + "_tree") is not None or child.get(name) is not None:
                if name == "ldap.not":
                    return "(!%s)" % filter_of(next(c for _, c in child.nodes()))
                return "(%s%s)" % (sign, "".join(filter_of(item) for item in filter_items(tree, name)))
    return "?"


def substrings_of(part):
    text, last = "", None
    for name, value in part.walk():
        if name in ("ldap.initial", "ldap.any", "ldap.final"):
            text += ("" if name == "ldap.initial" else "*") + escaped(as_bytes(value))
            last = name
    return "(%s=%s%s)" % (part.get("ldap.type"), text, "" if last == "ldap.final" else "*")


def extensible_of(part):
    rule = part.get("ldap.matchingRule")
    dn = ":dn" if part.get("ldap.dnAttributes") == "1" else ""
    return "(%s%s%s:=%s)" % (part.get("ldap.type", ""), dn, ":" + rule if rule else "",
                             escaped(as_bytes(part.get("ldap.matchValue"))))


def find_filter(body):
    for name, child in body.nodes():
        if name.startswith("Filter:"):
            return filter_of(child.tree("ldap.filter_tree"))
    return "?"


def controls_of(message):
    return [node for _, node in message.node.tree("ldap.controls_tree").nodes()]


def request_facts(message):
    body, facts = message.body, {}
    kind = REQUESTS[message.op]
    if kind == "bind":
        facts.update(bind_facts(body))
    elif kind == "search":
        facts.update({"object": body.get("ldap.baseObject", ""), "scope": SCOPES[number(body.get("ldap.scope"))],
                      "deref_aliases": DEREFS[number(body.get("ldap.derefAliases"))],
                      "size_limit": number(body.get("ldap.sizeLimit")),
                      "time_limit": number(body.get("ldap.timeLimit")),
                      "types_only": body.get("ldap.typesOnly") == "1", "filter": find_filter(body),
                      "attributes": body.tree("ldap.attributes_tree").all("ldap.AttributeDescription")})
    elif kind == "modify":
        facts.update({"object": body.get("ldap.object", ""), "changes": modifications(body)})
    elif kind == "add":
        facts.update({"object": body.get("ldap.entry", ""), "changes": [
            ("add",) + attribute_of(node) for _, node in body.tree("ldap.attributes_tree").nodes()]})
    elif kind == "modify_dn":
        facts.update({"object": body.get("ldap.entry", ""), "new_rdn": body.get("ldap.newrdn", ""),
                      "delete_old_rdn": body.get("ldap.deleteoldrdn") == "1",
                      "new_superior": body.get("ldap.newSuperior", "")})
    elif kind == "extended":
        facts["extended_oid"] = body.get("ldap.requestName", "")
    elif kind == "delete":
        facts["object"] = message.node.tree("ldap.protocolOp_tree").get("ldap.delRequest", "")
    elif kind == "abandon":
        facts["abandoned_id"] = number(message.node.tree("ldap.protocolOp_tree").get("ldap.abandonRequest"))
    elif kind == "compare":
        part = body.tree("ldap.ava_element")
        facts.update({"object": body.get("ldap.entry", ""), "filter": "(%s=%s)" % (
            part.get("ldap.attributeDesc"), escaped(assertion_bytes(part)))})
    facts.update(control_facts(message))
    return facts


def control_facts(message):
    controls = controls_of(message)
    facts = {"controls": [node.get("ldap.controlType") for node in controls], "page_size": 0, "page_continued": False}
    for node in controls:
        if node.get("ldap.controlType") == "1.2.840.113556.1.4.319":
            value = node.tree("ldap.SearchControlValue_element")
            facts["page_size"] = number(value.get("ldap.size"))
            facts["page_continued"] = bool(value.get("ldap.cookie"))
    return facts


def bind_facts(body):
    auth = body.tree("ldap.authentication_tree")
    facts = {"version": number(body.get("ldap.version")), "bind_name": body.get("ldap.name", ""),
             "mechanism": auth.tree("ldap.sasl_element").get("ldap.mechanism", ""), "password": ""}
    choice = number(body.get("ldap.authentication"))
    if choice == 0:
        password = auth.get("ldap.simple", "")
        facts["bind_method"] = "simple" if password else "unauthenticated" if facts["bind_name"] else "anonymous"
        facts["password"] = password
    else:
        facts["bind_method"] = {3: "sasl", 10: "sicily_negotiate", 11: "sicily_response"}.get(choice, "unknown")
    return facts


def attribute_of(node):
    """(attribute, how many values, the values that are text)."""
    name = node.get("ldap.type", "")
    values = [text_of(value) for key, value in node.tree("ldap.vals_tree") if key == "ldap.AttributeValue"]
    return name, number(node.get("ldap.vals")), [] if name.lower() in SECRETS else values


def modifications(body):
    changes = []
    for _, node in body.tree("ldap.modification_tree").nodes():
        kind = CHANGES[number(node.get("ldap.operation"))]
        changes.append((kind,) + attribute_of(node.tree("ldap.modification_element")))
    return changes


NETLOGON = {"netlogon_forest": "mscldap.forest", "netlogon_dns_domain": "mscldap.domain",
            "netlogon_dns_host": "mscldap.hostname", "netlogon_domain": "mscldap.nb_domain",
            "netlogon_host": "mscldap.nb_hostname", "netlogon_user": "mscldap.username",
            "netlogon_dc_site": "mscldap.sitename", "netlogon_client_site": "mscldap.clientsitename",
            "netlogon_domain_guid": "mscldap.domain.guid"}


def compressed_name(raw, at):
    """(name, position behind it), RFC 1035 4.1.4."""
    labels, end = [], None
    while raw[at]:
        if raw[at] >= 0xc0:
            end = at + 2 if end is None else end
            at = (raw[at] & 0x3f) << 8 | raw[at + 1]
            continue
        labels.append(raw[at + 1:at + 1 + raw[at]].decode("utf-8", "replace"))
        at += 1 + raw[at]
    return ".".join(labels), at + 1 if end is None else end


def netlogon_of_bytes(raw):
    """NETLOGON_SAM_LOGON_RESPONSE_EX without its optional members (MS-ADTS 6.3.1.9), where tshark leaves the bytes."""
    facts = {"netlogon_opcode": int.from_bytes(raw[:2], "little"), "netlogon_flags": int.from_bytes(raw[4:8], "little"),
             "netlogon_version": int.from_bytes(raw[-8:-4], "little"),
             "netlogon_domain_guid": str(uuid.UUID(bytes_le=raw[8:24]))}
    at = 24
    for field in NETLOGON:
        if field != "netlogon_domain_guid":
            facts[field], at = compressed_name(raw, at)
    return facts


def netlogon_facts(values):
    """Of the forms that tshark 4.0 reads whole: opcode 23 (and 25, of which it reads only the versions)."""
    raw = values.get("ldap.AttributeValue")
    if raw is not None:
        return netlogon_of_bytes(as_bytes(raw))
    facts = {"netlogon_opcode": number(values.get("mscldap.netlogon.opcode"))}
    if values.get("mscldap.netlogon.flags") is None:
        return facts
    facts["netlogon_flags"] = number(values.get("mscldap.netlogon.flags"))
    facts["netlogon_version"] = number(values.get("mscldap.ntver.flags"))
    for field, name in NETLOGON.items():
        value = values.get(name, "")
        facts[field] = "" if value == "<Root>" else value
    facts["netlogon_host"] = facts["netlogon_host"].lstrip("\\")
    return facts


def answer_facts(answers):
    """What the record says of all answers to one request."""
    facts = {"entries": 0, "references": 0, "intermediates": 0, "objects": [], "object_sids": [], "accounts": [],
             "referrals": []}
    for answer in answers:
        if answer.op == ENTRY:
            entry_facts(facts, answer.body)
        elif answer.op == REFERENCE:
            facts["references"] += 1
            facts["referrals"] += [value for name, value in answer.node.walk() if name == "ldap.LDAPURL"]
        elif answer.op == INTERMEDIATE:
            facts["intermediates"] += 1
        else:
            facts.update({"result_code": number(answer.body.get("ldap.resultCode")),
                          "matched_dn": answer.body.get("ldap.matchedDN", ""),
                          "diagnostic": answer.body.get("ldap.errorMessage", ""),
                          "reply_controls": [node.get("ldap.controlType") for node in controls_of(answer)]})
    facts["objects"] = facts["objects"][:OBJECTS_MAX]
    facts["object_sids"] = facts["object_sids"][:SIDS_MAX]
    facts["accounts"] = facts["accounts"][:ACCOUNTS_MAX]
    facts["referrals"] = facts["referrals"][:REFERRALS_MAX]
    return facts


def entry_facts(facts, body):
    facts["entries"] += 1
    if body.get("ldap.objectName"):
        facts["objects"].append(body.get("ldap.objectName"))
    for _, attribute in body.tree("ldap.attributes_tree").nodes():
        name, values = attribute.get("ldap.type", "").lower(), attribute.tree("ldap.vals_tree")
        if name == "objectsid":
            facts["object_sids"] += values.all("ldap.sid")
        elif name == "samaccountname":
            facts["accounts"] += [text_of(value) for value in values.all("ldap.AttributeValue")]
        elif name == "netlogon":
            facts.update(netlogon_facts(values))


def find_messages(node, signed=False):
    for name, value in node.nodes():
        if name == "ldap.LDAPMessage_element":
            yield value, signed
        else:
            yield from find_messages(value, signed or name == "SASL Buffer")


def sealed(layer):
    """A buffer that tshark knows to be encrypted, or of whose token it knows nothing."""
    return layer.get("ldap.sasl_buffer_length") is not None and layer.get("SASL Buffer") != ""


def messages_of(frames):
    messages, sealed_frames = [], []
    for frame in frames:
        for name, layer in frame.layers.nodes():
            if name not in ("ldap", "cldap"):
                continue
            found = list(find_messages(layer))
            messages += [Message(frame, node, signed) for node, signed in found]
            if not found and sealed(layer):
                sealed_frames.append(frame)
    return messages, sealed_frames


def take(messages, op_kinds, stream, frame, message_id):
    for message in messages:
        if (not message.taken and message.op in op_kinds and message.frame.stream == stream
                and message.frame.number == frame and message.id == message_id):
            message.taken = True
            return message
    return None


def ours_of(record, field, theirs):
    if field == "changes":
        return [(change.get("kind"), change.get("attribute"), change.get("value_count", 0), change.get("values", []))
                for change in record.get("changes", [])]
    if isinstance(theirs, bool):
        return record.get(field, False)
    return record.get(field, [] if isinstance(theirs, list) else "" if isinstance(theirs, str) else 0)


def compare_facts(record, facts, frame, report):
    for field, theirs in facts.items():
        if field == "password":
            report.fingerprint("ldap", field, frame, record.get(field), theirs)
        else:
            report.field("ldap", field, frame, ours_of(record, field, theirs), theirs)


def answers_of(messages, request_or_reply, record):
    """The answers from the request up to the last that the record names, in their order."""
    stream, message_id = request_or_reply.frame.stream, request_or_reply.id
    last = record.get("reply_frame", 0)
    answers = []
    for message in messages:
        if (message.op in ANSWERS and not message.taken and message.frame.stream == stream and message.id == message_id
                and message.frame.number <= last):
            message.taken = True
            answers.append(message)
            if message.op not in (ENTRY, REFERENCE, INTERMEDIATE):
                break
    return answers


def compare_sealed(record, sealed_frames, told, report):
    number_of = record.get("request_frame") or record.get("reply_frame")
    frame = next((frame for frame in sealed_frames if frame.number == number_of), None)
    report.message(frame, "ldap", number_of, "sealed message")
    if frame and frame.stream not in told:
        told[frame.stream] = frame
        first = next(other for other in sealed_frames if other.stream == frame.stream)
        report.field("ldap", "first sealed", frame, frame.number, first.number)


def compare_exchange(record, messages, report):
    request = None
    operation = record.get("operation")
    kinds = [op for op, name in REQUESTS.items() if name == operation]
    stream = next((m.frame.stream for m in messages if m.frame.number == (
        record.get("request_frame") or record.get("reply_frame"))), None)
    if "request_frame" in record:
        request = take(messages, kinds, stream, record["request_frame"], record.get("message_id", 0))
        report.message(request, "ldap", record["request_frame"], operation)
    if request:
        compare_facts(record, request.facts, request.frame, report)
        report.field("ldap", "protection", request.frame, record.get("protection", "none"), request.protection)
        report.ends("ldap", request.frame, record, request.frame.source, request.frame.target)
    if "reply_frame" not in record:
        return
    anchor = request or next((m for m in messages if m.frame.number == record["reply_frame"]
                              and m.id == record.get("message_id", 0)), None)
    answers = answers_of(messages, anchor, record) if anchor else []
    report.message(answers, "ldap", record["reply_frame"], operation + " answer")
    if answers:
        compare_facts(record, answer_facts(answers), answers[-1].frame, report)
        report.field("ldap", "pairing", answers[-1].frame, record["reply_frame"], answers[-1].frame.number)


def compare(frames, records, report):
    messages, sealed_frames = messages_of(frames)
    told = {}
    for record in records:
        if record["type"] != "ldap":
            continue
        if record.get("unread") == "encrypted":
            compare_sealed(record, sealed_frames, told, report)
        else:
            compare_exchange(record, messages, report)
    for message in messages:
        if not message.taken:
            kind = REQUESTS.get(message.op) or ANSWERS.get(message.op, "?") + " answer"
            report.unseen("ldap", message.frame, "%s %d" % (kind, message.id))
    for frame in sealed_frames:
        if frame.stream not in told:
            told[frame.stream] = frame
            report.unseen("ldap", frame, "sealed message")
