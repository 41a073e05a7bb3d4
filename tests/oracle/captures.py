#!/usr/bin/env python3
"""captures - compares the frames that our readers give with those that tshark gives.

    captures.py FRAMES-PROGRAM SOURCE-FOLDER

Over each capture of $ORTHRUS_DATA/pcap (by default shared/data/pcap beside the source folder) number, time, captured
and original length of every frame must be the same. Then over what Wireshark's own editcap and mergecap make of some
of them: pcap with microseconds, with nanoseconds, in its modified form, pcapng, several interfaces in one file, cut to
a snap length, and all that in gzip and zstd. Then over all of them at once, merged.
"""
import gzip
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
LARGE = 4 << 20  # bytes; larger captures are compared as they are and not converted
CONVERTED_EACH = 12  # of so many captures one is converted
FORMATS = ("pcap", "nsecpcap", "modpcap", "pcapng")


def skip(reason):
    """Skips the test, except in CI, where everything it needs must be there."""
    print("SKIPPED:", reason)
    sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)


def frames_by_tshark(path):
    fields = ["frame.number", "frame.time_epoch", "frame.cap_len", "frame.len"]
    command = ["tshark", "-n", "-r", str(path), "-T", "fields"]
    for field in fields:
        command += ["-e", field]
    # A capture that is cut ends tshark with an error after the frames that it could read, as it should end ours.
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    frames = []
    for line in done.stdout.decode().splitlines():
        number, time, captured, original = line.split("\t")
        seconds, fraction = time.split(".")
        assert len(fraction) == 9 and not time.startswith("-")
        frames.append((int(number), int(seconds) * 10**9 + int(fraction), int(captured), int(original)))
    return frames


def frames_by_us(program, *paths, options=()):
    done = subprocess.run([program, *options, *map(str, paths)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"{program} ended with {done.returncode} over {paths}: {done.stderr.decode()}")
    frames = {}
    for line in done.stdout.decode().splitlines():
        number, time, _, captured, original, _, name = line.split("\t")
        frames.setdefault(name, []).append((int(number), int(time), int(captured), int(original)))
    return {name: sorted(found) for name, found in frames.items()}, done


class Comparison:
    def __init__(self, program):
        self.program = program
        self.files = self.frames = self.wrong = 0

    def compare(self, what, ours, theirs):
        self.files += 1
        self.frames += len(theirs)
        if ours == theirs:
            return
        self.wrong += 1
        print(f"{what}: {len(ours)} frames by us, {len(theirs)} by tshark")
        differences = [(a, b) for a, b in zip(ours, theirs) if a != b]
        for ours_one, theirs_one in differences[:5]:
            print(f"    (number, ns, captured, original) by us {ours_one}, by tshark {theirs_one}")

    def compare_file(self, path, theirs=None):
        theirs = frames_by_tshark(path) if theirs is None else theirs
        ours, _ = frames_by_us(self.program, path)
        self.compare(path.name, ours.get(str(path), []), theirs)
        return theirs

    def compare_packed(self, path, theirs):
        packed = path.with_name(path.name + ".gz")
        # Two members, as appending to a compressed capture makes them.
        content = path.read_bytes()
        packed.write_bytes(gzip.compress(content[: len(content) // 2]) + gzip.compress(content[len(content) // 2:]))
        self.compare_file(packed, theirs)
        if shutil.which("zstd"):
            subprocess.run(["zstd", "-q", "-f", str(path)], check=True)
            self.compare_file(path.with_name(path.name + ".zst"), theirs)

    def compare_converted(self, path, folder):
        for name in FORMATS:
            made = folder / f"{path.stem}-{name}"
            done = subprocess.run(["editcap", "-F", name, str(path), str(made)], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, check=False)
            # Captures of several link types do not fit pcap.
            if done.returncode == 0:
                self.compare_packed(made, self.compare_file(made))
        made = folder / f"{path.stem}-cut"
        subprocess.run(["editcap", "-s", "70", str(path), str(made)], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
        self.compare_file(made)

    def compare_merged(self, paths, each, folder):
        ours, done = frames_by_us(self.program, *paths, options=("--open-max", "8", "--batch", "100"))
        for path in paths:
            self.compare(f"{path.name}, merged", ours.get(str(path), []), each[path])
        reverse = subprocess.run([self.program, *map(str, reversed(paths))], stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, check=False)
        if reverse.stdout != done.stdout:
            self.wrong += 1
            print("the order of the arguments changes the result")
        made = folder / "all.pcapng"
        done = subprocess.run(["mergecap", "-w", str(made), *map(str, paths)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False)
        if made.exists() and done.returncode == 0:
            self.compare_file(made)


def main():
    program, source = sys.argv[1:3]
    data = pathlib.Path(os.environ.get("ORTHRUS_DATA", pathlib.Path(source) / ".." / "shared" / "data")) / "pcap"
    if not data.is_dir():
        skip(f"there is no folder {data}")
    for tool in ("tshark", "editcap", "mergecap"):
        if not shutil.which(tool):
            skip(f"{tool} is not installed")
    comparison = Comparison(program)
    paths = sorted(path for path in data.iterdir() if path.is_file())
    each = {path: comparison.compare_file(path) for path in paths}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for path in paths[::CONVERTED_EACH]:
            if path.stat().st_size < LARGE:
                comparison.compare_converted(path, folder)
        comparison.compare_merged(paths, each, folder)
    print(f"{comparison.files} captures, {comparison.frames} frames, {comparison.wrong} differ")
    if comparison.frames == 0:
        skip(f"there are no captures in {data}")
    return 1 if comparison.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
