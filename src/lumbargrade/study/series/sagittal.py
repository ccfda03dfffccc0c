"""Choose the sagittal slices from which disc levels are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lumbargrade.study.model import Series, Slice, Study
from lumbargrade.study.series.contrast import FAT_SUPPRESSED
from lumbargrade.study.series.judgement import Judgement, judge_slices
from lumbargrade.study.series.kind import ACQUIRED, AXIAL, plane_of
from lumbargrade.study.series.labels import WITHOUT_HEADER, series_label
from lumbargrade.study.series.region import Region

SAGITTAL = "sagittal"
CONTRASTS = ("t2", "t1", FAT_SUPPRESSED, "pd")
"""What shows discs best comes first; other contrasts come after these."""
SHORTEST_FIELD_MM = 120.0
"""A shorter field shows fewer than three discs."""
MIDDLE_SLICES = 5
"""Of a series, around its middle: at 3 to 5 mm they span the canal also of a bent spine."""


@dataclass(frozen=True)
class SagittalSeries:
    """The middle slices of one series, the patient's right to left.

    ``label`` names the series as other messages do; ``contrast`` is a name of
    ``series.contrast``; ``all_slices`` are those of the whole series, in the same order.
    """

    slices: tuple[Slice, ...]
    label: str
    contrast: str
    all_slices: tuple[Slice, ...] = ()


def sagittal_series(study: Study) -> SagittalSeries | None:
    """Return the series to tell levels from; None where the study has none.

    Series of the frame of reference of the axial slices come first, then T2 before the other
    contrasts. Localizers, derived pictures, other parts of the body and files
    without a header of the acquisition are left out.
    """
    found = [(series, own) for series in study.series if (own := _usable(series))]
    if not found:
        return None
    frames = {
        item.frame_of_reference_uid
        for series in study.series
        for item in series.slices
        if plane_of(item.geometry.normal) == AXIAL
    }

    def order(candidate: tuple[Series, list[tuple[Slice, Judgement]]]) -> tuple[bool, int, int]:
        own = candidate[1]
        item, judgement = own[0]
        name = judgement.contrast.name
        rank = CONTRASTS.index(name) if name in CONTRASTS else len(CONTRASTS)
        return item.frame_of_reference_uid not in frames, rank, -len(own)

    series, own = min(found, key=order)
    ordered = sorted((item for item, _ in own), key=_leftward_mm)
    middle, contrast = _middle(ordered), own[0][1].contrast.name
    return SagittalSeries(middle, series_label(series), contrast, tuple(ordered))


def _usable(series: Series) -> list[tuple[Slice, Judgement]]:
    judged = zip(series.slices, judge_slices(series.slices), strict=True)
    kept = [(item, judgement) for item, judgement in judged if _is_usable(item, judgement)]
    frame = kept[0][0].frame_of_reference_uid if kept else ""
    return [one for one in kept if one[0].frame_of_reference_uid == frame]


def _is_usable(item: Slice, judgement: Judgement) -> bool:
    return (
        item.acquisition.modality not in WITHOUT_HEADER
        and plane_of(item.geometry.normal) == SAGITTAL
        and judgement.kind.name == ACQUIRED
        and judgement.region.region not in (Region.OTHER_SPINE, Region.OTHER)
        and min(item.geometry.size_mm) >= SHORTEST_FIELD_MM
    )


def _leftward_mm(item: Slice) -> float:
    return float(item.geometry.center_mm[0])


def _middle(ordered: Sequence[Slice]) -> tuple[Slice, ...]:
    """The slices nearest to the middle of the series, from right to left."""
    middle = (_leftward_mm(ordered[0]) + _leftward_mm(ordered[-1])) / 2
    near = sorted(ordered, key=lambda item: abs(_leftward_mm(item) - middle))
    chosen = {item.identity for item in near[:MIDDLE_SLICES]}
    return tuple(item for item in ordered if item.identity in chosen)
