"""The ledger of an output folder: which files lumbargrade wrote there, and of which study.

A folder is replaced only if it holds nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lumbargrade.errors import OutputError
from lumbargrade.files.write import write_json

LEDGER = ".lumbargrade.json"
"""File in an output folder that lists the files that lumbargrade wrote there."""

PRIVATE = ".lumbargrade"
"""Folder in an output folder for what is not finished: lock, drafts, journal of a batch."""

_OF_GRADES = ("grades.json", "grades.csv", "predictions.csv")

_SCHEMA = "lumbargrade.output/1"


@dataclass(frozen=True)
class Ledger:
    """What lumbargrade wrote into a folder.

    Attributes
    ----------
    files : below the folder, with ``/`` between the parts.
    study : of the study whose results these are, an opaque code; "" where they are of none.
    name : of that study, as tables call it.
    failures : of studies that have no results, by name: the reason.
    """

    files: tuple[str, ...] = ()
    study: str = ""
    name: str = ""
    failures: Mapping[str, str] = field(default_factory=dict)

    @property
    def entries(self) -> set[str]:
        """Names in the folder itself of files, and of folders that hold files."""
        return {name.partition("/")[0] for name in self.files}

    @property
    def holds_grades(self) -> bool:
        """Whether these are grades of studies; earlier versions did not note whose."""
        names = (name.rpartition("/")[2] for name in self.files)
        return bool(self.study) or any(name in _OF_GRADES for name in names)


def read_ledger(folder: Path) -> Ledger:
    """Return the ledger of a folder; an empty one where none can be read."""
    try:
        data = json.loads((folder / LEDGER).read_text(encoding="utf-8"))
        if data["schema"] != _SCHEMA:
            return Ledger()
        failures = {str(name): str(reason) for name, reason in data.get("failures", {}).items()}
        names = tuple(str(name) for name in data["files"])
        return Ledger(names, str(data.get("study", "")), str(data.get("name", "")), failures)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Ledger()


def write_ledger(folder: Path, ledger: Ledger) -> None:
    """Write the ledger of a folder; raises as :func:`lumbargrade.files.write.whole`."""
    content: dict[str, object] = {"schema": _SCHEMA, "files": sorted(ledger.files)}
    if ledger.study:
        content |= {"study": ledger.study, "name": ledger.name}
    if ledger.failures:
        content["failures"] = dict(ledger.failures)
    write_json(folder / LEDGER, content)


def files_below(folder: Path) -> set[str]:
    """Return the files and links below a folder, without what is lumbargrade's own affair.

    Raises OSError if a folder in it cannot be listed: it may hold anything.
    """

    def refuse(error: OSError) -> None:
        raise error

    found: set[str] = set()
    for parent, folders, names in os.walk(folder, onerror=refuse):
        if Path(parent) == folder:
            folders[:] = [name for name in folders if name != PRIVATE]
        links = [name for name in folders if Path(parent, name).is_symlink()]
        found |= {Path(parent, name).relative_to(folder).as_posix() for name in [*names, *links]}
    return found - {LEDGER}


def check_no_foreign(folder: Path, ledger: Ledger) -> None:
    """Raise OutputError if a folder holds files that are not in its ledger."""
    foreign = sorted(files_below(folder).difference(ledger.files))
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise OutputError(
            f"{folder} holds files that lumbargrade did not write ({foreign[0]}{more}) and is left "
            "as it is: choose a new or empty folder with -o"
        )
