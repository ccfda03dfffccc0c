"""An output folder that one process at a time writes, and in which results appear whole.

Nothing is renamed but what lies in the folder, so that it may be a mount point or a link, or lie
where nothing else may be written. Everything is written into a draft in a private folder, and
then moved to its place, entry by entry. Such a move begins with one rename that holds the plan of
it: if it is interrupted, the next run ends it.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EEXIST
from pathlib import Path

from lumbargrade.errors import OutputError
from lumbargrade.files.ledger import LEDGER, PRIVATE
from lumbargrade.files.lock import locked
from lumbargrade.files.write import write_json

_PLAN = ".landing.json"
_DRAFT, _LANDING, _OLD = "draft-", "landing-", "old-"


@contextmanager
def opened(
    out: Path, reading: Iterable[Path] = (), check: Callable[[Path], object] = lambda _: None
) -> Iterator[Path]:
    """Yield the absolute path of an output folder that no other process writes meanwhile.

    Whatever a killed process left half done is ended or swept away. A folder that did not exist
    and is empty in the end is removed. Raises OutputError if ``out`` holds what is read, is a file,
    cannot be written, or is written by another process; OSErrors of the block become OutputErrors.

    Parameters
    ----------
    reading : the paths that the block reads.
    check : raises OutputError if what the folder holds must stay as it is; it is called before
        anything is made.
    """
    out = Path(os.path.abspath(out))
    made: list[Path] = []
    try:
        with as_output_error(out):
            _check_folder(out, reading, check)
            made = _made(out)
            with locked(out / PRIVATE, out) as alone:
                if alone:
                    _recover(out)
                check(out)  # again: another process may have been there
                try:
                    yield out
                finally:
                    if alone:
                        _sweep(out)
    finally:
        for folder in made:
            with suppress(OSError):  # it holds something
                folder.rmdir()


def _check_folder(out: Path, reading: Iterable[Path], check: Callable[[Path], object]) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise OutputError(f"cannot write to {out}: it is a file; name a folder with -o")
    _check_not_read(out, reading)
    if not any((out / PRIVATE).glob(f"{_LANDING}*")):  # else it is whole only once that is ended
        check(out)
    if not os.access(out, os.W_OK):
        raise OutputError(f"cannot write to {out} (read-only): choose another folder with -o")


@contextmanager
def as_output_error(out: Path) -> Iterator[None]:
    """Turn an OSError of the block into the one line of an OutputError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"cannot write to {out} ({reason}): choose a writable folder with -o"
        ) from error


@contextmanager
def draft(out: Path) -> Iterator[Path]:
    """Yield a new folder inside an opened output folder, which is gone when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=out / PRIVATE))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def land(out: Path, content: Path, replaces: Iterable[str] = ()) -> None:
    """Move what lies in a draft into its output folder, in place of the entries ``replaces``.

    All of it or nothing: a move that fails is undone, and one that is interrupted is ended by the
    next run (see :func:`check_whole`). Several processes may do so at once, under the lock of one.
    Raises FileExistsError if something else has the name of a new entry, OSError if it cannot be
    moved.
    """
    adds, replaced = sorted(os.listdir(content)), sorted(set(replaces))
    taken = [name for name in adds if name not in replaced and os.path.lexists(out / name)]
    if taken:
        raise FileExistsError(
            EEXIST, "it holds something of that name already", str(out / taken[0])
        )
    if len(adds) == 1 and not replaced:
        (content / adds[0]).rename(out / adds[0])  # fails if another process was faster
        return
    write_json(content / _PLAN, {"adds": adds, "replaces": replaced})
    # In the private folder itself, where the next run looks, and not in a draft, which it sweeps.
    below = content.relative_to(out / PRIVATE).as_posix().replace("/", "-")
    landing = out / PRIVATE / f"{_LANDING}{below}"
    content.rename(landing)
    try:
        _move(out, landing)
    except OSError:
        shutil.rmtree(landing, ignore_errors=True)
        raise


def check_whole(folder: Path) -> None:
    """Raise OutputError if results are being put into a folder, or that was interrupted."""
    if any((folder / PRIVATE).glob(f"{_LANDING}*")):
        raise OutputError(
            f"{folder}: its results are not whole, since putting them there was interrupted: run "
            "the command that writes it again"
        )


def _move(out: Path, landing: Path) -> None:
    """Carry out the plan of a landing, or what is left of it."""
    plan = json.loads((landing / _PLAN).read_text(encoding="utf-8"))
    old = landing.with_name(_OLD + landing.name)
    old.mkdir(exist_ok=True)
    coming = [name for name in plan["adds"] if os.path.lexists(landing / name)]
    # The ledger comes last: what it lists is there.
    coming.sort(key=lambda name: name == LEDGER)
    going = [name for name in plan["replaces"] if name in coming or name not in plan["adds"]]
    moves = [(out / name, old / name) for name in going if os.path.lexists(out / name)]
    moves += [(landing / name, out / name) for name in coming]
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            source.rename(target)
            done.append((source, target))
    except OSError:
        for source, target in reversed(done):
            target.rename(source)
        raise
    # The plan goes first: without it there is nothing to be ended.
    (landing / _PLAN).unlink()
    shutil.rmtree(landing, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _recover(out: Path) -> None:
    """End the landings that another run began, and sweep away what it did not finish."""
    for landing in sorted((out / PRIVATE).glob(f"{_LANDING}*")):
        if (landing / _PLAN).is_file():
            _move(out, landing)
    _sweep(out)


def _sweep(out: Path) -> None:
    for pattern in (_DRAFT, _OLD, _LANDING):
        for folder in (out / PRIVATE).glob(f"{pattern}*"):
            if not (folder / _PLAN).is_file() or pattern == _DRAFT:
                shutil.rmtree(folder, ignore_errors=True)


def _made(out: Path) -> list[Path]:
    """Make a folder and those above it; return which, the innermost first."""
    missing = [one for one in (out, *out.parents) if not os.path.lexists(one)]
    out.mkdir(parents=True, exist_ok=True)
    return missing


def _check_not_read(out: Path, reading: Iterable[Path]) -> None:
    """Results of an earlier run may be replaced, but not by what is made of them."""
    place = os.path.realpath(out)
    for path in reading:
        if Path(os.path.realpath(path)).is_relative_to(place):
            raise OutputError(
                f"{out}: holds {path}, which is read and would be replaced: choose another folder "
                "with -o"
            )
