"""Slices that nobody has read yet: those that would be graded, with levels that can be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lumbargrade.cohort.imports.assembly import StudyDrafts
from lumbargrade.cohort.imports.studies import ReadStudy
from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import UserWord
from lumbargrade.grading.level import Level, LevelSource
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.levels import name_levels
from lumbargrade.inference.sagittal.find import find_spine
from lumbargrade.readings.faults import listed
from lumbargrade.study.series.select import Selection, select_axial


@dataclass
class UnreadSlices:
    """Takes in every axial slice of ``contrast`` that ``grade`` would grade.

    Levels are those that the packaged model counts on a sagittal series of the study, or follow
    ``lowest``, the user's word of the lowest disc; levels that ``grade`` would only assume stay
    unknown. ``refused`` says of each study without such a slice why; ``counted`` is the number of
    slices whose level was counted.
    """

    contrast: str
    lowest: Level | None = None
    refused: list[str] = field(default_factory=list)
    counted: int = 0

    def take_in(self, drafts: StudyDrafts, read: ReadStudy) -> Selection | None:
        """Add the slices of a study to its drafts; None where it has none that can be read."""
        name = read.material.name
        try:
            selection = select_axial(read.study, (self.contrast,), word=UserWord())
        except StudyError as error:
            self.refused.append(f"{name}: {error}")
            return None
        several = drafts.add_unread({one.sop_instance_uid for one in selection.slices})
        if several:
            self.refused.append(
                f"{name}: {several} multi-frame files, which cannot be imported: save one picture "
                "a file"
            )
        return selection

    def levels(self, read: ReadStudy, selection: Selection) -> Mapping[str, Level | None]:
        """Return SOP Instance UID -> level of the slices; None where it can only be assumed."""
        spine = find_spine(self._engine, read.study)
        named = name_levels(selection.slices, selection.blocks, self.lowest, spine)
        told = {LevelSource.SAGITTAL, LevelSource.USER}
        self.counted += sum(one.source is LevelSource.SAGITTAL for one in named.assignments)
        return {
            item.sop_instance_uid: one.level if one.source in told else None
            for item, one in zip(selection.slices, named.assignments, strict=True)
        }

    def notes(self) -> list[str]:
        """Return what was left out, and whose word the levels are."""
        notes = []
        if self.refused:
            notes.append(
                f"{len(self.refused)} studies have slices that cannot be read, which were left "
                f"out:\n{listed(self.refused)}"
            )
        if self.counted:
            notes.append(
                f"the level of {self.counted} slices was counted on a sagittal series by the "
                "packaged model: readers should check it"
            )
        return notes

    @cached_property
    def _engine(self) -> Engine:
        return Engine(load_bundle())
