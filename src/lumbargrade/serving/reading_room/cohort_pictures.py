"""The pictures of a cohort's studies, made when they are first asked for and kept for a while."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.errors import LumbargradeError
from lumbargrade.grading.finding import DiscGrades, SliceGrades, UserWord
from lumbargrade.grading.system import Unit
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import PredictOptions, predict
from lumbargrade.serving.reading_room.shown import Box, Proposal, ShownSlice
from lumbargrade.serving.reading_room.viewing.boxes import box_to_stored
from lumbargrade.serving.reading_room.viewing.found import find_slices
from lumbargrade.serving.reading_room.viewing.study_view import SLICES, study_view
from lumbargrade.serving.reading_room.viewing.views import StudyView, pixels_of, sagittal_pixels

STUDIES_KEPT = 32
"""Views in memory; one of 15 slices takes some 5 MB."""

Value = TypeVar("Value")

LOG = logging.getLogger("lumbargrade.room")


class CohortPictures:
    """The pictures of a cohort: see :class:`lumbargrade.serving.reading_room.shown.Pictures`.

    ``units`` is what is read.

    Views are made one at a time: the networks use all processors anyway. Methods raise StudyError
    or ReadingError where a study's pictures are not there or cannot be decoded.
    """

    def __init__(self, cohort: Cohort, engine: Engine, units: frozenset[Unit] = SLICES) -> None:
        self._cohort = cohort
        self._engine = engine
        self._units = units
        self._slices: dict[str, list[CohortSlice]] = {}
        for one in cohort.slices:
            self._slices.setdefault(one.patient_id, []).append(one)
        self._views: OrderedDict[str, StudyView] = OrderedDict()
        self._proposals: OrderedDict[str, tuple[Proposal, ...]] = OrderedDict()
        self._kept = threading.Lock()
        self._made = threading.Lock()
        self._ahead = ThreadPoolExecutor(1, "prefetch")

    def slices(self, patient: str) -> Sequence[ShownSlice]:
        """Return the slices and discs to read in the order of their numbers."""
        view = self._view(patient)
        slices = [
            ShownSlice(one.number, one.sop_instance_uid, one.frame_number, one.level)
            for one in view.slices
        ]
        discs = [ShownSlice(one.number, one.level, 1, one.level, Unit.DISC) for one in view.discs]
        return [*slices, *discs]

    def view(self, patient: str) -> Mapping[str, Any]:
        """Return the view as plain JSON data."""
        return self._view(patient).to_json()

    def pixels(self, patient: str, number: int) -> bytes:
        """Return the pixels of a slice as shown."""
        return pixels_of(self._view(patient), number)

    def sagittal(self, patient: str) -> bytes | None:
        """Return the pixels of the sagittal picture; None where there is none."""
        view = self._view(patient)
        return None if view.sagittal is None else sagittal_pixels(view)

    def plane(self, patient: str, number: int) -> bytes | None:
        """Return the pixels of a sagittal slice; None where there is none of this number."""
        planes = self._view(patient).planes
        return planes[number - 1].pixels if 1 <= number <= len(planes) else None

    def stored_box(self, patient: str, number: int, box_mm: Box) -> Box:
        """Return a box in stored pixels."""
        return box_to_stored(self._view(patient), number, box_mm)

    def proposals(self, patient: str) -> Sequence[Proposal]:
        """Return what the model says; nothing where it can grade nothing of the study."""
        numbers = {(one.image, one.frame): one.number for one in self.slices(patient)}
        with self._made:
            found = self._proposals.get(patient)
            if found is None:
                found = self._proposed(patient, numbers)
                _keep(self._proposals, patient, found)
        return found

    def prefetch(self, patient: str) -> None:
        """Make a view in the background."""
        self._ahead.submit(self._prefetch, patient)

    def close(self) -> None:
        """Make nothing ahead any more."""
        self._ahead.shutdown(wait=True, cancel_futures=True)

    def _prefetch(self, patient: str) -> None:
        try:
            self._view(patient)
        except LumbargradeError as error:  # whoever opens the study will be told
            LOG.warning("%s: a study cannot be made ready", type(error).__name__)

    def _view(self, patient: str) -> StudyView:
        found = self._known(patient)
        if found is not None:
            return found
        with self._made:
            found = self._known(patient)
            if found is None:
                wanted = self._slices[patient]
                found = study_view(self._folder(wanted[0]), wanted, self._engine, self._units)
                with self._kept:
                    _keep(self._views, patient, found)
        return found

    def _known(self, patient: str) -> StudyView | None:
        with self._kept:
            found = self._views.get(patient)
            if found is not None:
                self._views.move_to_end(patient)
            return found

    def _folder(self, one: CohortSlice) -> Path:
        """``studies/<patient>``, whatever lies between it and the picture."""
        inside = one.file.relative_to(self._cohort.folder)
        return self._cohort.folder.joinpath(*inside.parts[:2])

    def _proposed(
        self, patient: str, numbers: Mapping[tuple[str, int], int]
    ) -> tuple[Proposal, ...]:
        wanted = self._slices[patient]
        shown = find_slices(self._folder(wanted[0]), wanted)
        # By the same names as the view.
        options = PredictOptions(word=UserWord(lowest_level=shown.lowest_level))
        try:
            graded = predict(shown.study, self._engine, options)
        except LumbargradeError:
            return ()
        found: list[tuple[tuple[str, int], SliceGrades | DiscGrades]] = [
            *(((one.sop_instance_uid, one.frame_number), one) for one in graded.slices),
            *(((one.level.level or "", 1), one) for one in graded.discs),
        ]
        return tuple(
            one
            for key, item in found
            if (number := numbers.get(key))
            for one in proposals_of(number, item)
        )


def proposals_of(number: int, item: SliceGrades | DiscGrades) -> tuple[Proposal, ...]:
    """Return what the model says of slice or disc ``number``; the worse side is no proposal."""
    sided = {one.system for one in item.findings if one.side is not None}
    return tuple(
        Proposal(
            number,
            one.system,
            one.side,
            one.grade,
            round(100 * one.probabilities[one.grade]) if one.probabilities else 100,
        )
        for one in item.findings
        if one.grade is not None and (one.side is not None or one.system not in sided)
    )


def _keep(kept: OrderedDict[str, Value], patient: str, value: Value) -> None:
    kept[patient] = value
    while len(kept) > STUDIES_KEPT:
        kept.popitem(last=False)
