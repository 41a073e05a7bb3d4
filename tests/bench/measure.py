#!/usr/bin/env python3
"""measure - times commands in turn on one core and prints a table.

usage: measure.py RUNS NAME=PACKETS=BYTES=COMMAND...

The commands run one after the other, RUNS times round, each pinned to core 1 where there is one. Printed are the least, the median and the
largest packets per second by wall clock, by processor time, bytes per second, peak resident memory, and each command's ratio to the
first one within the same round.
"""
import os
import shlex
import statistics
import subprocess
import sys
import time


def one(command, core):
    start = time.monotonic()
    process = subprocess.Popen(shlex.split(command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"measure: {command}: exit code {process.returncode}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def main():
    runs, jobs = int(sys.argv[1]), [a.split("=", 3) for a in sys.argv[2:]]
    core = max(os.sched_getaffinity(0))
    results = {name: [] for name, *_ in jobs}
    for _ in range(runs):
        for name, _, _, command in jobs:
            results[name].append(one(command, core))
    print(f"{'what':<34}{'packets/s wall':>36}{'per cpu s':>12}{'MB/s':>8}{'peak MB':>9}{'x':>7}")
    first = [wall / int(jobs[0][1]) for wall, _, _ in results[jobs[0][0]]]
    for name, packets, size, _ in jobs:
        walls = sorted(int(packets) / wall for wall, _, _ in results[name])
        cpu = statistics.median(int(packets) / cpu for _, cpu, _ in results[name])
        rate = statistics.median(int(size) / wall / 1e6 for wall, _, _ in results[name])
        ratio = statistics.median(f / (wall / int(packets)) for f, (wall, _, _) in zip(first, results[name]))
        spread = f"{walls[0]:,.0f} / {statistics.median(walls):,.0f} / {walls[-1]:,.0f}"
        print(f"{name:<34}{spread:>36}{cpu:>12,.0f}{rate:>8,.0f}{max(r[2] for r in results[name]) / 1024:>9,.0f}{ratio:>7.2f}")


if __name__ == "__main__":
    main()
