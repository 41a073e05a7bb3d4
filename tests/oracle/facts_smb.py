"""facts_smb - SMB 2 and 3 operations of a dissection, and our observations held to them (MS-SMB2).

Each operation of a compound message is one fact, and each sealed message. SMB 1 is held by facts_smb1.
"""

import facts_smb1
import facts_smb2
from dissection import number

COMMANDS = ["negotiate", "session_setup", "logoff", "tree_connect", "tree_disconnect", "create", "close", "flush",
            "read", "write", "lock", "ioctl", "cancel", "echo", "query_directory", "change_notify", "query_info",
            "set_info", "oplock_break"]
ALGORITHMS = ["unknown", "none", "lznt1", "lz77", "lz77_huffman", "pattern_v1", "lz4"]
STATUS_PENDING = 0x103
HANDLE = "GUID handle File: "


class Operation:
    def __init__(self, frame, layer):
        head = layer.tree("SMB2 Header")
        body = layer[-1][1] if len(layer) > 1 else []
        self.frame = frame
        self.taken = False
        self.body = body
        self.flags = number(head.get("smb2.flags"))
        self.credit_charge = number(head.get("smb2.credit.charge"))
        self.credits = number(head.get("smb2.credits.requested", head.get("smb2.credits.granted")))
        self.channel_sequence = number(head.get("smb2.channel_sequence"))
        self.async_id = number(head.get("smb2.aid"))
        self.command = COMMANDS[number(head.get("smb2.cmd"))]
        self.response = head.tree("smb2.flags_tree").get("smb2.flags.response") == "1"
        self.signed = head.tree("smb2.flags_tree").get("smb2.flags.signature") == "1"
        self.status = number(head.get("smb2.nt_status"))
        self.message_id = number(head.get("smb2.msg_id"))
        self.session_id = number(head.get("smb2.sesid"))
        self.tree_id = number(head.get("smb2.tid"))
        self.response_to = number(head.get("smb2.response_to"))
        self.user = head.tree("smb2.sesid_tree").get("smb2.acct", "")
        self.domain = head.tree("smb2.sesid_tree").get("smb2.domain", "")
        self.share = head.tree("smb2.tid_tree").get("smb2.tree", "")
        self.file = None
        self.file_name = None  # as far as tshark knows it
        self.access = self.bytes = self.dialect = 0
        self.encrypts = False
        if hasattr(body, "walk"):
            self.read_body(body)

    def read_body(self, body):
        if self.command == "create" and not self.response:
            self.file_name = body.find("smb2.filename", "")
            self.access = number(body.find("smb.access_mask"))
        elif self.command == "tree_connect" and not self.response:
            self.share = body.find("smb2.tree", "")
        elif self.command == "negotiate" and self.response:
            self.dialect = number(body.find("smb2.dialect"))
        elif self.command == "session_setup" and self.response:
            self.encrypts = body.find("smb2.ses_flags.encrypt") == "1"
        elif self.command == "read" and self.response:
            self.bytes = number(body.get("smb2.olb.length"))
        elif self.command == "write":
            self.bytes = number(body.get("smb2.write.count" if self.response else "smb2.write_length"))
        for name, value in body.walk():
            if name.startswith("GUID handle"):
                self.file = self.file or value.get("smb2.fid")
                if name.startswith(HANDLE) and self.file_name is None:
                    self.file_name = name[len(HANDLE):]

    def is_of(self, record):
        """Between the ends of this record, by ports."""
        client, server = record.get("client_port", 0), record.get("server_port", 0)
        source, target = self.frame.source[1], self.frame.target[1]
        return (client, server) == ((target, source) if self.response else (source, target))

    def has_body(self):
        """An error has another one (MS-SMB2 2.2.2)."""
        return self.status >> 30 < 2

    def kind(self):
        if self.response and self.status == STATUS_PENDING:
            return "interim response"
        return "%s %s" % (self.command, "response" if self.response else "request")


class Sealed:
    def __init__(self, frame, head):
        self.frame = frame
        self.session_id = number(head.get("smb2.sesid"))
        self.taken = False


class Conversations:
    """What the operations of a capture say together."""

    def __init__(self, frames):
        self.operations = []
        self.sealed = []
        self.compressed = []  # (frame, header)
        self.dialects = {}  # stream -> [(frame, dialect)]
        self.sealing = {}   # (stream, session id) -> first frame from which the session is sealed
        for frame in frames:
            for name, layer in frame.layers.nodes():
                if name == "smb2":
                    self.take(frame, layer)
        self.by_name = {}
        for operation in self.operations:
            name = (operation.message_id, operation.command, operation.response)
            self.by_name.setdefault(name, []).append(operation)

    def take(self, frame, layer):
        head = layer.tree("SMB2 Compression Transform Header")
        if head:
            self.compressed.append((frame, head))
        head = layer.tree("SMB2 Transform Header")
        if head:
            sealed = Sealed(frame, head)
            self.sealed.append(sealed)
            self.sealing.setdefault((frame.stream, sealed.session_id), frame.number)
        if not layer.tree("SMB2 Header"):
            return
        operation = Operation(frame, layer)
        self.operations.append(operation)
        if operation.dialect:
            self.dialects.setdefault(frame.stream, []).append((frame.number, operation.dialect))
        if operation.encrypts:
            self.sealing.setdefault((frame.stream, operation.session_id), frame.number)

    def find(self, record, response, report):
        """The operation that our record names, in that frame, else the nearest one of the same conversation."""
        frame = record["reply_frame" if response else "request_frame"]
        kind = "%s %s" % (record["command"], "response" if response else "request")
        best = None
        for operation in self.by_name.get((record.get("message_id", 0), record["command"], response), []):
            if not operation.taken and operation.kind() == kind and operation.is_of(record):
                if not best or abs(operation.frame.number - frame) < abs(best.frame.number - frame):
                    best = operation
        report.message(best, "smb", frame, kind)
        if best:
            best.taken = True
            report.field("smb", "reply_frame" if response else "request_frame", best.frame, frame, best.frame.number)
        return best

    def dialect(self, frame):
        """The one agreed on before or in this frame."""
        agreed = 0
        for when, dialect in self.dialects.get(frame.stream, []):
            if when <= frame.number:
                agreed = dialect
        return agreed


def compare_operation(record, talk, report):
    old = "smb1_command" in record  # and answered with SMB 2
    request = talk.find(record, False, report) if "request_frame" in record and not old else None
    response = talk.find(record, True, report) if "reply_frame" in record else None
    if request or response:
        compare_fields(record, request, response, report, talk)


def compare_fields(record, request, response, report, talk):
    first, last = request or response, response or request
    field = lambda name, theirs, absent=0: report.field("smb", name, first.frame, record.get(name, absent), theirs)
    field("status", response.status if response else 0)
    field("session_id", first.session_id or last.session_id)
    field("tree_id", last.tree_id if first.command == "tree_connect" else first.tree_id or last.tree_id)
    if "smb1_command" not in record:
        field("is_signed", bool(request and request.signed), False)
    field("access", request.access if request else 0)
    field("dialect", talk.dialect(last.frame))
    field("share", first.share or last.share, "")
    if first.command in ("read", "write"):
        field("bytes", last.bytes)
    if first.file_name is not None or last.file_name is not None:
        field("file_name", first.file_name if first.file_name is not None else last.file_name, "")
    if last.user:
        field("user", last.user, "")
        field("domain", last.domain, "")
    sealing = talk.sealing.get((first.frame.stream, last.session_id))
    field("is_sealed", sealing is not None and sealing <= last.frame.number, False)
    facts_smb2.compare(record, request, response, report)
    if response:
        paired = request.frame.number if request else record.get("request_frame", 0)
        if "smb1_command" in record:
            paired = 0  # tshark pairs within one version
        report.field("smb", "pairing", response.frame, paired, response.response_to)
    client, server = (request.frame.source, request.frame.target) if request else (
        response.frame.target, response.frame.source)
    report.ends("smb", first.frame, record, client, server)


def compare_sealed(record, talk, report):
    """Told once for each session: its first sealed message."""
    frame = record.get("request_frame") or record.get("reply_frame")
    found = None
    for sealed in talk.sealed:
        if sealed.frame.number == frame and sealed.session_id == record.get("session_id", 0) and not sealed.taken:
            found = sealed
            found.taken = True
            break
    report.message(found, "smb", frame, "sealed message")
    if found:
        report.field("smb", "is_sealed", found.frame, record.get("is_sealed", False), True)
        report.field("smb", "dialect", found.frame, record.get("dialect", 0), talk.dialect(found.frame))


def compare_compressed(record, talk, report):
    """One that was not opened: its header as sent."""
    frame = record.get("request_frame") or record.get("reply_frame")
    head = next((head for there, head in talk.compressed if there.number == frame), None)
    report.message(head, "smb", frame, "compressed message")
    if head:
        prefix = "smb2.header.comp_transform."
        there = report.frames[frame]
        report.field("smb", "original_size", there, record.get("original_size", 0), number(head.get(prefix + "original_size")))
        report.field("smb", "compression", there, ALGORITHMS.index(record.get("compression", "unknown")) - 1,
                     number(head.get(prefix + "comp_alg")))
        report.field("smb", "compression_offset", there, record.get("compression_offset", 0), number(head.get(prefix + "offset")))


def compare_service(frames, records, report):
    """Session requests of NetBIOS with what came of them (RFC 1002 4.3)."""
    asked = {}
    for frame in frames:
        for name, layer in frame.layers.nodes():
            if name == "nbss" and number(layer.get("nbss.type")) == 0x81:
                asked[frame.number] = layer
    for record in records:
        if record["type"] == "smb" and record.get("version") == "session_service":
            frame = record.get("request_frame", 0)
            layer = asked.pop(frame, None)
            report.message(layer, "smb", frame, "session request")
            for name in ("called_name", "calling_name") if layer else ():
                theirs = (layer.get("nbss." + name) or "").partition(" (")[0]
                report.field("smb", name, report.frames[frame], record.get(name, ""), theirs)
    for frame in asked:
        report.unseen("smb", report.frames[frame], "session request")


def compare(frames, records, report):
    talk = Conversations(frames)
    for record in records:
        if record["type"] == "smb" and record.get("version") == "smb2":
            kind = compare_operation if "command" in record else (
                compare_compressed if "original_size" in record else compare_sealed)
            kind(record, talk, report)
    for operation in talk.operations:
        if not operation.taken:
            report.unseen("smb", operation.frame, operation.kind())
    for sealed in talk.sealed:
        if not sealed.taken:
            report.unseen("smb", sealed.frame, "sealed message")
    compare_service(frames, records, report)
    facts_smb1.compare(frames, records, report)
