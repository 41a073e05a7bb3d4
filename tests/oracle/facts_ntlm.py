"""facts_ntlm - NTLM messages of a dissection, and our observations held to them (MS-NLMP 2.2.1).

One observation joins up to three messages; each is held to its own frame.
"""

from dissection import number

NEGOTIATE, CHALLENGE, AUTHENTICATE = 1, 2, 3
NAMES = {NEGOTIATE: "NEGOTIATE", CHALLENGE: "CHALLENGE", AUTHENTICATE: "AUTHENTICATE"}
CARRIERS = {"smb2": "smb", "smb": "smb", "dcerpc": "rpc", "ldap": "ldap", "cldap": "ldap", "http": "http"}
TARGET = "ntlmssp.challenge.target_info."
RESPONSE = "ntlmssp.ntlmv2_response."
SERVER = {"server_name": "nb_computer_name", "server_domain": "nb_domain_name",
          "server_dns_name": "dns_computer_name", "server_dns_domain": "dns_domain_name"}


class Message:
    def __init__(self, frame, carrier, node):
        self.frame = frame
        self.carrier = carrier
        self.node = node
        self.type = number(node.get("ntlmssp.messagetype"))
        self.taken = False

    def flags(self):
        return number(self.node.get("ntlmssp.negotiateflags"))

    def text(self, name):
        """tshark writes NULL for a string of no bytes."""
        text = self.node.find(name, "")
        return "" if text == "NULL" else text

    def server(self, prefix):
        return {ours: self.node.find(prefix + theirs, "") for ours, theirs in SERVER.items()}

    def response(self):
        """Which response an AUTHENTICATE holds (3.3), as the records name it."""
        if self.node.find("ntlmssp.ntlmv2_response.ntproofstr") is not None:
            return "ntlmv2"
        if self.buffer_size("ntlmssp.auth.ntresponse") or self.buffer_size("ntlmssp.auth.lmresponse") > 1:
            return "ntlmv1"
        return "anonymous"

    def proof(self):
        if self.response() == "anonymous":
            return ""
        return self.node.find(RESPONSE + "ntproofstr") or self.node.get("ntlmssp.auth.ntresponse")

    def buffer_size(self, name):
        """Of an empty buffer tshark shows the bytes of its descriptor, and no length below it."""
        return number(self.node.tree(name + "_tree").get("ntlmssp.blob.length"))


def find_messages(node):
    for name, value in node.nodes():
        if name == "ntlmssp" and value.get("ntlmssp.messagetype") is not None:
            yield value
        else:
            yield from find_messages(value)


def messages_of(frames):
    messages = []
    for frame in frames:
        for layer, node in frame.layers.nodes():
            if layer == "ntlmssp":
                node = type(node)([(layer, node)])
            for message in find_messages(node):
                messages.append(Message(frame, CARRIERS.get(layer, frame.transport()), message))
    return messages


def take(messages, frame, kind, report):
    found = None
    for message in messages:
        if message.frame.number == frame and message.type == kind and not message.taken:
            found = message
            found.taken = True
            break
    report.message(found, "ntlm", frame, NAMES[kind])
    return found


def ours_of(record, field):
    return record.get(field, "")


def compare_authenticate(record, message, challenge, report):
    field = lambda name, theirs: report.field("ntlm", name, message.frame, ours_of(record, name), theirs)
    field("user", message.text("ntlmssp.auth.username"))
    field("domain", message.text("ntlmssp.auth.domain"))
    field("workstation", message.text("ntlmssp.auth.hostname"))
    field("response", message.response())
    field("target_spn", message.text(RESPONSE + "target_name"))
    report.field("ntlm", "mic", message.frame, record.get("mic", False),
                 message.node.find("ntlmssp.authenticate.mic") is not None)
    report.fingerprint("ntlm", "proof", message.frame, record.get("proof"), message.proof())
    if not challenge:
        for name, theirs in message.server(RESPONSE).items():
            field(name, theirs)


def compare_record(record, messages, report):
    negotiate = challenge = authenticate = None
    if "negotiate_frame" in record:
        negotiate = take(messages, record["negotiate_frame"], NEGOTIATE, report)
    if "challenge_frame" in record:
        challenge = take(messages, record["challenge_frame"], CHALLENGE, report)
    if record.get("request_frame", 0) not in (0, record.get("negotiate_frame", 0)):
        authenticate = take(messages, record["request_frame"], AUTHENTICATE, report)
    last = authenticate or challenge or negotiate
    if not last:
        return
    report.field("ntlm", "negotiate_flags", last.frame, record.get("negotiate_flags", 0), last.flags())
    report.field("ntlm", "carrier", last.frame, record.get("carrier"), last.carrier)
    secret = challenge.node.get("ntlmssp.ntlmserverchallenge") if challenge else None
    report.fingerprint("ntlm", "challenge", last.frame, record.get("challenge"), secret)
    if challenge:
        for name, theirs in challenge.server(TARGET).items():
            report.field("ntlm", name, challenge.frame, ours_of(record, name), theirs)
    if authenticate:
        compare_authenticate(record, authenticate, challenge, report)
    elif negotiate:
        report.field("ntlm", "domain", negotiate.frame, ours_of(record, "domain"),
                     negotiate.text("ntlmssp.negotiate.domain"))
        report.field("ntlm", "workstation", negotiate.frame, ours_of(record, "workstation"),
                     negotiate.text("ntlmssp.negotiate.callingworkstation"))
    client = (last.frame.target, last.frame.source) if last is challenge else (last.frame.source, last.frame.target)
    report.ends("ntlm", last.frame, record, *client)


def compare(frames, records, report):
    messages = messages_of(frames)
    for record in records:
        if record["type"] == "ntlm":
            compare_record(record, messages, report)
    for message in messages:
        if not message.taken and message.type in NAMES:
            report.unseen("ntlm", message.frame, "%s in %s" % (NAMES[message.type], message.carrier))
