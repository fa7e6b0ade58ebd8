"""Files that a trial leaves: checkpoints and artifacts."""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Iterator, Optional

from ._values import quoted

if TYPE_CHECKING:
    from ._context import Trial


@contextmanager
def checkpoint(trial: Trial, step: int) -> Iterator[Path]:
    """A fresh directory that becomes `checkpoint-STEP` and is announced when the block ends."""
    name = f"checkpoint-{step}"
    complete = Path(trial.directory, name)
    partial = Path(trial.directory, f".{name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    with trial._termination:
        partial.mkdir()
        try:
            yield partial
            trial._expect_open()
            os.rename(partial, complete)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        trial._last_checkpoint = step
        trial._channel.send('{"checkpoint":{"step":%d,"path":%s}}' % (step, quoted(name)))


def kept_files(directory: str, path: str, name: Optional[str]) -> list[tuple[str, str]]:
    """The artifact names and the paths below `directory` of what `path` means.

    Raises FileNotFoundError when there is nothing, and ValueError for what cannot be kept.
    """
    folder = os.path.realpath(directory)
    real = os.path.realpath(os.path.join(folder, path))
    if real == folder or os.path.commonpath([folder, real]) != folder:
        raise ValueError(
            f"{path!r} is not in the trial's folder; write it to the current directory first"
        )
    relative = os.path.relpath(real, folder)
    label = _artifact_name(name if name is not None else relative)
    if not os.path.isdir(real):
        _expect_regular(real)
        return [(label, _text(relative))]
    files: list[tuple[str, str]] = []
    for parent, folders, names in os.walk(real):
        folders.sort()
        for entry in sorted(names):
            full = os.path.join(parent, entry)
            _expect_regular(full)
            below = os.path.relpath(full, real)
            files.append((_text(f"{label}/{below}"), _text(os.path.join(relative, below))))
    if not files:
        raise FileNotFoundError(f"the directory {path!r} holds no files to keep")
    return files


def _artifact_name(name: str) -> str:
    parts = name.split("/")
    if name.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise ValueError(f"{name!r} is no name for a file to keep: write it as 'model/weights.bin'")
    return _text(name)


def _text(name: str) -> str:
    """`name` itself; names of files that are not UTF-8 have no form in JSON."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError(f"the name {name!r} is not UTF-8: rename the file") from None
    return name


def _expect_regular(path: str) -> None:
    mode = os.lstat(path).st_mode
    if not stat.S_ISREG(mode):
        kind = "a symbolic link" if stat.S_ISLNK(mode) else "no regular file"
        raise ValueError(f"{path!r} is {kind}, and only files can be kept")
