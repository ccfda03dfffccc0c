"""The one vocabulary: the grades of a study, their source, and their place.

Readers, the network, the phantom and every output speak :class:`StudyGrades`.
``None`` means *not known*; it is never the same as grade 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import cos, radians, sin

from lumbargrade.grading.level import Level, LevelAssignment
from lumbargrade.grading.sets import needs_reader


class Side(StrEnum):
    """The patient's side, from geometry and never from the pixels."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class Finding:
    """One grade of one system on one slice (and one side, where the system has sides).

    Attributes
    ----------
    system : code of the grading system, such as ``"LDH"``.
    side : patient side, or None for a system (or a summary) without sides.
    grade : 0..n-1, or None where it is not known.
    probabilities : one per grade, summing to 1; empty for a human reading, and where there
        is no grade.
    reason : why ``grade`` is None; empty otherwise.
    grade_set : neighbouring grades, ``grade`` among them, of which one is the true one
        in most images (``grading.sets``); empty where it is not known.
    doubts : why a reader should look at this grade; one sentence each, a set that needs
        review among them. Empty where there is no grade.
    """

    system: str
    side: Side | None
    grade: int | None
    probabilities: tuple[float, ...] = ()
    reason: str = ""
    grade_set: tuple[int, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def ask_reader(self) -> bool:
        """Whether the set needs review by a reader (``sets.needs_reader``)."""
        return needs_reader(self.grade_set)


@dataclass(frozen=True)
class Region:
    """The square that was read on a slice.

    Attributes
    ----------
    center_mm : (x, y, z) in the patient coordinate system (LPS, DICOM C.7.6.2.1.1).
    center_px : (column, row) of the centre; (0, 0) is the centre of the first pixel.
    size_mm : edge length of the square.
    box_px : (x, y, width, height) in pixels; x, y is the upper left corner of the
        square, in the same coordinates as ``center_px``.
    source : ``"locator"``, ``"user box"`` (one for all slices), ``"drawn box"`` (a reader's) or
        ``"truth"``.
    confidence : of the locator, 0..1; None where a person gave the region.
    angle_deg : by how much the square is turned about its centre against the slice's rows,
        clockwise as the slice is shown; ``box_px`` is the square before.
    """

    center_mm: tuple[float, float, float]
    center_px: tuple[float, float]
    size_mm: float
    box_px: tuple[float, float, float, float]
    source: str
    confidence: float | None = None
    angle_deg: float = 0.0

    @property
    def corners_px(self) -> tuple[tuple[float, float], ...]:
        """(column, row) of the square's four corners, clockwise from the upper left one."""
        x, y, width, height = self.box_px
        column, row = x + width / 2, y + height / 2
        cosine, sine = cos(radians(self.angle_deg)), sin(radians(self.angle_deg))
        # Turned as a square of edge 1: pixels need not be square.
        around = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))
        return tuple(
            (column + width * (cosine * u - sine * v), row + height * (sine * u + cosine * v))
            for u, v in around
        )


@dataclass(frozen=True)
class Measure:
    """One measure of one slice (and one side, where it has sides).

    Attributes
    ----------
    name : of its kind in the catalogue (``morphometry.kinds``), with its unit, such as
        ``"sac_area_mm2"``.
    side : patient side, or None for a measure without sides.
    value : in the unit of its kind, or None where it is not known.
    reason : why ``value`` is None; empty otherwise.
    error : in the same unit: the median difference between the network's value and that of
        a person's outlines, on slices set aside; None where no one measured it.
    """

    name: str
    side: Side | None
    value: float | None
    reason: str = ""
    error: float | None = None


class Plane(StrEnum):
    """What an axial slice cuts."""

    DISC = "disc"
    ENDPLATE = "endplate"
    """Partly disc, partly bone: the slice runs through an end-plate."""
    BODY = "body"
    """A vertebral body, away from the disc."""


@dataclass(frozen=True)
class Cut:
    """What a slice cuts, and how sure that is.

    Attributes
    ----------
    plane : the most probable one.
    probabilities : of disc, end-plate and body, in the order of :class:`Plane`; sum 1.
    """

    plane: Plane
    probabilities: tuple[float, float, float]


SliceIdentity = tuple[str, str, int, str]
"""Series Instance UID, SOP Instance UID, frame and file of one slice."""


@dataclass(frozen=True)
class SliceReference:
    """Which slice is meant: the picture, its grades and its drawing name it alike."""

    series_instance_uid: str
    sop_instance_uid: str
    frame_number: int
    source_file: str

    @property
    def identity(self) -> SliceIdentity:
        """What tells this slice from all others of its study.

        A SOP Instance UID does not: released sets repeat it in every series, and a bad export
        within one.
        """
        return (
            self.series_instance_uid,
            self.sop_instance_uid,
            self.frame_number,
            self.source_file,
        )


@dataclass(frozen=True)
class SliceGrades(SliceReference):
    """All grades of one axial slice.

    ``findings`` holds one entry per network output, per side where the system has
    sides, and in addition one entry with ``side=None`` for the image grade of a
    per-side system (the worse side). ``measures`` and ``cut`` are there where the model
    draws outlines.
    """

    level: LevelAssignment
    region: Region
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    cut: Cut | None = None

    def finding(self, system: str, side: Side | None = None) -> Finding | None:
        """Return the finding of ``system`` on ``side``, or None if there is none."""
        for found in self.findings:
            if found.system == system and found.side == side:
                return found
        return None

    def measure(self, name: str, side: Side | None = None) -> Measure | None:
        """Return the measure ``name`` of ``side``, or None if there is none."""
        for measured in self.measures:
            if measured.name == name and measured.side == side:
                return measured
        return None


PointMm = tuple[float, float, float]
"""(x, y, z) in the patient coordinate system (LPS), in mm."""


@dataclass(frozen=True)
class DiscGrades(SliceReference):
    """One disc as the sagittal series shows it, and its grades.

    The reference is of the sagittal slice on which it is shown and graded.

    Attributes
    ----------
    level : its name and whose word that is; it has no block and no place.
    corners_mm : the end-plate corners of the vertebra above (anterior, posterior), then those of
        the one below (posterior, anterior).
    confidence : of the disc finder, 0 to 1.
    findings : one per system that is graded on the sagittal series, if any.
    warnings : of this disc.
    """

    level: LevelAssignment
    corners_mm: tuple[PointMm, PointMm, PointMm, PointMm]
    confidence: float
    findings: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotGraded:
    """Something that was given but not graded, and why.

    ``what`` is a file (as given by the user), a series or a slice.
    """

    what: str
    reason: str
    sop_instance_uid: str = ""
    series_instance_uid: str = ""


@dataclass(frozen=True)
class ModelIdentity:
    """The model that graded."""

    name: str
    version: str
    sha256: str
    trained_on: str


@dataclass(frozen=True)
class UserWord:
    """What the user said of a study where its headers do not, or say something else.

    Attributes
    ----------
    contrast : of the axial slices, in the words of ``study.series.contrast``; empty: not said.
    series : Series Instance UID or Series Number of the one series to grade; empty: not said.
    lowest_level : of the most caudal disc with slices; None: not said.
    """

    contrast: str = ""
    series: str = ""
    lowest_level: Level | None = None

    def __str__(self) -> str:
        """Say it in words; "" where nothing was said."""
        said = {
            "contrast": self.contrast,
            "series": self.series,
            "lowest level": self.lowest_level,
        }
        return ", ".join(f"{what} {word}" for what, word in said.items() if word)


NOTHING_SAID = UserWord()


@dataclass(frozen=True)
class StudyGrades:
    """The grades of one study. Slices come in order, caudal to cranial, and so do ``discs``:
    those that a sagittal series shows, if there is one.

    The worst grades of its levels and of the whole study are not stored: they follow from the
    slices (``grading.summary``).
    """

    study_instance_uid: str
    patient_id: str
    model: ModelIdentity
    software_version: str
    slices: tuple[SliceGrades, ...]
    not_graded: tuple[NotGraded, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    user_word: UserWord = NOTHING_SAID
    discs: tuple[DiscGrades, ...] = ()
