"""Choose the axial slices that a model may grade, and say why each other is refused.

Geometry decides first, sequence parameters second; names are hints. Slices stay single
slices in patient coordinates: nothing here builds a volume.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import NOTHING_SAID, NotGraded, UserWord
from lumbargrade.study.model import Acquisition, Slice, Study
from lumbargrade.study.series.blocks import order_by_disc
from lumbargrade.study.series.contrast import contrast_of, parameters
from lumbargrade.study.series.kind import (
    ACQUIRED,
    AXIAL,
    LOCALIZER,
    Region,
    picture_kind,
    plane_of,
    region_of,
)
from lumbargrade.study.series.labels import WITHOUT_HEADER, left_out
from lumbargrade.study.series.places import one_per_place

NARROWEST_FIELD_MM = 75.0
"""Smaller fields do not hold the square that is graded."""


@dataclass(frozen=True)
class Selection:
    """The slices to grade, caudal to cranial.

    Attributes
    ----------
    blocks : per slice the disc that it belongs to, counted from the lowest (0); None
        for every slice where the slices do not tell discs apart (one parallel stack
        over several discs, several frames of reference, or slices without a place in the
        patient).
    refused : series and slices that are not graded, among them those that show a place
        again.
    """

    slices: tuple[Slice, ...]
    blocks: tuple[int | None, ...]
    refused: tuple[NotGraded, ...]
    warnings: tuple[str, ...] = ()


def select_axial(
    study: Study,
    contrasts: Sequence[str] = ("t2",),
    narrowest_mm: float = NARROWEST_FIELD_MM,
    word: UserWord = NOTHING_SAID,
) -> Selection:
    """Return the axial slices of the wanted contrasts.

    Raises StudyError if no slice is left; the message gives the reason of each series.

    Parameters
    ----------
    contrasts : what the model was trained on, in the words of ``contrast_of``.
    narrowest_mm : slices with a smaller field of view are refused.
    word : of the user, which stands above the headers.
    """
    taken: list[Slice] = []
    refused: list[NotGraded] = []
    for series in study.series:
        reasons = [_refusal(item, contrasts, narrowest_mm) for item in series.slices]
        taken += [item for item, reason in zip(series.slices, reasons, strict=True) if not reason]
        refused += left_out(series, reasons)
    if not taken:
        raise StudyError(_nothing_left(refused, contrasts))
    placed = all(item.acquisition.modality not in WITHOUT_HEADER for item in taken)
    kept, repeated = one_per_place(taken, study.series)
    slices, blocks = order_by_disc(kept)
    if not placed:
        blocks = (None,) * len(slices)
    return Selection(slices, blocks, (*refused, *repeated), _warnings(slices, contrasts))


def _refusal(item: Slice, contrasts: Sequence[str], narrowest_mm: float) -> str:
    """Return why a slice is not graded; empty if it is."""
    return (
        _wrong_kind(item.acquisition)
        or _wrong_plane(item)
        or _wrong_contrast(item.acquisition, contrasts)
        or _wrong_body_part(item.acquisition)
        or _narrow(item, narrowest_mm)
    )


def _wrong_kind(acquisition: Acquisition) -> str:
    if acquisition.modality in WITHOUT_HEADER:
        return ""
    if acquisition.modality != "MR":
        return f"modality {acquisition.modality or 'not given'}, not MR"
    kind = picture_kind(acquisition)
    if kind == LOCALIZER:
        return "a localizer"
    return "" if kind == ACQUIRED else f"{kind}, not an acquired magnitude image"


def _wrong_plane(item: Slice) -> str:
    plane = plane_of(item.geometry.normal)
    return "" if plane == AXIAL else f"{plane}, not axial"


def _wrong_contrast(acquisition: Acquisition, contrasts: Sequence[str]) -> str:
    if acquisition.modality in WITHOUT_HEADER:
        return ""
    contrast = contrast_of(acquisition)
    if contrast in contrasts:
        return ""
    named = {"unknown": "contrast not known", "fat-suppressed": contrast}.get(
        contrast, f"{contrast.upper()}-weighted"
    )
    wanted = " or ".join(name.upper() for name in contrasts)
    return f"{named} ({parameters(acquisition)}); the model grades {wanted}"


def _wrong_body_part(acquisition: Acquisition) -> str:
    region = region_of(acquisition)
    if region is Region.OTHER_SPINE:
        return "cervical or thoracic spine, not lumbar"
    if region is Region.OTHER:
        return f"body part {acquisition.body_part_examined}, not lumbar spine"
    return ""


def _narrow(item: Slice, narrowest_mm: float) -> str:
    height, width = item.geometry.size_mm
    if min(height, width) >= narrowest_mm:
        return ""
    return (
        f"field of view {width:.0f} x {height:.0f} mm is smaller than the "
        f"{narrowest_mm:g} mm square that is graded"
    )


def _nothing_left(refused: Sequence[NotGraded], contrasts: Sequence[str]) -> str:
    wanted = " or ".join(name.upper() for name in contrasts)
    told = "; ".join(f"{item.what}: {item.reason}" for item in refused[:4])
    more = f"; and {len(refused) - 4} more" if len(refused) > 4 else ""
    return (
        f"no axial {wanted} slice of the lumbar spine to grade: {told}{more}. "
        f"Give a study with an axial {wanted} series"
    )


def _warnings(slices: Sequence[Slice], contrasts: Sequence[str]) -> tuple[str, ...]:
    wanted = " or ".join(name.upper() for name in contrasts)
    warnings = [
        f"{what} does not identify its sequence: assumed to be axial {wanted} as given by the user"
        + (", with the patient's left on the right of the image" if modality == "PICTURE" else "")
        for modality, what in WITHOUT_HEADER.items()
        if any(item.acquisition.modality == modality for item in slices)
    ]
    return tuple(warnings)
