"""What has been found for the slices of one study, and what contradicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lumbargrade.cohort.imports.boxes import Box, BoxRow
from lumbargrade.cohort.imports.keys import Candidate, StudyMaterial
from lumbargrade.cohort.imports.masks import DrawnPlane, Mask, drawn_planes, label
from lumbargrade.cohort.imports.reference import ReferenceRule
from lumbargrade.cohort.read import CohortSlice
from lumbargrade.grading.level import Level
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Reading
from lumbargrade.study.series.kind import AXIAL_LEAST_COSINE

EDGE_TOLERANCE_PX = 1.0
"""A box may reach so far out of the picture: drawing programs round."""


@dataclass
class Draft:
    """What is known of one slice so far; ``sources`` holds where each fact was read.

    ``readings`` is output -> reader -> grade; ``grades`` are settled from them.
    """

    candidate: Candidate
    known: CohortSlice | None = None
    box: Box | None = None
    level: Level | None = None
    grades: dict[str, int | None] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    readings: dict[str, dict[str, int | None]] = field(default_factory=dict)

    @property
    def has_region(self) -> bool:
        """Whether somebody said where to look."""
        return self.box is not None or (self.known is not None and self.known.center_px is not None)


class StudyDrafts:
    """Collects boxes, levels and grades for one study; contradictions go into ``faults``.

    ``used`` says which rows (by their ``where``) fit a slice of this study.
    """

    def __init__(
        self, material: StudyMaterial, known: Mapping[str, CohortSlice], faults: Faults
    ) -> None:
        self.material, self.faults = material, faults
        self.used: set[str] = set()
        frames = Counter(one.picture.sop_instance_uid for one in material.candidates)
        self._frames = frames
        self.drafts: dict[str, Draft] = {}
        for one in material.candidates:
            before = known.get(one.picture.sop_instance_uid)
            if before is not None:
                draft = Draft(one, before, level=before.level)
                self.drafts[one.picture.sop_instance_uid] = draft

    def add_unread(self, uids: Collection[str]) -> int:
        """Take in slices of which nothing is known yet; return how many multi-frame files not."""
        several = {uid for uid in uids if self._frames[uid] > 1}
        for one in self.material.candidates:
            uid = one.picture.sop_instance_uid
            if uid in uids and uid not in several:
                self.drafts.setdefault(uid, Draft(one))
        return len(several)

    def add_boxes(self, rows: Iterable[BoxRow]) -> None:
        """Bring each box to the slice that its row names."""
        for row in rows:
            draft = self._only(row.where, self.material.find(row.key), str(row.key))
            if draft is None:
                continue
            geometry = draft.candidate.picture.geometry
            if row.size_px not in (None, (geometry.columns, geometry.rows)):
                self.faults.add(
                    row.where,
                    f"was drawn on an image of {_size(row.size_px)} pixels, the slice has "
                    f"{geometry.columns} x {geometry.rows}",
                )
            self._set_box(row.where, draft, row.box)
            self._set_level(row.where, draft, row.level)

    def add_mask(self, mask: Mask, contrast: str) -> None:
        """Bring each drawn plane of a mask to the axial slice of ``contrast`` in its plane."""
        near = [
            one
            for one in self.material.candidates
            if one.contrast == contrast
            and abs(float(one.picture.geometry.normal[2])) >= AXIAL_LEAST_COSINE
        ]
        if not near:
            self.faults.add(label(mask.path), f"the study has no axial {contrast} slice")
            return
        for plane in drawn_planes(mask, [one.picture.geometry for one in near]):
            where = f"{label(mask.path)} plane {plane.number}"
            if not plane.slices:
                self.faults.add(where, _no_slice(plane))
                continue
            draft = self._only(where, [near[one] for one in plane.slices], "")
            if draft is not None:
                self._set_box(where, draft, plane.boxes[0])

    def add_grades(self, rows: Iterable[Reading]) -> None:
        """Bring the grades whose rows name a slice; :meth:`add_level_grades` has the others."""
        for row in rows:
            if row.key.names_slice:
                draft = self._only(row.where, self.material.find(row.key), str(row.key))
                if draft is not None:
                    self._set_level(row.where, draft, row.level)
                    self._set_grade(row, draft)

    def name_levels(self, levels: Mapping[str, Level | None]) -> None:
        """Name the level (of each SOP Instance UID) of slices that have none."""
        for sop, draft in self.drafts.items():
            if draft.level is None:
                draft.level = levels.get(sop)

    def add_level_grades(self, rows: Iterable[Reading]) -> None:
        """Bring the grades of a patient's level: to its only slice with a region."""
        for row in rows:
            if row.key.names_slice or row.level is None or not self._is_of(row):
                continue
            slices = [d for d in self.drafts.values() if d.level is row.level and d.has_region]
            if len(slices) > 1:
                self.used.add(row.where)
                self.faults.add(
                    row.where,
                    f"{len(slices)} slices of {row.level} have a region: name the graded slice "
                    "(sop, or file)",
                )
            for draft in slices[:1] if len(slices) == 1 else []:
                self.used.add(row.where)
                self._set_grade(row, draft)

    def settle(self, rule: ReferenceRule) -> None:
        """Take the reference of every slice out of its readings."""
        for draft in self.drafts.values():
            draft.grades = rule.settle(draft.candidate.file, draft.readings)

    def _is_of(self, row: Reading) -> bool:
        return bool(row.key.patient) and self.material.fits(row.key)

    def _only(self, where: str, found: Sequence[Candidate], named: str) -> Draft | None:
        """Return the draft of the only slice that was found; several are a fault."""
        if not found:
            return None
        self.used.add(where)
        first = found[0]
        if len(found) > 1 or self._frames[first.picture.sop_instance_uid] > 1:
            count = max(len(found), self._frames[first.picture.sop_instance_uid])
            self.faults.add(
                where,
                f"fits {count} slices{f' ({named})' if named else ''}, for example "
                f"{first.file} and {found[-1].file}: name one by its SOP Instance UID in a CSV "
                "(multi-frame files cannot be imported)",
            )
            return None
        return self.drafts.setdefault(first.picture.sop_instance_uid, Draft(first))

    def _set_box(self, where: str, draft: Draft, box: Box) -> None:
        geometry = draft.candidate.picture.geometry
        x, y, width, height = box
        over = max(-0.5 - x, -0.5 - y, x + width - geometry.columns + 0.5)
        if max(over, y + height - geometry.rows + 0.5) > EDGE_TOLERANCE_PX:
            self.faults.add(
                where,
                f"extends beyond {draft.candidate.file}, which is {geometry.columns} x "
                f"{geometry.rows} pixels",
            )
        before = draft.sources.setdefault("box", where)
        if draft.box is not None and not _same(draft.box, box):
            self.faults.add(
                where, f"is a second region on {draft.candidate.file}, the first is {before}"
            )
        draft.box = box

    def _set_level(self, where: str, draft: Draft, level: Level | None) -> None:
        if level is None:
            return
        before = draft.sources.setdefault("level", where if draft.level is None else "the cohort")
        if draft.level not in (None, level):
            self.faults.add(
                where,
                f"gives level {level} for {draft.candidate.file}, {before} gives {draft.level}",
            )
        draft.level = level

    def _set_grade(self, row: Reading, draft: Draft) -> None:
        before = draft.sources.setdefault(f"{row.reader} {row.output}", row.where)
        given = draft.readings.setdefault(row.output, {})
        if given.setdefault(row.reader, row.grade) != row.grade:
            self.faults.add(
                row.where,
                f"{row.output} {row.grade} for {draft.candidate.file} contradicts {before}, "
                f"{given[row.reader]}",
            )


def _same(one: Box, other: Box) -> bool:
    return all(abs(a - b) < 1e-6 for a, b in zip(one, other, strict=True))


def _size(size_px: tuple[int, int] | None) -> str:
    return "?" if size_px is None else f"{size_px[0]} x {size_px[1]}"


def _no_slice(plane: DrawnPlane) -> str:
    if plane.nearest_mm == float("inf"):
        return "no slice of the study is parallel to it: was it drawn on this study?"
    return (
        f"no slice of the study lies in it, the nearest is {plane.nearest_mm:.1f} mm away: was it "
        "drawn on this study?"
    )
