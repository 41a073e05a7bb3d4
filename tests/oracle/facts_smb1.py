"""facts_smb1 - SMB 1 commands of a dissection, and our observations held to them (MS-CIFS, MS-SMB).

Each command of a chain is one fact. Datagrams (mailslots on UDP 138) are not of the session service and not read here.
"""

import re
import uuid

from dissection import Node, number
from facts_smb2 import ACTIONS, DISPOSITIONS, choice, count, moment, text, texts

BODY = re.compile(r"^.* (Request|Response) \(0x([0-9a-f]{2})\)$")
TRANSACTIONS = (0x25, 0x32, 0xa0)
SECONDARIES = (0x26, 0x33, 0xa1)
CANCEL = 0xa4


class Command:
    def __init__(self, frame, head, body, code, response):
        flags2 = number(head.get("smb.flags2"))
        self.frame, self.body, self.code, self.response = frame, body, code, response
        self.taken = False
        self.mid = number(head.get("smb.mid"))
        self.pid = number(head.get("smb.pid.high")) << 16 | number(head.get("smb.pid"))
        self.uid = number(head.get("smb.uid"))
        self.tid = number(head.get("smb.tid")) % 0xffff
        self.flags = number(head.get("smb.flags")) | flags2 << 8
        self.signed = bool(flags2 & 4)
        self.status = number(head.get("smb.nt_status")) or (
            number(head.get("smb.error_class")) | number(head.get("smb.error_code")) << 16)
        self.response_to = number(head.get("smb.response_to"))
        self.share = head.tree("smb.tid_tree").get("smb.path", "")

    def kind(self):
        return "SMB 1 0x%02x %s" % (self.code, "response" if self.response else "request")

    def is_part(self):
        """A part of a transaction, which is told with the whole of it."""
        if self.code in SECONDARIES and not self.response:
            return True
        if self.code not in TRANSACTIONS or not self.response:
            return False
        data = number(self.body.get("smb.data_disp")) + number(self.body.get("smb.dc"))
        return self.status == 0 and (number(self.body.get("smb.wct")) == 0 or data < number(self.body.get("smb.tdc")))


def commands(frame):
    """Those that the frame completes."""
    found = []
    for name, layer in frame.layers.nodes():
        head = layer.tree("SMB Header") if name == "smb" else Node()
        if not head or frame.stream[0] != "tcp":
            continue
        for title, body in layer.nodes():
            match = BODY.match(title)
            if match:
                found.append(Command(frame, head, body, int(match[2], 16), match[1] == "Response"))
    return found


def pipe(layer):
    """The name of the file that a message is about, from the root of its tree on."""
    for name, value in layer.walk():
        if name == "smb.fid_tree":
            return (value.get("smb.file") or "").lstrip("\\") or None
    return None


def guid(body, name):
    """tshark reads this one as bytes in the order of the wire."""
    value = text(body, name)
    return str(uuid.UUID(bytes_le=uuid.UUID(value).bytes)) if value else ""


def code_of(names):
    return lambda body, _: next((count(body, name) for name in names if body.find(name) is not None), 0)


def own(body, name):
    """Of the body itself: below a file id tshark says again how that was opened."""
    return number(body.get(name))


def offset(body, _):
    return number(body.get("smb.offset_high")) << 32 | number(body.get("smb.offset"))


def written(body, _):
    return number(body.get("smb.data_len_high")) << 16 | number(body.get("smb.data_len_low"))


def fid(body, _):
    value = number(body.get("smb.fid"))
    return 0 if value == 0xffff else value


def dialects(body, _):
    return texts(body, "smb.dialect.name")


TRANSACTION = [("total_parameters", "smb.tpc", own), ("total_data", "smb.tdc", own), ("parameters", "smb.pc", own),
               ("data", "smb.dc", own), ("max_parameters", "smb.mpc", own), ("max_data", "smb.mdc", own)]
REQUESTS = {
    0x72: [("dialect_names", "", dialects)],
    0x73: [("client_capabilities", "smb.server_cap", own), ("native_os", "smb.native_os", text),
           ("native_lan_manager", "smb.native_lanman", text)],
    0x75: [("share", "smb.path", text), ("service", "smb.service", text)],
    0xa2: [("access", "smb.access_mask", own), ("attributes", "smb.file_attribute", own),
           ("share_access", "smb.share_access", own), ("create_options", "smb.create_options", own),
           ("impersonation", "smb.impersonation.level", own), ("file_name", "smb.file", text),
           ("disposition", "smb.create.disposition", choice(DISPOSITIONS))],
    0x2e: [("offset", "", offset), ("file_id", "", fid)],
    0x2f: [("offset", "", offset), ("length", "", written), ("file_id", "", fid)],
    0x04: [("file_id", "", fid)],
    0x25: TRANSACTION,
    0x32: TRANSACTION + [("control", "smb.trans2.cmd", count)],
    0xa0: TRANSACTION,
}
RESPONSES = {
    0x72: [("security_mode", "smb.sm", own), ("capabilities", "smb.server_cap", own),
           ("server_guid", "smb.server_guid", guid), ("max_read", "smb.max_raw", own),
           ("max_write", "smb.max_bufsize", own), ("server_time", "smb.system.time", moment)],
    0x73: [("session_flags", "smb.setup.action", own), ("server_os", "smb.native_os", text),
           ("server_lan_manager", "smb.native_lanman", text)],
    0x75: [("share_flags", "smb.connect.support", own), ("file_system", "smb.native_fs", text)],
    0xa2: [("oplock", "smb.oplock.level", own), ("file_id", "", fid), ("file_size", "smb.end_of_file", own),
           ("create_action", "smb.create.action", choice(ACTIONS)),
           ("file_attributes", "smb.file_attribute", own)],
    0x2f: [("bytes", "smb.count_low", own)],
}


def find(record, known, response, report):
    frame = record["reply_frame" if response else "request_frame"]
    for command in known.get((frame, response), []):
        if not command.taken and command.mid == record.get("message_id", 0) and is_of(record, command):
            command.taken = True
            report.message(command, "smb", frame, "")
            return command
    report.message(None, "smb", frame, "SMB 1 %s %s" % (record.get("smb1_command"), "response" if response else "request"))
    return None


def is_of(record, command):
    client, server = record.get("client_port", 0), record.get("server_port", 0)
    source, target = command.frame.source[1], command.frame.target[1]
    return (client, server) == ((target, source) if command.response else (source, target))


def compare_body(record, command, table, report):
    if command.response and number(command.body.get("smb.wct")) == 0:
        return
    for name, where, read in table.get(command.code, []):
        theirs = read(command.body, where)
        absent = [] if isinstance(theirs, list) else 0 if isinstance(theirs, int) else (
            "unknown" if theirs == "unknown" else "")
        ours = record.get(name, absent)
        if read is moment and ours:
            whole, _, fraction = ours.rstrip("Z").partition(".")
            ours = whole + "." + (fraction + "0" * 9)[:9]
        report.field("smb", name, command.frame, ours, theirs)


def compare_command(record, known, report):
    """One that SMB 2 answered has no SMB 1 response; what it has is held by facts_smb."""
    old = record["version"] == "smb1"
    request = find(record, known, False, report) if "request_frame" in record else None
    response = find(record, known, True, report) if old and "reply_frame" in record else None
    first, last = request or response, response or request
    if not first:
        return
    field = lambda name, theirs, absent=0: report.field("smb", name, first.frame, record.get(name, absent), theirs)
    if old:
        field("status", response.status if response else 0)
        field("session_id", last.uid if first.code == 0x73 or not first.uid else first.uid)
        field("tree_id", last.tid if first.code == 0x75 else first.tid or last.tid)
    field("process_id", first.pid)
    if request:
        field("flags", request.flags)
        field("is_signed", request.signed, False)
        compare_body(record, request, REQUESTS, report)
    if response:
        compare_body(record, response, RESPONSES, report)
        report.field("smb", "pairing", response.frame, request.frame.number if request else 0, response.response_to)
    if first.code not in (0x72, 0x73, 0x74, 0x75):
        field("share", first.share or last.share, "")
    client, server = (request.frame.source, request.frame.target) if request else (
        response.frame.target, response.frame.source)
    report.ends("smb", first.frame, record, client, server)


def compare(frames, records, report):
    known = {}
    for frame in frames:
        for command in commands(frame):
            known.setdefault((frame.number, command.response), []).append(command)
    for record in records:
        if record["type"] == "smb" and "smb1_command" in record:
            compare_command(record, known, report)
    for found in known.values():
        for command in found:
            if not command.taken and not command.is_part():
                report.unseen("smb", command.frame, command.kind())
