"""facts_dhcp - DHCP and DHCPv6 messages of a dissection, and our observations held to them (RFC 2131, 2132, 8415)."""

import ipaddress
import re

from dissection import Node, number

MESSAGES = {1: "discover", 2: "offer", 3: "request", 4: "decline", 5: "ack", 6: "nak", 7: "release", 8: "inform"}
MESSAGES6 = {1: "solicit", 2: "advertise", 3: "request6", 4: "confirm", 5: "renew", 6: "rebind", 7: "reply",
             8: "release6", 9: "decline6", 10: "reconfigure", 11: "information_request"}
ANSWERS6 = (2, 7, 10)
PAD, END = 0, 255
LISTED, FEW = 48, 8

# Field of the record: field of tshark, and what to make of it.
OPTIONS = {
    "host_name": "dhcp.option.hostname", "domain": "dhcp.option.domain_name", "fqdn": "dhcp.fqdn.name",
    "requested_address": "dhcp.option.requested_ip_address", "server_id": "dhcp.option.dhcp_server_id",
    "subnet_mask": "dhcp.option.subnet_mask", "vendor_class": "dhcp.option.vendor_class_id",
    "proxy_url": "dhcp.option.private_proxy_autodiscovery", "text": "dhcp.option.message",
}
LISTS = {"routers": "dhcp.option.router", "name_servers": "dhcp.option.domain_name_server",
         "wins_servers": "dhcp.option.netbios_over_tcpip_name_server"}
# What an answer replaces although the request may have said it too.
NAMES6 = {"fqdn": "dhcpv6.client_domain", "domain": "dhcpv6.search_list_entry"}


def address(text):
    return "" if text in (None, "0.0.0.0", "::") else str(ipaddress.ip_address(text))


def hexadecimal(text):
    return (text or "").replace(":", "")


def printable(text):
    """Bytes as tshark writes them: as text when all are printable."""
    raw = bytes.fromhex(hexadecimal(text))
    return raw.decode("ascii") if raw and all(0x20 <= byte <= 0x7e for byte in raw) else raw.hex()


def route(text):
    raw = bytes.fromhex(hexadecimal(text))
    size = (raw[0] + 7) // 8
    return "%s/%d via %s" % (ipaddress.ip_address(raw[1:1 + size].ljust(4, b"\0")), raw[0],
                             ipaddress.ip_address(raw[1 + size:5 + size]))


class Message:
    def __init__(self, frame, node):
        self.frame = frame
        self.taken = False
        self.facts = {}
        self.version = 6 if node.get("dhcpv6.msgtype") is not None else 4
        if self.version == 4:
            self.read4(node)
        else:
            self.read6(node)

    def describe(self):
        return "DHCPv%d %s" % (self.version, self.kind)

    def read4(self, node):
        self.answer = number(node.get("dhcp.type")) == 2
        kind = node.find("dhcp.option.dhcp")
        self.kind = MESSAGES.get(number(kind), "unknown") if kind is not None else "bootp"
        facts = self.facts
        facts["xid"] = number(node.get("dhcp.id"))
        facts["client_mac"] = node.get("dhcp.hw.mac_addr", "")
        facts["hops"] = number(node.get("dhcp.hops"))
        for ours, theirs in (("client_address", "client"), ("given_address", "your"), ("next_server", "server"),
                             ("relay_address", "relay")):
            facts[ours] = address(node.get("dhcp.ip." + theirs))
        facts["boot_server"] = node.get("dhcp.server", "")
        codes = [number(value) for name, value in node if name == "dhcp.option.type"]
        facts["options"] = [code for code in codes if code not in (PAD, END)][:LISTED]
        for ours, theirs in OPTIONS.items():
            facts[ours] = node.find(theirs, "")
        for ours, theirs in LISTS.items():
            facts[ours] = [value for name, value in node.walk() if name == theirs][:FEW]
        facts["routes"] = [route(value) for name, value in node.walk() if name == "dhcp.option.classless_static_route"]
        facts["lease_seconds"] = number(node.find("dhcp.option.ip_address_lease_time"))
        facts["parameters"] = [number(value) for name, value in node.walk() if name == "dhcp.option.request_list_item"]
        agent = "dhcp.option.agent_information_option.agent_"
        facts["circuit_id"] = printable(node.find(agent + "circuit_id"))
        facts["remote_id"] = printable(node.find(agent + "remote_id"))
        facts["client_id"] = ""
        for code, tree in zip(codes, node.all("dhcp.option.type_tree")):
            if code == 61:
                facts["client_id"] = hexadecimal(tree.get("dhcp.option.value"))

    def read6(self, node):
        facts = self.facts
        facts["hops"] = 0
        facts["relay_address"] = ""
        facts["circuit_id"] = ""
        while number(node.get("dhcpv6.msgtype")) in (12, 13):
            facts["relay_address"] = address(node.get("dhcpv6.linkaddr"))
            facts["hops"] = max(facts["hops"], number(node.get("dhcpv6.hopcount")))
            facts["circuit_id"] = printable(node.find("dhcpv6.interface_id"))
            node = node.find("dhcpv6", Node())
        kind = number(node.get("dhcpv6.msgtype"))
        self.answer = kind in ANSWERS6
        self.kind = MESSAGES6.get(kind, "unknown")
        trees = [tree for tree in node.all("dhcpv6.option.type_str_tree")]
        facts["xid"] = number(node.get("dhcpv6.xid"))
        facts["options"] = [number(tree.get("dhcpv6.option.type")) for tree in trees]
        of = {number(tree.get("dhcpv6.option.type")): tree for tree in reversed(trees)}
        client, server = of.get(1, Node()), of.get(2, Node())
        facts["client_id"] = hexadecimal(client.get("dhcpv6.duid.bytes"))
        facts["server_duid"] = hexadecimal(server.get("dhcpv6.duid.bytes"))
        facts["client_mac"] = client.get("dhcpv6.duidllt.link_layer_addr", client.get("dhcpv6.duidll.link_layer_addr", ""))
        facts["iaid"] = int(of.get(3, Node()).get("dhcpv6.iaid", "0"), 16)
        facts["given_address" if self.answer else "requested_address"] = address(node.find("dhcpv6.iaaddr.ip"))
        if self.answer:
            facts["lease_seconds"] = number(node.find("dhcpv6.iaaddr.valid_lifetime"))
        facts["status"] = number(node.find("dhcpv6.status_code"))
        facts["text"] = node.find("dhcpv6.status_msg", "")
        facts["vendor_class"] = node.find("dhcpv6.vendorclass.data", "")
        facts["parameters"] = [number(value) for name, value in node.walk() if name == "dhcpv6.requested_option_code"]
        facts["name_servers"] = [value for name, value in node.walk() if name == "dhcpv6.dns_server"][:FEW]
        for ours, theirs in NAMES6.items():
            facts[ours] = re.sub(r"\.$", "", node.find(theirs, ""))


def messages_of(frames):
    return [Message(frame, node) for frame in frames for layer, node in frame.layers.nodes()
            if layer in ("dhcp", "dhcpv6") and not frame.quotes]


def take(messages, frame, answer, report):
    for message in messages:
        if message.frame.number == frame and message.answer == answer:
            message.taken = True
            return message
    return None


def expected_of(request, reply):
    facts = dict(request.facts) if request else {}
    if not reply:
        return facts
    for field, value in reply.facts.items():
        if field == "options":
            facts["reply_options"] = value
        elif field == "hops":
            facts[field] = max(value, facts.get(field, 0))
        elif value or field in ("given_address", "next_server") or field not in facts:
            facts[field] = value
    return facts


def repeated(request, record, messages):
    again = [message for message in messages if not message.answer and message.kind == request.kind
             and message.facts["xid"] == request.facts["xid"] and message.facts["client_id"] == request.facts["client_id"]
             and message.frame.target == request.frame.target
             and request.frame.number <= message.frame.number <= record.get("reply_frame", 2 ** 60)]
    again = again[:record.get("asked", 1)]
    for message in again:
        message.taken = True
    return len(again)


def compare_record(record, messages, report):
    request = reply = None
    if "request_frame" in record:
        request = take(messages, record["request_frame"], False, report)
        report.message(request, "dhcp", record["request_frame"], "request")
    if "reply_frame" in record:
        reply = take(messages, record["reply_frame"], True, report)
        report.message(reply, "dhcp", record["reply_frame"], "answer")
    frame = (request or reply).frame
    for field, theirs in expected_of(request, reply).items():
        report.field("dhcp", field, frame, record.get(field, type(theirs)()), theirs)
    report.field("dhcp", "version", frame, record.get("version"), (request or reply).version)
    if request:
        report.field("dhcp", "message", frame, record.get("message"), request.kind)
        report.field("dhcp", "asked", frame, record.get("asked", 0), repeated(request, record, messages))
    if reply:
        report.field("dhcp", "reply", reply.frame, record.get("reply"), reply.kind)
    if request and reply:
        report.field("dhcp", "pairing", frame, request.facts["xid"], reply.facts["xid"])
    client = request.frame.source if request else reply.frame.target
    report.ends("dhcp", frame, record, client,
                (reply.frame.source[0], request.frame.target[1]) if reply and request
                else reply.frame.source if reply else request.frame.target)


def compare(frames, records, report):
    messages = messages_of(frames)
    for record in records:
        if record["type"] == "dhcp":
            compare_record(record, messages, report)
    for message in messages:
        if not message.taken:
            report.unseen("dhcp", message.frame, message.describe())
