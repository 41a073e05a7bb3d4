"""dissection - captures as tshark dissects them: frames with their layers, and where they come from.

tshark is run once per capture, with settings of its own and never the user's. Reading segments out of order is left off:
it makes tshark wait for packets that were not captured.
"""

import json
import os
import subprocess
import tempfile

LAYERS = ("frame ip ipv6 tcp udp nbss smb smb2 dcerpc kerberos ntlmssp gss-api spnego ldap cldap http kpasswd tls rdp "
          "dns mdns llmnr nbns nbdgm mailslot browser smb_netlogon remunk remunk2 isystemactivator oxid dispatch "
          "dhcp dhcpv6 radius eap")
SETTINGS = ["tcp.desegment_tcp_streams:TRUE", "tcp.reassemble_out_of_order:FALSE", "ip.defragment:TRUE",
            "dcerpc.reassemble_dcerpc:TRUE", "kerberos.desegment:TRUE", "kerberos.decrypt:FALSE",
            "http.desegment_body:FALSE"]

MARKS = {"tcp.analysis.retransmission", "tcp.analysis.fast_retransmission", "tcp.analysis.spurious_retransmission",
         "tcp.analysis.out_of_order", "tcp.analysis.lost_segment", "tcp.analysis.ack_lost_segment"}


class Node(list):
    """An object of tshark's JSON: (name, value) in order, names may come again. A value is text, a list or a Node."""

    def all(self, name):
        return [value for key, value in self if key == name]

    def get(self, name, default=None):
        for key, value in self:
            if key == name:
                return value
        return default

    def tree(self, *names):
        """The node below these names, one after the other; an empty one where there is none."""
        node = self
        for name in names:
            node = node.get(name)
            if not isinstance(node, Node):
                return Node()
        return node

    def nodes(self):
        for name, value in self:
            for item in value if isinstance(value, list) and not isinstance(value, Node) else [value]:
                if isinstance(item, Node):
                    yield name, item

    def walk(self):
        """Each (name, value) of it and below it, depth first."""
        for name, value in self:
            yield name, value
            for item in value if isinstance(value, list) and not isinstance(value, Node) else [value]:
                if isinstance(item, Node):
                    yield from item.walk()

    def find(self, name, default=None):
        """The first value of that name at any depth."""
        for key, value in self.walk():
            if key == name:
                return value
        return default


def number(text, default=0):
    """Numbers as tshark writes them: 12, 0x0c, or 0c:00 for a bit string."""
    if text is None or isinstance(text, (Node, list)):
        return default
    if ":" in text:
        return int(text.replace(":", ""), 16)
    return int(text, 0) if text else default


def size_of(text):
    """Bytes in what tshark writes as 0c:00:1f."""
    return (len(text) + 1) // 3 if text else 0


class Frame:
    def __init__(self, layers):
        self.layers = layers
        head = layers.tree("frame")
        self.number = int(head.get("frame.number"))
        self.marks = set()
        if head.get("frame.cap_len") != head.get("frame.len"):
            self.marks.add("cut")
        self.stream = self.source = self.target = None
        # ICMP errors hold the head of the packet they are about, which is dissected as well.
        self.quotes = any(name in ("icmp", "icmpv6") for name, _ in layers)
        self.read_addresses()
        self.read_marks()

    def read_addresses(self):
        """Those of the innermost packet."""
        source = target = None
        for name, layer in self.layers.nodes():
            if name in ("ip", "ipv6"):
                source, target = layer.get(name + ".src"), layer.get(name + ".dst")
            elif name in ("tcp", "udp"):
                self.stream = (name, int(layer.get(name + ".stream")))
                self.source = (source, int(layer.get(name + ".srcport")))
                self.target = (target, int(layer.get(name + ".dstport")))

    def read_marks(self):
        """What tshark found unusual: retransmission, out_of_order, lost_segment, malformed, ..."""
        for name, _ in self.layers.tree("tcp", "tcp.analysis").walk():
            if name in MARKS:
                self.marks.add(name.rpartition(".")[2])
        if any(name == "_ws.malformed" for name, _ in self.layers.walk()):
            self.marks.add("malformed")

    def transport(self):
        return self.stream[0] if self.stream else "none"


def dissect(path):
    """The frames of a capture. The settings' folder is empty, so that no user's own settings count."""
    command = ["tshark", "-n", "-r", path, "-T", "json", "-J", LAYERS]
    for setting in SETTINGS:
        command += ["-o", setting]
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, WIRESHARK_CONFIG_DIR=folder, TZ="UTC")
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, check=False)
    # A capture that was cut short gives what can be read, and code 2.
    if run.returncode not in (0, 2) or not run.stdout:
        raise RuntimeError("tshark: %s: %s" % (path, run.stderr.decode("utf-8", "replace")))
    packets = json.loads(run.stdout.decode("utf-8", "replace"), object_pairs_hook=Node)
    return [Frame(packet.tree("_source", "layers")) for packet in packets]
