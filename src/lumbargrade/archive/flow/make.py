"""From an index to a patient flow: its tables, its figure, and the slices that are in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.archive.flow.files import write_flow
from lumbargrade.archive.flow.flow import PatientFlow, patient_flow
from lumbargrade.archive.flow.rules import ListRule, Rules, load_rules
from lumbargrade.archive.index.read import read_index
from lumbargrade.archive.patient_lookup import PatientLookup, patient_lookup
from lumbargrade.errors import CohortError, EvaluationError
from lumbargrade.files.read_table import table_rows
from lumbargrade.files.staging import staged
from lumbargrade.grading.summary import worst_by_patient
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Asked, read_readings

EXCLUSION_COLUMNS = ("patient", "reason")


@dataclass(frozen=True)
class FlowOptions:
    """How to choose patients: tables of manual exclusions and of reference grades.

    ``rules`` is the name of rules in the package, or the path of a TOML file; ``key`` that of the
    index; None: the one beside it, if it is there.
    """

    rules: str = "su2022"
    exclude: Path | None = None
    grades: Path | None = None
    key: Path | None = None


def make_flow(
    index: Path,
    out: Path,
    options: FlowOptions,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> PatientFlow:
    """Apply rules to an index and write the patient flow to the folder ``out``.

    ``progress`` is called with (rules applied, all rules).

    Raises
    ------
    CohortError
        If the index, the rules or the exclusions cannot be used.
    EvaluationError
        If the table of grades cannot be used.
    OutputError
        If ``out`` cannot be written.
    """
    rules = load_rules(options.rules)
    table = read_index(index)
    present = set(table["patient_id"].drop_null().unique().to_pylist())
    names = patient_lookup(present, index, options.key)
    listed = {} if options.exclude is None else _listed(options.exclude, names, rules)
    grades = {} if options.grades is None else worst_grades(options.grades, names)
    with staged(out) as folder:
        flow = patient_flow(table, rules, listed, progress)
        write_flow(flow, rules, grades, folder)
    return flow


def worst_grades(path: Path, names: PatientLookup) -> dict[str, int | None]:
    """Return the worst known grade of each patient in a table of grades.

    Raises
    ------
    CohortError
        If none of its patients is in the index.
    EvaluationError
        If the table cannot be read or holds an impossible grade.
    """
    faults = Faults()
    asked = Asked(patient=True, place=False)
    readings = read_readings(path, asked, faults, EvaluationError)
    faults.check(EvaluationError)
    readings = [one for one in readings if one.system in GRADING_SYSTEMS]
    if not readings:
        raise EvaluationError(f"{path}: holds no reading: give one row per grade")
    found = [
        (patient, one.grade)
        for one in readings
        if (patient := names.find(one.key.patient)) is not None
    ]
    if not found:
        raise CohortError(
            f"{path}: none of its patients is in the index, such as {readings[0].key.patient!r}"
            f"{names.advice}"
        )
    return worst_by_patient(found)


def _listed(path: Path, names: PatientLookup, rules: Rules) -> Mapping[str, frozenset[str]]:
    used = [
        reason for rule in rules.rules if isinstance(rule, ListRule) for reason in rule.listed_for
    ]
    return read_exclusions(path, names, rules.reasons, used)


def read_exclusions(
    path: Path, names: PatientLookup, reasons: Collection[str], used: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Read the list of manual exclusions: reason -> the patients (pseudonyms) listed for it.

    Notes in it are for the reader who wrote them; they go nowhere, as they may name a person.
    Raises CohortError if the file cannot be read, a reason is unknown or no rule's, or a patient is
    not in the index; the message names the line.

    Parameters
    ----------
    names : finds a patient of the list in the index.
    reasons : those that are known; ``used`` are those that a rule excludes for.
    """
    found: dict[str, set[str]] = {reason: set() for reason in reasons}
    for line, row in table_rows(path, EXCLUSION_COLUMNS, CohortError):
        where, reason = f"{path}: line {line}", row["reason"].lower()
        if reason not in found:
            raise CohortError(
                f"{where}: reason {row['reason']!r} is unknown: use {', '.join(reasons)}, or add "
                "it to more_reasons in the rules"
            )
        if reason not in used:
            raise CohortError(
                f"{where}: no rule excludes for {reason!r}: add a [[rule]] with "
                f'listed_for = ["{reason}"]'
            )
        patient = names.find(row["patient"])
        if patient is None:
            raise CohortError(
                f"{where}: patient {row['patient']!r} is not in the index{names.advice}"
            )
        found[reason].add(patient)
    return {reason: frozenset(patients) for reason, patients in found.items()}
