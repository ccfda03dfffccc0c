"""Split a cohort, or what a patient flow included, and lock the split in a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lumbargrade.cohort.split.assign_parts import (
    Assignment,
    AssignmentOptions,
    assign_parts,
    followed_parts,
)
from lumbargrade.cohort.split.file import (
    ALL_PARTS,
    named,
    parts_of,
    read_split_file,
    refuse_moved,
    write_split,
)
from lumbargrade.cohort.split.patients import SplitPatients, read_patients
from lumbargrade.errors import CohortError, OutputError
from lumbargrade.files.table import TextTable

Progress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class SplitOptions:
    """How to split.

    Attributes
    ----------
    shares : percent of train, validation and test, as ``70/15/15``.
    external : the whole cohort is an external test set.
    extend : patients of a locked split stay where they are, new ones are added.
    index, key : the index behind a patient flow, and its key; None where there is none, or
        the key lies beside the index.
    follow : another split, of which every patient keeps the part.
    """

    shares: str = "70/15/15"
    seed: int = 7
    external: bool = False
    extend: bool = False
    index: Path | None = None
    key: Path | None = None
    follow: Path | None = None


@dataclass(frozen=True)
class SplitResult:
    """The patients, and the part of each."""

    patients: SplitPatients
    assigned: Assignment


def make_split(
    source: Path, out: Path, options: SplitOptions, progress: Progress = lambda *_: None
) -> SplitResult:
    """Split the patients of ``source`` and write the locked split to the file ``out``.

    ``source`` is a cohort folder, or the folder of a patient flow.

    Raises
    ------
    CohortError
        If the cohort cannot be read or split, or ``out`` has locked a patient elsewhere.
    MissingExtraError
        If the source is a patient flow and pyarrow is not installed.
    OutputError
        If ``out`` cannot be written.
    """
    if options.follow is not None and (options.external or options.extend):
        raise CohortError("--follow takes every part from its file: leave out --external, --extend")
    shares = parse_shares(options.shares)
    before, locked = _locked_before(out, options.extend)
    reading = partial(progress, "reading images")
    patients = read_patients(source, options.index, options.key, reading)
    if options.follow is not None:
        assigned = Assignment(followed_parts(patients, options.follow, options.key), ())
    else:
        kept = locked if options.extend else {}
        how = AssignmentOptions(options.seed, shares, options.external, kept)
        assigned = assign_parts(patients, how, partial(progress, "comparing images"))
    if not options.extend:
        _refuse_others(locked, assigned.parts, out)
    refuse_moved(locked, assigned.parts, out)
    made = {
        "cohort": patients.name,
        "seed": options.seed,
        "shares": list(shares),
        "pictures_compared": sum(one.picture_code is not None for one in patients.pictures),
        "alike": [list(pair) for pair in assigned.alike],
    }
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_split(out, {**locked, **assigned.parts}, patients.pictures, made, before)
    except OSError as error:
        raise OutputError(
            f"{out}: cannot be written ({error.strerror}): choose another file with -o"
        ) from None
    return SplitResult(patients, assigned)


def parse_shares(text: str) -> tuple[float, float, float]:
    """Return the shares of train, validation and test.

    Raises CohortError if these are not three numbers of percent that sum to 100.

    Examples
    --------
    >>> parse_shares("80/10/10")
    (0.8, 0.1, 0.1)
    """
    try:
        train, validation, test = (float(one) / 100 for one in text.split("/"))
    except ValueError:
        train = validation = test = float("nan")
    if not (min(train, validation, test) >= 0 and abs(train + validation + test - 1) < 1e-9):
        raise CohortError(
            f"--shares {text}: give percentages for training, validation and test that sum to 100, "
            "such as 70/15/15"
        )
    return train, validation, test


def _locked_before(out: Path, extend: bool) -> tuple[Mapping[str, Any] | None, dict[str, str]]:
    """Return the split that is locked in ``out``: as data, and patient -> part."""
    if not out.exists():
        if extend:
            raise CohortError(f"{out}: there is no split to extend: leave out --extend")
        return None, {}
    data = read_split_file(out)
    return data, parts_of(data, out)


def _refuse_others(locked: Mapping[str, str], parts: Mapping[str, str], out: Path) -> None:
    """A lock that is not extended holds for its own patients and no others."""
    new, gone = sorted(parts.keys() - locked.keys()), sorted(locked.keys() - parts.keys())
    if locked and (new or gone):
        who = f"{named(new)} would be added" if new else f"{named(gone)} would be removed"
        raise CohortError(
            f"{out}: is locked for other patients ({who}): add --extend to assign new ones "
            "and keep the others, or choose another file with -o"
        )


def summary_table(result: SplitResult) -> TextTable:
    """Return the patients of each part by their worst grade."""
    worst = result.patients.worst_grades
    grades = sorted({one for one in worst.values() if one is not None})
    rows = []
    for part in ALL_PARTS:
        some = [worst[one] for one, where in result.assigned.parts.items() if where == part]
        if some:
            counts = (some.count(grade) for grade in (*grades, None))
            rows.append((part, str(len(some)), *map(str, counts)))
    columns = ("part", "patients", *(f"grade {grade}" for grade in grades), "no grade")
    return TextTable("split", "Patients by worst grade", columns, tuple(rows))


def remarks(result: SplitResult) -> list[str]:
    """Return what a reader must know about the split beside its counts."""
    pictures = result.patients.pictures
    without = sum(one.picture_code is None for one in pictures)
    lines = []
    if without:
        lines.append(
            f"{without} of {len(pictures)} images were not compared (no image hash; for an archive "
            "give --index): a patient with two IDs may be in two parts."
        )
    if result.assigned.alike:
        pairs = [f"{one} and {other}" for one, other in result.assigned.alike]
        lines.append(
            f"Kept together because of near-identical images or a common series: {named(pairs)}."
        )
    return lines
