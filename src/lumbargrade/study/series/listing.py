"""Which series the user means, and the message where no slice is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import NotGraded
from lumbargrade.study.model import Series, Study
from lumbargrade.study.series.labels import series_label


def identifiers(series: Sequence[Series]) -> dict[str, str]:
    """Return Series Instance UID -> what ``--series`` takes for it.

    That is the number, or the UID itself where there is none or several series share it.
    """
    times = Counter(one.series_number for one in series)
    return {
        one.series_instance_uid: one.series_instance_uid
        if one.series_number is None or times[one.series_number] > 1
        else str(one.series_number)
        for one in series
    }


def chosen_series(study: Study, wanted: str) -> frozenset[str]:
    """Return the Series Instance UIDs that the user means by a UID or a Series Number.

    All series of the study if nothing is wanted. Raises StudyError, with the series that there
    are, if it is none of them, or a number that several share: the user's word stands above
    reasons to refuse a series, so it must be plain which one is meant.
    """
    found = frozenset(
        one.series_instance_uid
        for one in study.series
        if not wanted or wanted.strip() in (one.series_instance_uid, str(one.series_number))
    )
    if wanted and len(found) != 1:
        of = [one for one in study.series if not found or one.series_instance_uid in found]
        names = identifiers(study.series)
        there = ", ".join(f"{names[one.series_instance_uid]} = {series_label(one)}" for one in of)
        what = f"{len(found)} series have this number: give the UID of one"
        if not found:
            what = "the study has no such series; it has"
        raise StudyError(f"--series {wanted}: {what} {there}")
    return found


def nothing_left(refused: Sequence[NotGraded], wanted: str) -> str:
    """Return the message of a study without a slice to grade."""
    told = "; ".join(f"{item.what}: {item.reason}" for item in refused[:4])
    more = f"; and {len(refused) - 4} more" if len(refused) > 4 else ""
    return (
        f"no axial {wanted} slice of the lumbar spine to grade: {told}{more}. "
        f"Give a study with an axial {wanted} series"
    )
