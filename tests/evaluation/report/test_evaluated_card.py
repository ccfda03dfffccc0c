"""The card of an evaluation holds its figures, and names what is weak."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.evaluation.material import QUICK, material

from lumbargrade.evaluation.report.evaluated_card import evaluated_card
from lumbargrade.evaluation.results import Evaluation, evaluate_material
from lumbargrade.statistics.format_estimates import show, signed


@pytest.fixture(scope="module")
def results() -> Evaluation:
    return evaluate_material(replace(material(), trained_on="simulation: 9 patients"), QUICK)


def test_the_card_holds_the_figures_of_the_report(results: Evaluation) -> None:
    text = evaluated_card(results)
    for title in ("Performance, images", "Each grade", "Internal and external set", "Calibration"):
        assert f"## {title}" in text
    assert "Trained on: simulation: 9 patients." in text
    one = results.figures[0]
    assert show(one.figures["ac1"]) in text
    assert show(one.grades[3].recall) in text
    assert signed(results.drops[0].difference) in text
    assert "- The reference is a simulation." in text


def test_what_is_weak_or_unknown_is_named() -> None:
    made = material(external=0)
    wrong = [replace(one, predicted=0) for one in made.records["LDH"] if one.reference != 3]
    found = evaluate_material(replace(made, records={"LDH": wrong}), QUICK)
    text = evaluated_card(found)
    assert "Recall below one half: LDH grade 1 (all images): recall 0.00" in text
    assert "Did not occur, so not evaluated: LDH grade 3 (all images)." in text
    assert "## Internal and external set" not in text


def test_a_name_from_a_file_is_no_markup() -> None:
    found = evaluate_material(material(external=0, name="<b>n</b>\n# x"), QUICK)
    assert evaluated_card(found).startswith("# bn/b x\n")
