"""``lumbargrade cohort split``: assign patients to parts and lock the parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from lumbargrade.archive.pseudonym import Pseudonyms, read_key
from lumbargrade.cohort.read import read_cohort
from lumbargrade.cohort.split.assign_parts import Assignment, AssignmentOptions, assign_parts
from lumbargrade.cohort.split.file import (
    ALL_PARTS,
    named,
    parts_of,
    read_split,
    read_split_file,
    refuse_moved,
    write_split,
)
from lumbargrade.cohort.split.patients import SplitPatients, patients_of
from lumbargrade.errors import CohortError, MissingExtraError, OutputError

Progressed = Callable[[int, int], None]


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for; see its help."""

    shares: str = "70/15/15"
    seed: int = 7
    external: bool = False
    extend: bool = False
    index: Path | None = None
    key: Path | None = None
    follow: Path | None = None


def run(source: Path, out: Path, wanted: Wanted) -> None:
    """Split the cohort in ``source``, write the locked split and print the parts.

    Raises
    ------
    CohortError
        If the cohort cannot be read or split, or ``out`` has locked a patient elsewhere.
    OutputError
        If ``out`` cannot be written.
    """
    if wanted.follow is not None and (wanted.external or wanted.extend):
        raise CohortError("--follow takes every part from its file: leave out --external, --extend")
    shares = parse_shares(wanted.shares)
    before, locked = _before(out, wanted.extend)
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        bar = bars.add_task("reading images", total=None)

        def tell(done: int, total: int) -> None:
            bars.update(bar, completed=done, total=total)

        patients = read_patients(source, wanted, tell)
        bars.reset(bar, description="comparing images")
        if wanted.follow is not None:
            assigned = Assignment(followed(patients, wanted.follow, wanted.key), ())
        else:
            kept = locked if wanted.extend else {}
            assigned = assign_parts(
                patients, AssignmentOptions(wanted.seed, shares, wanted.external, kept), tell
            )
    _refuse_others(locked, assigned.parts, out, wanted.extend)
    refuse_moved(locked, assigned.parts, out)
    made = {
        "cohort": patients.name,
        "seed": wanted.seed,
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
    console.print(summary_table(patients, assigned))
    for line in remarks(patients, assigned):
        console.print(line, highlight=False, soft_wrap=True)
    console.print(f"Locked: {out}", highlight=False, soft_wrap=True)


def read_patients(source: Path, wanted: Wanted, tell: Progressed) -> SplitPatients:
    """Return the patients to split: of a cohort folder, or of what ``cohort flow`` included.

    Raises
    ------
    CohortError
        If it is neither, or the pictures behind the flow cannot be read.
    """
    if (source / "cohort.json").is_file():
        if wanted.index is not None:
            raise CohortError(
                f"{source}: is a cohort folder, which holds its images: leave out --index"
            )
        return patients_of(read_cohort(source))
    try:
        from lumbargrade.archive.flow.included import read_included
        from lumbargrade.archive.index.index_paths import IndexPaths
        from lumbargrade.archive.picture_codes import archive_picture_codes
        from lumbargrade.cohort.split.included import included_patients
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("lumbargrade"):
            raise
        raise MissingExtraError("cohort", "splitting what 'cohort flow' included") from None
    table = read_included(source)
    codes: dict[str, str] = {}
    if wanted.index is not None:
        places = IndexPaths.of(wanted.index, wanted.key)
        codes = archive_picture_codes(places, table["file_id"].to_pylist(), tell)
    return included_patients(table, codes, source.name)


def followed(patients: SplitPatients, split: Path, key: Path | None) -> dict[str, str]:
    """Return the part that another split gives each patient, by name or pseudonym.

    Parameters
    ----------
    key : of the index whose pseudonyms the split has; None: the names are the same.

    Raises
    ------
    CohortError
        If that split knows nothing of a patient, or the key cannot be read.
    """
    parts = read_split(split)
    pseudonyms = None if key is None else Pseudonyms(read_key(key))
    known = {patient: patient for patient in patients.worst_grades}
    if pseudonyms is not None:
        known |= {
            patient: pseudonyms.of("patient", patient) for patient in known if patient not in parts
        }
    strangers = sorted(patient for patient, name in known.items() if name not in parts)
    if strangers:
        raise CohortError(
            f"{split}: does not contain {len(strangers)} patients of {patients.name} "
            f"({named(strangers)}): give the split of these patients, with the key of the index "
            "(--key) where it has pseudonyms"
        )
    return {patient: parts[name] for patient, name in known.items()}


def parse_shares(text: str) -> tuple[float, float, float]:
    """Return the shares of train, validation and test.

    Raises
    ------
    CohortError
        If these are not three numbers of percent that sum to 100.

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


def summary_table(patients: SplitPatients, assigned: Assignment) -> Table:
    """Return the patients of each part by their worst grade."""
    table = Table(title="Patients by worst grade")
    grades = sorted({one for one in patients.worst_grades.values() if one is not None})
    for heading in ("part", "patients", *(f"grade {grade}" for grade in grades), "no grade"):
        table.add_column(heading, justify="left" if heading == "part" else "right")
    for part in ALL_PARTS:
        some = [
            patients.worst_grades[one] for one, where in assigned.parts.items() if where == part
        ]
        if some:
            counts = [some.count(grade) for grade in (*grades, None)]
            table.add_row(part, str(len(some)), *map(str, counts))
    return table


def remarks(patients: SplitPatients, assigned: Assignment) -> list[str]:
    """Return what a reader must know about the split beside its counts."""
    compared = sum(one.picture_code is not None for one in patients.pictures)
    said = []
    if compared < len(patients.pictures):
        said.append(
            f"{len(patients.pictures) - compared} of {len(patients.pictures)} images were not "
            "compared (no image hash; for an archive give --index): a patient with two IDs may be "
            "in "
            "two parts."
        )
    if assigned.alike:
        pairs = [f"{one} and {other}" for one, other in assigned.alike]
        said.append(
            f"Kept together because of near-identical images or a common series: {named(pairs)}."
        )
    return said


def _before(out: Path, extend: bool) -> tuple[Mapping[str, Any] | None, dict[str, str]]:
    """Return the split that is locked in ``out``: as data, and patient -> part."""
    if not out.exists():
        if extend:
            raise CohortError(f"{out}: there is no split to extend: leave out --extend")
        return None, {}
    data = read_split_file(out)
    return data, parts_of(data, out)


def _refuse_others(
    locked: Mapping[str, str], parts: Mapping[str, str], out: Path, extend: bool
) -> None:
    """A lock that is not extended holds for its own patients and no others."""
    if not locked or extend:
        return
    new, gone = sorted(parts.keys() - locked.keys()), sorted(locked.keys() - parts.keys())
    if new or gone:
        told = f"{named(new)} would be added" if new else f"{named(gone)} would be removed"
        raise CohortError(
            f"{out}: is locked for other patients ({told}): add --extend to assign new ones "
            "and keep the others, or choose another file with -o"
        )
