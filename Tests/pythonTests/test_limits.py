"""What a trial may take: the limits that a forked trial sets itself, and the words for them."""

from __future__ import annotations

import os
import signal
import sys
import unittest

from support import Case, DEADLINE, until

RESULT = {"result": {"metrics": {"rmse": 1.0}}}
MEBIBYTE = 1 << 20


class Limits(Case):
    def loaded(self, text: str, **more: bool):
        self.write(text)
        warm = self.warm(**more)
        self.assertEqual(warm.next(), {"loaded": {"fork": True}})
        return warm

    def failure(self, lines):
        *_, last = lines.all()
        self.assertIn("failure", last)
        return last["failure"]


class Memory(Limits):
    LEAK = """
        def train(trial):
            kept = []
            for _ in range(trial.params.mebibytes): kept.append(b"x" * (1 << 20))
            return 1
        """

    def test_a_leak_ends_at_the_limit_and_the_next_trial_has_none(self):
        warm = self.loaded(self.LEAK)
        limits = {"data": 256 * MEBIBYTE}
        leak = {"mebibytes": 1024}
        failure = self.failure(warm.start(1, params=leak, limits=limits))
        self.assertEqual(failure["class"], "out_of_memory")
        self.assertTrue(failure["message"].endswith("MemoryError"), failure["message"])
        # What fits, fits; and what does not, does without the limit.
        self.assertEqual(warm.start(2, params={"mebibytes": 64}, limits=limits).all(), [RESULT])
        self.assertEqual(warm.start(3, params=leak).all(), [RESULT])

    def test_threads_and_children_are_under_the_limit_too(self):
        warm = self.loaded("""
            import resource, subprocess, sys
            def train(trial):
                asked = "import resource as r; print(r.getrlimit(r.RLIMIT_DATA))"
                said = subprocess.run([sys.executable, "-c", asked], stdout=subprocess.PIPE)
                assert eval(said.stdout) == (1 << 30, 1 << 30), said.stdout
                return 1
            """)
        self.assertEqual(warm.start(1, limits={"data": 1 << 30}).all(), [RESULT])


class Cores(Limits):
    SAYS = """
        import os
        def train(trial):
            seen = {tuple(sorted(os.sched_getaffinity(int(task))))
                    for task in os.listdir("/proc/self/task")}
            return {"rmse": float(seen == {(trial.params.core,)})}
        """

    def test_a_trial_runs_on_its_cpus_forked_or_not(self):
        core = max(os.sched_getaffinity(0))
        for reuse in (False, True):
            warm = self.loaded(self.SAYS, reuse=reuse)
            lines = warm.start(1, params={"core": core}, cores=[core])
            self.assertEqual(lines.all(), [RESULT])

    def test_cpus_that_cannot_be_had_are_done_without(self):
        warm = self.loaded("def train(trial): return 1")
        self.assertEqual(warm.start(1, cores=[1 << 20]).all(), [RESULT])


class Groups(Limits):
    def setUp(self) -> None:
        super().setUp()
        made = memory_group(f"picoml-test-{os.getpid()}", 64 * MEBIBYTE)
        if isinstance(made, str):
            self.skipTest(made)
        self.group, self.count_of_kills = made
        # The kernel takes a moment to let go of what has ended.
        self.addCleanup(until, self.is_removed, "an end of the group")

    def is_removed(self) -> bool:
        try:
            os.rmdir(self.group)
        except OSError:
            return False
        return True

    def test_the_kernel_ends_a_leak_of_a_trial_in_its_group_alone(self):
        warm = self.loaded(Memory.LEAK)
        limits = {"groups": [self.group + "/cgroup.procs"]}
        first = warm.start(1, params={"mebibytes": 512}, limits=limits)
        self.assertEqual(first.all(), [])
        self.assertIn("started", warm.next())
        self.assertEqual(warm.next(), {"ended": {"id": 1, "status": signal.SIGKILL}})
        self.assertGreater(self.count_of_kills(), 0)
        self.assertEqual(self.log(), "")
        # The process that has forked it is not in the group, nor are other trials of it.
        self.assertEqual(warm.start(2, params={"mebibytes": 512}).all(), [RESULT])
        self.assertEqual(warm.start(3, params={"mebibytes": 8}, limits=limits).all(), [RESULT])

    def test_code_of_the_user_runs_within_the_group_only(self):
        warm = self.loaded("""
            import os
            def members():
                with open(os.environ["GROUP"] + "/cgroup.procs") as file:
                    return [int(line) for line in file]
            assert members() == []
            def train(trial): return members() == [os.getpid()]
            """, GROUP=self.group)
        limits = {"groups": [self.group + "/cgroup.procs"]}
        self.assertEqual(warm.start(1, limits=limits).all(), [RESULT])


def memory_group(name: str, limit: int):
    """A new control group and a function that counts the kernel's kills there, or why not."""
    with open("/proc/self/cgroup", encoding="ascii") as file:
        own = [line.rstrip("\n").split(":", 2) for line in file]
    for _, controllers, path in own:
        if "memory" in controllers.split(","):
            root, knob, events = "/sys/fs/cgroup/memory", "memory.limit_in_bytes", \
                "memory.oom_control"
            break
    else:
        path = next((path for number, _, path in own if number == "0"), "/")
        root, knob, events = "/sys/fs/cgroup", "memory.max", "memory.events"
    # In a container the file system may begin at the own group.
    parent = next(filter(os.path.isdir, (root + path.rstrip("/"), root)))
    group = f"{parent}/{name}"
    try:
        os.mkdir(group)
    except OSError as error:
        return f"no control group can be made in {parent}: {error.strerror}"
    try:
        with open(f"{group}/{knob}", "w", encoding="ascii") as file:
            file.write(str(limit))
        swap = f"{group}/memory.swap.max"
        if os.path.exists(swap):
            with open(swap, "w", encoding="ascii") as file:
                file.write("0")
    except OSError as error:
        os.rmdir(group)
        return f"the control group {group} cannot limit memory: {error.strerror}"

    def count() -> int:
        with open(f"{group}/{events}", encoding="ascii") as file:
            return sum(int(line.split()[1]) for line in file if line.startswith("oom_kill "))

    return group, count


class Absent(Limits):
    def test_a_group_that_cannot_be_joined_is_a_line_in_the_log(self):
        warm = self.loaded("import sys\nsys.stderr = None\ndef train(t): return 1")
        limits = {"groups": [self.folder + "/absent/cgroup.procs"], "data": 0, "file": None}
        self.assertEqual(warm.start(1, limits=limits).all(), [RESULT])
        self.assertEqual(
            self.log(), f"picoml: the trial is not in the group {self.folder}/absent/cgroup.procs: "
            "No such file or directory\n")

    def test_no_limit_is_raised(self):
        self.write("""
            import resource
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
            def train(trial):
                assert resource.getrlimit(resource.RLIMIT_FSIZE) == (1 << 20, 1 << 20)
                return 1
            """)
        warm = self.warm()
        warm.next()
        self.assertEqual(warm.start(1, limits={"file": 1 << 30}).all(), [RESULT])

    def test_trials_that_share_a_process_set_no_limits(self):
        warm = self.loaded("""
            import resource
            def train(trial):
                kinds = (resource.RLIMIT_DATA, resource.RLIMIT_FSIZE)
                assert {resource.getrlimit(kind)[1] for kind in kinds} == {-1}
                return 1
            """, reuse=True)
        limits = {"groups": ["/absent"], "data": 1 << 20, "file": 1}
        self.assertEqual(warm.start(1, limits=limits).all(), [RESULT])
        self.assertEqual(self.log(), "")


class Disk(Limits):
    WRITES = """
        def train(trial):
            with open("big", "wb") as file:
                for _ in range(trial.params.kibibytes): file.write(b"x" * 1024)
            return 1
        """

    def test_a_file_that_grows_too_big_names_the_limit(self):
        warm = self.loaded(self.WRITES)
        limits = {"file": 64 * 1024}
        failure = self.failure(warm.start(1, params={"kibibytes": 65}, limits=limits))
        self.assertEqual(failure["class"], "out_of_disk")
        self.assertIn("in train", failure["message"])
        self.assertEqual(
            failure["message"].splitlines()[-1],
            "one of its files would take more than the 64 KiB that the sweep allows "
            "(resources: disk)")
        self.assertEqual(os.path.getsize(os.path.join(self.folder, "trials-1/big")), 64 * 1024)
        self.assertEqual(warm.start(2, params={"kibibytes": 64}, limits=limits).all(), [RESULT])
        self.assertEqual(warm.start(3, params={"kibibytes": 65}).all(), [RESULT])

    def test_a_trial_in_a_process_of_its_own_says_the_same(self):
        self.write(self.WRITES)
        # The unit of POSIX is half a kibibyte.
        limited = ["sh", "-c", 'ulimit -f 128 && exec "$0" -m picoml._trial', sys.executable]
        for count, is_said in ((65, "failure"), (64, "result")):
            process, lines = self.fresh(limited, params={"kibibytes": count})
            said = lines.all()[-1]
            self.assertIn(is_said, said)
            self.assertEqual(process.wait(DEADLINE), 1 if count == 65 else 0)
            if count == 65:
                self.assertEqual(said["failure"]["class"], "out_of_disk")
                self.assertIn("64 KiB", said["failure"]["message"])

    def test_a_full_disk_is_told_apart_also_when_it_caused_another_error(self):
        write = "open('/dev/full', 'w', buffering=1).write('x\\n')"
        for body in (write, f"try: {write}\n except OSError as e: raise RuntimeError from e",
                     f"try: {write}\n except OSError: raise RuntimeError('x' * 5000)"):
            with self.subTest(body):
                failure = self.ran(f"def train(trial):\n {body}")[-1]["failure"]
                self.assertEqual(failure["class"], "out_of_disk")
                self.assertLessEqual(len(failure["message"].encode()), 3500)
                self.assertEqual(
                    failure["message"].splitlines()[-1], "the disk of the host is full")

    def test_what_was_dealt_with_and_other_errors_are_no_matter_of_the_disk(self):
        write = "open('/dev/full', 'w', buffering=1).write('x\\n')"
        said = self.ran(f"def train(trial):\n try: {write}\n except OSError: return 1")
        self.assertEqual(said, [RESULT])
        for body in (f"try: {write}\n except OSError: pass\n raise ValueError",
                     f"try: {write}\n except OSError: raise ValueError from None",
                     "open('absent')", "raise OSError('3 requested')"):
            with self.subTest(body):
                failure = self.ran(f"def train(trial):\n {body}")[-1]["failure"]
                self.assertEqual(failure["class"], "trainer_error")

    def test_arrays_of_numpy_that_were_cut_are_a_matter_of_the_disk(self):
        try:
            import numpy  # noqa: F401
        except ImportError:
            self.skipTest("NumPy is not installed")
        warm = self.loaded(
            "import numpy\n"
            "def train(trial):\n"
            " if trial.params.kind == 'save': numpy.save('a.npy', numpy.ones(1 << 17))\n"
            " else: numpy.ones(1 << 17).tofile('/dev/full')\n"
            " return 1")
        for number, (kind, limits, part) in enumerate(
                [("save", {"file": MEBIBYTE}, "more than the 1 MiB that the sweep allows"),
                 ("file", {}, "the disk of the host is full")], 1):
            failure = self.failure(warm.start(number, params={"kind": kind}, limits=limits))
            self.assertEqual(failure["class"], "out_of_disk")
            self.assertIn(part, failure["message"].splitlines()[-1])
        self.assertEqual(warm.start(3, params={"kind": "save"}).all(), [RESULT])

    def test_a_checkpoint_without_room_leaves_none(self):
        warm = self.loaded("""
            def train(trial):
                with trial.checkpoint(1) as folder:
                    (folder / "state").write_bytes(bytes(100_000))
            """)
        *said, last = warm.start(1, limits={"file": 65_536}).all()
        self.assertEqual((said, last["failure"]["class"]), ([], "out_of_disk"))
        self.assertEqual(os.listdir(os.path.join(self.folder, "trials-1")), ["tmp"])


if __name__ == "__main__":
    unittest.main()
