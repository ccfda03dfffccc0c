"""How a series and a slice are named where something is said of them."""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.grading.finding import NotGraded
from lumbargrade.study.model import Series, Slice
from lumbargrade.study.volumes.nifti import NIFTI_MODALITY
from lumbargrade.study.volumes.picture import PICTURE_MODALITY

WITHOUT_HEADER = {PICTURE_MODALITY: "an image", NIFTI_MODALITY: "a NIfTI file"}
"""Modality, as the readers set it, of what has no DICOM header -> what it is."""

NAMED = 3
"""Files that a message names; of more it gives the number."""


def series_label(series: Series) -> str:
    """Return number, description and size of a series: ``series 5 't2_tse_tra' (15 slices)``."""
    count = f"{len(series.slices)} slice{'s' if len(series.slices) > 1 else ''}"
    if series.acquisition.modality in WITHOUT_HEADER:
        return f"{series.slices[0].source_file} ({count})"
    number = "" if series.series_number is None else f" {series.series_number}"
    name = series.acquisition.series_description[:64]
    return f"series{number}{f' {name!r}' if name else ''} ({count})"


def slice_label(item: Slice) -> str:
    """Return file and frame of a slice."""
    return f"{item.source_file} frame {item.frame_number}"


def first_named(files: Sequence[str]) -> str:
    """Return the first of several files, and how many more there are.

    Examples
    --------
    >>> first_named(["a", "b"]), first_named(["a", "b", "c", "d", "e"])
    ('a, b', 'a, b, c and 2 more')
    """
    more = len(files) - NAMED
    return f"{', '.join(files[:NAMED])}{f' and {more} more' if more > 0 else ''}"


def left_out(series: Series, reasons: Sequence[str]) -> list[NotGraded]:
    """Return one entry for a series that is left out for one reason, else one a slice.

    ``reasons`` holds one text per slice of the series, empty where the slice is taken.
    """
    if not any(reasons):
        return []
    if len(set(reasons)) == 1:
        return [
            NotGraded(
                series_label(series), reasons[0], series_instance_uid=series.series_instance_uid
            )
        ]
    return [
        NotGraded(slice_label(item), reason, item.sop_instance_uid, item.series_instance_uid)
        for item, reason in zip(series.slices, reasons, strict=True)
        if reason
    ]
