"""facts_rdp - the beginnings of remote desktop connections in a dissection, and our observations held to them."""

from dissection import number

SECURITY = {0: "rdp", 1: "tls", 2: "credssp", 4: "rdstls", 8: "credssp_early", 16: "rds_aad"}


class Beginning:
    """What one stream says in clear."""

    def __init__(self):
        self.request = self.confirm = None
        self.request_layer = self.confirm_layer = self.client = self.server = None

    def take(self, frame, layer):
        if layer.find("rdp.rt_cookie") is not None or layer.find("rdp.negReq.requestedProtocols") is not None:
            self.request, self.request_layer = frame, layer
        elif layer.find("rdp.negReq.selectedProtocol") is not None or layer.find("rdp.negReq.failureCode") is not None:
            self.confirm, self.confirm_layer = frame, layer
        elif layer.find("rdp.client.name") is not None:
            self.client = layer
        elif layer.find("rdp.encryptionMethod") is not None:
            self.server = layer


def beginnings(frames):
    found = {}
    for frame in frames:
        for name, layer in frame.layers.nodes():
            if name == "rdp" and frame.stream:
                found.setdefault(frame.stream, Beginning()).take(frame, layer)
    return {stream: beginning for stream, beginning in found.items() if beginning.request or beginning.confirm}


def cookie(layer):
    text = layer.find("rdp.rt_cookie", "") or ""
    mark = "Cookie: mstshash="
    return text[len(mark):].rstrip("\r\n") if text.startswith(mark) else ""


def compare_settings(b, field):
    if b.client:
        field("client_name", b.client.find("rdp.client.name", ""), "")
        field("client_build", number(b.client.find("rdp.client.build")))
        field("keyboard_layout", number(b.client.find("rdp.keyboardLayout")))
        field("desktop_width", number(b.client.find("rdp.desktop.width")))
        field("desktop_height", number(b.client.find("rdp.desktop.height")))
        field("color_depth", number(b.client.find("rdp.highColorDepth")))
        field("channels", [value for key, value in b.client.walk() if key == "rdp.name"], [])
    if b.server:
        field("encryption_method", number(b.server.find("rdp.encryptionMethod")))
        field("encryption_level", number(b.server.find("rdp.encryptionLevel")))


def compare_record(record, b, report):
    frame = b.request or b.confirm

    def field(name, theirs, absent=0):
        report.field("rdp", name, frame, record.get(name, absent), theirs)

    report.message(True, "rdp", frame.number, "beginning")
    if b.request:
        field("request_frame", b.request.number)
        field("cookie", cookie(b.request_layer), "")
        field("requested_protocols", number(b.request_layer.find("rdp.negReq.requestedProtocols")))
        report.ends("rdp", frame, record, b.request.source, b.request.target)
    if b.confirm:
        field("reply_frame", b.confirm.number)
        failure = number(b.confirm_layer.find("rdp.negReq.failureCode"))
        selected = number(b.confirm_layer.find("rdp.negReq.selectedProtocol"))
        field("failure_code", failure)
        field("security", "refused" if failure else SECURITY.get(selected, "unknown"), "unknown")
    compare_settings(b, field)


def compare(frames, records, report):
    found = beginnings(frames)
    streams = {frame.number: frame.stream for frame in frames}
    taken = set()
    for record in records:
        if record["type"] == "rdp":
            frame = record.get("request_frame") or record.get("reply_frame") or 0
            stream = streams.get(frame)
            if stream in found and stream not in taken:
                taken.add(stream)
                compare_record(record, found[stream], report)
            else:
                report.message(False, "rdp", frame, "beginning")
    for stream, beginning in found.items():
        if stream not in taken:
            report.unseen("rdp", beginning.request or beginning.confirm, "beginning")
