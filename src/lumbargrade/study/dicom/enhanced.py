"""Enhanced multi-frame MR: each frame's place and parameters from functional groups."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lumbargrade.errors import StudyError
from lumbargrade.study.dicom.acquisition import read_acquisition, read_geometry
from lumbargrade.study.dicom.notes import notes_of
from lumbargrade.study.dicom.scanned import FUNCTIONAL_GROUPS
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.header import Header
from lumbargrade.study.limits import ReadOptions
from lumbargrade.study.model import Acquisition
from lumbargrade.study.pixels.decode import PixelFormat, Rescale, read_rescale

_SHARED, _PER_FRAME = FUNCTIONAL_GROUPS
_SEQUENCES = {"SPIN": ("SE",), "GRADIENT": ("GR",), "BOTH": ("SE", "GR")}


@dataclass(frozen=True)
class Frame:
    """What one frame says of itself; ``index`` counts from 0, ``notes`` are ``Slice.notes``."""

    index: int
    geometry: SliceGeometry
    acquisition: Acquisition
    rescale: Rescale
    notes: tuple[str, ...] = ()


class _Groups:
    """The functional groups of one frame: its own first, then the shared ones."""

    def __init__(self, own: Header | None, shared: Header | None) -> None:
        self._places = [place for place in (own, shared) if place is not None]

    def __getitem__(self, keyword: str) -> Header | None:
        for place in self._places:
            found = place.item(keyword)
            if found is not None:
                return found
        return None


def is_enhanced(header: Header) -> bool:
    """Tell whether a header keeps its geometry in functional groups."""
    return _SHARED in header or _PER_FRAME in header


def read_frames(
    header: Header, stored: PixelFormat, options: ReadOptions
) -> tuple[tuple[Frame, ...], dict[int, str]]:
    """Return the frames of an enhanced object, and why others have no place, by index.

    Raises StudyError if the groups do not match the number of frames: which frame is which is then
    not known.
    """
    per_frame, shared = header.items(_PER_FRAME), header.item(_SHARED)
    if len(per_frame) != stored.frames:
        raise StudyError(
            f"{len(per_frame)} functional groups for {stored.frames} frames: "
            "the file is damaged; export it again"
        )
    size = (stored.rows, stored.columns)
    frames, faults = [], {}
    for index, own in enumerate(per_frame):
        try:
            frames.append(_read_frame(index, header, _Groups(own, shared), size, options))
        except StudyError as error:
            faults[index] = str(error)
    return tuple(frames), faults


def read_first_frame(header: Header, size: tuple[int, int], options: ReadOptions) -> Frame:
    """Return the first frame of an enhanced object of ``size`` (rows, columns).

    Raises StudyError if it has no geometry.
    """
    groups = _Groups(header.item(_PER_FRAME), header.item(_SHARED))
    return _read_frame(0, header, groups, size, options)


def _read_frame(
    index: int, header: Header, groups: _Groups, size: tuple[int, int], options: ReadOptions
) -> Frame:
    places = (
        groups["PlanePositionSequence"],
        groups["PlaneOrientationSequence"],
        groups["PixelMeasuresSequence"],
    )
    geometry = read_geometry(*places, size, options)
    acquisition = _acquisition(read_acquisition(header), header, groups)
    values = groups["PixelValueTransformationSequence"]
    notes = notes_of((header, *places, values), geometry)
    return Frame(index, geometry, acquisition, read_rescale(values), notes)


def _acquisition(base: Acquisition, header: Header, groups: _Groups) -> Acquisition:
    echo, timing, modifier = (
        groups["MREchoSequence"],
        groups["MRTimingAndRelatedParametersSequence"],
        groups["MRModifierSequence"],
    )
    measures, kind = groups["PixelMeasuresSequence"], groups["MRImageFrameTypeSequence"]
    diffusion = groups["MRDiffusionSequence"]
    component = kind.text("ComplexImageComponent") if kind else ""
    return replace(
        base,
        echo_time_ms=echo.number("EffectiveEchoTime") if echo else base.echo_time_ms,
        repetition_time_ms=timing.number("RepetitionTime") if timing else base.repetition_time_ms,
        inversion_time_ms=modifier.number("InversionTimes") if modifier else base.inversion_time_ms,
        slice_thickness_mm=measures.number("SliceThickness") if measures else None,
        scanning_sequence=_sequence(header, modifier, base),
        scan_options=(*base.scan_options, *_suppression(modifier)),
        image_type=(kind.texts("FrameType") if kind else ()) or base.image_type,
        complex_image_component=component or base.complex_image_component,
        b_value_s_mm2=diffusion.number("DiffusionBValue") if diffusion else base.b_value_s_mm2,
        contrast_agent=base.contrast_agent or _agent(header),
        body_part_examined=base.body_part_examined or _anatomy(groups),
    )


def _sequence(header: Header, modifier: Header | None, base: Acquisition) -> tuple[str, ...]:
    """The codes of the classic Scanning Sequence; ``base`` tells echo-planar ones."""
    inverted = modifier is not None and modifier.text("InversionRecovery") == "YES"
    pulses = _SEQUENCES.get(header.text("EchoPulseSequence"), ())
    planar = tuple(code for code in base.scanning_sequence if code == "EP")
    return (*pulses, *(("IR",) if inverted else ()), *planar)


def _agent(header: Header) -> str:
    agent = header.item("ContrastBolusAgentSequence")
    return (agent.text("CodeMeaning") or "said without a name") if agent else ""


def _suppression(modifier: Header | None) -> tuple[str, ...]:
    """Dark fat, saturated or not excited, in the words of the classic Scan Options."""
    if modifier is None:
        return ()
    saturated = modifier.text("SpectrallySelectedSuppression") in ("FAT", "FAT_AND_WATER")
    water_only = modifier.text("SpectrallySelectedExcitation") == "WATER"
    return (*(("FS",) if saturated else ()), *(("WE",) if water_only else ()))


def _anatomy(groups: _Groups) -> str:
    anatomy = groups["FrameAnatomySequence"]
    region = anatomy.item("AnatomicRegionSequence") if anatomy else None
    return region.text("CodeMeaning") if region else ""
