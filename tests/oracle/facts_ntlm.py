"""facts_ntlm - NTLM messages of a dissection, and our observations held to them (MS-NLMP 2.2.1).

One observation joins up to three messages; each is held to its own frame.
"""

import calendar
import re
import time

import facts_spnego
from dissection import number

NEGOTIATE, CHALLENGE, AUTHENTICATE = 1, 2, 3
NAMES = {NEGOTIATE: "NEGOTIATE", CHALLENGE: "CHALLENGE", AUTHENTICATE: "AUTHENTICATE"}
CARRIERS = {"smb2": "smb", "smb": "smb", "dcerpc": "rpc", "ldap": "ldap", "cldap": "ldap", "http": "http"}
TARGET = "ntlmssp.challenge.target_info."
RESPONSE = "ntlmssp.ntlmv2_response."
SERVER = {"server_name": "nb_computer_name", "server_domain": "nb_domain_name",
          "server_dns_name": "dns_computer_name", "server_dns_domain": "dns_domain_name",
          "server_dns_tree": "dns_tree_name"}
VERSION_FLAG = 0x02000000
MACHINE_AT, MACHINE_END = 16, 48  # MS-NLMP 2.2.2.2


def ticks(text):
    """100 ns since 1970 of a time as tshark (Jul 19, 2020 13:14:41.166360700 UTC) or we write it; 0 when absent."""
    if not text or text.startswith("No time"):
        return 0
    seconds, _, fraction = re.sub(r" UTC$|Z$", "", text).partition(".")
    form = "%Y-%m-%dT%H:%M:%S" if "T" in seconds else "%b %d, %Y %H:%M:%S"
    return max(0, calendar.timegm(time.strptime(seconds, form)) * 10000000 + int((fraction or "0").ljust(9, "0")[:7]))


def octets(text):
    return bytes.fromhex((text or "").replace(":", ""))


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

    def version(self):
        version = self.node.tree("ntlmssp.version")
        if not version or not self.flags() & VERSION_FLAG:
            return "", 0
        return (".".join(str(number(version.get("ntlmssp.version." + part))) for part in
                         ("major", "minor", "build_number")),
                number(version.get("ntlmssp.version.ntlm_current_revision")))

    def pairs(self, prefix):
        return [number(value) for name, value in self.node.walk() if name == prefix + "item.type"][:-1]

    def lm_response(self):
        size = self.buffer_size("ntlmssp.auth.lmresponse")
        lm, nt = octets(self.node.get("ntlmssp.auth.lmresponse"))[:size], octets(self.node.get("ntlmssp.auth.ntresponse"))
        if size <= 1:
            return "none"
        if size != 24:
            return "other"
        if not any(lm):
            return "zero"
        if self.response() == "ntlmv2":
            return "lmv2"
        return "session" if not any(lm[8:]) else "as_nt" if lm == nt else "lm"

    def client_challenge(self):
        if self.response() == "ntlmv2":
            return self.node.find(RESPONSE + "chal", "")
        lm = self.node.get("ntlmssp.auth.lmresponse", "")
        return lm[:8 * 3 - 1] if self.lm_response() == "session" else ""

    def machine(self):
        return octets(self.node.find(RESPONSE + "restrictions"))[MACHINE_AT:MACHINE_END].hex()

    def tristate(self, name):
        text = self.node.find(name)
        return "absent" if text is None else "yes" if any(octets(text)) else "no"

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
    report.fingerprint("ntlm", "client_challenge", message.frame, record.get("client_challenge"),
                       message.client_challenge())
    report.fingerprint("ntlm", "machine", message.frame, record.get("machine"), message.machine())
    compare_response(record, message, report)
    if not challenge:
        for name, theirs in message.server(RESPONSE).items():
            field(name, theirs)


def compare_response(record, message, report):
    node = message.node
    for name, ours, theirs in (
            ("client_time", ticks(record.get("client_time")), ticks(node.find(RESPONSE + "time"))),
            ("av_flags", record.get("av_flags", 0), number(node.find(RESPONSE + "flags"))),
            ("channel_bindings", record.get("channel_bindings", "absent"),
             message.tristate(RESPONSE + "channel_bindings")),
            ("mic_bytes", record.get("mic_bytes", "absent"), message.tristate("ntlmssp.authenticate.mic")),
            ("lm_response", record.get("lm_response", "none"), message.lm_response()),
            ("session_key", record.get("session_key", False), message.buffer_size("ntlmssp.auth.sesskey") > 0),
            ("response_bytes", record.get("response_bytes", 0), message.buffer_size("ntlmssp.auth.ntresponse")),
            ("client_pairs", record.get("client_pairs", []), message.pairs(RESPONSE))):
        report.field("ntlm", name, message.frame, ours, theirs)


def compare_versions(record, negotiate, challenge, authenticate, report):
    versions = [message for message in (authenticate, negotiate) if message and message.version()[0]]
    if versions:
        report.field("ntlm", "client_version", versions[0].frame,
                     (record.get("client_version", ""), record.get("client_revision", 0)), versions[0].version())
    if negotiate:
        report.field("ntlm", "client_flags", negotiate.frame, record.get("client_flags", 0), negotiate.flags())
        report.field("ntlm", "negotiate_domain", negotiate.frame, record.get("negotiate_domain", ""),
                     negotiate.text("ntlmssp.negotiate.domain"))
        report.field("ntlm", "negotiate_workstation", negotiate.frame, record.get("negotiate_workstation", ""),
                     negotiate.text("ntlmssp.negotiate.callingworkstation"))
    if challenge:
        frame = challenge.frame
        report.field("ntlm", "server_version", frame,
                     (record.get("server_version", ""), record.get("server_revision", 0)), challenge.version())
        report.field("ntlm", "server_flags", frame, record.get("server_flags", 0), challenge.flags())
        report.field("ntlm", "target_name", frame, record.get("target_name", ""),
                     challenge.text("ntlmssp.challenge.target_name"))
        report.field("ntlm", "server_time", frame, ticks(record.get("server_time")),
                     ticks(challenge.node.find(TARGET + "timestamp")))
        report.field("ntlm", "server_pairs", frame, record.get("server_pairs", []), challenge.pairs(TARGET))


def compare_record(record, messages, streams, report):
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
    compare_versions(record, negotiate, challenge, authenticate, report)
    if authenticate or negotiate:
        facts_spnego.compare(record, streams, authenticate or negotiate, "ntlm", report)
    client = (last.frame.target, last.frame.source) if last is challenge else (last.frame.source, last.frame.target)
    report.ends("ntlm", last.frame, record, *client)


def compare(frames, records, report):
    messages = messages_of(frames)
    streams = facts_spnego.tokens_of(frames)
    for record in records:
        if record["type"] == "ntlm":
            compare_record(record, messages, streams, report)
    for message in messages:
        if not message.taken and message.type in NAMES:
            report.unseen("ntlm", message.frame, "%s in %s" % (NAMES[message.type], message.carrier))
