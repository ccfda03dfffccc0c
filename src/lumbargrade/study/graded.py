"""A study that has been graded, with all that an output may show of it.

It lies in ``study`` because inference makes it and outputs write it, and those two rooms
do not see each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from lumbargrade.grading.finding import SliceReference, StudyGrades
from lumbargrade.grading.system import GRADING_SYSTEMS, GradingSystem
from lumbargrade.morphometry.outlines import Outlines
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage


@dataclass(frozen=True)
class SlicePicture(SliceReference):
    """The pictures of one graded slice.

    Attributes
    ----------
    series_instance_uid, sop_instance_uid, frame_number, source_file : which slice; a SOP
        Instance UID alone may stand for two, see ``grading.finding.SliceReference.identity``.
    geometry : of the slice; says where left and right are in ``pixels``.
    pixels : (rows, columns), the whole slice as it was stored.
    patch : (n, n), canonical and normalised, as the network saw it.
    maps : by network output, (grades, h, w): how much each part of the patch spoke
        for each grade (class activation map; only differences between grades matter).
    outlines : that the network drew, in mm from the centre of the slice's region; None for
        a model that draws none.
    sides_known : whether the geometry says which side is the patient's left.
    frame_of_reference_uid : whose coordinates those of ``geometry`` are; empty: not said.
    """

    geometry: SliceGeometry
    pixels: FloatImage
    patch: FloatImage
    maps: Mapping[str, NDArray[np.float32]]
    outlines: Outlines | None = None
    sides_known: bool = True
    frame_of_reference_uid: str = ""


@dataclass(frozen=True)
class SagittalPicture(SliceReference):
    """The sagittal slice on which the discs of the study are shown.

    Attributes
    ----------
    geometry : of the slice, in the coordinates of the discs' corners.
    pixels : (rows, columns), as it was stored.
    frame_of_reference_uid : whose coordinates these are; axial slices of another one have no
        place in the picture.
    """

    geometry: SliceGeometry
    pixels: FloatImage
    frame_of_reference_uid: str


@dataclass(frozen=True)
class GradedStudy:
    """Grades of one study, and what shows and explains them.

    Attributes
    ----------
    pictures : of the graded slices; a slice without one is shown in words only.
    sagittal : the picture on which ``grades.discs`` are shown; None where there are none.
    systems : grading systems of the model, by code, in the order in which they are shown.
    references : SOP Instance UID of a graded slice -> what other DICOM objects repeat of
        its header, as stored (read it with ``study.dicom.references.decoded``); empty
        where the study had no DICOM headers.
    scanner : maker, model and field of the graded series; "" where the headers say nothing.
    """

    grades: StudyGrades
    pictures: tuple[SlicePicture, ...] = ()
    systems: Mapping[str, GradingSystem] = field(default_factory=lambda: GRADING_SYSTEMS)
    references: Mapping[str, Dataset] = field(default_factory=dict)
    sagittal: SagittalPicture | None = None
    scanner: str = ""
