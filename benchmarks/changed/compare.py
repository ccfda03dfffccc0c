"""What a change did to the grades of a study, and whether anything says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from lumbargrade.grading.finding import Finding, SliceGrades, StudyGrades
from lumbargrade.grading.level import LevelSource


class Outcome(StrEnum):
    """Of one changed study, from best to worst."""

    SAME = "same"
    """All slices are graded; grades, sides and levels are those of the unchanged study."""
    SAID = "said"
    """Something differs or is not graded; a warning, a doubt or a reason says why."""
    REFUSED = "refused"
    """Nothing is graded, and the reason is given."""
    ASSUMED = "assumed"
    """Levels differ where they are called assumed, as in every study: the note stands there."""
    NOT_APPLICABLE = "not applicable"
    """The study has no such thing: no blocks of slices, say."""
    SILENT = "silent"
    """A grade, side or level differs, or a slice is gone, and nothing says so."""


@dataclass(frozen=True)
class Judged:
    """The outcome of one study, and an example of what differed."""

    outcome: Outcome
    example: str = ""


def judge(before: StudyGrades, after: StudyGrades, files: Iterable[str]) -> Judged:
    """Compare the studies slice by slice: names of files begin with the slice they show.

    ``files`` are those of the changed study: a slice that it was not given is not lost.
    """
    given = {_slice_of(name) for name in files}
    base = {slice_: one for one in before.slices if (slice_ := _slice_of(one.source_file)) in given}
    new_words = sorted(set(after.warnings) - set(before.warnings))
    told = bool(new_words) or len(after.not_graded) > len(before.not_graded)
    found = [
        one
        for new in after.slices
        if (old := base.get(_slice_of(new.source_file))) is not None
        for one in _differences(old, new, told)
    ]
    lost = sorted(set(base) - {_slice_of(one.source_file) for one in after.slices})
    if lost:
        found.append((Outcome.SAID if told else Outcome.SILENT, f"slice {lost[0]} is gone"))
    for outcome in (Outcome.SILENT, Outcome.ASSUMED, Outcome.SAID):
        text = next((text for kind, text in found if kind is outcome), None)
        if text is not None:
            return Judged(outcome, text)
    return Judged(Outcome.SAID, new_words[0]) if new_words else Judged(Outcome.SAME)


def _differences(old: SliceGrades, new: SliceGrades, told: bool) -> Iterator[tuple[Outcome, str]]:
    """Yield what differs on a slice, in words, with whether anything says so."""
    told = told or bool(set(new.warnings) - set(old.warnings))
    for before in old.findings:
        after = new.finding(before.system, before.side)
        grade = None if after is None else after.grade
        if grade != before.grade:
            side = "" if before.side is None else f" {before.side}"
            text = f"slice {new.source_file}: {before.system}{side} {before.grade} became {grade}"
            yield Outcome.SAID if told or _doubted(after) else Outcome.SILENT, text
    if new.level.level != old.level.level:
        text = f"slice {new.source_file}: {old.level.level} became {new.level.level}"
        assumed = new.level.source is LevelSource.STACK
        yield Outcome.SAID if told else Outcome.ASSUMED if assumed else Outcome.SILENT, text


def _doubted(found: Finding | None) -> bool:
    """A grade with a reason why it is none, with a doubt, or with a set of several grades."""
    return found is not None and bool(found.reason or found.doubts or len(found.grade_set) > 1)


def _slice_of(file: str) -> str:
    return file.rpartition("/")[2][:4]
