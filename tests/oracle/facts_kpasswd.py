"""facts_kpasswd - messages of the password protocol (RFC 3244) in a dissection, and our observations held to them."""

from dissection import Node, number
from facts_padata import ticket_facts

HEADER_BYTES = 6


class Message:
    def __init__(self, frame, node):
        self.frame = frame
        self.node = node
        self.request = node.find("kerberos.ap_req_element") is not None
        self.taken = False

    def sealed(self):
        return number(Node(self.node.find("kerberos.krb_priv_element", Node())).find("kerberos.etype"))

    def sealed_bytes(self):
        return number(self.node.get("kpasswd.message_len")) - number(self.node.get("kpasswd.ap_req_len")) - HEADER_BYTES


def take(messages, frame, request):
    for message in messages:
        if message.frame.number == frame and message.request == request and not message.taken:
            message.taken = True
            return message
    return None


def compare_request(record, message, report):
    element = message.node.find("kerberos.ap_req_element")
    ticket = ticket_facts(element.tree("kerberos.ticket_element"), "ticket_")
    cipher = ticket.pop("ticket_cipher")
    expected = dict(ticket, version=number(message.node.get("kpasswd.version")),
                    ap_options=number(element.get("kerberos.ap_options")),
                    authenticator_etype=number(element.tree("kerberos.authenticator_element").get("kerberos.etype")),
                    sealed_etype=message.sealed(), sealed_bytes=message.sealed_bytes(),
                    transport=message.frame.transport(), unread="encrypted")
    for field, theirs in expected.items():
        report.field("kpasswd", field, message.frame, record.get(field, 0), theirs)
    report.fingerprint("kpasswd", "ticket", message.frame, record.get("ticket"), cipher)
    report.ends("kpasswd", message.frame, record, message.frame.source, message.frame.target)


def compare_reply(record, message, report):
    answer = Node(message.node.find("kerberos.ap_rep_element", Node()))
    error = Node(message.node.find("kerberos.krb_error_element", Node()))
    expected = {"reply": "error" if error else "reply", "reply_version": number(message.node.get("kpasswd.version")),
                "reply_etype": number(answer.find("kerberos.etype")), "reply_sealed_etype": message.sealed(),
                "reply_sealed_bytes": 0 if error else message.sealed_bytes(),
                "error_code": number(error.get("kerberos.error_code"))}
    for field, theirs in expected.items():
        report.field("kpasswd", field, message.frame, record.get(field, 0), theirs)


def compare(frames, records, report):
    messages = [Message(frame, node) for frame in frames for layer, node in frame.layers.nodes() if layer == "kpasswd"]
    for record in records:
        if record["type"] != "kpasswd":
            continue
        for key, request, compare_one in (("request_frame", True, compare_request), ("reply_frame", False, compare_reply)):
            if key not in record:
                continue
            message = take(messages, record[key], request)
            report.message(message, "kpasswd", record[key], "request" if request else "reply")
            if message:
                compare_one(record, message, report)
    for message in messages:
        if not message.taken:
            report.unseen("kpasswd", message.frame, "request" if message.request else "reply")
