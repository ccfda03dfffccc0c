"""Bring to a study what readers made of it, and what is still to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.cohort.imports.assembly import StudyDrafts
from lumbargrade.cohort.imports.flow_filter import Chosen
from lumbargrade.cohort.imports.masks import label, load_mask
from lumbargrade.cohort.imports.reference import ReferenceRule
from lumbargrade.cohort.imports.studies import ReadStudy
from lumbargrade.cohort.imports.tables import ImportTables
from lumbargrade.cohort.imports.unread import UnreadSlices
from lumbargrade.errors import CohortError, StudyError
from lumbargrade.grading.level import Level
from lumbargrade.inference.levels import name_levels
from lumbargrade.study.series.select import select_axial


@dataclass(frozen=True)
class ImportOptions:
    """How drawings and levels are brought to slices.

    Attributes
    ----------
    contrast : of the axial slices to which a drawing belongs, as it has no UID.
    lowest_level : of the lowest disc that the axial slices show; None: levels that no table
        names stay unknown.
    external : mark the studies as an external set, which no training reads.
    flow : a patient flow, of which only the included series come in; None: everything comes in.
    key : of the index; the tables may then name patients and UIDs by their pseudonyms or as they
        are, whichever the studies have. A flow needs it.
    reader : whose grades are the reference, where the table has those of several; None: where
        two or more agree and none differs.
    unread : also take in every axial slice that ``grade`` would grade, for readers to read.
    """

    contrast: str = "t2"
    lowest_level: Level | None = None
    external: bool = False
    flow: Path | None = None
    key: Path | None = None
    reader: str | None = None
    unread: bool = False


@dataclass(frozen=True)
class Given:
    """What is brought to each study; ``owners`` is study -> its drawings."""

    tables: ImportTables
    owners: Mapping[str, Sequence[Path]]
    chosen: Chosen | None
    rule: ReferenceRule
    unread: UnreadSlices | None

    def inside(self, read: ReadStudy) -> bool:
        """Whether a study is in the flow; without a flow, every one is."""
        return self.chosen is None or self.chosen.knows(read.study)


def fill(drafts: StudyDrafts, read: ReadStudy, given: Given, options: ImportOptions) -> bool:
    """Bring to a study what is given of it; return whether a flow left it out unread."""
    inside, unread = given.inside(read), given.unread
    taken = unread.take_in(drafts, read) if unread is not None and inside else None
    drafts.add_boxes(given.tables.boxes)
    for path in given.owners.get(read.material.name, ()):
        try:
            drafts.add_mask(load_mask(path), options.contrast)
        except CohortError as error:
            drafts.faults.add(label(path), str(error).removeprefix(f"{path}: "))
    drafts.add_grades(given.tables.grades)
    if unread is not None and taken is not None:
        drafts.name_levels(unread.levels(read, taken))
    elif options.lowest_level is not None:
        drafts.name_levels(_levels(read, options.contrast, options.lowest_level))
    drafts.add_level_grades(given.tables.grades)
    drafts.settle(given.rule)
    return unread is not None and not inside and not drafts.drafts


def _levels(read: ReadStudy, contrast: str, lowest: Level) -> dict[str, Level | None]:
    """Return SOP Instance UID -> level of the axial slices, by the rule of inference."""
    try:
        selection = select_axial(read.study, (contrast,), narrowest_mm=0.0)
    except StudyError:
        return {}
    uids = [one.sop_instance_uid for one in selection.slices]
    named = name_levels(selection.slices, selection.blocks, lowest)
    return dict(zip(uids, (one.level for one in named.assignments), strict=True))
