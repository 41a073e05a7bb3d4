"""facts_dns - messages of name services in a dissection, and our observations held to them.

DNS, LLMNR, mDNS and NetBIOS names: each message is one fact, held to the observation that names its frame. NetBIOS
datagrams are held to theirs. RFC 1035, 2136, 1002 unless said otherwise.
"""

import ipaddress
import re

from dissection import Node, number

LAYERS = {"dns": "dns", "mdns": "mdns", "llmnr": "llmnr", "nbns": "netbios"}
SECTIONS = (("Queries", "Zone"), ("Answers", "Prerequisites"), ("Authoritative nameservers", "Updates"),
            ("Additional records",))
COUNTS = (("queries", "zones"), ("answers", "prerequisites"), ("auth_rr", "updates"), ("add_rr",))
LISTED = 32
OPT, TSIG, TKEY, SOA, NB, NBSTAT, AXFR, IXFR = 41, 250, 249, 6, 32, 33, 252, 251
MDNS_CLASS = 0x7fff  # tshark shows the class without QU and cache-flush

OPERATIONS = {0: "query", 1: "inverse_query", 2: "status", 4: "notify", 5: "update", 6: "stateful"}
NETBIOS_OPERATIONS = {0: "query", 5: "registration", 6: "release", 7: "wait", 8: "refresh", 9: "refresh",
                      15: "multihomed_registration"}
RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 6: "YXDOMAIN",
          7: "YXRRSET", 8: "NXRRSET", 9: "NOTAUTH", 10: "NOTZONE", 16: "BADVERS"}
NETBIOS_RCODES = {0: "NOERROR", 1: "FMT_ERR", 2: "SRV_ERR", 3: "NAM_ERR", 4: "IMP_ERR", 5: "RFS_ERR", 6: "ACT_ERR",
                  7: "CFT_ERR"}
BROWSER = {1: "host_announcement", 2: "announcement_request", 8: "election", 9: "backup_list_request",
           10: "backup_list", 11: "become_backup", 12: "domain_announcement", 13: "master_announcement",
           14: "reset_state", 15: "local_master_announcement"}


def plain(text):
    """Our names without the escapes of RFC 1035 5.1."""
    return re.sub(r"\\(\d\d\d|.)", lambda m: chr(int(m.group(1))) if len(m.group(1)) == 3 else m.group(1), text)


def name_of(text):
    return "." if text == "<Root>" else text


def quoted(texts):
    return " ".join('"%s"' % text for text in texts)


def join(item, *names):
    return " ".join(name_of(item.get(name, "?")) for name in names)


DATA = {
    1: lambda item: item.get("dns.a"),
    2: lambda item: name_of(item.get("dns.ns")),
    5: lambda item: name_of(item.get("dns.cname")),
    6: lambda item: join(item, "dns.soa.mname", "dns.soa.rname", "dns.soa.serial_number",
                         "dns.soa.refresh_interval", "dns.soa.retry_interval", "dns.soa.expire_limit",
                         "dns.soa.minimum_ttl"),
    12: lambda item: name_of(item.get("dns.ptr.domain_name")),
    15: lambda item: join(item, "dns.mx.preference", "dns.mx.mail_exchange"),
    16: lambda item: quoted(item.all("dns.txt")),
    28: lambda item: str(ipaddress.ip_address(item.get("dns.aaaa"))),
    33: lambda item: join(item, "dns.srv.priority", "dns.srv.weight", "dns.srv.port", "dns.srv.target"),
}


class Resource:
    def __init__(self, key, item, netbios):
        self.item = item
        self.netbios = netbios
        self.length = number(item.get("nbns.data_length" if netbios else "dns.resp.len"))
        self.ttl = number(item.get("nbns.ttl" if netbios else "dns.resp.ttl"))
        self.type = number(item.get("nbns.type" if netbios else "dns.resp.type"))
        self.cls = number(item.get("dns.resp.class"))
        self.kind = re.search(r": type ([^,]+?)(,|$)", key)
        self.kind = {"*": "ANY"}.get(self.kind.group(1), self.kind.group(1)) if self.kind else "?"
        if netbios:
            self.name = re.sub(r"(<..>) .*", r"\1", short_name(item.get("nbns.name", "")))
        elif item.get("dns.srv.service") is not None:
            self.name = ".".join(item.get("dns.srv." + part) for part in ("service", "proto", "name")
                                 if item.get("dns.srv." + part) is not None)
        else:
            self.name = name_of(item.get("dns.resp.name", ""))

    def word(self, section):
        """What the class says in an update (RFC 2136 2.4, 2.5)."""
        if section == 1:
            names = {255: ("name in use ", "exists "), 254: ("name not in use ", "does not exist ")}
            return names[self.cls][self.type != 255] if self.cls in names else "equals "
        return "delete " if self.cls in (254, 255) else "add "

    def text(self, update, section):
        text = (self.word(section) if update and section != 3 else "") + "%s %s" % (self.name, self.kind)
        if self.type == NB and self.item.get("nbns.addr"):
            return text + " " + " ".join(self.item.all("nbns.addr"))
        if self.length and self.type in DATA and not self.netbios:
            return text + " " + DATA[self.type](self.item)
        return text

    def is_partial(self):
        """Its data is not rebuilt here."""
        return self.length > 0 and self.type not in DATA and self.type not in (NB, NBSTAT)


def short_name(text):
    """NetBIOS names as tshark writes them: without the zeros that pad the name *, and 1 and 2 as the bytes they are."""
    text = re.sub(r"^\*(<00>){15}", "*<00>", text)
    return text.replace("<01><02>__MSBROWSE__<02>", "\x01\x02__MSBROWSE__\x02")


def section_of(node, names):
    found = []
    for name in names:
        for key, item in node.tree(name).nodes():
            found.append((key, item))
    return found


class Message:
    def __init__(self, frame, layer, node):
        self.frame = frame
        self.protocol = LAYERS[layer]
        self.netbios = layer == "nbns"
        self.prefix = "nbns." if self.netbios else "dns."
        self.node = node
        self.id = number(node.get(self.prefix + "id"))
        self.flags = number(node.get(self.prefix + "flags"))
        self.response = bool(self.flags & 0x8000)
        self.opcode = self.flags >> 11 & 15
        self.operation = (NETBIOS_OPERATIONS if self.netbios else OPERATIONS).get(self.opcode, "unknown")
        self.counts = [next((number(node.get(self.prefix + "count." + name)) for name in names
                             if node.get(self.prefix + "count." + name) is not None), 0) for names in COUNTS]
        self.questions = section_of(node, SECTIONS[0])
        self.sections = [[]] + [[Resource(key, item, self.netbios) for key, item in section_of(node, names)]
                                for names in SECTIONS[1:]]
        self.read_question()
        self.taken = False

    def read_question(self):
        self.name, self.type, self.cls, self.name_bytes = "", 0, 0, 0
        if self.questions:
            item = self.questions[0][1]
            self.name = item.get(self.prefix + ("name" if self.netbios else "qry.name"), "")
            self.type = number(item.get(self.prefix + ("type" if self.netbios else "qry.type")))
            self.cls = number(item.get(self.prefix + ("class" if self.netbios else "qry.class")))
            if not self.netbios:
                self.name_bytes = number(item.get("dns.qry.name.len")) + 2 if self.name != "<Root>" else 1
        elif self.sections[1]:
            self.name, self.type, self.cls = self.sections[1][0].name, self.sections[1][0].type, self.sections[1][0].cls
            if self.netbios:
                self.cls = number(self.sections[1][0].item.get("nbns.class"))
        self.name = name_of(short_name(self.name)) if self.netbios else name_of(self.name)

    def suffix(self):
        found = re.search(r"<(..)>", self.name)
        return int(found.group(1), 16) if self.netbios and found else 0

    def first(self, section, kind):
        return next((item for item in self.sections[section] if item.type == kind), None)

    def any(self, kind):
        return next((item for section in self.sections for item in section if item.type == kind), None)

    def texts(self, section):
        meta = (OPT, TSIG, TKEY) if section == 3 else (TKEY,)
        return [item for item in self.sections[section] if self.netbios or item.type not in meta]

    def size(self):
        length = self.node.get("dns.length")
        if length is not None:
            return number(length)
        return number(self.frame.layers.find("udp.length")) - 8

    def key(self):
        return self.protocol, self.response, self.id, self.name.lower(), self.type

    def describe(self):
        return "%s %s %s" % (self.protocol, "answer" if self.response else "request", self.operation)


def messages_of(frames):
    """Those in ICMP are quotations of what could not be delivered."""
    return [Message(frame, layer, node) for frame in frames if not frame.quotes for layer, node in frame.layers.nodes()
            if layer in LAYERS and node.get(("nbns." if layer == "nbns" else "dns.") + "flags") is not None]


def take(messages, frame, response, identity):
    found = [m for m in messages if m.frame.number == frame and m.response == response and m.id == identity]
    for message in found:
        message.taken = True
        return message
    return None


def name_for(message):
    return re.sub(r"<..>.*", "", message.name).rstrip() if message.netbios else message.name


def compare_list(record, ours, message, section, report):
    """Texts of a section; of types whose data is not rebuilt here, only name and type."""
    update = message.operation == "update"
    theirs = message.texts(section)[:LISTED]
    texts = record.get(ours, [])
    report.field(message.protocol, ours + " listed", message.frame, len(texts), len(theirs))
    for text, item in zip(texts, theirs):
        expected = item.text(update, section)
        if item.is_partial():
            text = text[:len(expected)]
        report.field(message.protocol, ours, message.frame, plain(text), expected)


def compare_request(record, message, report):
    field = lambda name, ours, theirs: report.field(message.protocol, name, message.frame, ours, theirs)
    field("request_flags", record.get("request_flags", 0), message.flags)
    field("request_bytes", record.get("request_bytes", 0), message.size())
    compare_subject(record, message, report)
    opt = message.first(3, OPT)
    field("edns", record.get("edns", False), opt is not None)
    if opt:
        field("edns_payload", record.get("edns_payload", 0), number(opt.item.get("dns.rr.udp_payload_size")))
        field("dnssec_ok", record.get("dnssec_ok", False), number(opt.item.find("dns.resp.z.do")) == 1)
        field("edns_options", record.get("edns_options", []),
              [number(value) for name, value in opt.item.walk() if name == "dns.opt.code"][:8])
    soa = next((item for section in (1, 2, 3) for item in message.sections[section] if item.type == SOA), None)
    serial = number(soa.item.get("dns.soa.serial_number")) if soa else 0
    field("serial_asked", record.get("serial_asked", 0), serial)
    if message.operation == "update":
        compare_list(record, "prerequisites", message, 1, report)
        compare_list(record, "updates", message, 2, report)
    compare_key(record, message, report)
    if message.netbios and "reply_frame" not in record:
        compare_netbios(record, message, report)


def compare_subject(record, message, report):
    field = lambda name, ours, theirs: report.field(message.protocol, name, message.frame, ours, theirs)
    field("name", plain(record.get("name", "")), name_for(message))
    field("qtype", record.get("qtype", 0), message.type)
    field("qclass", record.get("qclass", 0), message.cls)
    field("transaction_id", record.get("transaction_id", 0), message.id)
    if message.name_bytes:
        field("name_bytes", record.get("name_bytes", 0), message.name_bytes)
    if message.netbios:
        field("suffix", record.get("suffix", 0), message.suffix())
    if message.questions:
        kind = re.search(r": type ([^,]+?)(,|$)", message.questions[0][0]).group(1)
        field("qtype_name", record.get("qtype_name", ""), {"*": "ANY"}.get(kind, kind))


def compare_key(record, message, report):
    field = lambda name, ours, theirs: report.field(message.protocol, name, message.frame, ours, theirs)
    tsig, tkey = message.any(TSIG), message.any(TKEY)
    key = tkey or tsig
    field("is_signed", record.get("is_signed", False), tsig is not None)
    field("key_name", plain(record.get("key_name", "")), key.name if key else "")
    algorithm = (tkey.item.get("dns.tkey.algo_name") if tkey else tsig.item.get("dns.tsig.algorithm_name")) if key else ""
    field("key_algorithm", plain(record.get("key_algorithm", "")), algorithm)
    field("key_mode", record.get("key_mode", 0), number(tkey.item.get("dns.tkey.mode")) if tkey else 0)


def compare_netbios(record, message, report):
    field = lambda name, ours, theirs: report.field(message.protocol, name, message.frame, ours, theirs)
    nb = next((item for section in message.sections[1:] for item in section if item.type == NB and item.length), None)
    if nb:
        field("address", record.get("address", ""), nb.item.get("nbns.addr", ""))
        field("nb_flags", record.get("nb_flags", 0), number(nb.item.get("nbns.nb_flags")))
    status = message.first(1, NBSTAT)
    if status:
        names = status.item.all("nbns.netbios_name")
        flags = [number(value) for value in status.item.all("nbns.name_flags")]
        theirs = [bare(name) + (" group" if flag & 0x8000 else "") for name, flag in zip(names, flags)]
        field("names", [re.sub(r"<..>", "", plain(name)) for name in record.get("names", [])], theirs)
        field("unit_id", record.get("unit_id", ""), status.item.get("nbns.unit_id", ""))


def bare(name):
    return re.sub(r"<..>.*", "", short_name(name)).rstrip()


def compare_reply(record, message, request, report):
    field = lambda name, ours, theirs: report.field(message.protocol, name, message.frame, ours, theirs)
    field("reply_flags", record.get("reply_flags", 0), message.flags)
    opt = message.first(3, OPT)
    rcode = (message.flags & 15) | (number(opt.item.get("dns.resp.ext_rcode")) << 4 if opt else 0)
    field("rcode", record.get("rcode", 0), rcode)
    names = NETBIOS_RCODES if message.netbios else RCODES
    field("rcode_name", record.get("rcode_name", ""), names.get(rcode, "RCODE%d" % rcode))
    field("counts", [record.get(name + "_count", 0) for name in ("question", "answer", "authority", "additional")],
          message.counts)
    if not request:
        compare_subject(record, message, report)
    field("reply_bytes", record.get("reply_bytes", 0), message.size())
    key = message.any(TKEY) or message.any(TSIG)
    error = max([number(item.item.get("dns.tkey.error", item.item.get("dns.tsig.error")))
                 for item in (message.any(TKEY), message.any(TSIG)) if item] or [0]) if key else 0
    field("key_error", record.get("key_error", 0), error)
    if message.netbios:
        compare_netbios(record, message, report)
    if record.get("transfer_messages"):
        return
    largest = max([item.length for section in message.sections[1:] for item in section] or [0])
    field("largest_bytes", record.get("largest_bytes", 0), largest)
    if message.operation != "update":
        compare_list(record, "answers", message, 1, report)
        compare_list(record, "authorities", message, 2, report)
        field("ttls", [ttl % 2 ** 32 for ttl in record.get("ttls", [])],
              [item.ttl for item in message.texts(1)][:LISTED])
    compare_list(record, "additionals", message, 3, report)
    soa = next((item for section in (1, 2, 3) for item in message.sections[section] if item.type == SOA), None)
    field("serial", record.get("serial", 0), number(soa.item.get("dns.soa.serial_number")) if soa else 0)


def compare_transfer(record, request, messages, report):
    """All messages of the transfer, as frames of one stream between request and last answer."""
    parts = [m for m in messages if m.response and m.id == request.id and m.frame.stream == request.frame.stream
             and request.frame.number <= m.frame.number <= record.get("reply_frame", 2 ** 60)]
    records = [item for part in parts for item in part.sections[1]]
    serials = [number(item.item.get("dns.soa.serial_number")) for item in records if item.type == SOA]
    field = lambda name, theirs: report.field("dns", name, request.frame, record.get(name, 0), theirs)
    for part in parts:
        part.taken = True
    field("transfer_messages", len(parts))
    field("transfer_records", len(records))
    field("transfer_bytes", sum(part.size() for part in parts))
    field("serial", serials[0] if serials else 0)
    incremental = len(records) > 1 and records[1].type == SOA
    field("incremental", incremental)
    field("transfer_complete", serials.count(serials[0]) >= (3 if incremental else 2) or len(records) == 1
          if serials else 0)


def repeated(record, request, messages):
    """The frames in which the request was sent before its answer, or while it waited."""
    again = [m for m in messages if m.key() == request.key() and not m.response
             and m.frame.source == request.frame.source
             and (m.protocol == "mdns" or m.frame.target == request.frame.target)
             and request.frame.number <= m.frame.number <= record.get("reply_frame", 2 ** 60)]
    for message in again[:record.get("asked", 1)]:
        message.taken = True
    return [message.frame.number for message in again[:record.get("asked", 1)]]


def compare_exchange(record, messages, report):
    request = reply = None
    identity = record.get("transaction_id", 0)
    protocol = record["protocol"]
    if "request_frame" in record:
        request = take(messages, record["request_frame"], False, identity)
        report.message(request, protocol, record["request_frame"], "request")
    if "reply_frame" in record:
        reply = take(messages, record["reply_frame"], True, identity if protocol != "mdns" else 0)
        report.message(reply, protocol, record["reply_frame"], "answer")
    if request:
        compare_request(record, request, report)
        asked = repeated(record, request, messages)
        report.field(protocol, "asked", request.frame, record.get("asked", 0), len(asked))
        expected = "wait" if reply and reply.operation == "wait" else request.operation
        report.field(protocol, "operation", request.frame, record.get("operation", "unknown"), expected)
        server = reply.frame.source if reply and record.get("multicast") else request.frame.target
        report.ends(protocol, request.frame, record, request.frame.source, server)
    if request and record.get("transfer_messages"):
        compare_transfer(record, request, messages, report)
    if reply:
        compare_reply(record, reply, request, report)
        if not request:
            report.ends(protocol, reply.frame, record, reply.frame.target, reply.frame.source)
        if protocol == "dns" and not record.get("transfer_messages"):
            # tshark names the last of several equal requests, we the first.
            paired = number(reply.node.get("dns.response_to"))
            report.field(protocol, "pairing", reply.frame, record.get("request_frame", 0),
                         request.frame.number if request and paired in asked else paired)


def datagrams_of(frames):
    return {frame.number: frame for frame in frames if frame.layers.get("nbdgm") is not None}


def compare_datagram(record, frame, report):
    node, smb = frame.layers.tree("nbdgm"), frame.layers
    field = lambda name, theirs, absent="": report.field("netbios", "datagram " + name, frame,
                                                         record.get(name, absent), theirs)
    field("transaction_id", number(node.get("nbdgm.dgram_id")), 0)
    field("address", node.get("nbdgm.src.ip"))
    field("request_flags", number(node.get("nbdgm.type")) << 8 | number(node.get("nbdgm.flags")), 0)
    field("source_name", re.sub(r"(<..>) .*", r"\1", node.get("nbdgm.source_name", "")))
    target = re.sub(r"(<..>) .*", r"\1", node.get("nbdgm.destination_name", ""))
    report.field("netbios", "datagram name", frame, "%s<%02x>" % (plain(record.get("name", "")),
                                                                   record.get("suffix", 0)),
                 short_name(target))
    mailslot = smb.find("mailslot.name")
    if mailslot is not None:
        field("mailslot", mailslot)
    browser, logon = smb.tree("browser"), smb.tree("smb_netlogon")
    if browser:
        field("operation", BROWSER.get(number(browser.get("browser.command")), "datagram"))
        field("server_name", next((browser.get("browser." + name) for name in (
            "server", "mb_server", "response_computer_name", "browser_to_promote") if browser.get("browser." + name)), ""))
        field("server_type", number(browser.get("browser.server_type")), 0)
        field("comment", browser.get("browser.comment", browser.get("browser.mb_server", "")
                                     if number(browser.get("browser.command")) == 12 else ""))
        field("os_major", number(browser.get("browser.os_major")), 0)
        field("os_minor", number(browser.get("browser.os_minor")), 0)
    elif logon and mailslot and mailslot.upper().endswith("LOGON"):
        asks = number(logon.get("smb_netlogon.command")) in (7, 18)
        field("operation", "logon_request" if asks else "logon_response")
        if asks:
            field("server_name", logon.get("smb_netlogon.unicode_computer_name",
                                           logon.get("smb_netlogon.computer_name", "")))
            field("logon_user", logon.get("smb_netlogon.user_name", ""))
    else:
        field("operation", "datagram")
    report.ends("netbios", frame, record, frame.source, frame.target)


def compare(frames, records, report):
    messages, datagrams = messages_of(frames), datagrams_of(frames)
    for record in records:
        if record["type"] != "dns":
            continue
        if record.get("request_frame") in datagrams:
            report.message(True, "netbios", record["request_frame"], "datagram")
            compare_datagram(record, datagrams.pop(record["request_frame"]), report)
        else:
            compare_exchange(record, messages, report)
    for message in messages:
        if not message.taken:
            report.unseen(message.protocol, message.frame, message.describe())
    for frame in datagrams.values():
        report.unseen("netbios", frame, "datagram")
