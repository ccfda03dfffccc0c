"""Why a reader should look at a grade: the sentences, and which mark they give it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lumbargrade.grading.finding import Finding, Measure
from lumbargrade.grading.geometry_check import disagreement
from lumbargrade.grading.sets import needs_reader, set_in_words
from lumbargrade.grading.system import GradingSystem


@dataclass(frozen=True)
class Marks:
    """How a grade is marked where there is no room for its doubts.

    Attributes
    ----------
    wide : its set needs a reader.
    contradicted : the outlines give another grade.
    doubt : anything else speaks against relying on it.
    """

    wide: bool
    contradicted: bool
    doubt: bool

    @property
    def review(self) -> bool:
        """Whether it is marked "review needed"."""
        return self.wide or self.contradicted


def set_doubt(grade_set: Sequence[int], system: GradingSystem) -> str:
    """Return why a set of grades needs a reader, in the words of its system; "" if it does not.

    Examples
    --------
    >>> from lumbargrade.grading.system import GRADING_SYSTEMS
    >>> set_doubt((1, 2), GRADING_SYSTEMS["LCCS"])
    '1 or 2: mild and moderate cannot be told apart'
    """
    if not needs_reader(grade_set):
        return ""
    *first, last = (system.grades[grade].name for grade in sorted(grade_set))
    return f"{set_in_words(grade_set)}: {', '.join(first)} and {last} cannot be told apart"


def with_doubts(
    findings: Sequence[Finding], measures: Sequence[Measure], shared: Sequence[str]
) -> tuple[Finding, ...]:
    """Return the findings of one slice, each grade with what else speaks against it.

    Parameters
    ----------
    measures : of the slice; a grade that they contradict is in doubt.
    shared : what puts every grade of the slice in doubt.
    """
    return tuple(
        one
        if one.grade is None
        else replace(one, doubts=(*one.doubts, *_contradiction(one, measures), *shared))
        for one in findings
    )


def marks_of(found: Finding, measures: Sequence[Measure]) -> Marks:
    """Return how a finding is marked; ``measures`` are those of its slice."""
    wide, contradicted = found.ask_reader, bool(_contradiction(found, measures))
    # Each reason for a review is one of the doubts.
    return Marks(wide, contradicted, len(found.doubts) > wide + contradicted)


def _contradiction(found: Finding, measures: Sequence[Measure]) -> tuple[str, ...]:
    apart = disagreement([found], measures)
    return () if apart is None else (str(apart),)
