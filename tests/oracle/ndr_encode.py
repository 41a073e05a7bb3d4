#!/usr/bin/python3
"""ndr_encode - stubs that Samba's own encoder makes of made-up arguments, read by our tables.

    ndr_encode.py ARGUMENTS [--list] [interface ...]

For every operation that Samba knows, and for every arm of its unions, its parameters are filled in with values of their
types, all texts and as many numbers as may be different, and packed in NDR, in NDR64 and in big-endian NDR. What our
table reads must be the whole of the stub, and each value that is told must be among those that were put in. Some
arguments are left out in a second round, so that null pointers are met as well. What differs stands in
ndr_encode_differences.tsv: operation (of Samba), form, problem (a regular expression), reason.
"""

import collections
import json
import os
import random
import re
import subprocess
import sys
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
SKIPPED = 77
SEEDS = 16  # times that each operation is filled in
FLOOR = 25000  # values that must be compared at least
try:
    from samba import ndr
    from samba.dcerpc import drsuapi, epmapper, lsa, misc, netlogon, samr, security, srvsvc, svcctl, wkssvc
except ImportError:
    print("SKIPPED: python3-samba is not installed")
    sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)

INTERFACES = {
    "samr": (samr, "12345778-1234-abcd-ef00-0123456789ac"),
    "lsarpc": (lsa, "12345778-1234-abcd-ef00-0123456789ab"),
    "netlogon": (netlogon, "12345678-1234-abcd-ef00-01234567cffb"),
    "srvsvc": (srvsvc, "4b324fc8-1670-01d3-1278-5a47bf6ee188"),
    "wkssvc": (wkssvc, "6bffd098-a112-3610-9833-46c3f87e345a"),
    "svcctl": (svcctl, "367abb81-9844-35f1-ad32-98f038001003"),
    "drsuapi": (drsuapi, "e3514235-4b06-11d1-ab04-00c04fc2dcd2"),
    "epmapper": (epmapper, "e1af8308-5d1f-11c9-91a4-08002b14a0fa"),
}
FORMS = {"NDR": 0, "NDR64": 1, "big-endian": 2}
LEVELS = list(range(0, 41)) + [100, 101, 102, 103, 501, 502, 503, 1004, 1005, 1006, 1501, 0xfffe]
LEVEL_NAME = re.compile(r"level|class|type|version|function_code|revision|format|query", re.I)
DEPTH_MAX = 6
EXPECTED = re.compile(r"Expected type '?([\w.]+)'?")


class Cannot(Exception):
    pass


def get(thing, name):
    """An attribute, or None where a union has no arm yet."""
    try:
        return getattr(thing, name, None)
    except TypeError:
        return None


class Filler:
    """Fills in an object of Samba's and remembers what was put in."""

    def __init__(self, seed, sparse):
        self.random = random.Random(seed)
        self.sparse = sparse
        self.count = 0
        self.numbers = []  # (object, attribute)

    def text(self):
        self.count += 1
        return "text%d" % self.count

    def leaf(self, name):
        """A value of a type that is no structure of fields; None when it is one."""
        self.count += 1
        if name == "security.dom_sid":
            return security.dom_sid("S-1-5-21-%d-2-3-%d" % (1000 + self.count, 2000 + self.count))
        if name == "misc.GUID":
            return misc.GUID("%08x-1111-2222-3333-444444444444" % self.count)
        if name == "misc.policy_handle":
            return misc.policy_handle()
        return None

    def make(self, name, depth):
        value = self.leaf(name)
        if value is not None:
            return value
        module, _, kind = name.rpartition(".")
        value = getattr(sys.modules["samba.dcerpc." + module], kind)()
        if depth > DEPTH_MAX:
            raise Cannot("too deep")
        self.fill(value, "", depth + 1)
        return value

    def attributes(self, thing, prefix):
        return [name for name in dir(thing) if name.startswith(prefix) and not name.startswith("__")
                and name != "result" and not callable(getattr(type(thing), name, None))]

    def fill(self, thing, prefix, depth):
        later = []
        for name in self.attributes(thing, prefix):
            if not self.set(thing, name, depth):
                later.append(name)
        for name in later:
            self.set_union(thing, name, prefix, depth)

    def set(self, thing, name, depth):
        """False when it is a union whose level must be found first."""
        if self.sparse and get(thing, name) is None and self.random.random() < 0.4:
            return True
        try:
            setattr(thing, name, 2)
            self.numbers.append((thing, name))
            return True
        except OverflowError:
            return True
        except TypeError as error:
            return self.set_as(thing, name, str(error), depth)

    def set_as(self, thing, name, error, depth):
        if "union level" in error:
            return False
        if "string or unicode" in error:
            setattr(thing, name, self.text())
        elif EXPECTED.search(error) and EXPECTED.search(error).group(1) == "list":
            self.set_list(thing, name, depth)
        elif EXPECTED.search(error):
            setattr(thing, name, self.make(EXPECTED.search(error).group(1), depth))
        return True

    def set_list(self, thing, name, depth):
        for size in (2, 8, 16, 64, 84, 256, 512, 516, 524, 532, 21, 10, 3, 4, 5, 6, 12):
            values = []
            try:
                values = [self.item(thing, name, size, depth) for _ in range(min(size, 2))]
                values += [values[0]] * (size - len(values))
                setattr(thing, name, values)
                return
            except TypeError:
                continue

    def item(self, thing, name, size, depth):
        """One element, by what the complaint about a wrong one says."""
        for wrong in (object(),):
            try:
                setattr(thing, name, [wrong] * size)
            except TypeError as error:
                text = str(error)
                if "string or unicode" in text:
                    return self.text()
                kind = EXPECTED.search(text)
                if kind and kind.group(1) == "int" or "int" in text.lower() and "type" in text.lower() and "." not in (
                        kind.group(1) if kind else ""):
                    return 2
                if kind and "." in kind.group(1):
                    return self.make(kind.group(1), depth)
                raise
        raise TypeError("anything fits")

    def set_union(self, thing, name, prefix, depth):
        """An arm that has not been taken yet, where there is one."""
        other = "in_" if prefix == "out_" else prefix
        siblings = [sibling for sibling in self.attributes(thing, other) + self.attributes(thing, prefix)
                    if isinstance(get(thing, sibling), int)]
        siblings.sort(key=lambda sibling: not LEVEL_NAME.search(sibling))
        arms = []
        for sibling in siblings:
            before = getattr(thing, sibling)
            for level in LEVELS:
                try:
                    setattr(thing, sibling, level)
                    setattr(thing, name, object())
                except TypeError as error:
                    if "union level" not in str(error):
                        arms.append((sibling, level))
                except (OverflowError, ValueError):
                    pass
            setattr(thing, sibling, before)
            if arms:
                break
        if not arms:
            raise Cannot("no arm of %s" % name)
        sibling, level = self.random.choice(arms)
        setattr(thing, sibling, level)
        self.numbers = [entry for entry in self.numbers if entry != (thing, sibling)]
        self.set(thing, name, depth)


def values_in(thing, into, depth=0):
    """All values of an object of Samba's, by kind."""
    if isinstance(thing, bool) or thing is None or depth > 3 * DEPTH_MAX:
        return
    if isinstance(thing, int):
        into["number"][thing] += 1
    elif isinstance(thing, str):
        into["text"][thing] += 1
    elif isinstance(thing, (list, tuple)):
        for item in thing:
            values_in(item, into, depth + 1)
        if thing and all(isinstance(item, int) for item in thing):
            into["number"].update(thing)
    elif isinstance(thing, security.dom_sid):
        into["sid"][str(thing)] += 1
    elif isinstance(thing, misc.GUID):
        into["uuid"][str(thing)] += 1
    else:
        for name in dir(thing):
            if name.startswith("__"):
                continue
            try:
                value = getattr(thing, name)
            except (AttributeError, TypeError, RuntimeError, ValueError):
                continue
            if not callable(value):
                values_in(value, into, depth + 1)


class Reader:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, way, interface, opnum, stub):
        line = bytes([way]) + uuid.UUID(interface).bytes_le + opnum.to_bytes(2, "little") + stub
        self.process.stdin.write(line.hex().encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def pack(call, out, form):
    packer = ndr.ndr_pack_out if out else ndr.ndr_pack_in
    return packer(call, bigendian=form == "big-endian", ndr64=form == "NDR64")


def tell_apart(call, filler, out):
    """Numbers that may be anything become different; those that count something or choose an arm stay."""
    before = pack(call, out, "NDR")
    for at, (thing, name) in enumerate(filler.numbers):
        if get(thing, name) != 2:
            continue
        for value in (100000 + at, 10000 + at, 100 + at % 100):
            try:
                setattr(thing, name, value)
                if len(pack(call, out, "NDR")) == len(before):
                    break
            except (OverflowError, TypeError, ValueError, RuntimeError):
                pass
            setattr(thing, name, 2)


class Test:
    def __init__(self, reader):
        self.reader = reader
        self.compared = 0
        self.operations = set()
        self.without = set()  # operations and directions that no table describes
        self.problems = []    # (operation, form, problem)

    def compare(self, operation, form, answer, stub, put):
        problem = lambda text: self.problems.append((operation, form, text))
        if not answer["whole"] and answer["reason"]:
            problem("%s at %d of %d" % (answer["reason"], answer["offset"], len(stub)))
        elif answer["whole"] and answer["offset"] != len(stub):
            problem("read %d of %d bytes" % (answer["offset"], len(stub)))
        left = {kind: collections.Counter(values) for kind, values in put.items()}
        for value in answer["values"]:
            kind = value["kind"]
            told = value["number"] if kind == "number" else value["text"]
            # A text that must be there is sent empty when none was put in.
            if kind not in left or told == "":
                continue
            self.compared += 1
            for same in (told, told - (1 << 32) if kind == "number" else told):
                if left[kind][same] > 0:
                    left[kind][same] -= 1
                    break
            else:
                problem("%s: %s was not put in" % (value["name"], told))

    def run(self, name, kind, interface, seed, out):
        made = in_child(make, kind, seed, out)
        if not made:
            return
        operation = "%s_%s%s" % (name, kind.__name__, "_out" if out else "")
        for form, way in FORMS.items():
            stub = bytes.fromhex(made["stubs"][form])
            answer = self.reader.read(way | (4 if out else 0), interface, kind.opnum(), stub)
            if not answer["table"]:
                self.without.add(operation)
                return
            self.operations.add(operation)
            put = {each: collections.Counter(values) for each, values in made["put"].items()}
            self.compare(operation, form, answer, stub, put)


def make(kind, seed, out):
    """A call that is filled in, packed in each form, and its values."""
    call = kind()
    filler = Filler(seed, sparse=seed % 2 == 1)
    # The response's unions and counts hang on what the request asked for.
    for prefix in (("in_", "out_") if out else ("in_",)):
        filler.numbers = []
        filler.fill(call, prefix, 0)
    tell_apart(call, filler, out)
    stubs = {form: pack(call, out, form).hex() for form in FORMS}
    put = {each: collections.Counter() for each in ("number", "text", "sid", "uuid")}
    values_in(call, put)
    return {"stubs": stubs, "put": {each: list(values.elements()) for each, values in put.items()}}


def in_child(function, *arguments):
    """What the function gives, or None: some objects cannot be made, and some end the process that tries."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        try:
            with os.fdopen(writing, "w") as file:
                json.dump(function(*arguments), file)
        except Exception:  # pylint: disable=broad-except
            pass
        os._exit(0)  # pylint: disable=protected-access
    os.close(writing)
    with os.fdopen(reading) as file:
        text = file.read()
    os.waitpid(child, 0)
    try:
        return json.loads(text)
    except ValueError:
        return None


def read_table():
    rows = []
    with open(os.path.join(HERE, "ndr_encode_differences.tsv"), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#") and line.strip():
                operation, form, problem, reason = line.rstrip("\n").split("\t")
                rows.append([re.compile(operation), form, re.compile(problem), reason, 0])
    return rows


def reason_of(rows, problem):
    for row in rows:
        if row[0].fullmatch(problem[0]) and row[1] in ("*", problem[1]) and row[2].fullmatch(problem[2]):
            row[4] += 1
            return row[3]
    return None


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--list"]
    if not arguments:
        sys.exit(__doc__)
    named = arguments[1:] or list(INTERFACES)
    test = Test(Reader(arguments[0]))
    for name in named:
        module, interface = INTERFACES[name]
        for kind in sorted(vars(module).values(), key=str):
            if isinstance(kind, type) and hasattr(kind, "__ndr_pack_in__"):
                for seed in range(SEEDS):
                    test.run(name, kind, interface, seed, False)
                    test.run(name, kind, interface, seed, True)
    rows = read_table()
    wrong = collections.Counter()
    explained = 0
    for problem in test.problems:
        reason = reason_of(rows, problem)
        explained += reason is not None
        if reason is None:
            wrong["%s %s: %s" % problem] += 1
    if "--list" in sys.argv:
        print("without a table: " + " ".join(sorted(test.without)))
        print("read: " + " ".join(sorted(test.operations)))
    lines = ["%s (%d)" % line for line in sorted(wrong.items())]
    if not arguments[1:]:
        lines += ["%s explains nothing any more" % row[0].pattern for row in rows if not row[4]]
        if test.compared < FLOOR:
            lines.append("%d values were compared, at least %d must be" % (test.compared, FLOOR))
    print("\n".join(lines))
    print("%d values of %d operations and directions compared, %d differences explained, %d problems"
          % (test.compared, len(test.operations), explained, len(lines)))
    sys.exit(1 if lines else 0)


if __name__ == "__main__":
    main()
