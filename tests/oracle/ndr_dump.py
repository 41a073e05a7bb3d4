#!/usr/bin/env python3
"""ndr_dump - the arguments that we read of RPC calls, against what Samba's ndrdump reads of the same stubs.

    ndr_dump.py ORTHRUS [--list] [CAPTURE names]

The stubs of calls in clear are taken from the captures by tshark, which is told not to dissect them, and given to
ndrdump with the number of their operation. Each value that we tell must be among those that ndrdump prints, as often as
we tell it: Samba's names for fields are its own, so that values are held to values. The other way round is not asked
for: we tell only some of what there is. What differs stands in ndr_differences.tsv with its reason: capture (or *),
operation, name of the argument (a regular expression), reason.
"""

import collections
import datetime
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
SKIPPED = 77
FLOOR = 3000  # values that must be compared at least over all captures
# Our interface -> its name in Samba, and the protocols of tshark that must not dissect it.
PIPES = {"samr": "samr", "lsarpc": "lsarpc", "netlogon": "netlogon", "srvsvc": "srvsvc", "wkssvc": "wkssvc",
         "svcctl": "svcctl", "epmapper": "epmapper", "drsuapi": "drsuapi", "winspool": "spoolss", "atsvc": "atsvc",
         "efsrpc": "efs", "eventlog": "eventlog", "winreg": "winreg", "netdfs": "netdfs",
         "IRemoteWinspool": "iremotewinspool", "FileServerVssAgent": "FileServerVssAgent", "BackupKey": "backupkey"}
RAW = ("samr", "lsarpc", "rpc_netlogon", "srvsvc", "wkssvc", "svcctl", "epm", "epm4", "drsuapi",
       "spoolss", "atsvc", "efs", "eventlog", "winreg", "netdfs", "iremotewinspool", "fsrvp")
SID = re.compile(r"S-1(?:-\d+)+")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DATE = re.compile(r"\w{3} (\w{3}) +(\d+) (\d\d):(\d\d):(\d\d)(?: ([AP])M)? (\d{4})")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
EPOCH = 116444736000000000
# Protocol identifiers of a tower's floor (C706 appendix I) as protocol sequences.
SEQUENCES = {7: "ncacn_ip_tcp", 8: "ncadg_ip_udp", 15: "ncacn_np", 16: "ncalrpc", 31: "ncacn_http"}
FLOOR_BYTES = 18  # a UUID and its version on the left side of a floor


def decoded(orthrus, path):
    command = [orthrus, "decode", "--quiet", "--only", "rpc", path]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if run.returncode not in (0, 3):
        raise RuntimeError("%s: exit code %d" % (path, run.returncode))
    records = [json.loads(line) for line in run.stdout.decode("utf-8").splitlines()]
    return [r for r in records if r.get("message") == "call" and r.get("interface_name") in PIPES
            and (r.get("arguments") or r.get("results"))]


def stubs_of(path):
    """(frame, request?, call id) -> stub, of frames that hold one PDU; several of one name are left out."""
    command = ["tshark", "-r", path, "-Y", "dcerpc.stub_data || dcerpc.stub_data_with_sec_vt", "-T", "fields"]
    for name in RAW:
        command += ["--disable-protocol", name]
    for field in ("frame.number", "dcerpc.pkt_type", "dcerpc.cn_call_id", "dcerpc.stub_data",
                  "dcerpc.stub_data_with_sec_vt"):
        command += ["-e", field]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    stubs = {}
    for line in run.stdout.decode("utf-8").splitlines():
        frame, kinds, calls, plain, trailed = (line.split("\t") + [""] * 5)[:5]
        if "," in kinds or "," in calls or "," in plain or not (plain or trailed):
            continue
        if kinds in ("0", "2"):
            stubs[int(frame), kinds == "0", int(calls)] = bytes.fromhex(plain or trailed)
    return stubs


def read_date(match):
    month, day, hour, minute, second, half, year = match.groups()
    hour = int(hour) % 12 + (12 if half == "P" else 0) if half else int(hour)
    return datetime.datetime(int(year), MONTHS.index(month) + 1, int(day), hour, int(minute), int(second),
                             tzinfo=datetime.timezone.utc)


class Dump:
    """What ndrdump printed, as values by kind with how often each is there."""

    def __init__(self, text):
        self.values = {kind: collections.Counter() for kind in ("number", "text", "sid", "uuid", "time")}
        self.result = None
        lines = text.splitlines()
        for line, after in zip(lines, lines[1:] + [""]):
            name, colon, value = line.partition(" : ")
            if not colon:
                continue
            self.take_floor(name.strip(), value.strip(), after)
            if name.strip() == "result" and self.result is None:
                self.result = value.strip()
            self.take(value.strip())

    def take_floor(self, name, value, after):
        """Samba leaves the interface of a tower as bytes, and names protocols after their identifiers."""
        if name == "lhs_data" and value == "DATA_BLOB length=%d" % FLOOR_BYTES:
            digits = bytes.fromhex("".join(re.findall(r"\b[0-9A-F]{2}\b", after[7:58])))
            if len(digits) == 16:
                self.values["uuid"][str(uuid.UUID(bytes_le=digits))] += 1
        if name == "protocol":
            self.values["text"][SEQUENCES.get(int(value.rpartition("(")[2].rstrip(")")), value)] += 1
        if name == "ipaddr":
            self.values["text"][value] += 1

    def take(self, value):
        if value.startswith("'"):
            self.values["text"][value[1:value.rindex("'")]] += 1
        for kind, pattern in (("sid", SID), ("uuid", UUID)):
            self.values[kind].update(pattern.findall(value.lower() if kind == "uuid" else value))
        date = DATE.search(value)
        if date:
            self.values["time"][read_date(date)] += 1
        for number in re.findall(r"\((-?\d+)\)$|^(-?\d+)$|\(?0x([0-9a-fA-F]+)\)?$", value):
            decimal = number[0] or number[1]
            self.values["number"][int(decimal) if decimal else int(number[2], 16)] += 1

    def has(self, kind, value):
        if self.values[kind][value] <= 0:
            return False
        self.values[kind][value] -= 1
        return True


class Work:
    def __init__(self, capture, folder):
        self.capture = capture
        self.folder = folder
        self.compared = collections.Counter()  # operation -> values
        self.differences = []                  # (operation, name, frame, ours)

    def dump(self, record, request, stub, asked):
        path = os.path.join(self.folder, "stub")
        command = ["ndrdump", "--debuglevel=0"]
        if record.get("ndr64"):
            command.append("--ndr64")
        if not request and asked is not None:
            with open(path + ".in", "wb") as file:
                file.write(asked)
            command += ["-c", path + ".in"]
        with open(path, "wb") as file:
            file.write(stub)
        command += [PIPES[record["interface_name"]], str(record.get("opnum", 0)), "in" if request else "out", path]
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
                             env=dict(os.environ, TZ="UTC", LC_ALL="C"))
        text = run.stdout.decode("utf-8", "replace")
        return Dump(text) if "pull returned Success" in text else None

    def differ(self, record, name, frame, ours):
        self.differences.append((record.get("operation", ""), name, frame, ours))

    def compare(self, record, request, stubs):
        arguments = record.get("arguments" if request else "results") or []
        frame = record.get("request_frame" if request else "reply_frame")
        call = record.get("call_id", 0)
        stub = stubs.get((frame, request, call))
        if stub is None or not arguments:
            return
        dump = self.dump(record, request, stub, stubs.get((record.get("request_frame"), True, call)))
        if dump is None:
            self.differ(record, "refused in NDR64" if record.get("ndr64") else "refused", frame, "ndrdump refuses what we read")
            return
        for argument in arguments:
            self.compare_value(record, argument, frame, dump)
        if not request and record.get("returned") and dump.result:
            self.compared[record["operation"]] += 1
            fine = dump.result.endswith("_OK") or dump.result == "0x00000000 (0)"
            if fine != (record.get("return_code", 0) == 0):
                self.differ(record, "return_code", frame, record.get("return_code", 0))

    def compare_value(self, record, argument, frame, dump):
        kind = argument["kind"]
        value = argument.get("number", 0) if kind == "number" else argument.get("text", "")
        if kind in ("fingerprint", "zeros", "bytes"):
            return
        if kind == "time":
            if not value:
                return
            # Samba rounds to seconds.
            seconds = (argument["number"] - EPOCH + 5000000) // 10000000
            value = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
        self.compared[record.get("operation", "")] += 1
        # Samba prints 32 bits of a signed type with their sign.
        same = dump.has(kind, value) or (kind == "number" and dump.has(kind, value - (1 << 32)))
        if not same:
            self.differ(record, argument["name"], frame, "%s %s" % (kind, value))


def work_on(work):
    orthrus, path = work
    with tempfile.TemporaryDirectory() as folder:
        w = Work(os.path.basename(path), folder)
        records = decoded(orthrus, path)
        stubs = stubs_of(path) if records else {}
        for record in records:
            w.compare(record, True, stubs)
            w.compare(record, False, stubs)
        return w.capture, w.compared, w.differences


def read_table():
    rows = []
    with open(os.path.join(HERE, "ndr_differences.tsv"), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#") and line.strip():
                capture, operation, name, reason = line.rstrip("\n").split("\t")
                rows.append([capture, operation, re.compile(name), reason, 0])
    return rows


def reason_of(rows, capture, difference):
    for row in rows:
        if row[0] in ("*", capture) and row[1] == difference[0] and row[2].fullmatch(difference[1]):
            row[4] += 1
            return row[3]
    return None


def captures(data, named):
    paths = []
    for folder in (os.path.join(data, "pcap"), os.path.join(SOURCE, "tests", "lab", "captures")):
        if os.path.isdir(folder):
            paths += [os.path.join(folder, name) for name in sorted(os.listdir(folder))
                      if name.endswith((".pcap", ".pcapng", ".cap")) and (not named or name in named)]
    return paths


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--list"]
    if not arguments:
        sys.exit(__doc__)
    orthrus, named = arguments[0], arguments[1:]
    for program in ("tshark", "ndrdump"):
        if not shutil.which(program):
            print("SKIPPED: %s is not installed" % program)
            sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)
    data = os.environ.get("ORTHRUS_DATA") or os.path.join(os.path.dirname(SOURCE), "shared", "data")
    rows = read_table()
    with multiprocessing.Pool(2) as pool:
        done = pool.map(work_on, [(orthrus, path) for path in captures(data, named)], chunksize=1)
    total, explained, wrong = collections.Counter(), 0, []
    for capture, compared, differences in done:
        total.update(compared)
        for difference in differences:
            reason = reason_of(rows, capture, difference)
            explained += reason is not None
            line = "%s frame %s: %s %s: %s" % (capture, difference[2], difference[0], difference[1], difference[3])
            if reason is None:
                wrong.append(line)
            elif "--list" in sys.argv:
                print("%s\n    %s" % (line, reason))
    for operation, count in sorted(total.items()):
        print("%-45s %6d" % (operation, count))
    shared = os.path.isdir(os.path.join(data, "pcap"))
    if not shared and os.environ.get("CI") == "true":
        wrong.append("there are no captures at %s; set ORTHRUS_DATA" % data)
    # Of the laboratory's captures alone less is compared, and not every difference shows.
    if not named and shared:
        wrong += ["%s %s explains nothing any more" % (row[1], row[2].pattern) for row in rows if not row[4]]
        if sum(total.values()) < FLOOR:
            wrong.append("%d values were compared, at least %d must be" % (sum(total.values()), FLOOR))
    print("\n".join(wrong))
    print("%d values of %d operations compared, %d differences explained, %d problems"
          % (sum(total.values()), len(total), explained, len(wrong)))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
