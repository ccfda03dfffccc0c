"""A study that has been graded, with all that an output may show of it.

It lies in ``study`` because inference makes it and outputs write it, and those two rooms
do not see each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydicom.dataset import Dataset

from lumbargrade.grading.finding import StudyGrades
from lumbargrade.grading.system import GRADING_SYSTEMS, GradingSystem
from lumbargrade.study.slice_picture import SlicePicture


@dataclass(frozen=True)
class GradedStudy:
    """Grades of one study, and what shows and explains them.

    Attributes
    ----------
    grades : what was said.
    pictures : of the graded slices; a slice without one is shown in words only.
    systems : grading systems of the model, by code, in the order in which they are shown.
    references : SOP Instance UID of a graded slice -> what other DICOM objects repeat of
        its header, as stored (read it with ``study.dicom.references.decoded``); empty
        where the study had no DICOM headers.
    """

    grades: StudyGrades
    pictures: tuple[SlicePicture, ...] = ()
    systems: Mapping[str, GradingSystem] = field(default_factory=lambda: GRADING_SYSTEMS)
    references: Mapping[str, Dataset] = field(default_factory=dict)
