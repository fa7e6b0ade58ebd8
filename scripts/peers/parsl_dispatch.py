"""No-op trials through Parsl's HighThroughputExecutor, which speaks ZeroMQ as we do."""

import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import FIRST_COMPLETED, wait

import measure

# Workers import `measure`, and Parsl finds its own programs through PATH.
here = os.path.dirname(os.path.abspath(__file__))
os.environ["PYTHONPATH"] = here
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]

import parsl
from parsl.config import Config
from parsl.executors import HighThroughputExecutor
from parsl.providers import LocalProvider

BATCH = 1000
WARM_UP = 200


def bulk(submit, draws, seconds):
    """All trials queued ahead, a batch at a time."""
    rows = []
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        queued = [submit(draws.next()) for _ in range(BATCH)]
        rows += [future.result() for future in queued]
    return rows, time.monotonic() - began


def loop(submit, draws, seconds, workers):
    """One trial per worker in flight; the next is drawn when a result is back."""
    rows = []
    began = time.monotonic()
    flight = {submit(draws.next()) for _ in range(workers)}
    while time.monotonic() - began < seconds:
        done, flight = wait(flight, return_when=FIRST_COMPLETED)
        rows += [future.result() for future in done]
        flight |= {submit(draws.next()) for _ in done}
    elapsed = time.monotonic() - began
    wait(flight)
    return rows, elapsed


def main():
    arguments = measure.options(__doc__).parse_args()
    executor = HighThroughputExecutor(
        label="dispatch",
        address="127.0.0.1",
        loopback_address="127.0.0.1",
        max_workers_per_node=arguments.workers,
        cores_per_worker=0.01,
        encrypted=arguments.curve,
        provider=LocalProvider(init_blocks=1, min_blocks=1, max_blocks=1),
    )
    with tempfile.TemporaryDirectory() as folder:
        config = Config(
            executors=[executor], run_dir=folder, initialize_logging=False, strategy="none"
        )
        flow = parsl.load(config)
        try:
            submit, draws = parsl.python_app(measure.trial), measure.Draws()
            submit(draws.next()).result(timeout=60)
            first = measure.seconds_since_exec()
            for future in [submit(draws.next()) for _ in range(WARM_UP)]:
                future.result()
            if arguments.mode == "bulk":
                rows, elapsed = bulk(submit, draws, arguments.seconds)
            else:
                rows, elapsed = loop(submit, draws, arguments.seconds, arguments.workers)
            heads = [os.getpid()] + measure.children_named("interchange")
            measure.print_row(
                f"Parsl {parsl.__version__}" + (" CURVE" if arguments.curve else ""),
                arguments,
                len(rows),
                elapsed,
                measure.gaps_us(rows),
                first_trial_s=first,
                coordinator_rss_mib=sum(map(measure.resident_mib, heads)),
                worker_rss_mib=statistics.median(
                    measure.resident_mib(worker) for worker in {row[1] for row in rows}
                ),
            )
        finally:
            flow.cleanup()


if __name__ == "__main__":
    main()
