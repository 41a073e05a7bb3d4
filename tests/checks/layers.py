#!/usr/bin/env python3
"""layers - refuses an include that reaches into a layer that its file may not know.

The rule is that of docs/architecture.md: common/base knows nothing, proto knows base, common/stream both; a service's
core knows these three and itself, never another service and never the edge; the edge knows the three as well; only
services/orthrus and tests wire everything.
"""
import pathlib
import re
import sys

CORES = ("common/base", "proto", "common/stream")
ALLOWED = {
    "common/base": ("common/base",),
    "proto": ("common/base", "proto"),
    "common/stream": CORES,
    "common/io": CORES + ("common/io",),
    "common/service": CORES + ("common/service",),
    "services/protocol-decode": CORES + ("services/protocol-decode",),
    "services/identity": CORES + ("services/identity",),
    "services/alerting": CORES + ("services/alerting",),
}
FREE = ("services/orthrus", "tests")
# Files of services/orthrus that belong to its pure library: no edge, no I/O.
OUTPUT = CORES + ("services/orthrus",)
# Headers of the system that a pure file has no use for.
IMPURE = re.compile(r"^(sys/|unistd|fcntl|poll|pthread|threads|signal|netinet/|arpa/|uv|zmq|librdkafka|hiredis|curl)")
PURE = ("common/base", "proto/", "common/stream", "services/protocol-decode", "services/identity", "services/alerting")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.M)


def layer_of(path, layers):
    fit = [layer for layer in layers if path == layer or path.startswith(layer + "/")]
    return max(fit, key=len) if fit else None


def problems(root):
    for file in sorted(root.rglob("*.[ch]")):
        path = file.relative_to(root).as_posix()
        if path.startswith(("build/", ".git/", "out/")):
            continue
        own = layer_of(path, tuple(ALLOWED) + FREE)
        if own is None:
            yield f"{path}: stands in no layer that is known"
            continue
        for ours, system in INCLUDE.findall(file.read_text(encoding="utf-8")):
            if system and path.startswith(PURE) and not path.startswith("proto/tools/") and IMPURE.match(system):
                yield f"{path}: a pure file includes <{system}>"
            if not ours or own in FREE:
                continue
            target = layer_of(ours, tuple(ALLOWED) + FREE)
            if target not in ALLOWED[own]:
                yield f"{path}: {own} may not include {ours}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    found = list(problems(root))
    for problem in found:
        print(problem)
    files = sum(1 for _ in root.rglob("*.[ch]"))
    print(f"{files} files, {len(found)} includes that cross a layer")
    return 1 if found or files < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
