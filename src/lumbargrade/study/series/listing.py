"""Series and slices as they are named to the user, and the list of what is not graded."""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import NotGraded
from lumbargrade.study.model import Series, Slice, Study
from lumbargrade.study.series.refusal import UNKNOWN_SOURCES


def label(series: Series) -> str:
    """Return number, name and size of a series as one short text."""
    count = f"{len(series.slices)} slice{'s' if len(series.slices) > 1 else ''}"
    if series.acquisition.modality in UNKNOWN_SOURCES:
        return f"{series.slices[0].source_file} ({count})"
    number = "" if series.series_number is None else f" {series.series_number}"
    name = series.acquisition.series_description[:64]
    return f"series{number}{f' {name!r}' if name else ''} ({count})"


def identifier(series: Series) -> str:
    """Return what ``--series`` takes for this series: its number, or else its UID."""
    number = series.series_number
    return series.series_instance_uid if number is None else str(number)


def chosen_series(study: Study, wanted: str) -> frozenset[str]:
    """Return the Series Instance UIDs that the user means by a UID or a Series Number.

    All series of the study if nothing is wanted. Raises StudyError, with the series that there
    are, if it is none of them.
    """
    found = frozenset(
        one.series_instance_uid
        for one in study.series
        if not wanted or wanted.strip() in (one.series_instance_uid, str(one.series_number))
    )
    if wanted and not found:
        there = ", ".join(f"{identifier(one)} = {label(one)}" for one in study.series)
        raise StudyError(f"--series {wanted}: the study has no such series; it has {there}")
    return found


def listed(series: Series, reasons: Sequence[str]) -> list[NotGraded]:
    """One entry for a series that is refused for one reason, else one a slice.

    ``reasons``: one per slice, empty where it is graded.
    """
    if not any(reasons):
        return []
    if len(set(reasons)) == 1:
        uid = series.series_instance_uid
        return [NotGraded(label(series), reasons[0], series_instance_uid=uid)]
    return [
        NotGraded(_slice_label(item), reason, item.sop_instance_uid, item.series_instance_uid)
        for item, reason in zip(series.slices, reasons, strict=True)
        if reason
    ]


def nothing_left(refused: Sequence[NotGraded], wanted: str) -> str:
    """Return the message of a study without a slice to grade."""
    told = "; ".join(f"{item.what}: {item.reason}" for item in refused[:4])
    more = f"; and {len(refused) - 4} more" if len(refused) > 4 else ""
    return (
        f"no axial {wanted} slice of the lumbar spine to grade: {told}{more}. "
        f"Give a study with an axial {wanted} series"
    )


def _slice_label(item: Slice) -> str:
    return f"{item.source_file} frame {item.frame_number}"
