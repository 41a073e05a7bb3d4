"""msgpack_records - holds record_encode, record_decode and record_write_json to python3-msgpack and Python's json.

usage: msgpack_records.py RECODE SOURCE [SEED]

The records are read from the declarations by tests/oracle/declarations.py. Both ways are tried: what our encoder
writes must be what Python's encoder writes for the same values (so it is canonical), and what Python writes, with
fields of a newer release strewn in, must come back without these.
"""

import datetime
import ipaddress
import json
import os
import random
import sys
import uuid

import declarations
import recode as tool

try:
    import msgpack
except ImportError:
    print("python3-msgpack is not installed")
    sys.exit(77)

COUNT = 4000
ENVELOPE = {
    2: declarations.Field(2, "TIME", "time", "", "", "", None),
    3: declarations.Field(3, "ID", "id", "", "", "", None),
}
ROUTING = {
    4: declarations.Field(4, "CHOICE", "role", "", "", "", "entity_role"),
    5: declarations.Field(5, "ID", "key", "", "", "", None),
    6: declarations.Field(6, "U32", "slot", "", "", "", None),
    7: declarations.Field(7, "U64", "sequence", "", "", "", None),
}


def time_text(ns):
    """RFC 3339 with six digits, or nine where needed."""
    seconds, rest = divmod(ns, 10**9)
    text = (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    text = text.rjust(19, "0")
    return "%s.%09dZ" % (text, rest) if rest % 1000 else "%s.%06dZ" % (text, rest // 1000)


def addr_text(raw):
    address = ipaddress.ip_address(raw)
    return str(address)


def json_value(field, value, records, choices):
    """What a field's value must look like in JSON."""
    kind = field.kind
    if kind == "FLAG":
        return bool(value)
    if kind == "TIME":
        return time_text(value)
    if kind == "CHOICE":
        return choices[field.of].get(value, "unknown")
    if kind == "ADDR":
        return addr_text(value)
    if kind == "UUID":
        return str(uuid.UUID(bytes_le=value))
    if kind in ("ID", "BYTES"):
        return value.hex()
    if kind == "RECORD":
        return json_body(by_name(records, field.of), value, records, choices)
    if kind == "RECORDS":
        return [json_body(by_name(records, field.of), item, records, choices) for item in value]
    return value


def by_name(records, name):
    return next(r for r in records.values() if r.name == name)


def json_body(record, values, records, choices):
    return {f.name: json_value(f, values[f.number], records, choices) for f in record.fields if f.number in values}


def json_record(values, records, choices):
    record = records[values[1]]
    out = {"type": record.name, "time": time_text(values.get(2, 0))}
    if 3 in values:
        out["id"] = values[3].hex()
    routing = {f.name: json_value(f, values[n], records, choices) for n, f in ROUTING.items() if n in values}
    if routing:
        out["routing"] = routing
    out.update(json_body(record, values, records, choices))
    return out


def check(pair, records, choices):
    """One record as written by us: canonical, and the same in both forms. Returns its values."""
    values = msgpack.unpackb(pair[0], strict_map_key=False, raw=False)
    assert list(values) == sorted(values), values
    assert msgpack.packb(values, use_bin_type=True) == pair[0], values
    expected = json_record(values, records, choices)
    assert b"\n" not in pair[1]
    got = json.loads(pair[1].decode("utf-8"))
    assert got == expected, "\n%s\n%s" % (got, expected)
    assert list(got) == list(expected)
    return values


def random_number(rng, bits):
    value = rng.getrandbits(rng.randint(1, bits))
    return value if rng.random() < 0.7 else (1 << rng.randint(0, bits)) - 1


def random_text(rng):
    return "".join(rng.choice("aZ7$/\\\"|=\n\t\x00\x1f\x7fé€🐺\u2028<&> ") for _ in range(rng.choice([1, 3, 31, 32, 300])))


def random_value(rng, field, records, choices):
    kind = field.kind
    if kind in ("U8", "U16", "U32", "U64"):
        return random_number(rng, int(kind[1:])) or 1
    if kind == "FLAG":
        return True
    if kind == "I32":
        return rng.choice([1, -1]) * (random_number(rng, 31) or 1)
    if kind == "TIME":
        return random_number(rng, 62) or 1
    if kind == "CHOICE":
        return rng.choice([v for v in choices[field.of] if v])
    if kind == "STR":
        return random_text(rng)
    if kind == "BYTES":
        return rng.randbytes(rng.randint(1, 300))
    if kind == "ADDR":
        return rng.randbytes(rng.choice([4, 16]))
    if kind in ("ID", "UUID"):
        return b"\x01" + rng.randbytes(15)
    if kind == "I32S":
        return [rng.choice([1, -1]) * random_number(rng, 31) for _ in range(rng.randint(1, 40))]
    if kind == "STRS":
        return [random_text(rng) for _ in range(rng.randint(1, 20))]
    if kind == "RECORD":
        return random_body(rng, by_name(records, field.of), records, choices) or None
    return [random_body(rng, by_name(records, field.of), records, choices) for _ in range(rng.randint(1, 4))]


def random_body(rng, record, records, choices):
    values = {}
    for field in record.fields:
        if rng.random() < 0.5:
            value = random_value(rng, field, records, choices)
            if value is not None:
                values[field.number] = value
    return values


def random_unknown(rng, depth=0):
    pick = rng.randint(0, 9 if depth < 4 else 6)
    if pick >= 8:
        return {rng.choice([rng.getrandbits(7), random_text(rng), None]): random_unknown(rng, depth + 1)}
    if pick >= 7:
        return [random_unknown(rng, depth + 1) for _ in range(rng.randint(0, 4))]
    return [None, True, -rng.getrandbits(40), rng.random(), random_text(rng), rng.randbytes(70),
            msgpack.ExtType(rng.randint(0, 127), rng.randbytes(rng.choice([1, 2, 3, 4, 8, 16, 300])))][pick]


def with_unknown(rng, values, known):
    """The same map with fields nobody knows yet, also in the maps inside it."""
    out = dict(values)
    for _ in range(rng.randint(0, 4)):
        number = rng.choice([8, 15, 250, 70000, 2**40, rng.randint(100, 127)])
        if number not in known:
            out[number] = random_unknown(rng)
    return dict(sorted(out.items()))


def foreign_records(rng, records, choices):
    """Values as they must come back, and the bytes of a newer writer for each."""
    pairs = []
    for i in range(COUNT):
        record = sorted(records.values())[i % len(records)]
        values = {1: record.number}
        for number, field in {**ENVELOPE, **ROUTING}.items():
            if rng.random() < 0.5:
                values[number] = random_value(rng, field, records, choices)
        values.update(random_body(rng, record, records, choices))
        sent = dict(values)
        for field in record.fields:
            known = {f.number for f in by_name(records, field.of).fields} if field.kind.startswith("RECORD") else ()
            if field.kind == "RECORD" and field.number in sent:
                sent[field.number] = with_unknown(rng, sent[field.number], known)
            if field.kind == "RECORDS" and field.number in sent:
                sent[field.number] = [with_unknown(rng, item, known) for item in sent[field.number]]
        sent = with_unknown(rng, sent, {f.number for f in record.fields})
        pairs.append((values, msgpack.packb(sent, use_bin_type=True)))
    return pairs


def main():
    program, source = sys.argv[1], sys.argv[2]
    seed = int(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("ORTHRUS_SEED", "20240917"), 0)
    print("seed", seed)
    records, choices = declarations.read(source)
    ours = tool.run(program, (str(seed), str(COUNT)))
    assert len(ours) == COUNT
    seen = {check(pair, records, choices)[1] for pair in ours}
    assert seen == set(records), "types never tried: %s" % (set(records) - seen)

    rng = random.Random(seed)
    foreign = foreign_records(rng, records, choices)
    back = tool.run(program, (), b"".join(sent for _, sent in foreign))
    assert len(back) == len(foreign), (len(back), back[-1])
    for (values, _), pair in zip(foreign, back):
        assert check(pair, records, choices) == values
    print("%d records of ours, %d of python3-msgpack" % (len(ours), len(foreign)))


main()
