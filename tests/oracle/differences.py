"""differences - what was compared, what differed, and the table of differences that have a reason.

The table (tshark_differences.tsv) has a row for each kind of difference: capture (or *), protocol, field, condition,
reason. A condition is words, of which all must hold:

    frames=3,7-9     the number of the frame (of the request, where there is one)
    mark=a|b         what tshark noted of the frame: retransmission, out_of_order, lost_segment, malformed, cut, ...
    ours=REGEX       all of our value, as text
    theirs=REGEX     all of tshark's

A line "#floor <protocol> <count>" says how many facts of a protocol must have been compared at least.
"""

import ipaddress
import re


class Row:
    def __init__(self, line, columns):
        self.line = line
        self.capture, self.protocol, self.field, self.condition, self.reason = columns
        self.used = 0
        words = dict(word.split("=", 1) for word in self.condition.split())
        self.frames = read_frames(words.pop("frames")) if "frames" in words else None
        self.marks = set(words.pop("mark").split("|")) if "mark" in words else None
        self.ours = re.compile(words.pop("ours"), re.DOTALL) if "ours" in words else None
        self.theirs = re.compile(words.pop("theirs"), re.DOTALL) if "theirs" in words else None
        if words:
            raise ValueError("line %d: unknown condition %s" % (line, ", ".join(words)))
        if (self.capture, self.condition) == ("*", "") or "*" in (self.protocol, self.field) or not self.reason:
            raise ValueError("line %d: says too much: name capture or condition, protocol, field and reason" % line)

    def explains(self, difference):
        return (self.capture in ("*", difference.capture) and self.protocol == difference.protocol
                and self.field == difference.field
                and (self.frames is None or difference.frame in self.frames)
                and (self.marks is None or self.marks & difference.marks)
                and (self.ours is None or self.ours.fullmatch(str(difference.ours)))
                and (self.theirs is None or self.theirs.fullmatch(str(difference.theirs))))


def read_frames(text):
    frames = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        frames.update(range(int(first), int(last or first) + 1))
    return frames


class Table:
    def __init__(self, path):
        self.rows = []
        self.floors = {}
        with open(path, encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                text = text.rstrip("\n")
                if text.startswith("#floor"):
                    _, protocol, count = text.split()
                    self.floors[protocol] = int(count)
                elif text and not text.startswith("#"):
                    columns = text.split("\t")
                    if len(columns) != 5:
                        raise ValueError("%s:%d: %d columns, not 5" % (path, number, len(columns)))
                    self.rows.append(Row(number, columns))

    def reason(self, difference):
        for row in self.rows:
            if row.explains(difference):
                row.used += 1
                return row.reason
        return None


class Difference:
    def __init__(self, capture, protocol, field, frame, marks, values):
        self.capture = capture
        self.protocol = protocol
        self.field = field
        self.frame = frame
        self.marks = marks
        self.ours, self.theirs = values
        self.reason = None

    def __str__(self):
        return "%s frame %d: %s %s: ours %r, tshark's %r%s" % (
            self.capture, self.frame, self.protocol, self.field, self.ours, self.theirs,
            " [%s]" % ", ".join(sorted(self.marks)) if self.marks else "")


class Report:
    """What one capture gave. Comparisons call message(), unseen(), field() and ends()."""

    def __init__(self, capture, frames):
        self.capture = capture
        self.frames = {frame.number: frame for frame in frames}
        self.compared = {}  # (protocol, field) -> how many
        self.secrets = {}   # (kind, fingerprint) and (kind, secret) -> the other one
        self.differences = []

    def differ(self, protocol, field, frame, values):
        marks = self.frames[frame].marks if frame in self.frames else set()
        self.differences.append(Difference(self.capture, protocol, field, frame, marks, values))

    def count(self, protocol, field):
        self.compared[protocol, field] = self.compared.get((protocol, field), 0) + 1

    def message(self, found, protocol, frame, kind):
        """A message that we saw: did tshark?"""
        self.count(protocol, "message")
        if not found:
            self.differ(protocol, "message", frame, (kind, ""))

    def unseen(self, protocol, frame, kind):
        """A message that only tshark saw."""
        self.count(protocol, "message")
        self.differ(protocol, "message", frame.number, ("", kind))

    def field(self, protocol, field, frame, ours, theirs):
        self.count(protocol, field)
        if ours != theirs:
            self.differ(protocol, field, frame.number, (ours, theirs))

    def fingerprint(self, protocol, field, frame, ours, secret):
        """A secret leaves us as a fingerprint: the same for the same bytes, another for others, none for none."""
        if not ours or not secret:
            self.field(protocol, field, frame, bool(ours), bool(secret))
            return
        kind = "ticket" if field.endswith(("ticket", "tgt")) else field.replace("reply_", "")
        known = (self.secrets.setdefault((kind, "of", secret), ours), self.secrets.setdefault((kind, ours), secret))
        self.field(protocol, field, frame, (ours, secret), known)

    def ends(self, protocol, frame, record, client, server):
        """Addresses and ports of both ends."""
        for name, end in (("client", client), ("server", server)):
            ours = (ipaddress.ip_address(record[name]), record.get(name + "_port", 0))
            self.field(protocol, name, frame, ours, (ipaddress.ip_address(end[0]), end[1]))
