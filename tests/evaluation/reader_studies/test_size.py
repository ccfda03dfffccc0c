from __future__ import annotations

from dataclasses import replace

import pytest
from tests.made_up_readings import made_up

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.reader_studies.size import READERS, size
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE
from lumbargrade.statistics.reader_studies.study_size import Wish

STUDY = made_up(readers=6, patients=60)


def needed(wish: Wish, about: str = LIKE_THESE) -> list[int | None]:
    found = size(STUDY, "ac1", wish)
    return [one.patients for one in found.sizes if one.about == about]


def test_fewer_patients_for_more_readers_and_wider_intervals() -> None:
    found = [one for one in needed(Wish(width=0.2)) if one is not None]
    assert found == sorted(found, reverse=True)
    assert len(needed(Wish(width=0.2))) == len(READERS)
    (wide,), (narrow,) = needed(Wish(width=0.2), THESE), needed(Wish(width=0.1), THESE)
    assert wide is not None
    assert narrow is not None
    assert narrow == pytest.approx(4 * wide, rel=0.1)


def test_a_better_model_needs_fewer_patients() -> None:
    wishes = (Wish(margin=0.05), Wish(margin=0.05, expected=0.05))
    (even,), (better,) = (needed(one, THESE) for one in wishes)
    assert even is not None
    assert better is not None
    assert better < even


def test_without_a_reference_two_readers_are_the_figure() -> None:
    found = size(replace(STUDY, reference=""), "ac1", Wish(width=0.1))
    assert found.figures[0].of == "two readers"
    assert [(one.about, one.readers) for one in found.sizes] == [(THESE, 6)]


def test_a_pilot_that_says_nothing_is_refused() -> None:
    with pytest.raises(EvaluationError, match="ac1: the pilot says nothing about it"):
        size(replace(STUDY, readers=()), "ac1", Wish(width=0.1))
    few = made_up(patients=8)
    with pytest.raises(EvaluationError, match="the pilot says nothing about it"):
        size(few, "ac1", Wish(width=0.1))


def test_two_readers_tell_a_size_for_themselves_alone() -> None:
    found = size(made_up(readers=2, patients=60), "ac1", Wish(width=0.2))
    assert {one.about for one in found.sizes} == {THESE}
    assert found.notes == ("LDH: about readers like these: 2 readers, 3 needed.",)
