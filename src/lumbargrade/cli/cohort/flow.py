"""``lumbargrade cohort flow``: choose patients by rules, and say who is out and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lumbargrade.errors import CohortError, MissingExtraError
from lumbargrade.evaluation.readings import read_readings
from lumbargrade.files.staging import staged
from lumbargrade.files.table import TextTable
from lumbargrade.grading.summary import worst_by_patient
from lumbargrade.statistics.many_raters import MISSING

if TYPE_CHECKING:
    from lumbargrade.archive.flow.rules import Rules
    from lumbargrade.archive.patient_lookup import PatientLookup

_SHOWN = ("reason", "patients out", "patients left", "images left")
_EXTRAS = {"matplotlib": "report"}


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for; see its help."""

    rules: str = "su2022"
    exclude: Path | None = None
    grades: Path | None = None
    key: Path | None = None


def run(index: Path, out: Path, wanted: Wanted) -> None:
    """Apply the rules to the index, write FLOW and print the patient flow.

    Raises
    ------
    CohortError
        If the index, the rules or the exclusions cannot be used.
    EvaluationError
        If the table of grades cannot be used.
    """
    try:
        from lumbargrade.archive.flow.files import demographics_table, flow_table, write_flow
        from lumbargrade.archive.flow.flow import patient_flow
        from lumbargrade.archive.flow.rules import load_rules
        from lumbargrade.archive.index.read import read_index
        from lumbargrade.archive.patient_lookup import patient_lookup
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("lumbargrade"):
            raise
        extra = _EXTRAS.get((error.name or "").split(".")[0], "cohort")
        raise MissingExtraError(extra, "lumbargrade cohort flow") from None
    rules = load_rules(wanted.rules)
    table = read_index(index)
    present = set(table["patient_id"].drop_null().unique().to_pylist())
    names = patient_lookup(present, index, wanted.key)
    listed = {} if wanted.exclude is None else _listed(wanted.exclude, names, rules)
    grades = {} if wanted.grades is None else worst_grades(wanted.grades, names)
    console = Console()
    with staged(out) as folder, console.status("applying rules"):
        flow = patient_flow(table, rules, listed)
        write_flow(flow, rules, grades, folder)
    console.print(shown(flow_table(flow), _SHOWN))
    console.print(shown(demographics_table(flow)))
    for reason, files in flow.left_out.items():
        console.print(f"{files} files left out: {reason}", highlight=False, markup=False)
    for note in flow.notes:
        console.print(note, highlight=False, soft_wrap=True, markup=False)
    console.print(f"Flow: {out}", highlight=False, soft_wrap=True, markup=False)


def _listed(path: Path, names: PatientLookup, rules: Rules) -> Mapping[str, frozenset[str]]:
    from lumbargrade.archive.flow.exclusions import read_exclusions
    from lumbargrade.archive.flow.rules import ListRule

    used = [
        reason for rule in rules.rules if isinstance(rule, ListRule) for reason in rule.listed_for
    ]
    return read_exclusions(path, names, rules.reasons, used)


def worst_grades(path: Path, names: PatientLookup) -> dict[str, int | None]:
    """Return the worst known grade of each patient in a table of grades.

    Raises
    ------
    CohortError
        If none of its patients is in the index.
    EvaluationError
        If the table cannot be read or holds an impossible grade.
    """
    readings = read_readings(path, ("patient", "system", "grade"))
    found = [
        (patient, None if one.grade == MISSING else one.grade)
        for one in readings
        if (patient := names.find(one.patient)) is not None
    ]
    if not found:
        raise CohortError(
            f"{path}: none of its patients is in the index, such as {readings[0].patient!r}"
            f"{names.advice}"
        )
    return worst_by_patient(found)


def shown(content: TextTable, columns: Sequence[str] = ()) -> Table:
    """Return a table, or some of its columns, as a table of the console."""
    table = Table(title=content.title)
    chosen = [place for place, name in enumerate(content.columns) if name in columns or not columns]
    for place in chosen:
        table.add_column(content.columns[place])
    for row in content.rows:
        table.add_row(*(escape(row[place]) for place in chosen))
    return table
