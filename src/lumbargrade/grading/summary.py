"""From slices to levels and to the patient: the worst grade that is known.

A level's grade is the worst of its disc slices: where a sagittal series shows that a slice runs
through bone, its grades are reported and not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lumbargrade.grading.doubts import marks_of
from lumbargrade.grading.finding import Finding, Side, SliceGrades, StudyGrades
from lumbargrade.grading.level import LevelAssignment, Through
from lumbargrade.grading.sets import needs_reader, worst_set


@dataclass(frozen=True)
class WorstGrade:
    """The worst known grade of one system and side among some slices.

    Attributes
    ----------
    system, side : as in ``Finding``.
    grade : None where no slice has one.
    slice : the one that has it, with the highest probability; None where no slice has a grade.
    number : of that slice in the study, from 1, caudal to cranial; None as above.
    grade_set : made of the sets of all of the slices; empty where not known.
    asked : numbers of the slices that need review for it: their set, or their outlines.
    doubts : those of the grade on ``slice``.
    in_doubt : whether any of them is not a reason for review.
    reason : why no slice counts, where none does; empty otherwise.
    """

    system: str
    side: Side | None
    grade: int | None
    slice: SliceGrades | None = None
    number: int | None = None
    grade_set: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    doubts: tuple[str, ...] = ()
    in_doubt: bool = False
    reason: str = ""


@dataclass(frozen=True)
class LevelSummary:
    """One disc level.

    Attributes
    ----------
    level : of its slices, without the place of any.
    numbers : its slices, from 1, caudal to cranial.
    worst : of the slices that count.
    not_counted : those of ``numbers`` that run through bone.
    """

    level: LevelAssignment
    numbers: tuple[int, ...]
    worst: tuple[WorstGrade, ...]
    not_counted: tuple[int, ...] = ()


ONLY_BONE = "every slice runs through bone, by the sagittal series"
"""Why a level, or a study, has no worst grade though its slices have grades."""


def worst(grades: Iterable[int | None]) -> int | None:
    """Return the highest grade that is known; None if none is.

    Examples
    --------
    >>> worst([0, None, 2])
    2
    """
    return max((grade for grade in grades if grade is not None), default=None)


def level_summaries(study: StudyGrades) -> tuple[LevelSummary, ...]:
    """Return the levels of a study, caudal to cranial, slices of unknown block first.

    Levels are told apart by their block, which is known where the name is not; slices of
    unknown block are summarised together.
    """
    blocks: dict[int | None, list[int]] = {}
    for number, item in enumerate(study.slices, 1):
        blocks.setdefault(item.level.block, []).append(number)
    found = []
    for block in sorted(blocks, key=lambda block: -1 if block is None else block):
        numbers = tuple(blocks[block])
        level = replace(study.slices[numbers[0] - 1].level, place=None)
        bone = tuple(number for number in numbers if through_bone(study.slices[number - 1]))
        found.append(LevelSummary(level, numbers, _all_worst(study, numbers), bone))
    return tuple(found)


def through_bone(item: SliceGrades) -> bool:
    """Return whether a slice runs through bone, by the sagittal series; False: not known."""
    return item.level.place is not None and item.level.place.through is Through.BONE


def sources_of(study: StudyGrades) -> tuple[str, ...]:
    """Return how the levels of a study are known, each way once."""
    return tuple(dict.fromkeys(str(item.level.source) for item in study.slices))


def study_summary(study: StudyGrades) -> tuple[WorstGrade, ...]:
    """Return the worst grade of each system and side over the whole study."""
    return _all_worst(study, range(1, len(study.slices) + 1))


def _all_worst(study: StudyGrades, numbers: Sequence[int]) -> tuple[WorstGrade, ...]:
    slices = [(number, study.slices[number - 1]) for number in numbers]
    keys = dict.fromkeys((one.system, one.side) for _, item in slices for one in item.findings)
    counted = [(number, item) for number, item in slices if not through_bone(item)]
    if not counted:
        return tuple(WorstGrade(*key, None, reason=ONLY_BONE) for key in keys)
    return tuple(_worst(counted, *key) for key in keys)


def _worst(slices: Sequence[tuple[int, SliceGrades]], system: str, side: Side | None) -> WorstGrade:
    graded = [
        (number, item, found)
        for number, item in slices
        if (found := item.finding(system, side)) is not None and found.grade is not None
    ]
    grade = worst(found.grade for *_, found in graded)
    if grade is None:
        return WorstGrade(system, side, None)
    alike = [one for one in graded if one[2].grade == grade]
    number, item, found = max(alike, key=lambda one: _chance(one[2]))
    grade_set = worst_set(one.grade_set for *_, one in graded)
    marks = {each: marks_of(one, where.measures) for each, where, one in graded}
    # A wide set that cannot change the worst grade is left to its slice.
    wide = needs_reader(grade_set)
    asked = [each for each, mark in marks.items() if mark.contradicted or (mark.wide and wide)]
    return WorstGrade(
        system,
        side,
        grade,
        item,
        number,
        grade_set,
        tuple(asked),
        found.doubts,
        marks[number].doubt,
    )


def _chance(found: Finding) -> float:
    return found.probabilities[found.grade or 0] if found.probabilities else 0.0


def worst_by_patient(grades: Iterable[tuple[str, int | None]]) -> dict[str, int | None]:
    """Return the worst known grade of each patient named; None where none is known.

    Examples
    --------
    >>> worst_by_patient([("Ann", None), ("Bob", None), ("Ann", 2)])
    {'Ann': 2, 'Bob': None}
    """
    found: dict[str, int | None] = {}
    for patient, grade in grades:
        found[patient] = worst((found.get(patient), grade))
    return found
