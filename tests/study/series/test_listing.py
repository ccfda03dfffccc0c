"""How series are named, and the series that the user chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.study.conftest import axial_slice

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import UserWord
from lumbargrade.study.model import Study
from lumbargrade.study.read import read_study
from lumbargrade.study.series.labels import series_label
from lumbargrade.study.series.listing import chosen_series, identifiers
from lumbargrade.study.series.select import select_axial

Folder = Callable[..., Path]


@pytest.fixture
def study(study_folder: Folder) -> Study:
    return read_study(
        study_folder(
            axial_slice(1, series=3),
            axial_slice(2, series=4, SeriesDescription="T2 second"),
            axial_slice(3, series=5, SeriesNumber=None),
        )
    )


def test_labels_and_identifiers(study: Study) -> None:
    assert [series_label(one) for one in study.series][:2] == [
        "series 3 't2_tse_tra' (1 slice)",
        "series 4 'T2 second' (1 slice)",
    ]
    uids = [one.series_instance_uid for one in study.series]
    assert identifiers(study.series) == dict(zip(uids, ("3", "4", uids[2]), strict=True))


def test_a_series_is_chosen_by_number_or_uid(study: Study) -> None:
    uid = study.series[1].series_instance_uid
    assert chosen_series(study, "4") == chosen_series(study, uid) == {uid}
    assert len(chosen_series(study, "")) == 3


def test_a_number_of_two_series_names_neither(study: Study) -> None:
    first, second, _ = study.series
    twice = replace(study, series=(first, replace(second, series_number=3)))
    uid = second.series_instance_uid
    assert chosen_series(twice, uid) == {uid}
    with pytest.raises(StudyError, match="--series 3: 2 series have this number") as caught:
        chosen_series(twice, "3")
    assert f"give the UID of one {first.series_instance_uid} = series 3" in str(caught.value)
    assert f"{uid} = series 3 'T2 second'" in str(caught.value)


def test_an_unknown_series_is_one_line_with_those_there_are(study: Study) -> None:
    with pytest.raises(StudyError, match="--series 9: the study has no such series") as caught:
        chosen_series(study, "9")
    assert "it has 3 = series 3 't2_tse_tra' (1 slice), 4 = series 4" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_other_series_are_listed_with_the_reason(study: Study) -> None:
    selection = select_axial(study, word=UserWord(series="4"))
    assert len(selection.slices) == 1
    assert [one.reason for one in selection.refused] == [
        "not the series that the user chose (--series 4)"
    ] * 2


def test_a_contrast_that_the_model_does_not_grade(study: Study) -> None:
    with pytest.raises(StudyError, match="--contrast t1: the model grades T2 only"):
        select_axial(study, word=UserWord(contrast="t1"))
