"""texts - holds the conversions of common/base to Python's: codecs, ipaddress, datetime, uuid, json, html, and SipHash.

usage: texts.py TEXTS [SEED]
"""

import datetime
import html
import ipaddress
import json
import os
import random
import struct
import subprocess
import sys
import unicodedata
import uuid

COUNT = 3000


def ask(program, requests):
    """The answers to (letter, bytes) pairs."""
    data = b"".join(letter.encode() + struct.pack(">I", len(value)) + value for letter, value in requests)
    out = subprocess.run([program], input=data, stdout=subprocess.PIPE, check=True).stdout
    answers, at = [], 0
    while at < len(out):
        size = struct.unpack_from(">I", out, at)[0]
        answers.append(out[at + 4:at + 4 + size])
        at += 4 + size
    assert len(answers) == len(requests)
    return answers


def random_bytes(rng):
    """Bytes that are often nearly UTF-8: whole characters, with some bytes cut, changed or strewn in."""
    chars = ["a", "\x00", "\x7f", "é", "€", "\ud7ff", "\ue000", "\uffff", "🐺", "\U0010ffff", "\u2028", "<", "&"]
    out = bytearray("".join(rng.choice(chars) for _ in range(rng.randint(0, 12))).encode())
    for _ in range(rng.randint(0, 3)):
        pick = rng.randint(0, 2)
        at = rng.randint(0, len(out))
        if pick == 0 and out:
            del out[min(at, len(out) - 1)]
        elif pick == 1:
            out.insert(at, rng.choice([0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xf5, 0xff, 0xa0, 0x9f]))
        elif out:
            out[min(at, len(out) - 1)] = rng.getrandbits(8)
    return bytes(out)


def one_by_one(data):
    """What we promise of invalid UTF-8: each byte that begins no character becomes one U+FFFD."""
    out, at = [], 0
    while at < len(data):
        for size in (1, 2, 3, 4):
            try:
                out.append(data[at:at + size].decode("utf-8"))
                at += size
                break
            except UnicodeDecodeError:
                continue
        else:
            out.append("\ufffd")
            at += 1
    return "".join(out)


def check_utf8(program, rng):
    values = [random_bytes(rng) for _ in range(COUNT)] + [bytes([a, b]) for a in range(128, 256) for b in range(0, 256, 5)]
    for value, got in zip(values, ask(program, [("v", v) for v in values])):
        assert got.decode("utf-8") == one_by_one(value), value
        try:
            valid = value.decode("utf-8")
            assert got == valid.encode()
        except UnicodeDecodeError:
            assert "\ufffd".encode() in got
    return len(values)


def check_utf16(program, rng):
    units = [0x41, 0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff, 0xd83d, 0xdc3a]
    values = [struct.pack("<%dH" % n, *[rng.choice(units) for _ in range(n)]) + rng.choice([b"", b"", b"\x41"])
              for n in (rng.randint(0, 10) for _ in range(COUNT))]
    kept = ask(program, [("U", v) for v in values])
    cut = ask(program, [("u", v) for v in values])
    for value, whole, got in zip(values, kept, cut):
        # A lone surrogate is replaced by itself: Python's "replace" would take the unit after it along.
        text = value[:len(value) // 2 * 2].decode("utf-16-le", "surrogatepass")
        text = "".join("\ufffd" if 0xd800 <= ord(c) < 0xe000 else c for c in text)
        assert whole.decode() == text, value
        assert got.decode() == text.split("\x00")[0], value
    return 2 * len(values)


def check_addresses(program, rng):
    raw = [bytes(rng.choice([0, 0, 0, 1, 0xff, rng.getrandbits(8)]) for _ in range(rng.choice([4, 16]))) for _ in range(COUNT)]
    for value, got in zip(raw, ask(program, [("a", v) for v in raw])):
        assert got.decode() == str(ipaddress.ip_address(value)), value
    back = ask(program, [("p", str(ipaddress.ip_address(v)).encode()) for v in raw])
    assert back == raw
    texts = [str(ipaddress.ip_address(v).exploded).upper() for v in raw]
    texts += ["::", "::1", "1::", "::ffff:1.2.3.4", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4", "", ".",
              ":", ":::", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "1..2.3", "::1::", "1:2:3:4:5:6:7:8:9", "12345::",
              "g::", "1:2:3:4:5:6:7", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:", "::1.2.3", "::1.2.3.4.5", "1.2.3.4::", "0.0.0.0",
              "::1.2.3.256", "1:2:3:4:5:6:7:1.2.3.4", "1::2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "::0:0:0:0:0:0:0:0", "0::0",
              "1:2:3:4:5:6::1.2.3.4", "1:2:3:4:5::1.2.3.4", "::%eth0", "fe80::1%1", "1.2.3.-4", "0x1.2.3.4", "1.2.3.4/8"]
    texts += ["".join(rng.choice("0123456789abcdef::::...") for _ in range(rng.randint(1, 20))) for _ in range(COUNT)]
    for text, got in zip(texts, ask(program, [("p", t.encode()) for t in texts])):
        try:
            expected = b"" if "%" in text else ipaddress.ip_address(text).packed
        except ValueError:
            expected = b""
        assert got == expected, (text, got)
    return len(raw) * 2 + len(texts)


def check_times(program, rng):
    values = [0, 1, -1, 999, 1000, 10**9 - 1, 2**63 - 1, -2**63, 951782400 * 10**9, 4107542400 * 10**9]
    values += [rng.getrandbits(63) * rng.choice([1, -1]) // rng.choice([1, 1000, 10**6, 10**9]) * rng.choice([1, 1000])
               for _ in range(COUNT)]
    values = [v for v in values if -2**63 <= v < 2**63]
    for value, got in zip(values, ask(program, [("t", struct.pack(">q", v)) for v in values])):
        seconds, rest = divmod(value, 10**9)
        date = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
        fraction = "%09d" % rest if rest % 1000 else "%06d" % (rest // 1000)
        assert got.decode() == "%04d-%s.%sZ" % (date.year, date.strftime("%m-%dT%H:%M:%S"), fraction), value
    return len(values)


HIDDEN = [(0x200b, 0x200f), (0x2028, 0x202e), (0x2060, 0x206f), (0xfeff, 0xfeff), (0xad, 0xad), (0xe0000, 0xe0fff)]


def check_escapes(program, rng):
    values = [random_bytes(rng) for _ in range(COUNT)]
    values += [chr(c).encode() for c in range(0x3000) if not 0xd800 <= c < 0xe000]
    values += [b'<script>"\'&`', "\u202eabc".encode(), b"\x1b[31m", b"\\u0041", "\U000e0041".encode()]
    forms = [ask(program, [(letter, v) for v in values]) for letter in "jhx"]
    for value, as_json, as_html, as_terminal in zip(values, *forms):
        text = one_by_one(value)
        assert json.loads(b'"' + as_json + b'"') == text
        assert not any(ord(c) < 32 for c in as_json.decode())
        plain = "".join("\ufffd" if (ord(c) < 32 and c not in "\n\t") or 0x7f <= ord(c) < 0xa0 else c for c in text)
        assert html.unescape(as_html.decode()) == plain, value
        assert not set(as_html.decode()) & set("<>\"'`")
        for c in as_terminal.decode():
            assert unicodedata.category(c) not in ("Cc", "Zl", "Zp") and c not in "\u202e\u200b\u2066\ufeff", value
            assert not any(low <= ord(c) <= high for low, high in HIDDEN)
        visible = "".join(c for c in text if ord(c) >= 32 and not 0x7f <= ord(c) < 0xa0
                          and not any(low <= ord(c) <= high for low, high in HIDDEN))
        assert visible == text and as_terminal.decode() == text or visible != text and as_terminal.decode() != text
    return 3 * len(values)


def check_small(program, rng):
    raw = [rng.randbytes(16) for _ in range(200)]
    assert ask(program, [("i", v) for v in raw]) == [str(uuid.UUID(bytes_le=v)).encode() for v in raw]
    assert ask(program, [("b", v) for v in raw]) == [v.hex().encode() for v in raw]
    texts = [random_bytes(rng) + rng.choice([b"", b"ABCXYZ@[`{"]) for _ in range(500)]
    assert ask(program, [("l", v) for v in texts]) == [v.lower() for v in texts]
    pairs = [(t, rng.choice([t, t.upper(), t.lower(), t.swapcase(), t[::-1]])) for t in texts]
    got = ask(program, [("e", a + b) for a, b in pairs])
    assert got == [bytes([a.lower() == b.lower()]) for a, b in pairs]
    return 400 + 2 * len(texts)


def siphash(key, data, rounds, final, wide):
    """SipHash (Aumasson and Bernstein, 2012), written from the paper."""
    mask = 2**64 - 1
    k0, k1 = struct.unpack("<QQ", key)
    v = [k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573]
    if wide:
        v[1] ^= 0xee

    def turn(x, bits):
        return (x << bits | x >> (64 - bits)) & mask

    def round_():
        v[0] = (v[0] + v[1]) & mask
        v[2] = (v[2] + v[3]) & mask
        v[1] = turn(v[1], 13) ^ v[0]
        v[3] = turn(v[3], 16) ^ v[2]
        v[0] = turn(v[0], 32)
        v[2] = (v[2] + v[1]) & mask
        v[0] = (v[0] + v[3]) & mask
        v[1] = turn(v[1], 17) ^ v[2]
        v[3] = turn(v[3], 21) ^ v[0]
        v[2] = turn(v[2], 32)

    padded = data + bytes(-(len(data) + 1) % 8) + bytes([len(data) & 0xff])
    for (word,) in struct.iter_unpack("<Q", padded):
        v[3] ^= word
        for _ in range(rounds):
            round_()
        v[0] ^= word
    out = b""
    for mark in ((0xee, 0xdd) if wide else (0xff,)):
        v[1 if mark == 0xdd else 2] ^= mark
        for _ in range(final):
            round_()
        out += struct.pack("<Q", v[0] ^ v[1] ^ v[2] ^ v[3])
    return out


def check_hashes(program, rng):
    # Our reading of the paper must itself give the vectors of the reference implementation.
    key = bytes(range(16))
    assert siphash(key, bytes(range(15)), 2, 4, False) == struct.pack("<Q", 0xa129ca6149be45e5)
    assert siphash(key, b"", 2, 4, True).hex() == "a3817f04ba25a8e66df67214c7550293"
    values = [rng.randbytes(16 + size) for size in list(range(80)) + [255, 256, 257, 1000]]
    for letter, rounds, final, wide in (("1", 1, 3, False), ("2", 2, 4, False), ("3", 2, 4, True)):
        for value, got in zip(values, ask(program, [(letter, v) for v in values])):
            assert got == siphash(value[:16], value[16:], rounds, final, wide), (letter, len(value))
    return 3 * len(values)


def main():
    program = sys.argv[1]
    seed = int(sys.argv[2] if len(sys.argv) > 2 else os.environ.get("ORTHRUS_SEED", "20240917"), 0)
    print("seed", seed)
    rng = random.Random(seed)
    for check in (check_utf8, check_utf16, check_addresses, check_times, check_escapes, check_small, check_hashes):
        print(check.__name__, check(program, rng))


main()
