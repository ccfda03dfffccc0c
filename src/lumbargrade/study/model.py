"""What a study is once it has been read: slices in patient coordinates.

A study is never one volume: lumbar axial T2 is a set of small stacks with an angle
of their own per disc, so each slice carries its own geometry.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from lumbargrade.grading.finding import NotGraded, SliceReference
from lumbargrade.study.geometry import SliceGeometry

FloatImage = NDArray[np.float32]


@dataclass(frozen=True)
class Acquisition:
    """How a slice was acquired, as far as its header says (None or empty = not said).

    ``echo_number`` counts from 1; ``b_value_s_mm2`` is that of diffusion weighting.
    """

    modality: str = ""
    sop_class_uid: str = ""
    manufacturer: str = ""
    model_name: str = ""
    magnetic_field_strength_t: float | None = None
    echo_time_ms: float | None = None
    repetition_time_ms: float | None = None
    inversion_time_ms: float | None = None
    slice_thickness_mm: float | None = None
    scanning_sequence: tuple[str, ...] = ()
    sequence_variant: tuple[str, ...] = ()
    scan_options: tuple[str, ...] = ()
    image_type: tuple[str, ...] = ()
    complex_image_component: str = ""
    b_value_s_mm2: float | None = None
    echo_number: int | None = None
    contrast_agent: str = ""
    burned_in_annotation: str = ""
    sequence_name: str = ""
    study_description: str = ""
    series_description: str = ""
    protocol_name: str = ""
    body_part_examined: str = ""

    @property
    def scanner(self) -> str:
        """Maker, model and field in words, as far as they are known.

        Examples
        --------
        >>> Acquisition(manufacturer="MAKER", magnetic_field_strength_t=1.5).scanner
        'MAKER, 1.5 T'
        """
        name = " ".join(filter(None, (self.manufacturer, self.model_name)))
        field_t = self.magnetic_field_strength_t
        return ", ".join(filter(None, (name, f"{field_t:g} T" if field_t else "")))


@dataclass(frozen=True)
class Slice(SliceReference):
    """One picture and its place in the patient.

    ``load_pixels`` decodes on call and returns float32 (rows, columns) after the
    rescale, with MONOCHROME1 inverted; it raises ``StudyError`` where that fails.
    ``reference`` holds what other DICOM objects repeat of the header, as stored: read it
    with ``references_of``, which leaves malformed elements out. None without a header. Slices of
    two frames of reference have no place relative to each other; empty where it is not said.
    ``notes`` are doubts about what the header says of this slice.
    ``sides_doubt`` says why the patient's left and right are not known; empty where they are.
    """

    geometry: SliceGeometry
    acquisition: Acquisition
    load_pixels: Callable[[], FloatImage] = field(repr=False)
    reference: Dataset | None = field(default=None, repr=False, compare=False)
    frame_of_reference_uid: str = ""
    notes: tuple[str, ...] = ()
    sides_doubt: str = ""

    @property
    def label(self) -> str:
        """The file, with the frame where it may hold several."""
        several = self.reference is not None and "NumberOfFrames" in self.reference
        return f"{self.source_file} frame {self.frame_number}" if several else self.source_file


@dataclass(frozen=True)
class Series:
    """Slices that share a Series Instance UID, in the order of their files."""

    series_instance_uid: str
    series_number: int | None
    acquisition: Acquisition
    slices: tuple[Slice, ...]


@dataclass(frozen=True)
class Study:
    """One study of one patient; ``not_read`` lists every file that was left out.

    ``study_date`` is as stored (YYYYMMDD; empty: not said). ``notes`` say what a reader of the
    grades should know of how the study was found.
    """

    study_instance_uid: str
    patient_id: str
    series: tuple[Series, ...]
    not_read: tuple[NotGraded, ...] = ()
    study_date: str = ""
    notes: tuple[str, ...] = ()
