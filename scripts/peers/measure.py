"""What every measurement shares: the no-op trial, its draws, and the one row of figures."""

import argparse
import json
import os
import random
import signal
import sys
import time


def trial(point):
    """The product of the numeric parameters, with who computed it and when."""
    import os
    import time

    began = time.monotonic_ns()
    value = point["lr"] * point["depth"]
    return value, os.getpid(), began, time.monotonic_ns()


class Draws:
    """Random points of the search space, the same ones in every run."""

    def __init__(self, seed=1):
        self.source = random.Random(seed)

    def next(self):
        exponent = self.source.uniform(-5, -1)
        return {"lr": 10**exponent, "depth": self.source.randint(2, 12)}


def options(description):
    """Reads the command line that all peers share; a polite end runs the clean-up."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--mode", choices=["bulk", "loop"], required=True)
    parser.add_argument("--curve", action="store_true", help="encrypt, where the peer can")
    return parser


def seconds_since_exec():
    """Seconds since the kernel started this process, the interpreter's own start included."""
    with open("/proc/self/stat", encoding="ascii") as file:
        # The name stands in parentheses and may hold anything; field 22 is the start in ticks.
        ticks = int(file.read().rsplit(")", 1)[1].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def resident_mib(process):
    """Resident memory of a process in MiB; 0 when it has ended."""
    try:
        with open(f"/proc/{process}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (OSError, IndexError):
        return 0.0


def children_named(word):
    """Process ids of this process's children with `word` in their command line."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                command = file.read()
        except OSError:
            continue
        if parent == os.getpid() and word.encode() in command:
            found.append(int(entry))
    return found


def quantile(ordered, share):
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


def gaps_us(rows):
    """Sorted gaps from one trial's end to the next one's start on the same worker, in µs."""
    by_worker = {}
    for _, worker, began, ended in rows:
        by_worker.setdefault(worker, []).append((began, ended))
    gaps = []
    for spans in by_worker.values():
        spans.sort()
        gaps += [(after[0] - before[1]) / 1e3 for before, after in zip(spans, spans[1:])]
    return sorted(gaps)


def print_row(system, arguments, trials, seconds, gaps, **more):
    """Prints the figures of one measurement as a line of JSON; `gaps` are sorted."""
    figures = {
        "system": system,
        "mode": arguments.mode,
        "workers": arguments.workers,
        "trials_per_s": trials / seconds,
        "gap_us_p50": quantile(gaps, 0.5),
        "gap_us_p99": quantile(gaps, 0.99),
        **more,
    }
    print(json.dumps(figures), flush=True)
