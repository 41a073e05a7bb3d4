#!/usr/bin/env python3
"""make_names - writes captures of name and address services that the laboratory's hosts do not speak.

usage: make_names.py FOLDER

Writes names.pcap, dhcp.pcap and radius.pcap into FOLDER (tests/lab/captures), byte for byte the same each time. Every
packet is laid out here by its specification; what they hold is for tests/oracle to hold to tshark.
"""

import os
import struct
import sys

START = 1790000000


class Capture:
    """A classic capture file of Ethernet frames, a tenth of a second apart."""

    def __init__(self, path):
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        self.count = 0

    def frame(self, payload, ethertype):
        frame = b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01" + struct.pack(">H", ethertype) + payload
        time = self.count * 100000
        self.file.write(struct.pack("<IIII", START + time // 1000000, time % 1000000, len(frame), len(frame)) + frame)
        self.count += 1

    def packet(self, source, target, protocol, payload):
        if ":" in source:
            payload = with_checksum(v6(source) + v6(target) + struct.pack(">II", len(payload), protocol), payload, protocol)
            head = struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64) + v6(source) + v6(target)
            self.frame(head + payload, 0x86dd)
            return
        payload = with_checksum(v4(source) + v4(target) + struct.pack(">HH", protocol, len(payload)), payload, protocol)
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), self.count, 0, 64, protocol, 0, v4(source), v4(target))
        self.frame(head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload, 0x800)

    def udp(self, source, source_port, target, target_port, payload):
        self.packet(source, target, 17, struct.pack(">HHHH", source_port, target_port, 8 + len(payload), 0) + payload)

    def tcp(self, client, port, server, messages):
        """A connection to port 53; messages: (to the server?, bytes)."""
        sequence = {True: 1000, False: 5000}

        def segment(to_server, flags, payload=b""):
            ends = (client, server, port, 53) if to_server else (server, client, 53, port)
            ack = sequence[not to_server] if flags & 0x10 else 0
            head = struct.pack(">HHIIBBHHH", ends[2], ends[3], sequence[to_server], ack, 0x50, flags, 8192, 0, 0)
            self.packet(ends[0], ends[1], 6, head + payload)
            sequence[to_server] += len(payload) + (1 if flags & 3 else 0)

        segment(True, 2)
        segment(False, 0x12)
        segment(True, 0x10)
        for to_server, message in messages:
            message = struct.pack(">H", len(message)) + message
            for at in range(0, len(message), 1400):
                segment(to_server, 0x18, message[at:at + 1400])
        segment(True, 0x11)
        segment(False, 0x11)
        segment(True, 0x10)


def v4(text):
    return bytes(int(part) for part in text.split("."))


def v6(text):
    head, _, tail = text.partition("::")
    parts = [[int(part, 16) for part in half.split(":") if part] for half in (head, tail)]
    return struct.pack(">8H", *parts[0], *[0] * (8 - len(parts[0]) - len(parts[1])), *parts[1])


def checksum(data):
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data[:len(data) // 2 * 2]))
    total += data[-1] << 8 if len(data) % 2 else 0
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def with_checksum(pseudo, payload, protocol):
    at = 6 if protocol == 17 else 16
    return payload[:at] + struct.pack(">H", checksum(pseudo + payload) or 0xffff) + payload[at + 2:]


# DNS.

HERE = b"\xc0\x0c"


def name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".") if label) + b"\0"


def dns(identity, flags, question=b"", answers=(), authorities=(), additionals=(), questions=1):
    return struct.pack(">6H", identity, flags, questions if question else 0, len(answers), len(authorities),
                       len(additionals)) + question + b"".join((*answers, *authorities, *additionals))


def question(text, kind, cls=1):
    return name(text) + struct.pack(">HH", kind, cls)


def record(owner, kind, data, ttl=600, cls=1):
    return owner + struct.pack(">HHIH", kind, cls, ttl, len(data)) + data


def soa(serial):
    return record(HERE, 6, name("ns.corp.example") + name("root.corp.example") + struct.pack(">5I", serial, 900, 600, 86400, 3600))


def netbios(text, suffix):
    raw = text.encode().ljust(15) + bytes([suffix])
    return b"\x20" + b"".join(bytes([65 + (byte >> 4), 65 + (byte & 15)]) for byte in raw) + b"\0"


def names(path):
    c = Capture(path)
    pc, other, server, evil = "10.0.0.21", "10.0.0.22", "10.0.0.10", "10.0.0.66"
    every = [record(HERE, 2, name("ns.corp.example")), record(HERE, 6, soa(7)[12:]), record(HERE, 15, b"\0\x0a" + name("mx.corp.example")),
             record(HERE, 16, b"\x05hello\x05world"), record(HERE, 28, v6("2001:db8::5")),
             record(HERE, 33, struct.pack(">HHH", 0, 100, 389) + name("dc.corp.example")),
             record(HERE, 13, b"\x03x86\x05Linux"), record(HERE, 257, b"\0\x05issueca.example"),
             record(HERE, 43, struct.pack(">HBB", 1, 8, 2) + b"\x11" * 32),
             record(HERE, 46, struct.pack(">HBBIIIH", 1, 8, 2, 600, START + 99, START, 5) + name("corp.example") + b"\x22" * 64),
             record(HERE, 48, struct.pack(">HBB", 256, 3, 8) + b"\x33" * 64), record(HERE, 47, name("a.corp.example") + b"\0\x01\x40"),
             record(HERE, 35, struct.pack(">HH", 1, 2) + b"\x01u\x03sip\0" + name("sip.corp.example")),
             record(HERE, 10, b"\xde\xad\xbe\xef"), record(HERE, 0xff01, struct.pack(">4I", 0, 2, 900, 1) + v4(server))]
    c.udp(pc, 50001, server, 53, dns(1, 0x0100, question("corp.example", 255)))
    c.udp(server, 53, pc, 50001, dns(1, 0x8580, question("corp.example", 255), every))
    opt = record(b"\0", 41, b"\0\x0a\0\x08" + b"\x44" * 8, 0x8000, 1232)
    c.udp(pc, 50002, server, 53, dns(2, 0x0100, question("nothere.corp.example", 1), additionals=[opt]))
    c.udp(pc, 50002, server, 53, dns(2, 0x0100, question("nothere.corp.example", 1), additionals=[opt]))
    c.udp(server, 53, pc, 50002, dns(2, 0x8583, question("nothere.corp.example", 1), (), [soa(7)],
                                     [record(b"\0", 41, b"", 0, 4096)]))
    c.udp(pc, 50003, server, 53, dns(3, 0x0100, question("unanswered.corp.example", 1)))
    hosts = [record(name("h%d.corp.example" % i), 1, bytes([10, 1, i // 256, i % 256])) for i in range(300)]
    c.tcp(pc, 40001, server, [
        (True, dns(5, 0, question("corp.example", 252))),
        (False, dns(5, 0x8400, question("corp.example", 252), [soa(42), *hosts[:150]])),
        (False, dns(5, 0x8400, b"", [*hosts[150:], record(name("corp.example"), 6, soa(42)[12:])]))])
    c.tcp(pc, 40002, server, [
        (True, dns(6, 0, question("corp.example", 251), (), [soa(40)])),
        (False, dns(6, 0x8400, question("corp.example", 251),
                    [soa(42), soa(40), hosts[0], soa(41), hosts[1], soa(41), soa(42), hosts[2], soa(42)]))])
    c.tcp(evil, 40003, server, [(True, dns(7, 0, question("corp.example", 252))),
                                (False, dns(7, 0x8405, question("corp.example", 252)))])
    c.tcp(pc, 40004, server, [(True, dns(8, 0, question("corp.example", 251), (), [soa(42)])),
                              (False, dns(8, 0x8400, question("corp.example", 251), [soa(42)]))])
    update = [record(name("pc.corp.example"), 255, b"", 0, 255), record(name("pc.corp.example"), 1, v4(pc), 1200),
              record(name("old.corp.example"), 1, v4(other), 0, 254)]
    c.udp(pc, 50009, server, 53, dns(9, 0x2800, question("corp.example", 6), [record(name("pc.corp.example"), 5, b"", 0, 254)], update))
    c.udp(server, 53, pc, 50009, dns(9, 0xa805))
    for text, port in (("wpad", 50010), ("fileserv", 50011)):
        identity = port - 50000
        c.udp(pc, port, "224.0.0.252", 5355, dns(identity, 0, question(text, 1)))
        c.udp(pc, port, "224.0.0.252", 5355, dns(identity, 0, question(text, 1)))
        c.udp(evil, 5355, pc, port, dns(identity, 0x8000, question(text, 1), [record(HERE, 1, v4(evil), 30)]))
    c.udp("fe80::21", 50012, "ff02::1:3", 5355, dns(12, 0, question("wpad", 28)))
    c.udp("fe80::66", 5355, "fe80::21", 50012, dns(12, 0x8000, question("wpad", 28), [record(HERE, 28, v6("fe80::66"), 30)]))
    c.udp(pc, 5353, "224.0.0.251", 5353, dns(0, 0, question("printer.local", 1)))
    c.udp(other, 5353, "224.0.0.251", 5353, dns(0, 0, question("printer.local", 1)))
    c.udp("10.0.0.30", 5353, "224.0.0.251", 5353, dns(0, 0x8400, b"", [record(name("printer.local"), 1, v4("10.0.0.30"), 120, 0x8001)]))
    c.udp(pc, 137, "10.0.0.255", 137, dns(20, 0x0110, netbios("FILESERV", 0x20) + struct.pack(">HH", 32, 1)))
    c.udp(evil, 137, pc, 137, dns(20, 0x8500, b"", [record(netbios("FILESERV", 0x20), 32, b"\0\0" + v4(evil), 300)]))
    c.udp(pc, 137, server, 137, dns(21, 0x2900, netbios("PC", 0x20) + struct.pack(">HH", 32, 1), (), (),
                                    [record(HERE, 32, b"\x60\0" + v4(pc), 300)]))
    c.udp(server, 137, pc, 137, dns(21, 0xad86, b"", [record(netbios("PC", 0x20), 32, b"\x60\0" + v4(other), 300)]))
    c.udp(pc, 137, server, 137, dns(22, 0x3000, netbios("PC", 0x20) + struct.pack(">HH", 32, 1), (), (),
                                    [record(HERE, 32, b"\x60\0" + v4(pc), 0)]))
    c.udp(server, 137, pc, 137, dns(22, 0xb400, b"", [record(netbios("PC", 0x20), 32, b"\x60\0" + v4(pc), 0)]))


# DHCP.

def option(code, value):
    return bytes([code, len(value)]) + value


def dhcp(op, kind, xid, options, client="0.0.0.0", given="0.0.0.0", relay="0.0.0.0", sname=b"", hops=0):
    mac = b"\x02\0\0\0\0\x21"
    return (struct.pack(">BBBBIHH", op, 1, 6, hops, xid, 0, 0x8000) + v4(client) + v4(given) + v4("10.0.0.10" if op == 2 else "0.0.0.0")
            + v4(relay) + mac.ljust(16, b"\0") + sname.ljust(64, b"\0") + b"\0" * 128 + b"\x63\x82\x53\x63"
            + option(53, bytes([kind])) + b"".join(options) + b"\xff")


def option6(code, value):
    return struct.pack(">HH", code, len(value)) + value


def dhcp6(kind, xid, *options):
    return struct.pack(">I", kind << 24 | xid) + b"".join(options)


def addresses(path):
    c = Capture(path)
    all4, server, rogue = "255.255.255.255", "10.0.0.10", "10.0.0.66"
    client = [option(61, b"\x01\x02\0\0\0\0\x21"), option(12, b"pc1"), option(60, b"MSFT 5.0"), option(55, bytes([1, 3, 6, 15, 44, 252, 121]))]
    offer = [option(54, v4(server)), option(51, struct.pack(">I", 3600)), option(1, v4("255.255.255.0")), option(3, v4("10.0.0.1")),
             option(6, v4(server) + v4("10.0.0.11")), option(15, b"corp.example"), option(44, v4(server))]
    evil = [option(54, v4(rogue)), option(51, struct.pack(">I", 60)), option(3, v4(rogue)), option(6, v4(rogue)),
            option(252, b"http://10.0.0.66/wpad.dat"), option(121, b"\x00" + v4(rogue) + b"\x10\x0a\x01" + v4(rogue))]
    ask = [*client, option(50, v4("10.0.0.121")), option(54, v4(server)), option(81, b"\x00\0\0pc1.corp.example")]
    c.udp("0.0.0.0", 68, all4, 67, dhcp(1, 1, 0x1001, [*client, option(50, v4("10.0.0.99"))]))
    c.udp("0.0.0.0", 68, all4, 67, dhcp(1, 1, 0x1001, [*client, option(50, v4("10.0.0.99"))]))
    c.udp(server, 67, all4, 68, dhcp(2, 2, 0x1001, offer, given="10.0.0.121", sname=b"dc1"))
    c.udp(rogue, 67, all4, 68, dhcp(2, 2, 0x1001, evil, given="10.0.0.200"))
    c.udp("0.0.0.0", 68, all4, 67, dhcp(1, 3, 0x1001, ask))
    c.udp(server, 67, all4, 68, dhcp(2, 5, 0x1001, offer, given="10.0.0.121"))
    c.udp("10.0.0.121", 68, server, 67, dhcp(1, 8, 0x1002, client, client="10.0.0.121"))
    c.udp(server, 67, "10.0.0.121", 68, dhcp(2, 5, 0x1002, offer[:1], client="10.0.0.121"))
    c.udp("10.0.0.121", 68, server, 67, dhcp(1, 7, 0x1003, [option(54, v4(server))], client="10.0.0.121"))
    c.udp("0.0.0.0", 68, all4, 67, dhcp(1, 4, 0x1004, [option(54, v4(server)), option(50, v4("10.0.0.121")), option(56, b"in use")]))
    relayed = [option(82, option(1, b"vlan7") + option(2, b"\x02\0\0\0\0\x99"))]
    c.udp("10.0.7.1", 67, server, 67, dhcp(1, 3, 0x1005, [*ask, *relayed], relay="10.0.7.1", hops=1))
    c.udp(server, 67, "10.0.7.1", 67, dhcp(2, 6, 0x1005, [option(54, v4(server)), option(56, b"no such lease"), *relayed], relay="10.0.7.1"))
    c.udp("0.0.0.0", 68, all4, 67, dhcp(1, 1, 0x1006, client))
    pc6, all6, server6 = "fe80::21", "ff02::1:2", "fe80::10"
    duid, server_duid = option6(1, struct.pack(">HHI", 1, 1, 700000000) + b"\x02\0\0\0\0\x21"), option6(2, struct.pack(">HH", 3, 1) + b"\x02\0\0\0\0\x10")
    fqdn = option6(39, b"\x00\x03pc1\x04corp\x07example\0")
    ia = lambda inner=b"": option6(3, struct.pack(">III", 0x77, 0, 0) + inner)
    leased = ia(option6(5, v6("2001:db8::121") + struct.pack(">II", 1800, 3600)))
    wanted = option6(6, struct.pack(">HHH", 23, 24, 39))
    more = (option6(23, v6("2001:db8::10")), option6(24, name("corp.example")))
    vendor = option6(16, struct.pack(">IH", 311, 8) + b"MSFT 5.0")
    c.udp(pc6, 546, all6, 547, dhcp6(1, 0x2001, duid, ia(), fqdn, wanted, vendor))
    c.udp(server6, 547, pc6, 546, dhcp6(2, 0x2001, duid, server_duid, leased, *more))
    c.udp(pc6, 546, all6, 547, dhcp6(3, 0x2002, duid, server_duid, leased, fqdn, wanted))
    c.udp(server6, 547, pc6, 546, dhcp6(7, 0x2002, duid, server_duid, leased, *more))
    inner = dhcp6(5, 0x2003, duid, server_duid, leased)
    relay = lambda kind, message: struct.pack(">BB", kind, 0) + v6("2001:db8::1") + v6(pc6) + option6(18, b"eth7") + option6(9, message)
    c.udp("2001:db8::1", 547, "2001:db8::10", 547, relay(12, inner))
    refused = dhcp6(7, 0x2003, duid, server_duid, ia(option6(13, struct.pack(">H", 3) + b"no binding")))
    c.udp("2001:db8::10", 547, "2001:db8::1", 547, relay(13, refused))
    c.udp(pc6, 546, all6, 547, dhcp6(11, 0x2004, duid, wanted))


# RADIUS.

def radius(code, identity, authenticator, *attributes):
    body = b"".join(attributes)
    return struct.pack(">BBH", code, identity, 20 + len(body)) + bytes([authenticator]) * 16 + body


def attribute(kind, value):
    return bytes([kind, 2 + len(value)]) + value


def number(kind, value):
    return attribute(kind, struct.pack(">I", value))


def microsoft(kind, value):
    return attribute(26, struct.pack(">I", 311) + attribute(kind, value))


def access(path):
    c = Capture(path)
    nas, server = "10.0.0.30", "10.0.0.10"
    where = (attribute(4, v4(nas)), attribute(32, b"switch1"), number(5, 7), number(61, 15), attribute(87, b"ge-0/0/7"),
             attribute(30, b"02-00-00-00-00-30"), attribute(31, b"02-00-00-00-00-21"))
    auth = attribute(80, b"\x55" * 16)
    ask = lambda *values: c.udp(nas, 49001, server, 1812, radius(*values))
    answer = lambda *values: c.udp(server, 1812, nas, 49001, radius(*values))
    ask(1, 1, 1, attribute(1, b"alice"), attribute(2, b"\x66" * 16), *where, number(6, 2))
    ask(1, 1, 1, attribute(1, b"alice"), attribute(2, b"\x66" * 16), *where, number(6, 2))
    answer(2, 1, 0x81, attribute(8, v4("10.0.0.121")), number(27, 3600), attribute(11, b"staff"), attribute(64, b"\x01\0\0\x0d"),
           attribute(65, b"\x01\0\0\x06"), attribute(81, b"\x0142"), auth)
    ask(1, 2, 2, attribute(1, b"mallory"), microsoft(11, b"\x77" * 16), microsoft(25, b"\x01\0" + b"\x78" * 48), *where, auth,
        attribute(33, b"proxy1"), attribute(33, b"proxy2"), microsoft(34, b"MSRAS-0-PC1"))
    answer(3, 2, 0x82, attribute(18, b"no"), attribute(18, b"entry"), microsoft(2, b"\x01E=691 R=0 C=" + b"0" * 32 + b" V=3"))
    ask(1, 3, 3, attribute(1, b"bob@corp.example"), attribute(79, b"\x02\x05\0\x15\x01bob@corp.example"), *where, auth)
    answer(11, 3, 0x83, attribute(79, b"\x01\x06\0\x06\x19\x20"), attribute(24, b"state"), auth)
    ask(1, 4, 4, attribute(1, b"bob@corp.example"), attribute(79, b"\x02\x06\0\x06\x03\x19"), *where, auth)
    ask(12, 5, 5, auth)
    answer(2, 5, 0x85, auth)
    session = (attribute(44, b"0000A1"), attribute(1, b"alice"), attribute(8, v4("10.0.0.121")), attribute(168, v6("2001:db8::121")))
    for identity, status, rest in ((6, 1, ()), (7, 2, (number(46, 600), number(42, 1000), number(43, 2000), number(52, 1), number(53, 2), number(49, 1)))):
        c.udp(nas, 49002, server, 1813, radius(4, identity, identity, number(40, status), *session, number(55, START), *rest, *where))
        c.udp(server, 1813, nas, 49002, radius(5, identity, 0x80 + identity))
    c.udp(server, 49003, nas, 3799, radius(40, 8, 8, attribute(44, b"0000A1"), auth))
    c.udp(nas, 3799, server, 49003, radius(42, 8, 0x88, number(101, 503)))
    c.udp(nas, 49004, server, 1812, radius(1, 9, 9, attribute(1, b"carol"), attribute(3, b"\x01" + b"\x79" * 16),
                                            attribute(66, b"\x01" + b"10.1.1.1"), attribute(67, b"10.2.2.2")))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    names(os.path.join(sys.argv[1], "names.pcap"))
    addresses(os.path.join(sys.argv[1], "dhcp.pcap"))
    access(os.path.join(sys.argv[1], "radius.pcap"))


if __name__ == "__main__":
    main()
