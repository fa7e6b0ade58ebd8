"""No-op trials through Optuna: worker processes on one file, each asking for itself."""

import json
import os
import subprocess
import sys
import tempfile
import time

import optuna
from optuna.storages import JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend

import measure

optuna.logging.set_verbosity(optuna.logging.WARNING)
STUDY = "dispatch"


def storage(folder, kind):
    """The file in which the workers meet; either kind is durable."""
    if kind == "sqlite":
        path = os.path.join(folder, "optuna.sqlite")
        return RDBStorage(f"sqlite:///{path}", engine_kwargs={"connect_args": {"timeout": 60}})
    return JournalStorage(JournalFileBackend(os.path.join(folder, "journal")))


def work(folder, kind, name, seconds):
    """One worker: leaves its rows and figures in a file."""
    sampler = optuna.samplers.RandomSampler()
    study = optuna.load_study(
        study_name=STUDY, storage=storage(folder, kind), sampler=sampler
    )
    rows, first = [], []

    def objective(trial):
        point = {
            "lr": trial.suggest_float("lr", 1e-5, 1e-1, log=True),
            "depth": trial.suggest_int("depth", 2, 12),
        }
        rows.append(measure.trial(point))
        return rows[-1][0]

    def note(_, __):
        if not first:
            first.append(time.clock_gettime(time.CLOCK_BOOTTIME))

    study.optimize(objective, timeout=seconds, callbacks=[note])
    figures = {"rows": rows, "first": first, "mib": measure.resident_mib("self")}
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump(figures, file)


def main():
    parser = measure.options(__doc__)
    parser.add_argument("--storage", choices=["journal", "sqlite"], default="journal")
    parser.add_argument("--folder", help="run one worker on this folder")
    parser.add_argument("--name", help="the worker's file")
    arguments = parser.parse_args()
    if arguments.folder:
        return work(arguments.folder, arguments.storage, arguments.name, arguments.seconds)

    exec_at = time.clock_gettime(time.CLOCK_BOOTTIME) - measure.seconds_since_exec()
    with tempfile.TemporaryDirectory() as folder:
        optuna.create_study(study_name=STUDY, storage=storage(folder, arguments.storage))
        names = [f"worker-{number}.json" for number in range(arguments.workers)]
        command = [sys.executable, os.path.abspath(__file__), "--folder", folder]
        command += ["--mode", arguments.mode, "--workers", str(arguments.workers)]
        command += ["--seconds", str(arguments.seconds), "--storage", arguments.storage]
        workers = [subprocess.Popen(command + ["--name", name]) for name in names]
        try:
            if any(worker.wait(timeout=arguments.seconds + 60) for worker in workers):
                sys.exit("a worker failed")
        finally:
            for worker in workers:
                worker.kill()
        figures = []
        for name in names:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                figures.append(json.load(file))

    rows = [row for worker in figures for row in worker["rows"]]
    elapsed = (max(row[3] for row in rows) - min(row[2] for row in rows)) / 1e9
    measure.print_row(
        f"Optuna {optuna.__version__} {arguments.storage}",
        arguments,
        len(rows),
        elapsed,
        measure.gaps_us(rows),
        first_trial_s=min(moment for worker in figures for moment in worker["first"]) - exec_at,
        # There is no coordinator: the workers meet in the file.
        coordinator_rss_mib=None,
        worker_rss_mib=sum(worker["mib"] for worker in figures) / len(figures),
    )
    return None


if __name__ == "__main__":
    main()
