from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from lumbargrade.grading.columns import Column
from lumbargrade.grading.finding import Cut, Measure, Plane, Side, SliceGrades, StudyGrades
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.morphometry.kinds import KINDS
from lumbargrade.outputs.page.words.language import words_of
from lumbargrade.outputs.page.words.measures import (
    BESIDE,
    Row,
    cut_in_words,
    definitions,
    other_rows,
    rows_beside,
    source_in_words,
    title_of,
)

EN = words_of()

LDH, LCCS, LNRC = (GRADING_SYSTEMS[code] for code in ("LDH", "LCCS", "LNRC"))
COLUMNS = (
    Column(LDH, None),
    Column(LCCS, None),
    *(Column(LNRC, side) for side in Side),
)


@pytest.fixture
def item(measured_grades: StudyGrades) -> SliceGrades:
    return measured_grades.slices[0]


def _of(item: SliceGrades, measures: Sequence[Measure], column: Column) -> tuple[Row, ...]:
    return rows_beside(replace(item, measures=tuple(measures)), column, EN)


def test_the_catalogue_has_every_measure_that_stands_beside_a_grade() -> None:
    names = [name for names in BESIDE.values() for name in names]
    assert set(names) < set(KINDS)
    assert len(names) == len(set(names))
    assert set(BESIDE) <= set(GRADING_SYSTEMS)


def test_each_measure_stands_in_one_place(item: SliceGrades) -> None:
    shown = [row for column in COLUMNS for row in rows_beside(item, column, EN)]
    others = other_rows(item, COLUMNS, EN)
    assert [row.title for row in others if row.value] == [
        KINDS[name].title
        for name in (
            "canal_area_mm2", "free_canal_area_mm2", "facet_angle_deg", "flavum_thickness_mm",
        )
    ]  # fmt: skip
    assert len(shown) == sum(map(len, BESIDE.values())) + len(BESIDE["LNRC"])


def test_units_errors_and_sides_are_written_as_they_are_read(item: SliceGrades) -> None:
    values = {row.title: row.value for row in other_rows(item, (), EN)}
    assert values[KINDS["sac_area_mm2"].title] == "92 ± 6 mm²"
    assert values[KINDS["disc_displacement_mm"].title] == "4.2 ± 0.5 mm"
    assert values[KINDS["displacement_ratio"].title] == "0.38"
    assert values[KINDS["facet_angle_deg"].title] == "left 42°, right 47°"
    assert values[KINDS["flavum_thickness_mm"].title] == "left 3.5 ± 0.4 mm"
    clusters = Measure("root_clusters", None, 3.0)
    assert _of(item, [clusters], Column(LCCS, None))[0].value == "3"


@pytest.mark.parametrize(
    ("x_mm", "said"), [(3.5, "3.5 mm left of midline"), (-3.5, "3.5 mm right of midline")]
)
def test_the_apex_lies_on_the_patients_side(item: SliceGrades, x_mm: float, said: str) -> None:
    (row,) = _of(item, [Measure("displacement_apex_mm", None, x_mm)], Column(LDH, None))
    assert (row.title, row.value) == ("apex of the displacement", said)


def test_what_was_not_measured_for_one_reason_shares_a_row(item: SliceGrades) -> None:
    missing = [
        Measure("sac_depth_mm", None, None, "no sac"),
        Measure("sac_area_mm2", None, None, "no sac"),
        Measure("canal_depth_mm", None, 14.0),
        Measure("root_share", None, None, "no roots"),
    ]
    rows = _of(item, missing, Column(LCCS, None))
    assert [(row.title, row.value, row.reason) for row in rows] == [
        ("spinal canal depth", "14.0 mm", ""),
        ("dural sac area; dural sac depth", "", "no sac"),
        ("share of the sac that roots take", "", "no roots"),
    ]


def test_a_published_limit_is_quoted_where_a_value_is_beyond_it(item: SliceGrades) -> None:
    def notes(value: float) -> tuple[str, ...]:
        return _of(item, [Measure("sac_area_mm2", None, value)], Column(LCCS, None))[0].notes

    assert notes(150.0) == ()
    assert notes(92.4) == (
        "below 100 mm²: relative central stenosis (Schonstrom et al., Spine 1985;10:806)",
    )
    assert notes(70.0)[0].startswith("below 75 mm²: absolute central stenosis")


def test_a_choice_of_this_project_is_called_one() -> None:
    assert source_in_words("[design]") == "this project's choice"
    assert source_in_words("Lee 2011; 1 mm: [design]") == "Lee 2011; 1 mm: this project's choice"
    said = [source_in_words(kind.source) for kind in KINDS.values()]
    said += [source_in_words(one.source) for kind in KINDS.values() for one in kind.cut_offs]
    assert not [source for source in said if "[design]" in source]


def test_a_model_without_sides_shows_both_beside_its_grade(item: SliceGrades) -> None:
    rows = rows_beside(item, Column(LNRC, None), EN)
    assert rows[0].value == "left 5.5 mm, right 2.9 mm"


def test_definitions_are_those_of_what_is_shown(item: SliceGrades) -> None:
    assert [kind.name for kind in definitions([item])] == list(KINDS)
    assert definitions([replace(item, measures=())]) == ()


def test_what_a_slice_cuts_is_said() -> None:
    endplate = Cut(Plane.ENDPLATE, (0.3, 0.6, 0.1))
    assert cut_in_words(None, EN) == ""
    assert cut_in_words(endplate, EN) == "cuts the end-plate (60 %)"


def test_titles_and_sides_are_said_in_another_language(item: SliceGrades) -> None:
    german = words_of("de")
    assert title_of(KINDS["sac_area_mm2"], german) == "Fläche des Duralsacks"
    assert title_of(KINDS["canal_area_mm2"], german) == KINDS["canal_area_mm2"].title
    apex = replace(item, measures=(Measure("displacement_apex_mm", None, -3.5),))
    (row,) = rows_beside(apex, Column(LDH, None), german)
    assert (row.title, row.value) == ("Scheitel der Verlagerung", "3.5 mm rechts der Mittellinie")
