#!/usr/bin/env python3
"""symbols - refuses a pure library whose objects need what a pure library has no business with.

usage: symbols.py ALLOWED_LIST LIBRARY...

A pure library does no I/O, reads no clock and starts no thread. What its objects leave undefined must be defined by
another of the libraries given, or stand in the list.
"""
import subprocess
import sys


def symbols(library):
    out = subprocess.run(["nm", "--format=posix", library], check=True, capture_output=True, text=True).stdout
    needed, given = set(), set()
    for line in out.splitlines():
        parts = line.split()
        if len(parts) < 2 or line.endswith(":"):
            continue
        (needed if parts[1] in "Uw" else given).add(parts[0])
    return needed, given


def main():
    with open(sys.argv[1], encoding="utf-8") as listing:
        allowed = {line.split("#")[0].strip() for line in listing} - {""}
    libraries = {path: symbols(path) for path in sys.argv[2:]}
    given = set().union(*(given for _, given in libraries.values()))
    bad = 0
    for path, (needed, _) in sorted(libraries.items()):
        for name in sorted(needed - given - allowed):
            print(f"{path}: needs {name}")
            bad += 1
    print(f"{len(libraries)} pure libraries, {bad} symbols that they may not need")
    return 1 if bad or not libraries else 0


if __name__ == "__main__":
    sys.exit(main())
