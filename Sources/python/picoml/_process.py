"""What a process knows of its threads, its children, its limits and its worker."""

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal
import sys
import time
import warnings
from _thread import allocate_lock, start_new_thread
from typing import Any, Callable, Iterable, Mapping, Optional

_PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(parent: int) -> None:
    """Has the kernel kill this process when `parent`, which forked it, ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def limit(limits: Mapping[str, Any]) -> None:
    """Puts this process under a trial's limits; it goes on without those that cannot be had.

    `groups` are the `cgroup.procs` files of control groups to join, `data` the most bytes of
    memory (RLIMIT_DATA), `file` the most bytes of a file (RLIMIT_FSIZE); each may be missing.
    """
    for path in limits.get("groups") or []:
        try:
            group = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
            try:
                # The kernel takes 0 for whoever writes it.
                os.write(group, b"0")
            finally:
                os.close(group)
        except OSError as error:
            _say(f"the trial is not in the group {path}: {error.strerror}")
    _limit(resource.RLIMIT_DATA, limits.get("data"), "memory")
    _limit(resource.RLIMIT_FSIZE, limits.get("file"), "a file")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def pin(cores: Optional[Iterable[int]]) -> None:
    """Runs every thread of this process on these CPUs alone, as far as the host lets it."""
    if not cores:
        return
    for thread in os.listdir("/proc/self/task"):
        try:
            os.sched_setaffinity(int(thread), cores)
        except OSError:
            # The thread has ended, or the host does not let it: that only costs speed.
            continue


def _limit(kind: int, wanted: Optional[int], noun: str) -> None:
    if not wanted:
        return
    most = resource.getrlimit(kind)[1]
    value = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    try:
        resource.setrlimit(kind, (value, value))
    except (OSError, OverflowError, ValueError) as error:
        _say(f"the trial has no limit of {wanted} bytes for {noun}: {error}")


def _say(line: str) -> None:
    try:
        # The user's module may have put something else in the place of sys.stderr.
        os.write(2, f"picoml: {line}\n".encode("utf-8", "replace"))
    except OSError:
        # The disk with the log may be full.
        pass


def flush() -> None:
    """Writes out what Python and the C library have buffered for standard output and error."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            # The user's code may have closed or replaced it.
            pass
    _libc.fflush(None)


def close_inherited(kept: int) -> None:
    """Closes whatever came along besides 0, 1, 2 and `kept`; nothing comes from 0 then."""
    for name in os.listdir("/proc/self/fd"):
        descriptor = int(name)
        if descriptor > 2 and descriptor != kept:
            try:
                os.close(descriptor)
            except OSError:
                # It was the one that read the directory.
                pass
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def end_everything(children: Iterable[int] = ()) -> None:
    """Ends this process, its `children` and all that belongs to their process groups, at once."""
    for child in children:
        for kill in (os.killpg, os.kill):
            try:
                kill(child, signal.SIGKILL)
            except OSError:
                pass
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


class Watch:
    """A thread that calls `at_end` when the other end of a socket closes."""

    def __init__(self, descriptor: int, at_end: Callable[[], None]) -> None:
        """Starts to watch `descriptor`."""
        self._descriptor = descriptor
        self._at_end = at_end
        self._reading, self._writing = os.pipe()
        self._ended = allocate_lock()
        self._ended.acquire()
        start_new_thread(self._run, ())

    def _run(self) -> None:
        poller = select.poll()
        # Without events only the end is told, not what there is to read.
        poller.register(self._descriptor, 0)
        poller.register(self._reading, select.POLLIN)
        if any(descriptor == self._descriptor for descriptor, _ in poller.poll()):
            self._at_end()
        self._ended.release()

    def stop(self) -> None:
        """Ends the thread."""
        os.write(self._writing, b"x")
        self._ended.acquire()
        os.close(self._reading)
        os.close(self._writing)


def reason_not_to_fork() -> Optional[str]:
    """Why a fork of this process would not work; None when it would."""
    torch = sys.modules.get("torch")
    cuda: Any = getattr(torch, "cuda", None)
    if _has_open_gpu() or (hasattr(cuda, "is_initialized") and cuda.is_initialized()):
        return "the module initialised a GPU, which does not work in a forked process"
    threads = _threads()
    if threads > 1:
        _fork_for_nothing()
        threads = _threads()
    if threads > 1:
        count = "a thread" if threads == 2 else f"{threads - 1} threads"
        return f"the module started {count}"
    return None


def _has_open_gpu() -> bool:
    for name in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            continue
        if target.startswith(("/dev/nvidia", "/dev/kfd", "/dev/dri/")):
            return True
    return False


def _threads() -> int:
    """The threads of this process, native ones too."""
    for _ in range(20):
        count = len(os.listdir("/proc/self/task"))
        if count == 1:
            return count
        # A thread that was joined may not be gone yet.
        time.sleep(0.001)
    return count


def _fork_for_nothing() -> None:
    """Forks once, before which libraries that know about forks put their threads away.

    OpenBLAS starts its threads with NumPy, ends them before a fork, and starts them again when
    it has work, in the child and in the parent.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
