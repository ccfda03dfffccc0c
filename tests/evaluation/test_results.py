"""All results in one pass."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.evaluation.material import QUICK, SYSTEMS, evaluation, material
from tests.evaluation.report.usual import with_measures

from lumbargrade.evaluation.results import ALL, ALL_DISCS, Evaluation, evaluate_material
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL


@pytest.fixture(scope="module")
def both() -> Evaluation:
    return evaluation()


def test_every_system_in_every_group_and_unit(both: Evaluation) -> None:
    expected = [(system, group) for system in SYSTEMS for group in (INTERNAL, EXTERNAL)]
    for figures in (both.figures, both.levels, both.patients):
        assert [(one.system, one.group) for one in figures] == expected
    for place, patients in enumerate((10, 4)):
        assert both.figures[place].coverage.with_reference == patients * 6
        assert both.levels[place].coverage.with_reference == patients * 3
        assert both.patients[place].images == both.patients[place].patients == patients


def test_internal_and_external_are_never_pooled(both: Evaluation) -> None:
    inside, outside = both.of_part(INTERNAL)["LDH"], both.of_part(EXTERNAL)["LDH"]
    assert (inside.patients, outside.patients) == (10, 4)
    assert both.levels_of_part(EXTERNAL)["LDH"].patients == 4
    figures = (*both.figures, *both.levels, *both.patients, *both.subgroups)
    assert {one.group.split(",")[0] for one in figures} == {INTERNAL, EXTERNAL}
    assert max(one.patients for one in figures) == 10
    assert "external test, sex: women" in {one.group for one in both.subgroups}


def test_discs_have_figures_of_their_own() -> None:
    made = material(external=0)
    five = [
        replace(one, image=f"disc {number}", predicted=one.reference, probabilities=())
        for number, one in enumerate(made.records["LDH"])
    ]
    found = evaluate_material(replace(made, discs={"PFIRRMANN": five}), QUICK)
    (one,) = found.discs
    assert (one.system, one.group, one.images) == ("PFIRRMANN", ALL_DISCS, 60)
    assert len(one.table) == 5
    assert one.figures["accuracy"].value == 1.0
    assert "PFIRRMANN" not in {figures.system for figures in found.figures}


def test_one_part_alone_is_all_images() -> None:
    found = evaluation(external=0)
    assert found.parts == (INTERNAL,)
    assert {one.group for one in found.figures} == {ALL}
    assert found.of_part(INTERNAL)["LDH"] is found.figures[0]
    assert found.of_part(EXTERNAL) == {}
    assert found.drops == ()
    assert [one.part for one in found.curves] == [INTERNAL] * 3


def test_a_curve_belongs_to_its_area(both: Evaluation) -> None:
    for one in both.curves:
        x, y = one.curve.false_positive_rate, one.curve.sensitivity
        area = float(((x[1:] - x[:-1]) * (y[1:] + y[:-1]) / 2).sum())
        assert area == pytest.approx(one.area.value)
        assert one.area == both.of_part(one.part)[one.system].figures["auc_marked"]


def test_a_class_that_does_not_occur_has_no_area_and_no_curve() -> None:
    made = material(external=0)
    mild = [
        replace(one, reference=None if one.reference is None else min(one.reference, 1))
        for one in made.records["LDH"]
    ]
    found = evaluate_material(replace(made, records={"LDH": mild}), QUICK)
    assert math.isnan(found.curves[0].area.value)
    assert math.isnan(found.curves[0].curve.sensitivity[0])


def test_measures_are_compared_in_each_part(both: Evaluation) -> None:
    assert both.measures == ()
    found = with_measures().measures
    assert {(one.first, one.second) for one in found} == {("net 1", "Ann")}
    internal, external = (
        next(one for one in found if one.part == part) for part in (INTERNAL, EXTERNAL)
    )
    assert (internal.patients, external.patients) == (10, 4)
    assert internal.slices == 60
