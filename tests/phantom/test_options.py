from __future__ import annotations

import pytest

from lumbargrade.errors import CohortError
from lumbargrade.phantom.options import CohortOptions


def test_uids_follow_from_everything_but_the_number_of_patients() -> None:
    one = CohortOptions(2, 7)
    assert one.key == CohortOptions(9, 7, workers=3).key
    others = [
        CohortOptions(2, 8),
        CohortOptions(2, 7, contrast="t1"),
        CohortOptions(2, 7, severe=True),
        CohortOptions(2, 7, random_contrast=True),
        CohortOptions(2, 7, sacralised=True),
    ]
    assert len({one.key, *(other.key for other in others)}) == 6


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"patients": 0}, "--patients 0: a cohort needs at least one patient"),
        ({"seed": -1}, "--seed -1: give a number that is not negative"),
        ({"contrast": "flair"}, "--contrast flair: unknown, give one of t2, t1"),
        ({"workers": 0}, "--workers 0"),
        ({"scanners": ("verio-9t",)}, "scanner 'verio-9t' is not a preset"),
    ],
)
def test_impossible_options_are_refused(wrong: dict[str, object], message: str) -> None:
    settings: dict[str, object] = {"patients": 1, "seed": 7} | wrong
    with pytest.raises(CohortError, match=message):
        CohortOptions(**settings)  # type: ignore[arg-type]
