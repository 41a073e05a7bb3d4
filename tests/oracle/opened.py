"""opened - holds what we open with a keytab to what tshark opens with the same.

usage: opened.py ORTHRUS [--list]

Reads each capture of tests/lab/captures that has a keytab beside it. Compared are the sealed parts of tickets with their
PACs, directory searches, remote calls and SMB commands inside of what was sealed. What tshark 4.0 cannot open is counted and
named: SMB's ciphers of 256 bits, and NTLM inside of SPNEGO. Exits with 77 where tshark is missing, unless CI=true.
"""
import calendar
import json
import os
import re
import shutil
import subprocess
import sys
import time

import dissection

HERE = os.path.dirname(os.path.abspath(__file__))
CAPTURES = os.path.join(os.path.dirname(os.path.dirname(HERE)), "tests", "lab", "captures")
SKIPPED = 77
# Least that must be compared and equal, so that a run that reads nothing fails.
FLOORS = {"ticket": 2000, "rpc": 120, "smb": 200, "ldap": 12}


class Tally:
    def __init__(self, listing):
        self.listing, self.equal, self.wrong, self.alone = listing, {}, 0, {}

    def compare(self, kind, where, field, ours, theirs):
        if ours == theirs:
            self.equal[kind] = self.equal.get(kind, 0) + 1
            return
        self.wrong += 1
        print("%s: %s %s: we say %r, tshark %r" % (where, kind, field, ours, theirs))

    def only_us(self, kind, where):
        self.alone[kind] = self.alone.get(kind, 0) + 1
        if self.listing:
            print("%s: %s: only we open it" % (where, kind))


def tshark(path, display, form, *options):
    command = ["tshark", "-n", "-r", path + ".pcap", "-o", "kerberos.decrypt:TRUE", "-o", "kerberos.file:" + path + ".keytab",
               "-Y", display] + list(options) + form
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
                         env=dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8"))
    return run.stdout.decode("utf-8", "replace")


def rows(path, display, fields, *options):
    form = ["-T", "fields"] + [x for f in fields for x in ("-e", f)]
    return [line.split("\t") for line in tshark(path, display, form, *options).splitlines()]


def observations(orthrus, path):
    command = [orthrus, "decode", "--quiet", "--keytab", path + ".keytab", path + ".pcap"]
    run = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in run.stdout.decode("utf-8").splitlines()]


# --- tickets

def moment(text):
    """Seconds of a time as tshark or we write it; None for never and for none."""
    if not text or "Infinity" in text or text.startswith("No time"):
        return None
    ours = re.match(r"(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)", text)
    if ours:
        return calendar.timegm(tuple(int(x) for x in ours.groups()))
    return calendar.timegm(time.strptime(re.sub(r"\.\d+ UTC$", "", text), "%b %d, %Y %H:%M:%S"))


def number(text):
    return int(text, 0) if text else 0


def joined(node, name):
    return "/".join(v for k, v in node.walk() if k == name)


def their_part(node):
    """What tshark shows of an EncTicketPart, under our names."""
    logon = node.find("kerberos.pac_logon_info_tree", dissection.Node())
    upn = node.find("kerberos.pac_upn_dns_info_tree", dissection.Node())
    requestor = node.find("kerberos.pac_requester_sid_tree", dissection.Node())
    types = [number(v) for k, v in node.walk() if k == "kerberos.pac.type"]
    # The primary group comes first, under the same name.
    groups = [number(v) for k, v in logon.walk() if k == "netlogon.group_rid"] or [0]
    own = dissection.Node((k, v) for k, v in node if not k.startswith("kerberos.authorization"))
    part = {
        "flags": int(node.get("kerberos.flags").replace(":", ""), 16), "key_etype": number(own.find("kerberos.keytype")),
        "crealm": own.get("kerberos.crealm"), "cname": joined(own, "kerberos.CNameString"),
        "pac_buffers": types,
        "authtime": moment(own.get("kerberos.authtime")), "starttime": moment(own.get("kerberos.starttime")),
        "endtime": moment(own.get("kerberos.endtime")), "renew_till": moment(own.get("kerberos.renew_till")),
        "user": logon.find("netlogon.acct_name"), "full_name": logon.find("netlogon.full_name"),
        "domain": logon.find("netlogon.domain"), "logon_server": logon.find("netlogon.server"),
        "user_rid": number(logon.find("netlogon.rid")), "primary_group_rid": groups[0], "group_rids": groups[1:],
        "logon_count": number(logon.find("netlogon.logon_count16")),
        "bad_password_count": number(logon.find("netlogon.bad_pw_count16")),
        "logon_time": moment(logon.find("netlogon.logon_time")),
        "password_last_set": moment(logon.find("netlogon.pwd_last_set_time")),
        "client_name": node.find("kerberos.pac.name"), "client_time": moment(node.find("kerberos.pac.clientid")),
        "upn": upn.find("kerberos.pac.upn.upn_name"), "dns_domain": upn.find("kerberos.pac.upn.dns_name"),
        "upn_sam_name": upn.find("kerberos.pac.upn.samaccountname"),
        "requestor": bool(requestor),
    }
    return part


def our_part(part):
    ours = {name: part.get(name) for name in (
        "crealm", "cname", "user", "full_name", "domain", "logon_server", "client_name", "upn", "dns_domain", "upn_sam_name")}
    ours.update({name: part.get(name, 0) for name in (
        "flags", "key_etype", "user_rid", "primary_group_rid", "logon_count", "bad_password_count")})
    ours.update({name: moment(part.get(name)) for name in (
        "authtime", "starttime", "endtime", "renew_till", "logon_time", "password_last_set", "client_time")})
    ours["group_rids"] = part.get("group_rids", [])
    ours["pac_buffers"] = part.get("pac_buffers", [])
    ours["requestor"] = "requestor_sid" in part
    return ours


def parts_of(path):
    """By frame, the opened tickets in it in their order."""
    frames = {}
    text = tshark(path, "kerberos.encTicketPart_element", ["-T", "json"])
    for packet in json.loads(text, object_pairs_hook=dissection.Node):
        layers = packet.tree("_source", "layers")
        frame = number(layers.tree("frame").get("frame.number"))
        frames[frame] = [their_part(value) for key, value in layers.walk() if key == "kerberos.encTicketPart_element"]
    return frames


def compare_tickets(path, records, tally):
    frames = parts_of(path)
    for record in records:
        if record["type"] != "kerberos":
            continue
        for part, frame in (("tgt_part", record.get("request_frame")),
                            ("ticket_part", record.get("request_frame" if record["message"] == "ap" else "reply_frame"))):
            ours = record.get(part, {})
            where = "%s frame %s" % (os.path.basename(path), frame)
            if ours.get("opening") != "opened":
                if frames.get(frame) and part in record:
                    tally.compare("ticket", where, "opening", ours.get("opening"), "opened")
                continue
            theirs = frames.get(frame)
            if not theirs:
                tally.only_us("ticket", where)
                continue
            mine = our_part(ours)
            # A frame may hold more than one: the one of the same session and times is meant.
            best = max(theirs, key=lambda t: sum(t[k] == v for k, v in mine.items()))
            for field, value in sorted(mine.items()):
                tally.compare("ticket", where, field, value, best[field] or (value if best[field] is None and not value
                                                                             else best[field]))


# --- what the tickets' and accounts' keys open

INTERFACES = ("samr", "lsarpc", "drsuapi")
SPNEGO = 9


def values_of_calls(path):
    """By frame, every value that tshark shows of a sealed stub; frames whose stub stayed closed have none."""
    frames = {}
    text = tshark(path, "dcerpc.auth_level == 6 && (samr || lsarpc || drsuapi)",
                  ["-T", "json", "-J", "frame samr lsarpc drsuapi"])
    for packet in json.loads(text, object_pairs_hook=dissection.Node):
        layers = packet.tree("_source", "layers")
        values = set()
        for interface in INTERFACES:
            for layer in layers.all(interface):
                leaves = [(k, v) for k, v in layer.walk() if isinstance(v, str)]
                values.update(v for k, v in leaves if not k.endswith(".opnum"))
                values.update(v for k, v in leaves if k.endswith((".rid", ".sid")))
        frames[number(layers.tree("frame").get("frame.number"))] = values
    return frames


def compare_calls(path, records, tally):
    """Texts, SIDs and RIDs of what we read must stand among the values of the same frame."""
    frames = values_of_calls(path)
    for record in records:
        if record["type"] != "rpc" or record.get("opening") != "opened" or record["message"] != "call":
            continue
        for side, frame in (("arguments", record.get("request_frame")), ("results", record.get("reply_frame"))):
            where = "%s frame %s" % (os.path.basename(path), frame)
            # tshark does not show the SID in a DSNAME.
            told = [a for a in record.get(side, []) if a.get("text") and a["kind"] in ("text", "sid") and
                    "pNC." not in a["name"]]
            told += [dict(a, text=str(a["number"])) for a in record.get(side, []) if a["name"] in ("UserId", "Rid")]
            # NTLM agreed by SPNEGO: the stream begins anew behind the mechListMIC, which tshark 4.0 does not follow.
            astray = record.get("auth_type") == SPNEGO and record.get("security") == "ntlm"
            if told and (astray or not frames.get(frame)):
                tally.only_us("rpc", where)
                continue
            for argument in told:
                tally.compare("rpc", where, argument["name"], argument["text"] in frames[frame] or argument["text"], True)


def session_keys(path):
    """Options by which tshark knows the SMB sessions that Kerberos opened: 16 bytes are what it takes."""
    options = []
    for session, values in rows(path, "smb2.cmd == 1 && smb2.flags.response == 1 && kerberos.keyvalue",
                                ["smb2.sesid", "kerberos.keyvalue"]):
        name = int(session, 16).to_bytes(8, "little").hex()
        key = values.split(",")[-1].replace(":", "")[:32]
        options += ["-o", 'uat:smb2_seskey_list:%s,%s,"",""' % (name, key)]
    return options


def compare_smb(path, records, tally):
    display = "smb2.header.transform.signature && smb2.cmd && smb2.flags.response == 0"
    theirs = {}
    for frame, commands, tree, name in rows(path, display, ["frame.number", "smb2.cmd", "smb2.tree", "smb2.filename"],
                                            *session_keys(path)):
        theirs[int(frame)] = ([int(c) for c in commands.split(",")], tree, name)
    names = ["negotiate", "session_setup", "logoff", "tree_connect", "tree_disconnect", "create", "close", "flush", "read",
             "write", "lock", "ioctl", "cancel", "echo", "query_directory", "change_notify", "query_info", "set_info",
             "oplock_break"]
    for record in records:
        if record["type"] != "smb" or record.get("opening") != "opened" or "command" not in record:
            continue
        frame = record.get("request_frame")
        where = "%s frame %s" % (os.path.basename(path), frame)
        if frame not in theirs:
            tally.only_us("smb", where)
            continue
        commands, tree, name = theirs[frame]
        tally.compare("smb", where, "command", names.index(record["command"]) in commands, True)
        if record["command"] == "tree_connect":
            tally.compare("smb", where, "share", record.get("share"), tree)
        if record["command"] == "create" and len(commands) == 1:
            tally.compare("smb", where, "file_name", record.get("file_name", ""), name)


def compare_directory(path, records, tally):
    """Searches inside of sealed tokens: their base, the attributes asked for, and whose entries came back."""
    theirs = {int(frame): (base, attributes, names) for frame, base, attributes, names in rows(
        path, "ldap.messageID", ["frame.number", "ldap.baseObject", "ldap.AttributeDescription", "ldap.objectName"])}
    for record in records:
        if record["type"] != "ldap" or not record.get("opened") or record.get("operation") != "search":
            continue
        where = "%s frame %s" % (os.path.basename(path), record["request_frame"])
        if record["request_frame"] not in theirs:
            tally.only_us("ldap", where)
            continue
        base, attributes, _ = theirs[record["request_frame"]]
        tally.compare("ldap", where, "object", record.get("object", ""), base)
        tally.compare("ldap", where, "attributes", ",".join(record.get("attributes", [])), attributes)
        for name in record.get("objects", []):
            names = theirs.get(record["reply_frame"], ("", "", ""))[2]
            tally.compare("ldap", where, "objects", name in names or name, True)


def main():
    orthrus, listing = sys.argv[1], "--list" in sys.argv
    if not shutil.which("tshark"):
        print("SKIPPED: tshark is not installed")
        return 1 if os.environ.get("CI") == "true" else SKIPPED
    tally = Tally(listing)
    for name in sorted(os.listdir(CAPTURES)):
        if not name.endswith(".keytab"):
            continue
        path = os.path.join(CAPTURES, name[:-len(".keytab")])
        records = observations(orthrus, path)
        for compare in (compare_tickets, compare_calls, compare_smb, compare_directory):
            compare(path, records, tally)
    short = [kind for kind, floor in FLOORS.items() if tally.equal.get(kind, 0) < floor]
    for kind in sorted(set(tally.equal) | set(tally.alone)):
        print("%-8s %6d facts equal, %4d that only we open" % (kind, tally.equal.get(kind, 0), tally.alone.get(kind, 0)))
    for kind in short:
        print("%s: fewer facts than the floor of %d" % (kind, FLOORS[kind]))
    return 1 if tally.wrong or short else 0


if __name__ == "__main__":
    sys.exit(main())
