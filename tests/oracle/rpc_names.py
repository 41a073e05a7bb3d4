"""rpc_names - holds our tables of RPC interfaces and operations to those that others know.

usage: rpc_names.py INTERFACES [--list]

Three witnesses, each as far as it is there: tshark is asked what it calls each opnum of each of our interfaces, by a
capture made for it; impacket and Samba's Python know interfaces, opnums and names by themselves. An interface of
theirs that ours lack, and a name of theirs that is not ours, must stand in rpc_names.tsv with a reason. Names are
held together by their words, as each of them shortens in its own way: every word of theirs begins a word of ours, or
is begun by one.
"""

import importlib
import inspect
import os
import pkgutil
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
SKIPPED = 77
PAST_THE_END = 3  # opnums that are asked for behind the last one that we name
STUB_BYTES = 512
NDR = uuid.UUID("8a885d04-1ceb-11c9-9fe8-08002b104860").bytes_le + struct.pack("<I", 2)
# Words that only say whose the operation is, or that a name stands for both character sets.
FILLERS = {"r", "rpc", "netr", "samr", "lsar", "lsa", "idl", "drs", "elfr", "efs", "base", "reg", "sch", "dssetup", "evt",
           "nspi", "svc", "dsr", "net", "ds", "dfs", "spoolss", "fss", "witness", "w", "ndr", "dns", "srv", "srvsvc",
           "wkssvc", "winreg", "async", "iwinreg", "bkrp", "frs", "trans", "ept", "epm", "winspool", "drsuapi", "frstrans"}
SHORT = {"grp": "group", "pw": "password", "mem": "member", "dsp": "display", "sec": "security", "acct": "account",
         "pwd": "password", "del": "delete", "prop": "property", "remove": "delete", "desc": "descriptor", "mod": "modify",
         "privs": "privileges", "priv": "privilege", "val": "value", "addr": "address", "svc": "service", "dom": "domain",
         "mgr": "manager", "notif": "notification", "msg": "message", "params": "parameters", "obj": "object",
         "lo": "look", "multi": "multiple"}


class Interface:
    def __init__(self, name):
        self.name = name
        self.operations = {}


def ours(program):
    known, at = {}, None
    for line in subprocess.run([program], stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines():
        first, second, third = line.split("\t")
        if first:
            at = known[first, int(second)] = Interface(third)
        else:
            at.operations[int(second)] = third
    return known


def words(name):
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    parts = [SHORT.get(part.lower(), part.lower()) for part in parts]
    return [part for part in parts if part not in FILLERS]


def agree(own, their):
    mine = words(own)
    joined = "".join(mine) + " " + own.lower()
    return all(any(a.startswith(b) or b.startswith(a) for a in mine) or b in joined for b in words(their))


def pdu(kind, call_id, body):
    return struct.pack("<BBBBIHHI", 5, 0, kind, 3, 0x10, 16 + len(body), 0, call_id) + body


def bind(key):
    syntax = uuid.UUID(key[0]).bytes_le + struct.pack("<I", key[1])
    return pdu(11, 1, struct.pack("<HHIIHBB", 4280, 4280, 0, 1, 0, 1, 0) + syntax + NDR)


def bind_ack():
    return pdu(12, 1, struct.pack("<HHIH", 4280, 4280, 1, 0) + b"\0\0" + struct.pack("<IHH", 1, 0, 0) + NDR)


def packet(port, to_server, sequence, data):
    ports = (port, 49999) if to_server else (49999, port)
    addresses = (b"\x0a\0\0\1", b"\x0a\0\0\2") if to_server else (b"\x0a\0\0\2", b"\x0a\0\0\1")
    tcp = struct.pack(">HHIIBBHHH", *ports, *sequence, 0x50, 0x18, 8192, 0, 0) + data
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0) + b"".join(addresses)
    return struct.pack("<IIII", 0, 0, len(ip) + len(tcp), len(ip) + len(tcp)) + ip + tcp


def conversation(number, key, opnums):
    """A client that binds to an interface and calls these opnums, each once."""
    port, asked, answered = 1024 + number, 1, 1
    out = [packet(port, True, (asked, answered), bind(key))]
    asked += len(bind(key))
    out.append(packet(port, False, (answered, asked), bind_ack()))
    answered += len(bind_ack())
    for call_id, opnum in enumerate(opnums, 2):
        data = pdu(0, call_id, struct.pack("<IHH", STUB_BYTES, 0, opnum) + bytes(STUB_BYTES))
        out.append(packet(port, True, (asked, answered), data))
        asked += len(data)
    return b"".join(out)


def from_tshark(known):
    """What tshark writes of each call: "Connect request", or "Unknown operation 4 request"; else it knows none."""
    keys = list(known)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "calls.pcap")
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
            for number, key in enumerate(keys):
                file.write(conversation(number, key, range(max(known[key].operations) + 1 + PAST_THE_END)))
        environment = dict(os.environ, HOME=folder, XDG_CONFIG_HOME=folder)
        fields = ["tcp.srcport", "dcerpc.opnum", "_ws.col.Info"]
        command = ["tshark", "-n", "-r", path, "-Y", "dcerpc.pkt_type == 0", "-T", "fields", "-E", "occurrence=l"]
        lines = subprocess.run(command + [part for field in fields for part in ("-e", field)], env=environment,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True).stdout
    theirs = {}
    for line in lines.splitlines():
        port, opnum, info = line.split("\t")[:3]
        named = re.match(r"(.+?) request\b", info)
        if not named:
            continue
        at = theirs.setdefault(keys[int(port) - 1024], Interface(None))
        if not named.group(1).startswith("Unknown") and not re.fullmatch(r"\d+", named.group(1)):
            at.operations[int(opnum)] = named.group(1)
    return theirs


def wire_key(packed):
    return str(uuid.UUID(bytes_le=packed[:16])), struct.unpack("<H", packed[16:18])[0]


def from_impacket():
    """A module holds interfaces as MSRPC_UUID_... and IID_..., and calls as classes with an opnum."""
    theirs = {}
    import impacket.dcerpc.v5 as top
    for info in pkgutil.walk_packages(top.__path__, top.__name__ + "."):
        module = importlib.import_module(info.name)
        found = {name: value for name, value in vars(module).items()
                 if name.startswith("MSRPC_UUID_") and isinstance(value, bytes) and len(value) == 20}
        calls = {vars(value)["opnum"]: name for name, value in vars(module).items()
                 if inspect.isclass(value) and value.__module__ == module.__name__ and isinstance(
                     vars(value).get("opnum"), int) and not name.endswith("Response")}
        for value in found.values():
            at = theirs.setdefault(wire_key(value), Interface(info.name.rsplit(".", 1)[1]))
            if len(found) == 1:
                at.operations.update(calls)
    from impacket.dcerpc.v5 import epm
    have = {key[0] for key in theirs}
    for identity, name in epm.KNOWN_PROTOCOLS.items():
        if name.startswith("[M") and identity.lower() not in have:
            theirs[identity.lower(), None] = Interface(name)
    return theirs


def from_samba():
    import samba.dcerpc as top
    theirs = {}
    for info in pkgutil.iter_modules(top.__path__):
        module = importlib.import_module(top.__name__ + "." + info.name)
        syntax = getattr(module, "abstract_syntax", None)
        if not syntax:
            continue
        at = theirs.setdefault((str(syntax().uuid), syntax().if_version & 0xffff), Interface(info.name))
        for name, value in vars(module).items():
            if inspect.isclass(value) and inspect.isbuiltin(getattr(value, "opnum", None)):
                at.operations[value.opnum()] = name
    return theirs


def opnums(text):
    out = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        out.update(range(int(first), int(last or first) + 1))
    return out


class Table:
    """Rows of witness, interface, opnums, name and reason. * is any; - for opnums: ours lack the interface."""

    def __init__(self, path):
        self.rows, self.used = [], set()
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.strip() and not line.startswith("#"):
                    witness, interface, numbers, name, reason = line.rstrip("\n").split("\t")
                    assert reason, line
                    self.rows.append((witness, interface, None if numbers == "-" else opnums(numbers), name, line))

    def explains(self, witness, interface, opnum, name):
        for index, (whose, which, numbers, called, _) in enumerate(self.rows):
            if whose in ("*", witness) and which in ("*", interface) and (
                    opnum in numbers if numbers is not None else opnum is None):
                if re.fullmatch(re.escape(called).replace(r"\*", ".*"), name):
                    self.used.add(index)
                    return True
        return False


def hold(known, witness, theirs, table):
    compared, differences = 0, []
    by_uuid = {key[0]: own for key, own in known.items()}
    for key, interface in sorted(theirs.items(), key=str):
        own = known.get(key) if key[1] is not None else by_uuid.get(key[0])
        name = own.name if own else key[0]
        if not own and not table.explains(witness, name, None, interface.name):
            differences.append("%s\t%s\t-\t%s" % (witness, name, interface.name))
        for opnum, operation in sorted(interface.operations.items()) if own else []:
            mine = own.operations.get(opnum, "")
            compared += 1
            if not (mine and agree(mine, operation)) and not table.explains(witness, name, opnum, operation):
                differences.append("%s\t%s\t%d\t%s\tours: %s" % (witness, name, opnum, operation, mine))
    print("%s: %d interfaces, %d operations compared" % (witness, len(theirs), compared))
    return compared, differences


def main():
    known = ours(sys.argv[1])
    table = Table(os.path.join(HERE, "rpc_names.tsv"))
    asked = {"impacket": from_impacket, "samba": from_samba}
    if shutil.which("tshark"):
        asked["tshark"] = lambda: from_tshark(known)
    differences, seen = [], set()
    for witness, ask in asked.items():
        try:
            theirs = ask()
        except ImportError as error:
            print("%s is not there: %s" % (witness, error))
            continue
        seen.add(witness)
        differences += hold(known, witness, theirs, table)[1]
    differences += ["explains nothing: " + row[4].rstrip() for index, row in enumerate(table.rows)
                    if index not in table.used and row[0] in seen | ({"*"} if len(seen) == len(asked) else set())]
    for line in differences:
        print(line)
    if not seen:
        return SKIPPED
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
