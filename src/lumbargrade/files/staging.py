"""Write a folder whole or not at all, and never over somebody else's files.

Everything is written into a temporary folder beside the target, which is then renamed.
A list of what was written stays in the folder; only a folder that holds nothing else
may be replaced by a later run.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lumbargrade.errors import OutputError
from lumbargrade.files.write import write_json

LEDGER = ".lumbargrade.json"
"""File in an output folder that lists the files that lumbargrade wrote there."""

_SCHEMA = "lumbargrade.output/1"


@contextmanager
def staged(out: Path, reading: Iterable[Path] = ()) -> Iterator[Path]:
    """Yield a temporary folder that becomes ``out`` when the block ends well.

    ``reading`` are the paths that the block reads. Raises OutputError if ``out`` holds one of them,
    is a file, cannot be written, or holds files of other origin. This is found out before the block
    runs.
    """
    out = Path(os.path.abspath(out))
    _check_replaceable(out)
    _check_not_read(out, reading)
    with _as_output_error(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        with _as_output_error(out):
            yield staging
            _write_ledger(staging)
            _replace(staging, out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _as_output_error(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"cannot write to {out} ({reason}): choose a writable folder with -o"
        ) from error


def _check_not_read(out: Path, reading: Iterable[Path]) -> None:
    """Results of an earlier run may be replaced, but not by what is made of them."""
    if not out.is_dir():
        return
    for path in reading:
        if Path(os.path.realpath(path)).is_relative_to(os.path.realpath(out)):
            raise OutputError(
                f"{out}: holds {path}, which is read and would be replaced: choose another folder "
                "with -o"
            )


def _check_replaceable(out: Path) -> None:
    with _as_output_error(out):
        if out.exists() and not out.is_dir():
            raise OutputError(f"cannot write to {out}: it is a file; name a folder with -o")
        if not out.is_dir():
            return
        present = sorted(_files(out))
    if present and not os.access(out, os.W_OK):
        raise OutputError(f"cannot write to {out} (read-only): choose another folder with -o")
    foreign = [name for name in present if name not in {LEDGER, *_read_ledger(out)}]
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise OutputError(
            f"{out} holds files that lumbargrade did not write ({foreign[0]}{more}) and is left "
            "as it is: choose a new or empty folder with -o"
        )


def _files(folder: Path) -> set[str]:
    def refuse(error: OSError) -> None:
        raise error  # what cannot be listed may hold anything, and is not replaced

    return {
        (Path(parent) / name).relative_to(folder).as_posix()
        for parent, folders, names in os.walk(folder, onerror=refuse)
        for name in [*names, *(entry for entry in folders if Path(parent, entry).is_symlink())]
    }


def _read_ledger(folder: Path) -> list[str]:
    try:
        data = json.loads((folder / LEDGER).read_text(encoding="utf-8"))
        return [str(name) for name in data["files"]] if data["schema"] == _SCHEMA else []
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _write_ledger(folder: Path) -> None:
    ledger = {"schema": _SCHEMA, "files": sorted(_files(folder))}
    write_json(folder / LEDGER, ledger)


def _replace(staging: Path, out: Path) -> None:
    # mkdtemp makes folders that only their owner may enter; results follow the umask.
    umask = os.umask(0)
    os.umask(umask)
    staging.chmod(0o777 & ~umask)
    if not out.exists():
        staging.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    try:
        out.rename(old / out.name)
        try:
            staging.rename(out)
        except OSError:
            (old / out.name).rename(out)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
