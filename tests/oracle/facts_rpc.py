"""facts_rpc - DCE/RPC PDUs of a dissection, and our observations held to them (C706 chapter 12, MS-RPCE).

A bind or alter_context is one fact, a request or response of several fragments is one at its last fragment. Which
interface a context id means is followed from the binds, per TCP connection or open file.
"""

from dissection import Node, number
import facts_smb
import facts_smb1

REQUEST, RESPONSE, FAULT, BIND, BIND_ACK, BIND_NAK, ALTER, ALTER_RESP, AUTH3 = 0, 2, 3, 11, 12, 13, 14, 15, 16
NAMES = {0: "request", 2: "response", 3: "fault", 11: "bind", 12: "bind_ack", 13: "bind_nak", 14: "alter_context",
         15: "alter_context_resp", 16: "auth3", 17: "shutdown", 18: "co_cancel", 19: "orphaned"}
ANSWERS = {"bind": (BIND_ACK, BIND_NAK), "alter_context": (ALTER_RESP, FAULT), "call": (RESPONSE, FAULT)}
NDR64 = "71710533-beba-4937-8319-b5dbef9ccc36"
FEATURES = "6cb71c2c-9812-4540"  # bind time feature negotiation, MS-RPCE 2.2.2.14
HEADER_BYTES = {REQUEST: 24, RESPONSE: 24, FAULT: 32}
OBJECT_BYTES = 16
TRAILER_BYTES = 8
PRIVACY = 6


class Context:
    def __init__(self, item):
        syntax = item.tree("dcerpc.cn_bind_abstract_syntax")
        self.id = number(item.get("dcerpc.cn_ctx_id"))
        self.uuid = syntax.get("dcerpc.cn_bind_to_uuid", "")
        self.major = number(syntax.get("dcerpc.cn_bind_if_ver"))
        self.minor = number(syntax.get("dcerpc.cn_bind_if_ver_minor"))
        self.transfer = [node.get("dcerpc.cn_bind_trans_id", "") for name, node in item.nodes()
                         if name == "dcerpc.cn_bind_trans"]
        self.features = number(item.tree("dcerpc.cn_bind_trans").get("dcerpc.cn_bind_trans_btfn"))
        self.accepted = self.told = False
        self.ndr64 = self.transfer == [NDR64]

    def is_features(self):
        return any(syntax.startswith(FEATURES) for syntax in self.transfer)


class Pdu:
    def __init__(self, frame, layer, connection, carrier):
        flags = layer.tree("dcerpc.cn_flags_tree")
        self.frame = frame
        self.connection = connection
        self.carrier = carrier
        self.taken = False
        self.type = number(layer.get("dcerpc.pkt_type"))
        self.first = flags.get("dcerpc.cn_flags.first_frag") == "1"
        self.last = flags.get("dcerpc.cn_flags.last_frag") == "1"
        self.call_id = number(layer.get("dcerpc.cn_call_id"))
        self.context_id = number(layer.get("dcerpc.cn_ctx_id"))
        self.opnum = number(layer.get("dcerpc.opnum"))
        self.object = layer.get("dcerpc.obj_id", "")
        self.association = number(layer.get("dcerpc.cn_assoc_group"))
        self.header_signing = flags.get("dcerpc.cn_flags.cancel_pending") == "1"  # one bit for both
        self.context_count = number(layer.get("dcerpc.cn_num_ctx_items"))
        self.features = next((number(node.get("dcerpc.cn_bind_trans_btfn")) for name, node in layer.nodes()
                              if name.startswith("Ctx Item") and node.get("dcerpc.cn_bind_trans_btfn")), None)
        self.status = number(layer.get("dcerpc.cn_status", layer.get("dcerpc.cn_reject_reason")))
        self.request_in = number(layer.get("dcerpc.request_in"))
        self.pipe = None  # its name, where it is known
        self.read_trailer(layer)
        self.stub_bytes = self.stub_size(layer, flags)
        self.contexts = [Context(node) for name, node in layer.nodes() if name == "dcerpc.cn_ctx_item"]
        self.results = [(number(node.get("dcerpc.cn_ack_result")), node.get("dcerpc.cn_ack_trans_id"),
                         number(node.get("dcerpc.cn_ack_reason"))) for name, node in layer.nodes()
                        if name.startswith("Ctx Item")]
        self.context = None

    def read_trailer(self, layer):
        trailers = [node for name, node in layer.nodes() if name == "dcerpc.auth_info"]
        trailer = trailers[-1] if trailers else Node()
        self.auth_type = number(trailer.get("dcerpc.auth_type"))
        self.auth_level = number(trailer.get("dcerpc.auth_level"))
        self.auth_bytes = number(layer.get("dcerpc.cn_auth_len"))
        if self.auth_bytes:
            self.auth_bytes += TRAILER_BYTES + number(trailer.get("dcerpc.auth_pad_len"))
        if any(trailer.all("dcerpc.auth_credentials")):
            self.frame.marks.add("auth_unread")

    def stub_size(self, layer, flags):
        if self.type not in (REQUEST, RESPONSE):
            return 0
        size = number(layer.get("dcerpc.cn_frag_len")) - HEADER_BYTES[self.type] - self.auth_bytes
        return size - (OBJECT_BYTES if flags.get("dcerpc.cn_flags.object") == "1" else 0)

    def is_whole(self):
        return self.last or self.type not in (REQUEST, RESPONSE)

    def is_answer(self):
        return self.type in (RESPONSE, FAULT, BIND_ACK, BIND_NAK, ALTER_RESP)

    def is_of(self, record):
        """Between the ends of this record. One pipe may be written to and read from over several connections of its
        session (MS-SMB2 3.2.4.1.7), so that its ports differ."""
        client = (record["client"], record.get("client_port", 0))
        server = (record["server"], record.get("server_port", 0))
        source, target = self.frame.source, self.frame.target
        if self.carrier == "smb":
            client, server, source, target = client[0], server[0], source[0], target[0]
        return (client, server) == ((target, source) if self.is_answer() else (source, target))


class Files:
    """Which open file the SMB 2 operation before a PDU is about."""

    def __init__(self):
        self.files = {}  # (stream, message id) of a request -> file
        self.names = {}  # file -> its name, as far as tshark knows it

    def connection(self, operation):
        stream = operation.frame.stream
        if operation.response:
            return self.files.get((stream, operation.message_id), (stream, "?", ""))
        file = (operation.frame.target, operation.session_id, operation.file or "")
        self.files[stream, operation.message_id] = file
        if operation.file_name:
            self.names[file] = operation.file_name
        return file


class Connections:
    def __init__(self, frames):
        self.pdus = []
        self.contexts = {}  # (connection, context id) -> Context
        self.offered = {}   # (connection, call id) -> [Context]
        self.bytes = {}     # (connection, call id, type) -> stub bytes of the fragments so far
        files = Files()
        for frame in frames:
            connection, carrier, old_pipe = frame.stream, "tcp", None
            for name, layer in frame.layers.nodes():
                if name == "smb":
                    connection, old_pipe = (frame.stream, layer.find("smb.fid")), facts_smb1.pipe(layer)
                    carrier = "smb"
                elif name == "smb2" and layer.tree("SMB2 Header"):
                    connection, carrier = files.connection(facts_smb.Operation(frame, layer)), "smb"
                elif name == "dcerpc":
                    pdu = Pdu(frame, layer, connection, carrier)
                    pdu.pipe = old_pipe or files.names.get(connection)
                    self.take(pdu)
        self.by_name = {}
        for pdu in self.pdus:
            self.by_name.setdefault((pdu.call_id, pdu.type), []).append(pdu)

    def take(self, pdu):
        if pdu.type in (BIND, ALTER):
            self.offered[pdu.connection, pdu.call_id] = pdu.contexts
            for context in pdu.contexts:
                self.contexts[pdu.connection, context.id] = context
        elif pdu.type in (BIND_ACK, ALTER_RESP):
            offers = self.offered.get((pdu.connection, pdu.call_id), [])
            for context, (result, syntax, _) in zip(offers, pdu.results):
                context.accepted = result == 0
                context.ndr64 = syntax == NDR64
                if not context.accepted:
                    self.contexts.pop((pdu.connection, context.id), None)
            for context in offers:
                if context.accepted:
                    self.contexts[pdu.connection, context.id] = context
            pdu.contexts = offers
        elif pdu.type in (REQUEST, RESPONSE, FAULT):
            self.add_fragment(pdu)
        if pdu.is_whole():
            self.pdus.append(pdu)

    def add_fragment(self, pdu):
        pdu.context = self.contexts.get((pdu.connection, pdu.context_id))
        if not pdu.context:
            pdu.frame.marks.add("no_context")
        key = (pdu.connection, pdu.call_id, pdu.type)
        if not pdu.first:
            pdu.stub_bytes += self.bytes.get(key, 0)
        self.bytes[key] = pdu.stub_bytes

    def find(self, record, kinds, frame, report, name):
        """The PDU that our record names, in that frame, else the nearest one between the same ports."""
        best = None
        for kind in kinds:
            for pdu in self.by_name.get((record.get("call_id", 0), kind), []):
                if not pdu.is_of(record) or (pdu.taken and record["message"] == "call"):
                    continue
                if not best or abs(pdu.frame.number - frame) < abs(best.frame.number - frame):
                    best = pdu
        if not (best and best.taken):
            report.message(best, "rpc", frame, name)
        if best:
            best.taken = True
            report.field("rpc", "reply_frame" if best.is_answer() else "request_frame", best.frame, frame,
                         best.frame.number)
        return best


def interface_of(record):
    if "interface" not in record:
        return ""
    return "%s%s %d.%d" % ("probable " if record.get("probable") else "", record["interface"],
                           record.get("interface_major", 0), record.get("interface_minor", 0))


def theirs_interface(context):
    return "%s %d.%d" % (context.uuid, context.major, context.minor) if context else ""


def compare_record(record, talk, report):
    request = reply = None
    message = record["message"]
    asks = {"bind": (BIND,), "alter_context": (ALTER,), "call": (REQUEST,)}[message]
    if "request_frame" in record:
        request = talk.find(record, asks, record["request_frame"], report, message)
    if "reply_frame" in record:
        answers = ANSWERS[message] if record.get("reply") != "fault" else (FAULT,)
        answers = (RESPONSE,) if record.get("reply") == "response" else answers
        reply = talk.find(record, answers, record["reply_frame"], report, record.get("reply"))
    first = request or reply
    if not first:
        return
    (compare_call if message == "call" else compare_bind)(record, request, reply, report)
    field = lambda name, theirs: report.field("rpc", name, first.frame, record.get(name, 0), theirs)
    field("auth_type", first.auth_type)
    field("auth_level", first.auth_level)
    field("carrier", first.carrier)
    if first.pipe:
        field("pipe", first.pipe)
    client, server = (first.frame.source, first.frame.target) if request else (first.frame.target, first.frame.source)
    report.ends("rpc", first.frame, record, client, server)


def compare_call(record, request, reply, report):
    first, last = request or reply, reply or request
    field = lambda name, theirs, absent=0: report.field("rpc", name, first.frame, record.get(name, absent), theirs)
    field("context_id", first.context_id)
    report.field("rpc", "interface", first.frame, interface_of(record), theirs_interface(first.context))
    if first.context:
        field("ndr64", first.context.ndr64, False)
    field("sealed", PRIVACY in (first.auth_level, last.auth_level), False)
    if request:
        field("opnum", request.opnum)
        field("object", request.object, "")
        field("request_bytes", request.stub_bytes)
    if not reply:
        return
    field("status", reply.status if reply.type == FAULT else 0)
    report.field("rpc", "response_bytes", reply.frame, record.get("response_bytes", 0), reply.stub_bytes)
    report.field("rpc", "reply", reply.frame, record.get("reply"), NAMES[reply.type])
    report.field("rpc", "pairing", reply.frame, request.frame.number if request else 0, reply.request_in)


def compare_wishes(record, request, reply, report):
    """What a bind asks for beside its contexts, and what the server made of it."""
    first = request or reply
    acknowledged = reply and reply.type in (BIND_ACK, ALTER_RESP)
    field = lambda name, theirs, absent=0: report.field("rpc", name, first.frame, record.get(name, absent), theirs)
    asked = request.association if request else 0
    field("association_group", (reply.association if acknowledged else 0) or asked)
    signed = (not request or request.header_signing) and (not reply or (acknowledged and reply.header_signing))
    if acknowledged or not reply:
        field("header_signing", signed, False)
    offered = max((c.features for c in request.contexts), default=0) if request else 0
    accepted = reply.features if acknowledged else None
    field("features", offered if accepted is None else accepted)
    field("contexts", request.context_count if request else 0)


def compare_bind(record, request, reply, report):
    contexts = (request or reply).contexts
    compare_wishes(record, request, reply, report)
    context = next((c for c in contexts if c.id == record.get("context_id", 0) and not c.is_features()), None)
    if request:
        told = context or (contexts[0] if contexts else None)
        report.field("rpc", "interface", request.frame, interface_of(record), theirs_interface(told))
    if not reply:
        return
    if context:
        context.told = True
        report.field("rpc", "ndr64", reply.frame, record.get("ndr64", False), context.accepted and context.ndr64)
    refused = next((reason for result, _, reason in reply.results if result != 0), 0)
    accepted = any(c.accepted and not c.is_features() for c in reply.contexts)
    status = reply.status if reply.type in (BIND_NAK, FAULT) else 0 if accepted else refused
    report.field("rpc", "status", reply.frame, record.get("status", 0), status)
    expected = {ALTER_RESP: "bind_ack"}.get(reply.type, NAMES[reply.type])
    report.field("rpc", "reply", reply.frame, record.get("reply"), expected)


def compare(frames, records, report):
    talk = Connections(frames)
    for record in records:
        if record["type"] == "rpc":
            compare_record(record, talk, report)
    for pdu in talk.pdus:
        if not pdu.taken:
            report.unseen("rpc", pdu.frame, "%s in %s" % (NAMES.get(pdu.type, pdu.type), pdu.carrier))
        for context in pdu.contexts if pdu.taken and pdu.type in (BIND_ACK, ALTER_RESP) else []:
            if context.accepted and not context.is_features():
                report.field("rpc", "accepted context", pdu.frame, context.told, True)
