"""facts_radius - RADIUS packets of a dissection, and our observations held to them (RFC 2865, 2866, 2868, 5176)."""

import calendar
import re
import time

from dissection import number

CODES = {1: "access_request", 2: "access_accept", 3: "access_reject", 4: "accounting_request", 5: "accounting_response",
         11: "access_challenge", 12: "status_server", 40: "disconnect_request", 41: "disconnect_ack",
         42: "disconnect_nak", 43: "coa_request", 44: "coa_ack", 45: "coa_nak"}
ANSWERS = {2, 3, 5, 11, 41, 42, 44, 45}
LISTED = 48

TEXTS = {
    "user_name": "User_Name", "nas_identifier": "NAS_Identifier", "nas_port_id": "NAS_Port_Id",
    "called_station": "Called_Station_Id", "calling_station": "Calling_Station_Id", "filter_id": "Filter_Id",
    "acct_session": "Acct_Session_Id", "tunnel_client": "Tunnel_Client_Endpoint", "nas_address": "NAS_IP_Address",
    "tunnel_server": "Tunnel_Server_Endpoint", "tunnel_group": "Tunnel_Private_Group_Id",
    "ms_ras_client": "MS_RAS_Client_Name", "framed_address": "Framed-IP-Address",
    "framed_address6": "Framed_IPv6_Address",
}
NUMBERS = {
    "nas_port": "NAS_Port", "nas_port_type": "NAS_Port_Type", "service_type": "Service_Type",
    "session_timeout": "Session_Timeout", "acct_status": "Acct_Status_Type", "acct_seconds": "Acct_Session_Time",
    "terminate_cause": "Acct_Terminate_Cause", "tunnel_type": "Tunnel_Type", "tunnel_medium": "Tunnel_Medium_Type",
    "error_cause": "Error_Cause",
}


class Packet:
    def __init__(self, frame, node):
        self.frame = frame
        self.node = node
        self.code = number(node.get("radius.code"))
        self.identifier = number(node.get("radius.id"))
        self.authenticator = node.get("radius.authenticator")
        self.answer = self.code in ANSWERS
        self.types = [number(value) for name, value in node.walk() if name == "radius.avp.type"]
        self.taken = False

    def all(self, name):
        return [value for key, value in self.node.walk() if key == "radius." + name]

    def find(self, name, default=""):
        value = self.node.find("radius." + name, default)
        return default if value is None else value

    def octets(self, way):
        return number(self.find("Acct_%s_Gigawords" % way, None)) << 32 | number(self.find("Acct_%s_Octets" % way, None))

    def event_time(self):
        text = self.find("Event_Timestamp")
        return calendar.timegm(time.strptime(re.sub(r"\.\d+ UTC$", "", text), "%b %d, %Y %H:%M:%S")) if text else 0

    def method(self):
        if 79 in self.types:
            return "eap"
        for name, method in (("MS_CHAP2_Response", "mschap2"), ("MS_CHAP_Response", "mschap")):
            if self.all(name):
                return method
        return "chap" if 3 in self.types else "pap" if 2 in self.types else None

    def facts(self):
        facts = {ours: self.find(theirs) for ours, theirs in TEXTS.items()}
        facts.update({ours: number(self.find(theirs, None)) for ours, theirs in NUMBERS.items()})
        facts.update(in_octets=self.octets("Input"), out_octets=self.octets("Output"))
        facts["reply_messages"] = self.all("Reply_Message")
        facts["eap_identity"] = self.node.find("eap.identity", "")
        return facts


def take(packets, frame, answer):
    for packet in packets:
        if packet.frame.number == frame and packet.answer == answer:
            packet.taken = True
            return packet
    return None


def repeated(request, record, packets):
    again = [packet for packet in packets if not packet.answer and packet.authenticator == request.authenticator
             and packet.identifier == request.identifier and packet.frame.stream == request.frame.stream
             and request.frame.number <= packet.frame.number <= record.get("reply_frame", 2 ** 60)]
    for packet in again:
        packet.taken = True
    return [packet.frame.number for packet in again]


def compare_request(record, request, packets, report):
    field = lambda name, theirs, absent=0: report.field("radius", name, request.frame, record.get(name, absent), theirs)
    field("code", CODES.get(request.code))
    field("identifier", request.identifier)
    field("attributes", request.types[:LISTED], [])
    field("proxy_states", request.types.count(33))
    field("message_authenticator", 80 in request.types, False)
    field("method", request.method(), None)
    field("eap_type", number(request.node.find("eap.type")))
    ours = record.get("event_time")
    report.field("radius", "event_time", request.frame,
                 calendar.timegm(time.strptime(ours[:19], "%Y-%m-%dT%H:%M:%S")) if ours else 0, request.event_time())
    for ours, theirs in (("ms_chap_challenge", ("MS_CHAP_Challenge",)),
                         ("ms_chap_response", ("MS_CHAP_Response", "MS_CHAP2_Response"))):
        secret = next((value for name in theirs for value in request.all(name)), None)
        report.fingerprint("radius", ours, request.frame, record.get(ours), secret)
    asked = repeated(request, record, packets)
    field("asked", len(asked))
    report.ends("radius", request.frame, record, request.frame.source, request.frame.target)
    return asked


def compare_reply(record, reply, report):
    field = lambda name, theirs, absent=0: report.field("radius", name, reply.frame, record.get(name, absent), theirs)
    field("reply", CODES.get(reply.code))
    field("reply_attributes", reply.types[:LISTED], [])
    field("reply_message_authenticator", 80 in reply.types, False)
    field("reply_eap_type", number(reply.node.find("eap.type")))
    error = reply.find("MS_CHAP_Error")
    if error:
        # tshark shows the Ident before the text (RFC 2548 2.1.5).
        field("ms_chap_error", error[error.index("E="):], "")


def compare_record(record, packets, report):
    request = reply = None
    facts, asked = {}, []
    if "request_frame" in record:
        request = take(packets, record["request_frame"], False)
        report.message(request, "radius", record["request_frame"], "request")
        if not request:
            return
        facts = request.facts()
        asked = compare_request(record, request, packets, report)
    if "reply_frame" in record:
        reply = take(packets, record["reply_frame"], True)
        report.message(reply, "radius", record["reply_frame"], "answer")
        compare_reply(record, reply, report)
        for name, value in reply.facts().items():
            if value and (not facts.get(name) or name == "framed_address"):
                facts[name] = value
        paired = number(reply.find("reqframe", None))
        report.field("radius", "pairing", reply.frame, record.get("request_frame", 0),
                     request.frame.number if request and paired in asked else paired)
    for name, theirs in facts.items():
        report.field("radius", name, (request or reply).frame, record.get(name, type(theirs)()), theirs)


def compare(frames, records, report):
    packets = [Packet(frame, node) for frame in frames if not frame.quotes for layer, node in frame.layers.nodes()
               if layer == "radius"]
    for record in records:
        if record["type"] == "radius":
            compare_record(record, packets, report)
    for packet in packets:
        if not packet.taken:
            report.unseen("radius", packet.frame, CODES.get(packet.code, "code %d" % packet.code))
