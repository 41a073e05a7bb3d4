"""exports - holds the forms that leave for other programs to what these expect: OCSF, CEF and the contract of alerts.

usage: exports.py RECODE SOURCE [SEED]

OCSF events are held to the facts of version 1.5.0 as github.com/ocsf/ocsf-schema states them (events/ and objects/:
attributes, their types, requirements and constraints), CEF to the escapes of the Common Event Format with a parser of
our own, and every value to what python3-msgpack reads from the record.
"""

import ipaddress
import json
import os
import re
import sys

import declarations
import recode as tool

try:
    import msgpack
except ImportError:
    print("python3-msgpack is not installed")
    sys.exit(77)

COUNT = 4000

# --- OCSF 1.5.0 ------------------------------------------------------------------------------------------------------
# Objects: attributes with their types, those required, and those of which at least one must stand. A type in brackets
# is a list. json: anything. Only attributes that exist in 1.5.0 are listed; any other one fails the test.

OBJECTS = {
    "metadata": ({"version": str, "product": "product", "uid": str, "sequence": int, "log_name": str,
                  "correlation_uid": str}, ["version", "product"], []),
    "product": ({"name": str, "vendor_name": str, "version": str}, ["name"], []),
    "finding_info": ({"uid": str, "title": str, "desc": str, "first_seen_time": int, "last_seen_time": int,
                      "types": [str], "attacks": ["attack"], "analytic": "analytic"}, ["uid"], []),
    "analytic": ({"uid": str, "name": str, "type_id": int, "type": str}, ["type_id"], ["name", "uid"]),
    "attack": ({"tactic": "entity", "technique": "entity", "sub_technique": "entity", "version": str}, [],
               ["tactic", "technique", "sub_technique"]),
    "entity": ({"uid": str, "name": str}, [], ["uid", "name"]),
    "evidences": ({"name": str, "uid": str, "data": "json", "actor": "actor", "src_endpoint": "endpoint",
                   "dst_endpoint": "endpoint", "user": "user"}, [],
                  ["actor", "data", "src_endpoint", "dst_endpoint", "user"]),
    "actor": ({"user": "user"}, [], ["user"]),
    "user": ({"name": str, "domain": str, "uid": str}, [], ["name", "uid"]),
    "endpoint": ({"ip": str, "port": int, "hostname": str, "name": str, "uid": str}, [],
                 ["ip", "uid", "name", "hostname"]),
    "observable": ({"name": str, "type": str, "type_id": int, "value": str}, ["name", "type_id"], []),
    "service": ({"name": str, "uid": str}, [], ["name", "uid"]),
    "api": ({"operation": str, "service": "service"}, ["operation"], []),
    "connection_info": ({"direction_id": int, "protocol_name": str}, ["direction_id"], []),
    "traffic": ({"bytes": int, "packets": int}, [], []),
    "file": ({"name": str, "path": str, "type_id": int}, ["name", "type_id"], []),
}

BASE = {"activity_id": int, "activity_name": str, "category_uid": int, "category_name": str, "class_uid": int,
        "class_name": str, "count": int, "end_time": int, "message": str, "metadata": "metadata",
        "observables": ["observable"], "severity": str, "severity_id": int, "start_time": int, "status": str,
        "status_code": str, "status_detail": str, "status_id": int, "time": int, "type_name": str, "type_uid": int,
        "unmapped": "json"}
BASE_REQUIRED = ["activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid"]
NETWORK = {"app_name": str, "connection_info": "connection_info", "dst_endpoint": "endpoint",
           "src_endpoint": "endpoint", "traffic": "traffic"}

# Class: category, values of activity_id, attributes, required ones, at least one of.
CLASSES = {
    2004: (2, {0: "Unknown", 1: "Create", 2: "Update", 3: "Close", 99: None},
           {"finding_info": "finding_info", "confidence": str, "confidence_id": int, "confidence_score": int,
            "evidences": ["evidences"], "is_alert": bool}, ["finding_info"], []),
    3002: (3, {0: "Unknown", 1: "Logon", 2: "Logoff", 3: "Authentication Ticket", 4: "Service Ticket Request",
               5: "Service Ticket Renew", 6: "Preauth", 99: None},
           {"auth_protocol": str, "auth_protocol_id": int, "dst_endpoint": "endpoint", "src_endpoint": "endpoint",
            "is_remote": bool, "service": "service", "user": "user"}, ["user"], ["service", "dst_endpoint"]),
    4001: (4, {0: "Unknown", 1: "Open", 2: "Close", 3: "Reset", 4: "Fail", 5: "Refuse", 6: "Traffic", 7: "Listen",
               99: None}, NETWORK, [], ["dst_endpoint", "src_endpoint"]),
    4006: (4, {0: "Unknown", 99: None},
           {**NETWORK, "actor": "actor", "command": str, "file": "file", "share": str, "tree_uid": str}, [],
           ["dst_endpoint", "src_endpoint"]),
    6003: (6, {0: "Unknown", 1: "Create", 2: "Read", 3: "Update", 4: "Delete", 99: None},
           {"actor": "actor", "api": "api", "dst_endpoint": "endpoint", "src_endpoint": "endpoint"},
           ["actor", "api", "src_endpoint"], []),
}
SEVERITY = {0: "Unknown", 1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical", 6: "Fatal"}
EXPECTED_CLASS = {"alert": {2004}, "kerberos": {3002}, "ntlm": {3002}, "smb": {4006}, "rpc": {6003}, "flow": {4001},
                  "activity": {3002, 6003, None}}


def check_value(path, value, kind):
    if kind == "json":
        return
    if isinstance(kind, list):
        assert isinstance(value, list), (path, value)
        for i, item in enumerate(value):
            check_value("%s[%d]" % (path, i), item, kind[0])
    elif isinstance(kind, str):
        check_object(path, value, *OBJECTS[kind])
    else:
        assert type(value) is kind, (path, value, kind)


def check_object(path, value, attributes, required, at_least_one):
    assert isinstance(value, dict), (path, value)
    for name, item in value.items():
        assert name in attributes, "%s has no %s" % (path, name)
        check_value(path + "." + name, item, attributes[name])
    for name in required:
        assert name in value, "%s lacks %s" % (path, name)
    assert not at_least_one or any(name in value for name in at_least_one), "%s lacks all of %s" % (path, at_least_one)


def check_ocsf(event):
    category, activities, attributes, required, at_least_one = CLASSES[event["class_uid"]]
    check_object("event", event, {**BASE, **attributes}, BASE_REQUIRED + required, at_least_one)
    assert event["category_uid"] == category
    assert event["activity_id"] in activities, event
    assert activities[event["activity_id"]] in (None, event["activity_name"])
    assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
    assert SEVERITY[event["severity_id"]] == event["severity"]
    assert event["metadata"]["version"] == "1.5.0"
    assert 0 <= event.get("status_id", 0) <= 6
    assert event.get("confidence_score", 0) >= 0


def check_finding(event, values, alert, record_id):
    info = event["finding_info"]
    assert info["uid"] == (record_id or "0")
    assert info.get("title") == values.get(alert["title"])
    assert info["analytic"]["uid"] == values.get(alert["detection"], "unknown")
    assert event["severity_id"] == values.get(alert["severity"], 0)
    assert event["status_id"] == 1 and event["is_alert"] is True
    assert event["activity_id"] == (2 if values.get(alert["revision"], 0) > 1 else 1)
    attacks = json.dumps(info.get("attacks", []), ensure_ascii=False)
    for technique in values.get(alert["techniques"], []):
        assert json.dumps(technique, ensure_ascii=False) in attacks or "." in technique or technique == ""
    facts = [e for e in event["evidences"] if "data" in e]
    assert len(facts) == len(values.get(alert["evidence"], []))
    for observable in event.get("observables", []):
        at = event
        for step in re.findall(r"[a-z_]+|\d+", observable["name"]):
            at = at[int(step)] if step.isdigit() else at[step]
        assert at == observable["value"]


# --- CEF -------------------------------------------------------------------------------------------------------------


def parse_cef(line):
    """Header fields and extension, unescaped."""
    header, at = [], 0
    for _ in range(7):
        match = re.compile(r"((?:[^\\|]|\\[\\|])*)\|").match(line, at)
        assert match, line
        header.append(re.sub(r"\\(.)", r"\1", match.group(1)))
        at = match.end()
    extension, rest = {}, line[at:]
    pair = re.compile(r"(\w+)=((?:[^\\=]|\\[\\=nr])*?)(?= \w+=|$)")
    at = 0
    while at < len(rest):
        match = pair.match(rest, at)
        assert match, (rest, at)
        assert match.group(1) not in extension
        extension[match.group(1)] = re.sub(r"\\(.)", lambda m: {"n": "\n", "r": "\r"}.get(m.group(1), m.group(1)),
                                           match.group(2))
        at = match.end() + 1
    return header, extension


def plain(text, limit, keep="\n\r"):
    """The text as it must come out of a CEF parser: cut to a length in bytes, other controls as spaces."""
    out, size = "", 0
    for c in text:
        size += len(c.encode())
        if size > limit:
            break
        out += " " if (ord(c) < 32 or ord(c) == 127) and c not in keep else c
    return out


def check_cef(line, values, fields, record_id, version):
    assert "\n" not in line and "\r" not in line
    header, extension = parse_cef(line)
    get = lambda name, default="": values.get(fields["alert"][name], default)
    assert header[:4] == ["CEF:0", "Orthrus", "Orthrus", version], header
    assert header[4] == plain(get("detection"), 1023, "")
    assert header[5] == plain(get("title"), 512, "")
    assert header[6] == str({1: 1, 2: 3, 3: 5, 4: 10, 5: 10}.get(get("severity", 0), 0))
    assert extension["externalId"] == (record_id or "0" * 32)
    assert extension.get("msg", "") == plain(get("description"), 1023)
    assert extension.get("cnt") == (str(get("count")) if get("count") else None)
    assert extension["cn1"] == str(get("confidence", 0))
    for end, keys in (("source", ("src", "c6a2", "shost", "suser")), ("target", ("dst", "c6a3", "dhost", "duser"))):
        party = get(end, {})
        ip = party.get(fields["party"]["ip"])
        text = str(ipaddress.ip_address(ip)) if ip else None
        assert extension.get(keys[0]) == (text if ip and len(ip) == 4 else None)
        assert extension.get(keys[1]) == (text if ip and len(ip) == 16 else None)
        assert extension.get(keys[2], "") == plain(party.get(fields["party"]["host"], ""), 1023)
        assert extension.get(keys[3], "") == plain(party.get(fields["party"]["account"], ""), 1023)
    for key in extension:
        assert not re.fullmatch(r"(cs|cn|c6a)\d", key) or key + "Label" in extension
    assert extension.get("cs1", "") == plain(",".join(get("techniques", [])), 4000)


# --- The contract form of alerts -------------------------------------------------------------------------------------

KEYS = ["id", "detection", "external_id", "title", "severity", "confidence", "tactics", "techniques", "first_seen",
        "last_seen", "source", "target", "count", "outcome", "evidence", "incident", "description", "checks", "tuning",
        "revision"]


def check_alert(alert, generic, values, fields):
    """generic: the same record in its generic JSON form, which msgpack_records.py has judged."""
    assert list(alert) == KEYS
    for key in ("detection", "external_id", "title", "first_seen", "last_seen", "incident", "description", "tuning"):
        assert alert[key] == generic.get(key), key
    for key in ("tactics", "techniques", "checks", "evidence"):
        assert alert[key] == generic.get(key, []), key
    for key in ("count", "revision"):
        assert alert[key] == generic.get(key, 0)
    assert alert["severity"] == generic.get("severity", "unknown")
    assert alert["outcome"] == generic.get("outcome", "unknown")
    assert alert["id"] == generic.get("id", "0" * 32)
    assert alert["confidence"] == min(values.get(fields["alert"]["confidence"], 0), 100) / 100
    for end in ("source", "target"):
        expected = {"ip": None, "host": None, "account": None, **generic.get(end, {})}
        assert alert[end] == expected, (alert[end], expected)
        assert list(alert[end])[:3] == ["ip", "host", "account"]


def main():
    program, source = sys.argv[1], sys.argv[2]
    seed = int(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("ORTHRUS_SEED", "20240917"), 0)
    print("seed", seed)
    with open(os.path.join(source, "CMakeLists.txt"), encoding="utf-8") as file:
        version = re.search(r"project\(orthrus VERSION ([\d.]+)", file.read()).group(1)
    records, _ = declarations.read(source)
    fields = {r.name: {f.name: f.number for f in r.fields} for r in records.values()}
    seen = set()
    for forms in tool.run(program, (str(seed), str(COUNT))):
        values = msgpack.unpackb(forms.msgpack, strict_map_key=False)
        name = records[values[1]].name
        event = json.loads(forms.ocsf) if forms.ocsf else None
        seen.add((name, event and event["class_uid"]))
        assert (event and event["class_uid"]) in EXPECTED_CLASS.get(name, {None}), name
        record_id = values[3].hex() if 3 in values else None
        if event:
            check_ocsf(event)
            assert event["metadata"].get("uid") == record_id
            mapped = {key for key in event.get("unmapped", {})}
            assert mapped <= set(fields[name]), mapped
        if name == "alert":
            check_finding(event, values, fields["alert"], record_id)
            check_cef(forms.cef.decode(), values, fields, record_id, version)
            check_alert(json.loads(forms.alert), json.loads(forms.json), values, fields)
    for name, classes in EXPECTED_CLASS.items():
        assert {c for n, c in seen if n == name} >= classes, name
    print("%d records, %d kinds of event" % (COUNT, len(seen)))


main()
