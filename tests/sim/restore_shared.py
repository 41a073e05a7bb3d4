"""restore_shared - runs `restore` over the shared captures, and those of the laboratory with a restart at every frame.

usage: restore_shared.py RESTORE

Reads the captures of $ORTHRUS_DATA/pcap (default: ../shared/data beside the checkout). Exits with 77 where they are
missing, unless CI=true.
"""
import os
import subprocess
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED = 77


def captures(folder):
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))
            if name.endswith((".pcap", ".pcapng", ".cap"))]


def main():
    data = os.environ.get("ORTHRUS_DATA") or os.path.join(os.path.dirname(SOURCE), "shared", "data")
    shared = os.path.join(data, "pcap")
    if not os.path.isdir(shared):
        print("SKIPPED: there are no captures at %s; set ORTHRUS_DATA" % data)
        sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)
    paths = captures(shared) + captures(os.path.join(SOURCE, "tests", "lab", "captures"))
    sys.exit(subprocess.run([sys.argv[1], *paths], check=False).returncode)


if __name__ == "__main__":
    main()
