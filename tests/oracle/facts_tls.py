"""facts_tls - TLS handshakes of a dissection, and our observations held to them (RFC 8446, RFC 5246).

JA4 is computed here from tshark's fields by the description of FoxIO. Names of certificates are held to what
python3-cryptography reads from the bytes that tshark gives; without it they are not compared.
"""

import calendar
import datetime
import hashlib

from dissection import number

try:
    from cryptography import x509
except ImportError:
    x509 = None

CLIENT_HELLO, SERVER_HELLO, CERTIFICATE, CERTIFICATE_REQUEST = 1, 2, 11, 13
HANDSHAKE, CHANGE_CIPHER_SPEC, ALERT = 22, 20, 21
SERVER_NAME, ALPN = 0, 16
TLS_1_3 = 0x304
RETRY_RANDOM = hashlib.sha256(b"HelloRetryRequest").hexdigest()
FATAL = 2
ALPN_MAX, NAMES_MAX, CIPHERS_MAX, EXTENSIONS_MAX, SIGNATURES_MAX = 8, 8, 128, 48, 48
UPN = "1.3.6.1.4.1.311.20.2.3"


def is_grease(code):
    return code & 0xf0f == 0xa0a and code >> 8 == code & 0xff


def octets(text):
    return bytes.fromhex(text.replace(":", "")) if text else b""


def numbers(node, name):
    return [number(value) for key, value in node.walk() if key == name]


class Hello:
    def __init__(self, frame, body):
        self.frame = frame
        self.version = number(body.get("tls.handshake.version"))
        self.random = octets(body.get("tls.handshake.random"))
        self.session_id = octets(body.get("tls.handshake.session_id"))
        self.ciphers = numbers(body, "tls.handshake.ciphersuite")
        self.extensions = numbers(body, "tls.handshake.extension.type")
        self.server_name = body.find("tls.handshake.extensions_server_name", "")
        self.alpn = [value for key, value in body.walk() if key == "tls.handshake.extensions_alpn_str"]
        self.groups = numbers(body, "tls.handshake.extensions_supported_group")
        self.signatures = []
        self.ticket = False
        for name, extension in body.nodes():
            kind = number(extension.get("tls.handshake.extension.type"), -1)
            if kind == 13:
                self.signatures = numbers(extension, "tls.handshake.sig_hash_alg")
            elif kind == 35:
                self.ticket = number(extension.get("tls.handshake.extension.len")) > 0
            elif kind == 51:
                self.group = number(extension.find("tls.handshake.extensions_key_share_group"))
            elif kind == 43:
                known = [v for v in numbers(extension, "tls.handshake.extensions.supported_version") if not is_grease(v)]
                self.version = max(known, default=self.version)

    group = 0

    def ja4(self):
        """https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md"""
        ciphers = ["%04x" % c for c in self.ciphers if not is_grease(c)]
        extensions = [e for e in self.extensions if not is_grease(e)]
        versions = {0x304: "13", 0x303: "12", 0x302: "11", 0x301: "10", 0x300: "s3", 2: "s2"}
        name = self.alpn[0].encode("utf-8") if self.alpn and self.alpn[0] else b""
        ends = chr(name[0]) + chr(name[-1]) if name else "00"
        if name and not (ends.isascii() and ends.isalnum()):
            ends = name.hex()[0] + name.hex()[-1]
        head = "t%s%s%02d%02d%s" % (versions.get(self.version, "00"), "d" if SERVER_NAME in extensions else "i",
                                    min(len(ciphers), 99), min(len(extensions), 99), ends)
        hashed = ",".join(sorted("%04x" % e for e in extensions if e not in (SERVER_NAME, ALPN)))
        if any(not is_grease(s) for s in self.signatures):
            hashed += "_" + ",".join("%04x" % s for s in self.signatures if not is_grease(s))
        return "_".join([head] + [hashlib.sha256(text.encode()).hexdigest()[:12] if text else "0" * 12
                                  for text in (",".join(sorted(ciphers)), hashed)])


class Handshake:
    """What one stream says in clear."""

    def __init__(self):
        self.clients = []
        self.servers = []
        self.certificates = {}  # True: of the server
        self.asked = self.retried = False
        self.changed = set()
        self.alert = None
        self.alert_frame = None
        self.ends = None

    def first(self):
        """The frame of what was seen first of it, hellos before alerts."""
        hellos = self.clients or self.servers
        return hellos[0].frame if hellos else self.alert_frame

    def take(self, frame, record):
        kind = number(record.get("tls.record.content_type"))
        of_server = frame.source == self.ends[1] if self.ends else frame.source[1] < frame.target[1]
        if kind == CHANGE_CIPHER_SPEC:
            self.changed.add(of_server)
        alert = record.tree("tls.alert_message")
        if kind == ALERT and alert.get("tls.alert_message.level") and not self.alert:
            self.alert = (number(alert.get("tls.alert_message.level")), number(alert.get("tls.alert_message.desc")),
                          of_server)
            self.alert_frame = frame
        for name, body in record.nodes():
            if name == "tls.handshake":
                self.take_message(frame, body)

    def take_message(self, frame, body):
        kind = number(body.get("tls.handshake.type"), -1)
        if kind == CLIENT_HELLO:
            self.ends = self.ends or (frame.source, frame.target)
            self.clients.append(Hello(frame, body))
        elif kind == SERVER_HELLO:
            self.ends = self.ends or (frame.target, frame.source)
            hello = Hello(frame, body)
            if hello.random.hex() == RETRY_RANDOM:
                self.retried = True
            else:
                self.servers.append(hello)
        elif kind == CERTIFICATE:
            found = [octets(value) for key, value in body.walk() if key == "tls.handshake.certificate"]
            self.certificates[bool(self.ends) and frame.source == self.ends[1]] = found
        elif kind == CERTIFICATE_REQUEST:
            self.asked = True


def handshakes(frames):
    found = {}
    for frame in frames:
        for name, layer in frame.layers.nodes():
            if name == "tls" and frame.stream:
                for record_name, record in layer.nodes():
                    if record_name == "tls.record":
                        found.setdefault(frame.stream, Handshake()).take(frame, record)
    return {stream: shake for stream, shake in found.items() if shake.first()}


def alternative_names(certificate):
    """By kind, each kind in the certificate's order."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    kinds = ((x509.OtherName, "upn"), (x509.DNSName, "dns"), (x509.RFC822Name, "email"), (x509.IPAddress, "ip"),
             (x509.UniformResourceIdentifier, "uri"))
    out = []
    for form, kind in kinds:
        found = [name for name in names if isinstance(name, form)]
        if kind == "upn":
            found = [name.value[2:].decode("utf-8") for name in found if name.type_id.dotted_string == UPN]
        else:
            found = [name.value for name in found]
        out += ["%s:%s" % (kind, name) for name in found][:NAMES_MAX]
    return out[:NAMES_MAX]


def name_text(name):
    """RFC 4514, with the names of attributes that we know beside those of its section 3."""
    known = dict((
        ("1.2.840.113549.1.9.1", "emailAddress"), ("2.5.4.5", "serialNumber"), ("2.5.4.4", "sn"),
        ("2.5.4.42", "givenName"), ("2.5.4.12", "title")))
    return name.rfc4514_string({x509.ObjectIdentifier(oid): short for oid, short in known.items()})


def instant(text):
    return datetime.datetime.fromisoformat(text[:19] + "+00:00").timestamp() if text else 0


def compare_certificate(record, chain, of_server, field):
    prefix = "" if of_server else "client_"
    field("certificates" if of_server else "client_certificates", len(chain))
    field(prefix + "sha256", hashlib.sha256(chain[0]).hexdigest() if chain else "", "")
    if not x509 or not chain:
        return
    certificate = x509.load_der_x509_certificate(chain[0])
    field(prefix + "subject", name_text(certificate.subject), "")
    field(prefix + "issuer", name_text(certificate.issuer), "")
    field(prefix + "serial", "%x" % certificate.serial_number, "", lambda ours: ours.lstrip("0"))
    field(prefix + "names", alternative_names(certificate), [])
    if of_server:
        field("self_signed", certificate.subject == certificate.issuer, False)
        field("not_before", calendar.timegm(certificate.not_valid_before.timetuple()), "", instant)
        field("not_after", calendar.timegm(certificate.not_valid_after.timetuple()), "", instant)


def compare_client(record, shake, field):
    hello = shake.clients[-1] if shake.retried else shake.clients[0]
    field("request_frame", shake.clients[0].frame.number)
    field("client_version", hello.version)
    field("server_name", hello.server_name, "")
    field("alpn", hello.alpn[:ALPN_MAX], [])
    field("ja4", hello.ja4(), "")
    field("ciphers", hello.ciphers[:CIPHERS_MAX], [])
    field("extensions", hello.extensions[:EXTENSIONS_MAX], [])
    field("groups", hello.groups, [])
    field("signature_algorithms", hello.signatures[:SIGNATURES_MAX], [])


def compare_server(record, shake, field):
    hello = shake.servers[0]
    field("reply_frame", hello.frame.number)
    field("version", hello.version)
    field("cipher", hello.ciphers[0])
    field("group", hello.group)
    field("alpn_agreed", hello.alpn[0] if hello.alpn else "", "")
    if shake.clients:
        same = hello.session_id and hello.session_id == shake.clients[-1].session_id
        resumed = 41 in hello.extensions if hello.version >= TLS_1_3 else same and True not in shake.certificates
        field("resumed", bool(resumed), False)


def compare_record(record, shake, report):
    frame = shake.first()

    def field(name, theirs, absent=0, convert=lambda ours: ours):
        report.field("tls", name, frame, convert(record.get(name, absent)), theirs)

    report.message(True, "tls", frame.number, "handshake")
    if shake.clients:
        compare_client(record, shake, field)
    elif not shake.servers:
        field("reply_frame", shake.alert_frame.number)
    if shake.servers:
        compare_server(record, shake, field)
    sealed = bool(shake.servers) and shake.servers[0].version >= TLS_1_3
    compare_certificate(record, [] if sealed else shake.certificates.get(True, []), True, field)
    compare_certificate(record, [] if sealed else shake.certificates.get(False, []), False, field)
    field("client_certificate_asked", shake.asked and not sealed, False)
    field("retried", shake.retried, False)
    alert = shake.alert if shake.alert and not sealed else (0, 0, False)
    field("alert_level", alert[0])
    field("alert", alert[1])
    field("alert_of_server", alert[2], False)
    done = len(shake.changed) == 2 and not sealed
    field("outcome", "failure" if alert[0] == FATAL else "success" if done else "unknown", "unknown")
    if shake.ends:
        report.ends("tls", frame, record, shake.ends[0], shake.ends[1])


def compare(frames, records, report):
    found = handshakes(frames)
    streams = {frame.number: frame.stream for frame in frames}
    taken = set()
    for record in records:
        if record["type"] != "tls":
            continue
        frame = record.get("request_frame") or record.get("reply_frame") or 0
        stream = streams.get(frame)
        if stream in found and stream not in taken:
            taken.add(stream)
            compare_record(record, found[stream], report)
        else:
            report.message(False, "tls", frame, "handshake")
    for stream, shake in found.items():
        if stream not in taken:
            report.unseen("tls", shake.first(), "handshake")
