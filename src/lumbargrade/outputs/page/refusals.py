"""What was not graded, and what it was used for all the same."""

from __future__ import annotations

from dataclasses import dataclass

from lumbargrade.grading.finding import NotGraded, StudyGrades
from lumbargrade.grading.level import LevelSource
from lumbargrade.outputs.page.words.language import Words


@dataclass(frozen=True)
class Refusals:
    """Everything that was not graded for one reason."""

    reason: str
    items: tuple[NotGraded, ...]


def refusals_of(grades: StudyGrades, words: Words) -> tuple[Refusals, ...]:
    """Group what was not graded by its reason, the most frequent first.

    Of the series that shows the discs it is said what it was used for.
    """
    sagittal = {one.series_instance_uid for one in grades.discs} - {""}
    named = any(one.level.source is LevelSource.SAGITTAL for one in grades.slices)
    groups: dict[str, list[NotGraded]] = {}
    for item in grades.not_graded:
        reason = words.sentence(item.reason)
        if item.series_instance_uid in sagittal:
            reason = words("refused.used" if named else "refused.shown", reason=reason)
        groups.setdefault(reason, []).append(item)
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    return tuple(Refusals(reason, tuple(items)) for reason, items in ordered)
