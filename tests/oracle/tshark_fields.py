"""tshark_fields - holds every field that we decode to what tshark reads from the same frames.

usage: tshark_fields.py ORTHRUS [--list] [CAPTURE ...]

Reads the captures of $ORTHRUS_DATA/pcap (default: ../shared/data beside the checkout) and of tests/lab/captures. Exits
with 77 where they or tshark are missing, unless CI=true. Fails on a difference that tshark_differences.tsv does not
explain, on a row of it that explains nothing, and when less was compared than its floors. With captures named, only
these are read and rows and floors are not held to be used. --list prints each difference.
"""

import json
import multiprocessing
import os
import shutil
import subprocess
import sys

import dissection
import facts_dcom
import facts_dhcp
import facts_dns
import facts_http
import facts_kerberos
import facts_kpasswd
import facts_ldap
import facts_ntlm
import facts_radius
import facts_rdp
import facts_rpc
import facts_smb
import facts_tls
from differences import Report, Table

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
SKIPPED = 77
SIDES = (
    facts_dcom,
    facts_dhcp,
    facts_dns,
    facts_http,
    facts_kerberos,
    facts_kpasswd,
    facts_ldap,
    facts_ntlm,
    facts_radius,
    facts_rdp,
    facts_rpc,
    facts_smb,
    facts_tls,
)
RECORDS = (
    "dhcp",
    "dns",
    "http",
    "kerberos",
    "kpasswd",
    "ldap",
    "malformed",
    "ntlm",
    "radius",
    "rdp",
    "rpc",
    "smb",
    "tls",
)


def observations(orthrus, path):
    command = [orthrus, "decode", "--quiet", "--only", ",".join(RECORDS), path]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    # 3: the capture was cut short, and the rest of it was read.
    if run.returncode not in (0, 3):
        raise RuntimeError("%s: exit code %d: %s" % (path, run.returncode, run.stderr.decode("utf-8", "replace")))
    return [json.loads(line) for line in run.stdout.decode("utf-8").splitlines()]


def compare_malformed(records, report):
    """What we refuse, tshark must call malformed too."""
    for record in records:
        if record["type"] == "malformed":
            frame = record.get("request_frame") or record.get("reply_frame")
            report.message("malformed" in report.frames[frame].marks, record["parser"], frame,
                           "malformed: " + record["reason"])


def compare(work):
    orthrus, path = work
    frames = dissection.dissect(path)
    report = Report(os.path.basename(path), frames)
    records = observations(orthrus, path)
    for side in SIDES:
        side.compare(frames, records, report)
    compare_malformed(records, report)
    report.frames = None
    return report


def captures(data, named):
    paths = []
    for folder in (os.path.join(data, "pcap"), os.path.join(SOURCE, "tests", "lab", "captures")):
        paths += [os.path.join(folder, name) for name in sorted(os.listdir(folder))
                  if name.endswith((".pcap", ".pcapng", ".cap")) and (not named or name in named)]
    # The largest first, so that none is left to one process at the end.
    return sorted(paths, key=os.path.getsize, reverse=True)


def skip_or_fail(why):
    print("SKIPPED: " + why)
    sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)


def print_fields(reports):
    print("%-10s %-22s %9s %9s %9s %9s" % ("protocol", "field", "compared", "equal", "explained", "unexplained"))
    fields = sorted({field for report in reports for field in report.compared})
    for field in fields:
        differences = [d for report in reports for d in report.differences if (d.protocol, d.field) == field]
        compared = sum(report.compared.get(field, 0) for report in reports)
        explained = sum(1 for d in differences if d.reason)
        print("%-10s %-22s %9d %9d %9d %9d" % (*field, compared, compared - len(differences), explained,
                                               len(differences) - explained))


def print_captures(reports):
    print("\n%-55s %9s %9s %9s" % ("capture", "compared", "explained", "unexplained"))
    for report in reports:
        explained = sum(1 for d in report.differences if d.reason)
        print("%-55s %9d %9d %9d" % (report.capture, sum(report.compared.values()), explained,
                                     len(report.differences) - explained))


def verdict(reports, table, whole):
    """What is wrong, as lines."""
    wrong = [str(d) for report in reports for d in report.differences if not d.reason]
    if not whole:
        return wrong
    wrong += ["tshark_differences.tsv:%d: explains nothing any more" % row.line for row in table.rows if not row.used]
    for protocol, floor in table.floors.items():
        compared = sum(count for report in reports for (name, _), count in report.compared.items() if name == protocol)
        if compared < floor:
            wrong.append("%s: %d facts were compared, at least %d must be" % (protocol, compared, floor))
    return wrong


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--list"]
    if not arguments:
        sys.exit(__doc__)
    orthrus, named = arguments[0], arguments[1:]
    data = os.environ.get("ORTHRUS_DATA") or os.path.join(os.path.dirname(SOURCE), "shared", "data")
    if not shutil.which("tshark"):
        skip_or_fail("tshark is not installed")
    if not os.path.isdir(os.path.join(data, "pcap")):
        skip_or_fail("there are no captures at %s; set ORTHRUS_DATA" % data)
    table = Table(os.path.join(HERE, "tshark_differences.tsv"))
    with multiprocessing.Pool(2) as pool:
        work = [(orthrus, path) for path in captures(data, named)]
        reports = sorted(pool.imap_unordered(compare, work), key=lambda report: report.capture)
    for report in reports:
        for difference in report.differences:
            difference.reason = table.reason(difference)
            if difference.reason and "--list" in sys.argv:
                print("%s\n    %s" % (difference, difference.reason))
    print_fields(reports)
    print_captures(reports)
    wrong = verdict(reports, table, not named)
    print("\n" + "\n".join(wrong + ["%d captures, %d problems" % (len(reports), len(wrong))]))
    sys.exit(1 if wrong or not reports else 0)


if __name__ == "__main__":
    main()
