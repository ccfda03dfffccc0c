"""Apply rules to the table of an archive: who is in, who is out, and at which rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lumbargrade.archive.flow.counts import INCLUSION, RuleCount
from lumbargrade.archive.flow.rule_rows import ArchiveRows, Mask, rows_of_patients
from lumbargrade.archive.flow.rules import ColumnRule, Rule, Rules
from lumbargrade.errors import CohortError

UNUSABLE = "no usable MR image"
"""Stands before every rule: a file that cannot be used is in no cohort."""


@dataclass(frozen=True)
class Person:
    """A patient of the archive; ``out_at`` is the reason of the excluding rule, or empty."""

    patient_id: str
    sex: str
    age_years: int | None
    images: int
    out_at: str
    step: str


@dataclass(frozen=True)
class PatientFlow:
    """From the archive to the cohort; copies are counted once.

    ``people`` is everybody in the archive, by name; ``included`` the rows of the index that are in;
    ``left_out`` files that are nobody's picture, by reason; ``notes`` what a reader must know.
    """

    patients: int
    images: int
    counts: tuple[RuleCount, ...]
    people: tuple[Person, ...]
    included: pa.Table
    left_out: Mapping[str, int]
    notes: tuple[str, ...]


def patient_flow(
    table: pa.Table,
    rules: Rules,
    listed: Mapping[str, frozenset[str]],
    progress: Callable[[int, int], None] = lambda *_: None,
) -> PatientFlow:
    """Apply the rules in their order; ``progress`` is called with (rules applied, all rules).

    ``listed`` is reason -> patients of the list of manual exclusions. Raises CohortError if no file
    of the index is anybody's picture.
    """
    rows, left_out = rows_of_patients(table)
    if not len(rows):
        raise CohortError("the index holds no file of any patient: index an archive of MRI")
    archive = ArchiveRows(rows)
    usable = ColumnRule(INCLUSION, UNUSABLE, "usable", "is", True, False)
    inside = np.ones(len(rows), dtype=np.bool_)
    out_at = np.full(len(archive.names), -1)
    counts: list[RuleCount] = []
    applied: tuple[Rule, ...] = (usable, *rules.rules)
    for number, rule in enumerate(applied):
        left = inside & archive.holds(rule, inside, listed)
        gone = archive.present(inside) & ~archive.present(left)
        out_at[gone] = number
        counts.append(
            RuleCount(
                rule.step,
                rule.reason,
                int(gone.sum()),
                archive.count(inside) - archive.count(left),
                int(archive.present(left).sum()),
                archive.count(left),
            )
        )
        inside = left
        progress(number + 1, len(applied))
    return PatientFlow(
        patients=len(archive.names),
        images=archive.count(np.ones(len(rows), dtype=np.bool_)),
        counts=tuple(counts),
        people=_people(archive, applied, out_at, inside),
        included=rows.filter(pa.array(inside)),
        left_out=left_out,
        notes=tuple(_notes(rows, rules)),
    )


def _people(
    archive: ArchiveRows, rules: tuple[Rule, ...], out_at: NDArray[np.int_], inside: Mask
) -> tuple[Person, ...]:
    """Return everybody; age and sex are of the pictures inside, where there are some."""
    of = inside | ~archive.present(inside)[archive.patients]
    table = pa.table(
        {
            "patient": archive.patients[of],
            "age": archive.rows["age_years"].filter(pa.array(of)),
            "sex": archive.rows["sex"].filter(pa.array(of)),
        }
    )
    grouped = table.group_by("patient").aggregate([("age", "min"), ("sex", "min")])
    grouped = grouped.sort_by("patient").to_pydict()
    images = np.bincount(archive.patients[inside], archive.images[inside], len(archive.names))
    return tuple(
        Person(
            patient_id=str(archive.names[row]),
            sex=grouped["sex_min"][row] or "",
            age_years=grouped["age_min"][row],
            images=int(images[row]),
            out_at=rules[out_at[row]].reason if out_at[row] >= 0 else "",
            step=rules[out_at[row]].step if out_at[row] >= 0 else "",
        )
        for row in range(len(archive.names))
    )


def _notes(rows: pa.Table, rules: Rules) -> list[str]:
    """Return what looks like a slip of the archive or of the rules."""
    said = []
    pairs = rows.group_by("patient_id").aggregate([("sex", "count_distinct")])
    if several := pc.sum(pc.greater(pairs["sex_count_distinct"], 1)).as_py():
        said.append(
            f"{several} patients have more than one sex in their headers: one Patient ID may "
            "be shared by several patients."
        )
    for rule in rules.rules:
        if isinstance(rule, ColumnRule) and isinstance(rule.value, str | tuple):
            said += _unmet(rows, rule)
    return said


def _unmet(rows: pa.Table, rule: ColumnRule) -> list[str]:
    wanted = (rule.value,) if isinstance(rule.value, str) else rule.value
    texts = [one for one in wanted if isinstance(one, str)]
    if not texts:
        return []
    met = {one for one in rows[rule.column].unique().to_pylist() if one}
    return [
        f"Rule {rule.reason!r}: no file has {rule.column} {one!r}; found: "
        f"{', '.join(sorted(met)[:10]) or 'nothing'}."
        for one in texts
        if one not in met and not (met & set(texts))
    ]
