"""How a slice was acquired and where it lies, from the elements that say so."""

from __future__ import annotations

from lumbargrade.errors import StudyError
from lumbargrade.study.geometry import SliceGeometry, nearest_directions
from lumbargrade.study.header import Header
from lumbargrade.study.limits import ReadOptions
from lumbargrade.study.model import Acquisition
from lumbargrade.study.sources import shown

MAX_DISTANCE_MM = 10_000.0
"""No slice lies farther from the scanner's centre."""
MAX_SPACING_MM = 100.0
_LONGEST_SHOWN = 60


def read_acquisition(header: Header) -> Acquisition:
    """Return what the header of a classic (one slice a file) object says."""
    planar = ("EP",) if header.text("EchoPlanarPulseSequence") == "YES" else ()
    return Acquisition(
        modality=header.text("Modality"),
        sop_class_uid=header.text("SOPClassUID"),
        manufacturer=header.text("Manufacturer"),
        model_name=header.text("ManufacturerModelName"),
        magnetic_field_strength_t=header.number("MagneticFieldStrength"),
        echo_time_ms=header.number("EchoTime"),
        repetition_time_ms=header.number("RepetitionTime"),
        inversion_time_ms=header.number("InversionTime"),
        slice_thickness_mm=header.number("SliceThickness"),
        scanning_sequence=(*header.texts("ScanningSequence"), *planar),
        sequence_variant=header.texts("SequenceVariant"),
        scan_options=header.texts("ScanOptions"),
        image_type=header.texts("ImageType"),
        complex_image_component=header.text("ComplexImageComponent"),
        b_value_s_mm2=header.number("DiffusionBValue"),
        echo_number=header.whole_text("EchoNumbers"),
        contrast_agent=header.text("ContrastBolusAgent"),
        burned_in_annotation=header.text("BurnedInAnnotation"),
        sequence_name=header.text("SequenceName") or header.text("PulseSequenceName"),
        study_description=header.text("StudyDescription"),
        series_description=header.text("SeriesDescription"),
        protocol_name=header.text("ProtocolName"),
        body_part_examined=header.text("BodyPartExamined"),
    )


def read_geometry(
    place: Header | None,
    orientation: Header | None,
    measures: Header | None,
    size: tuple[int, int],
    options: ReadOptions,
) -> SliceGeometry:
    """Return the place of a slice from the datasets that hold its parts.

    ``size`` is (rows, columns). In a classic object the three datasets are the same. Raises
    StudyError if position, orientation or spacing is missing or impossible.
    """
    position = place.numbers("ImagePositionPatient", 3) if place else None
    cosines = orientation.numbers("ImageOrientationPatient", 6) if orientation else None
    spacing = measures.numbers("PixelSpacing", 2) if measures else None
    if position is None or max(map(abs, position)) > MAX_DISTANCE_MM:
        raise StudyError(
            f"no usable Image Position (Patient){_written(place, 'ImagePositionPatient')}: slice "
            "position unknown; export the original DICOM files"
        )
    if cosines is None:
        raise StudyError(
            f"no usable Image Orientation (Patient)"
            f"{_written(orientation, 'ImageOrientationPatient')}: left and right unknown; "
            "export the original DICOM files"
        )
    if spacing is None:
        spacing = options.pixel_spacing_mm
    if spacing is None or not all(0 < value < MAX_SPACING_MM for value in spacing):
        raise StudyError(
            f"no usable Pixel Spacing{_written(measures, 'PixelSpacing')}: scale unknown; "
            "give it with --pixel-spacing"
        )
    try:
        row, column = nearest_directions(
            (cosines[0], cosines[1], cosines[2]), (cosines[3], cosines[4], cosines[5])
        )
        return SliceGeometry(
            (position[0], position[1], position[2]),
            row,
            column,
            (spacing[0], spacing[1]),
            *size,
        )
    except ValueError as error:
        raise StudyError(f"invalid geometry: {error}; export it again") from None


def _written(header: Header | None, keyword: str) -> str:
    """Say what stands in an element that cannot be used; nothing where it is empty or absent."""
    text = header.text(keyword) if header else ""
    return f" (it says {shown(text, _LONGEST_SHOWN)})" if text else ""
