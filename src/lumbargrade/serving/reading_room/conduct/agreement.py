"""How well the readers agree so far, with one another and each with themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from lumbargrade.annotation.reading import PLAIN, GivenGrade, Item, current
from lumbargrade.annotation.roles import Role
from lumbargrade.evaluation.measures.readers import ReaderAgreement, overall, pairwise
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.report.labels import COEFFICIENT_NAMES
from lumbargrade.grading.system import GradingSystem
from lumbargrade.serving.reading_room.conduct.given import given_grades
from lumbargrade.serving.reading_room.settings import ReadingPlan
from lumbargrade.serving.reading_room.store.histories import newest_reading
from lumbargrade.statistics.agreement.many_raters import MISSING
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix
from lumbargrade.statistics.format_estimates import show

SHOWN = ("ac1", "ac2_quadratic", "kappa_quadratic")
"""Of all coefficients, those that a coordinator follows; `lumbargrade agreement` has the others."""

OPTIONS = Options(resamples=20)
"""Intervals shown are by formula, over patients; resamples are for the command."""

MOST_READERS_IN_PAIRS = 4


@dataclass(frozen=True)
class AgreementRow:
    """Some readers in one system; ``values`` is coefficient -> value with its interval."""

    system: str
    readers: tuple[str, ...]
    images: int
    patients: int
    values: Mapping[str, str]


def agreement_rows(
    given: Sequence[GivenGrade], systems: Mapping[str, GradingSystem]
) -> list[AgreementRow]:
    """Return the agreement of all readers together and, of few, of every two.

    It is that of their first look without the model's proposal, as in `lumbargrade agreement`.
    """
    rows: list[AgreementRow] = []
    first = [one for one in current(given) if one.round == 1 and one.arm == PLAIN]
    for code, system in systems.items():
        matrix = _matrix([one for one in first if one.system == code], system, _by_reader)
        if matrix is None:
            continue
        pairs = pairwise(matrix, OPTIONS) if len(matrix.readers) > 2 else ()
        if len(matrix.readers) > MOST_READERS_IN_PAIRS:
            pairs = ()
        rows += [_row(code, one) for one in (overall(matrix, OPTIONS), *pairs) if one.images]
    return rows


def repeat_rows(
    given: Sequence[GivenGrade], systems: Mapping[str, GradingSystem]
) -> list[AgreementRow]:
    """Return how each reader agrees with themselves, on what they have read twice."""
    rows: list[AgreementRow] = []
    standing = current(given)
    for reader in dict.fromkeys(one.reader for one in standing):
        own = [one for one in standing if one.reader == reader]
        again = {one.item for one in own if one.round > 1}
        both = [one for one in own if one.item in again]
        for code, system in systems.items():
            matrix = _matrix([one for one in both if one.system == code], system, _by_round)
            if matrix is not None:
                found = overall(matrix, OPTIONS)
                rows.append(_row(code, found, (reader,)))
    return rows


@dataclass
class Followed:
    """The agreement as it was when a coordinator looked last; it is computed anew once it grew."""

    _newest: int | None = None
    _rows: tuple[list[AgreementRow], list[AgreementRow]] = ([], [])

    def rows(
        self, session: Session, plan: ReadingPlan
    ) -> tuple[list[AgreementRow], list[AgreementRow]]:
        """Return :func:`agreement_rows` and :func:`repeat_rows` of the readers.

        An adjudicator is none: they saw the grades, and of the easy images nothing.
        """
        newest = newest_reading(session)
        if newest != self._newest:
            given = given_grades(session, role=Role.READER)
            self._rows = agreement_rows(given, plan.systems), repeat_rows(given, plan.systems)
            self._newest = newest
        return self._rows


def _by_reader(one: GivenGrade) -> str:
    return one.reader


def _by_round(one: GivenGrade) -> str:
    return str(one.round)


def _matrix(
    given: Sequence[GivenGrade], system: GradingSystem, column: Callable[[GivenGrade], str]
) -> ReadingsMatrix | None:
    """Return images by readers; None where no image was graded twice."""
    graded = [(one, one.grade) for one in given if one.grade is not None]
    columns = list(dict.fromkeys(column(one) for one, _ in graded))
    units: dict[Item, int] = {}
    for one, _ in graded:
        units.setdefault(one.item, len(units))
    ratings = np.full((len(units), len(columns)), MISSING, dtype=np.int64)
    for one, grade in graded:
        ratings[units[one.item], columns.index(column(one))] = grade
    if not ((ratings != MISSING).sum(1) > 1).any():
        return None
    patients = np.array([one.patient for one in units], dtype=np.str_)
    return ReadingsMatrix(tuple(columns), ratings, patients, len(system.grades))


def _row(code: str, found: ReaderAgreement, readers: tuple[str, ...] = ()) -> AgreementRow:
    values = {
        COEFFICIENT_NAMES[one.name]: show(one.clustered)
        for one in found.coefficients
        if one.name in SHOWN
    }
    return AgreementRow(code, readers or found.readers, found.images, found.patients, values)
