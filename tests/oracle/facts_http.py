"""facts_http - HTTP heads of a dissection, and our observations held to them (RFC 9110, RFC 9112).

tshark is told not to wait for bodies, so that a message is of the frame in which its head ended, as ours are.
"""

import base64

from dissection import number

FIELDS = {"host": "http.host", "user_agent": "http.user_agent"}
SCHEMES = {"basic", "digest", "bearer", "ntlm", "negotiate", "kerberos", "credssp"}
TARGET_MAX, AGENT_MAX, HOST_MAX = 1023, 255, 127
WEBDAV = {"PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "SEARCH"}


class Head:
    def __init__(self, frame, layer):
        self.frame = frame
        self.taken = False
        self.method = layer.find("http.request.method", "")
        self.target = layer.find("http.request.uri", "")
        self.status = number(layer.find("http.response.code"))
        self.values = {name: layer.find(field, "") for name, field in FIELDS.items()}
        self.content_type = layer.find("http.content_type", "")
        self.length = number(layer.find("http.content_length_header"))
        self.server = layer.find("http.server", "")
        self.location = layer.find("http.location", "")
        self.authorization = layer.find("http.authorization") or layer.find("http.proxy_authorization") or ""
        self.to_proxy = not layer.find("http.authorization") and bool(layer.find("http.proxy_authorization"))
        self.offered = [value for key, value in layer.walk()
                        if key in ("http.www_authenticate", "http.proxy_authenticate") and isinstance(value, str)]
        self.asked_in = number(layer.find("http.request_in"))

    def is_answer(self):
        return not self.method

    def is_interim(self):
        """RFC 9110 15.2: another answer follows. We tell the one that ends the exchange."""
        return self.status // 100 == 1 and self.status != 101

    def kind(self):
        return "answer" if self.is_answer() else "request"

    def scheme(self):
        name = self.authorization.split(" ")[0].lower()
        return name if name in SCHEMES else "other" if name else "none"

    def basic(self):
        pair = base64.b64decode(self.authorization.split(" ")[1] + "===").decode("utf-8", "replace")
        return pair.split(":")[0]


def heads(frames):
    found = {}
    for frame in frames:
        for name, layer in frame.layers.nodes():
            if name == "http" and frame.stream and frame.stream[0] == "tcp":
                head = Head(frame, layer)
                if head.method or head.status and not head.is_interim():
                    found.setdefault(frame.number, []).append(head)
    return found


def take(found, record, answer, report):
    frame = record["reply_frame" if answer else "request_frame"]
    head = next((h for h in found.get(frame, []) if not h.taken and h.is_answer() == answer), None)
    report.message(head, "http", frame, "answer" if answer else "request")
    if head:
        head.taken = True
    return head


def compare_request(record, head, field):
    field("method", head.method, "")
    field("target", head.target[:TARGET_MAX], "")
    field("host", head.values["host"][:HOST_MAX], "")
    field("user_agent", head.values["user_agent"][:AGENT_MAX], "")
    field("content_type", head.content_type, "")
    field("request_bytes", head.length)
    field("scheme", head.scheme(), "none")
    field("to_proxy", head.to_proxy, False)
    if head.scheme() == "basic":
        field("credential_user", head.basic(), "")
    if head.method in WEBDAV:
        field("service", "webdav", "none")
    if head.target.lower().startswith("/wsman"):
        field("service", "winrm", "none")


def compare_answer(record, head, field):
    field("status", head.status)
    field("server_agent", head.server, "")
    field("reply_content_type", head.content_type, "")
    field("response_bytes", head.length)
    field("location", head.location, "")
    field("offered", [value.split(" ")[0] for value in head.offered], [])


def compare_record(record, found, report):
    request = take(found, record, False, report) if "request_frame" in record else None
    answer = take(found, record, True, report) if "reply_frame" in record else None
    first = request or answer
    if not first:
        return

    def field(name, theirs, absent=0):
        report.field("http", name, first.frame, record.get(name, absent), theirs)

    if request:
        compare_request(record, request, field)
    if answer:
        compare_answer(record, answer, field)
    if answer and answer.asked_in:
        field("request_frame", answer.asked_in)
    client, server = (request.frame.source, request.frame.target) if request else (
        answer.frame.target, answer.frame.source)
    report.ends("http", first.frame, record, client, server)


def compare(frames, records, report):
    found = heads(frames)
    for record in records:
        if record["type"] == "http":
            compare_record(record, found, report)
    for group in found.values():
        for head in group:
            if not head.taken:
                report.unseen("http", head.frame, head.kind())
