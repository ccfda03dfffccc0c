"""How series and slices are named."""

from __future__ import annotations

from dataclasses import replace

from tests.study.series.spines import series_of, slice_at

from lumbargrade.grading.finding import NotGraded
from lumbargrade.study.series.labels import left_out, series_label, slice_label


def test_a_series_is_named_by_number_description_and_size() -> None:
    (series,) = series_of(slice_at((0, 0, 0), 0, "a"), slice_at((0, 0, 4), 0, "b"))
    assert series_label(series) == "series 1 't2_tse_tra' (2 slices)"
    bare = replace(
        series,
        series_number=None,
        acquisition=replace(series.acquisition, series_description=""),
        slices=series.slices[:1],
    )
    assert series_label(bare) == "series (1 slice)"
    picture = replace(series, acquisition=replace(series.acquisition, modality="PICTURE"))
    assert series_label(picture) == "a (2 slices)"


def test_one_reason_names_the_series_and_several_name_the_slices() -> None:
    (series,) = series_of(slice_at((0, 0, 0), 0, "a"), slice_at((0, 0, 4), 0, "b"))
    assert left_out(series, ["", ""]) == []
    assert left_out(series, ["why", "why"]) == [
        NotGraded("series 1 't2_tse_tra' (2 slices)", "why", series_instance_uid="1.1")
    ]
    assert left_out(series, ["", "why"]) == [
        NotGraded(slice_label(series.slices[1]), "why", "1.1.b", "1.1")
    ]
    assert [one.what for one in left_out(series, ["why", "how"])] == ["a frame 1", "b frame 1"]
