"""recode - runs the program of tests/tools/recode.c and takes its parts apart."""

import collections
import struct
import subprocess

Forms = collections.namedtuple("Forms", "msgpack json ocsf alert cef")


def run(program, args=(), data=b""):
    """The forms of each record that the program writes."""
    out = subprocess.run([program, *args], input=data, stdout=subprocess.PIPE, check=True).stdout
    parts, at = [], 0
    while at < len(out):
        size = struct.unpack_from(">I", out, at)[0]
        parts.append(out[at + 4:at + 4 + size])
        at += 4 + size
    count = len(Forms._fields)
    assert len(parts) % count == 0
    return [Forms(*parts[i:i + count]) for i in range(0, len(parts), count)]
