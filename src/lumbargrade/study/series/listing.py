"""Which series the user means, and the message where no slice is left."""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import NotGraded
from lumbargrade.study.model import Series, Study
from lumbargrade.study.series.labels import series_label


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
        there = ", ".join(f"{identifier(one)} = {series_label(one)}" for one in study.series)
        raise StudyError(f"--series {wanted}: the study has no such series; it has {there}")
    return found


def nothing_left(refused: Sequence[NotGraded], wanted: str) -> str:
    """Return the message of a study without a slice to grade."""
    told = "; ".join(f"{item.what}: {item.reason}" for item in refused[:4])
    more = f"; and {len(refused) - 4} more" if len(refused) > 4 else ""
    return (
        f"no axial {wanted} slice of the lumbar spine to grade: {told}{more}. "
        f"Give a study with an axial {wanted} series"
    )
