"""No-op trials through picoml: a real coordinator, real workers, CURVE on, results durable."""

import os
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers"))

import measure
from bench_cluster import Cluster, wait_until

WARM_UP = 1.0


def boot_time_ns():
    """The clock of the workers' traces."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def cpu_seconds(process):
    """Processor time that a process has taken so far, all of its threads together."""
    with open(f"/proc/{process}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def starts(path, begin, end):
    """When trials started on one worker between two moments, as rows without a duration."""
    with open(path, encoding="ascii") as file:
        # The last line may not be whole yet.
        moments = [int(line.split()[1]) for line in file if line.endswith("\n")]
    return [(None, path, moment, moment) for moment in moments if begin <= moment <= end]


def first_trial(cluster, workers, options):
    """Seconds from exec of the coordinator and its workers to the first durable result.

    The workers' keys are known and the sweep is open, as after a restart of the host.
    """
    cluster.start_coordinator()
    cluster.wait_for_coordinator()
    cluster.authorize(workers)
    cluster.submit()
    cluster.stop_coordinator()
    began = time.monotonic()
    cluster.start_coordinator()
    cluster.start_workers(workers, *options)
    wait_until(cluster.ended, "the first trial")
    return time.monotonic() - began


def window(cluster, seconds):
    """Counts trials and processor time over a steady stretch."""
    time.sleep(WARM_UP)
    processes = [cluster.coordinator.pid, *(worker.pid for worker in cluster.workers)]
    counts, clocks, used = [], [], []
    for pause in (seconds, 0):
        counts.append(cluster.ended())
        clocks.append(boot_time_ns())
        used.append([cpu_seconds(process) for process in processes])
        time.sleep(pause)
    trials = counts[1] - counts[0]
    cpu = [(after - before) * 1e6 / max(trials, 1) for before, after in zip(*used)]
    return trials, clocks, cpu


def main():
    parser = measure.options(__doc__)
    parser.add_argument("--picoml", required=True, help="the program to measure")
    arguments = parser.parse_args()
    options = ["--no-prefetch"] if arguments.mode == "loop" else []
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(arguments.picoml, folder)
        try:
            first = first_trial(cluster, arguments.workers, options)
            trials, (begin, end), cpu = window(cluster, arguments.seconds)
            traces = [cluster.trace(number) for number in range(arguments.workers)]
            measure.print_row(
                "picoml",
                arguments,
                trials,
                (end - begin) / 1e9,
                measure.gaps_us([row for trace in traces for row in starts(trace, begin, end)]),
                first_trial_s=first,
                coordinator_rss_mib=measure.resident_mib(cluster.coordinator.pid),
                worker_rss_mib=statistics.median(
                    measure.resident_mib(worker.pid) for worker in cluster.workers
                ),
                coordinator_cpu_us=cpu[0],
                worker_cpu_us=sum(cpu[1:]),
            )
        finally:
            cluster.close()


if __name__ == "__main__":
    main()
