"""Lays rows of figures out as a table, or as one JSON document, with ratios to our own."""

import argparse
import json
import os
import statistics
import sys

COLUMNS = [
    ("trials_per_s", "trials/s", "{:,.0f}"),
    ("ratio", "ours is", "{:.1f}×"),
    ("gap_us_p50", "gap p50 µs", "{:,.0f}"),
    ("gap_us_p99", "gap p99 µs", "{:,.0f}"),
    ("first_trial_s", "first s", "{:.2f}"),
    ("coordinator_rss_mib", "coord. MiB", "{:,.0f}"),
    ("worker_rss_mib", "worker MiB", "{:,.0f}"),
    ("coordinator_cpu_us", "coord. CPU µs", "{:,.1f}"),
    ("worker_cpu_us", "worker CPU µs", "{:,.1f}"),
]


def merged(rows):
    """One row for each system, mode and number of workers: the medians of its repeats."""
    repeats = {}
    for row in rows:
        repeats.setdefault((row["mode"], row["workers"], row["system"]), []).append(row)
    result = []
    for (mode, workers, system), group in repeats.items():
        row = {"system": system, "mode": mode, "workers": workers, "repeats": len(group)}
        speeds = [each["trials_per_s"] for each in group]
        row |= {"trials_per_s_min": min(speeds), "trials_per_s_max": max(speeds)}
        for key, _, _ in COLUMNS:
            values = [each[key] for each in group if each.get(key) is not None]
            row[key] = statistics.median(values) if values else None
        result.append(row)
    return result


def with_ratios(rows, ours):
    """Adds to each peer's row how many times its trials per second ours are."""
    speed = {
        (row["mode"], row["workers"]): row["trials_per_s"]
        for row in rows
        if row["system"] == ours
    }
    for row in rows:
        own = speed.get((row["mode"], row["workers"]))
        peer = row["system"] != ours and row["trials_per_s"]
        row["ratio"] = own / peer if own and peer else None
    return rows


def lines(rows):
    """The table, a line for each row, columns aligned."""
    table = [["mode", "workers", "system"] + [title for _, title, _ in COLUMNS]]
    for row in rows:
        cells = [row["mode"], str(row["workers"]), row["system"]]
        for key, _, form in COLUMNS:
            value = row[key]
            cells.append("–" if value is None else form.format(value))
        table.append(cells)
    widths = [max(map(len, column)) for column in zip(*table)]
    for cells in table:
        padded = [
            cell.ljust(width) if position in (0, 2) else cell.rjust(width)
            for position, (cell, width) in enumerate(zip(cells, widths))
        ]
        yield "  ".join(padded).rstrip()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", default="picoml", help="the system that ratios are of")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    rows = merged(json.loads(line) for line in sys.stdin if line.strip())
    rows = with_ratios(rows, arguments.ours)
    if arguments.json:
        print(json.dumps({"cpus": len(os.sched_getaffinity(0)), "rows": rows}, indent=2))
    else:
        print("\n".join(lines(rows)))


if __name__ == "__main__":
    main()
