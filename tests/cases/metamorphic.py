"""metamorphic - the same packets give the same alerts, in whatever form and pieces they come.

usage: metamorphic.py ORTHRUS [CAPTURE ...]

Takes the laboratory's captures, and those of $ORTHRUS_DATA/pcap (default: ../shared/data beside the checkout) where
they exist. Of each: two runs must give the same bytes in every format; then the capture is cut into pieces that are
given in several orders, put into gzip, zstd and zip, sent to standard input, converted to pcapng, and merged with
Wireshark's mergecap. Alerts and observations must be the same but for the names of files and numbers of frames. What
needs a program that is not installed (zstd, editcap, mergecap) is skipped and said so.
"""

import gzip
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
FORMATS = ("text", "jsonl", "ocsf", "cef")
PIECES = (3, 40)
SHOWN = 3  # differences, of each kind
SEED = 7  # of the orders in which pieces are given
OBSERVATIONS = ("kerberos,kpasswd,ntlm,smb,rpc,ldap,dns,dhcp,radius,http,tls,rdp,flow,malformed,binding,activity")


def run(command, stdin=None):
    # One key for all runs, so that fingerprints of passwords can be compared.
    environment = dict(os.environ, ORTHRUS_KEYS_FINGERPRINTS=os.path.abspath(__file__))
    result = subprocess.run(command, stdin=stdin, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            check=False)
    if result.returncode not in (0, 3):
        sys.exit("%s: exit code %d\n%s" % (" ".join(command), result.returncode,
                                           result.stderr.decode("utf-8", "replace")))
    return result.stdout


def without_place(value):
    """A record, and those inside it, without the file and the frames that it was read from."""
    if isinstance(value, list):
        return [without_place(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: without_place(item) for name, item in value.items() if name != "file" and not name.endswith("frame")}


def alerts(orthrus, paths, stdin=None):
    """Sorted, as text, without where their evidence stands."""
    told = []
    for line in run([orthrus, "analyze", "--quiet", "--format", "jsonl"] + paths, stdin).decode("utf-8").splitlines():
        alert = json.loads(line)
        alert["evidence"] = [without_place(item) for item in alert["evidence"]]
        told.append(json.dumps(alert, sort_keys=True))
    return sorted(told)


def observations(orthrus, paths, stdin=None):
    lines = run([orthrus, "decode", "--quiet", "--only", OBSERVATIONS] + paths, stdin).decode("utf-8").splitlines()
    return sorted(json.dumps(without_place(json.loads(line)), sort_keys=True) for line in lines)


class Pcap:
    """A classic capture file, as whole records (draft-ietf-opsawg-pcap)."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        self.order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
        self.head, self.records, self.times = data[:24], [], []
        at = 24
        while at + 16 <= len(data):
            seconds, fraction, size, _ = struct.unpack(self.order + "IIII", data[at:at + 16])
            if at + 16 + size > len(data):
                break
            self.records.append(data[at:at + 16 + size])
            self.times.append((seconds, fraction))
            at += 16 + size

    def is_in_order(self):
        return all(a <= b for a, b in zip(self.times, self.times[1:]))

    def write_pieces(self, folder, count):
        """Cut where the time changes: the order of packets of the same time is that of their file."""
        paths, begin = [], 0
        for piece in range(1, count + 1):
            end = len(self.records) * piece // count
            while begin < end < len(self.records) and self.times[end] == self.times[end - 1]:
                end += 1
            if end <= begin:
                continue
            paths.append(os.path.join(folder, "piece-%d-of-%d.pcap" % (piece, count)))
            with open(paths[-1], "wb") as file:
                file.write(self.head + b"".join(self.records[begin:end]))
            begin = end
        return paths


class Trial:
    """One capture in all its forms."""

    def __init__(self, orthrus, path, folder):
        self.orthrus = orthrus
        self.name = os.path.basename(path)
        self.folder = folder
        self.path = os.path.join(folder, "whole.pcap")
        self.wrong = []
        self.skipped = set()
        if is_classic(path) or not convert(path, self.path, "nsecpcap"):
            shutil.copyfile(path, self.path)
        self.expected = {tell: tell(orthrus, [self.path]) for tell in (alerts, observations)}

    def expect(self, form, paths, stdin=None):
        for tell, expected in self.expected.items():
            if stdin:
                stdin.seek(0)
            told = tell(self.orthrus, paths, stdin)
            if told == expected:
                continue
            self.wrong.append("%s: %d %s, not %d" % (form, len(told), tell.__name__, len(expected)))
            self.wrong += ["  only here:  " + line[:600] for line in sorted(set(told) - set(expected))[:SHOWN]]
            self.wrong += ["  only whole: " + line[:600] for line in sorted(set(expected) - set(told))[:SHOWN]]

    def try_twice(self):
        for form in FORMATS:
            command = [self.orthrus, "analyze", "--quiet", "--format", form, self.path]
            if run(command) != run(command):
                self.wrong.append("two runs differ in --format " + form)
        command = [self.orthrus, "decode", "--quiet", "--only", OBSERVATIONS, self.path]
        if run(command) != run(command):
            self.wrong.append("two runs differ in decode")
        pages = []
        for number in (1, 2):
            page = os.path.join(self.folder, "report-%d.html" % number)
            run([self.orthrus, "analyze", "--quiet", "--report", page, self.path])
            with open(page, "rb") as file:
                pages.append(file.read())
        if not pages[0] or pages[0] != pages[1]:
            self.wrong.append("two runs differ in the report")

    def try_pieces(self):
        if not is_classic(self.path):
            self.skipped.add("pieces of captures that no pcap can hold: several link types")
            return
        capture = Pcap(self.path)
        if not capture.is_in_order():
            self.skipped.add("pieces of captures whose time goes back")
            return
        shuffled = random.Random(SEED)
        for count in PIECES:
            pieces = capture.write_pieces(self.folder, count)
            self.expect("%d pieces" % count, pieces)
            self.expect("%d pieces in reverse" % count, pieces[::-1])
            shuffled.shuffle(pieces)
            self.expect("%d pieces, shuffled" % count, pieces)
            self.try_wrapped_pieces(pieces, count)

    def try_wrapped_pieces(self, pieces, count):
        archive = os.path.join(self.folder, "pieces-%d.zip" % count)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            for piece in pieces:
                file.write(piece, os.path.basename(piece))
        self.expect("%d pieces in a zip" % count, [archive])
        if not shutil.which("mergecap"):
            self.skipped.add("mergecap")
            return
        merged = os.path.join(self.folder, "merged-%d.pcapng" % count)
        run(["mergecap", "-w", merged] + pieces)
        self.expect("%d pieces, merged by mergecap" % count, [merged])

    def try_wrapped(self):
        with open(self.path, "rb") as file:
            data = file.read()
            file.seek(0)
            self.expect("standard input", ["-"], file)
        packed = os.path.join(self.folder, "packed.gz")
        with gzip.open(packed, "wb") as file:
            file.write(data)
        self.expect("gzip", [packed])
        with open(packed, "rb") as file:
            self.expect("gzip on standard input", ["-"], file)
        if shutil.which("zstd"):
            run(["zstd", "-q", "-f", "-o", packed + ".zst", self.path])
            self.expect("zstd", [packed + ".zst"])
        else:
            self.skipped.add("zstd")
        if shutil.which("editcap"):
            convert(self.path, packed + ".pcapng", "pcapng")
            self.expect("pcapng", [packed + ".pcapng"])
        else:
            self.skipped.add("editcap")


def is_classic(path):
    with open(path, "rb") as file:
        return file.read(4) in (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d")


def convert(path, to, form):
    """Whether editcap could. Of a capture that was cut short it converts what there is, and fails."""
    if not shutil.which("editcap"):
        return False
    command = ["editcap", "-F", form, path, to]
    subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return os.path.exists(to) and os.path.getsize(to) > 24


def lab_captures():
    folder = os.path.join(SOURCE, "tests", "lab", "captures")
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".pcap")]


def shared_captures():
    data = os.environ.get("ORTHRUS_DATA") or os.path.join(os.path.dirname(SOURCE), "shared", "data")
    folder = os.path.join(data, "pcap")
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))] if os.path.isdir(folder) else []


def try_together(orthrus, paths):
    """Captures of one network side by side: given in any order, or merged into one."""
    expected = alerts(orthrus, paths)
    wrong = []
    if alerts(orthrus, paths[::-1]) != expected:
        wrong.append("all captures in reverse order")
    if shutil.which("mergecap"):
        with tempfile.TemporaryDirectory() as folder:
            merged = os.path.join(folder, "all.pcapng")
            run(["mergecap", "-w", merged] + paths)
            if alerts(orthrus, [merged]) != expected:
                wrong.append("all captures merged by mergecap")
    print("%-4s all of the laboratory's together (%d alerts)" % ("FAIL" if wrong else "ok", len(expected)))
    for line in wrong:
        print("       " + line)
    return not wrong


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    orthrus, named = sys.argv[1], sys.argv[2:]
    good, skipped = [], set()
    for path in lab_captures() + shared_captures():
        if named and os.path.basename(path) not in named:
            continue
        with tempfile.TemporaryDirectory() as folder:
            trial = Trial(orthrus, path, folder)
            trial.try_twice()
            trial.try_pieces()
            trial.try_wrapped()
        print("%-4s %s (%d alerts, %d observations)" % ("FAIL" if trial.wrong else "ok", trial.name,
                                                        len(trial.expected[alerts]),
                                                        len(trial.expected[observations])))
        for line in trial.wrong:
            print("       " + line)
        good.append(not trial.wrong)
        skipped |= trial.skipped
    if not named:
        good.append(try_together(orthrus, lab_captures()))
    for what in sorted(skipped):
        print("left out: " + what)
    print("%d captures, %d fail" % (len(good), good.count(False)))
    if os.environ.get("CI") == "true" and skipped & {"zstd", "editcap", "mergecap"}:
        sys.exit(1)
    sys.exit(0 if good and all(good) else 1)


if __name__ == "__main__":
    main()
