"""Figures of an evaluation: the run beside the article, and the model's doubt."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.evaluation.material import evaluation
from tests.evaluation.report.usual import with_measures
from tests.figures.drawn import legend, texts

from lumbargrade.evaluation.report.figures import (
    PANELS,
    certainty_pictures,
    measure_pictures,
    paper_pictures,
)
from lumbargrade.evaluation.results import Evaluation
from lumbargrade.figures.style import svg


@pytest.fixture(scope="module")
def results() -> Evaluation:
    return evaluation()


def test_pictures_have_the_runs_and_the_articles_numbers(results: Evaluation) -> None:
    drawn = {one.name: one for one in paper_pictures(results)}
    assert list(drawn) == ["figure-1", "figure-6", "figure-7", "figure-8"]
    assert "1034\n92 %" in texts(drawn["figure-6"].figure)
    assert "286\n94 %" in texts(drawn["figure-7"].figure)
    first = results.of_part("internal test")["LDH"].table[0][0]
    assert texts(drawn["figure-6"].figure)[0].split("\n")[0] == str(first)
    internal, _ = drawn["figure-8"].figure.axes
    assert "Su et al. 2022: 0.97" in legend(internal)[0]


def test_svg_is_grey_and_needs_no_font(results: Evaluation) -> None:
    for one in paper_pictures(results):
        text = svg(one.figure)
        assert "<text" not in text
        for colour in set(re.findall(r"#[0-9a-f]{6}", text)):
            assert colour[1:3] == colour[3:5] == colour[5:7], (one.name, colour)


def test_doubt_is_drawn_for_every_part_and_system(results: Evaluation) -> None:
    reliability, risk = certainty_pictures(results)
    assert (reliability.name, risk.name) == ("reliability", "risk")
    panels = 2 * len(results.certainties)  # points above, counts below
    assert len(reliability.figure.axes) == panels
    assert [axes.get_title() for axes in risk.figure.axes] == ["internal test", "external test"]
    first = results.certainties[0]
    asked = f"{first.system} refer {first.referral.asked:.1%}"
    assert asked in legend(risk.figure.axes[0])


def test_without_probabilities_there_is_no_doubt_to_draw(results: Evaluation) -> None:
    assert certainty_pictures(replace(results, certainties=())) == []


def test_measures_are_drawn_nine_a_page_for_each_part() -> None:
    drawn = measure_pictures(with_measures().measures)
    assert [one.name for one in drawn] == [f"bland-altman-{n}" for n in (1, 2, 3, 4)]
    assert [one.title for one in drawn[:3]] == [
        "Bland-Altman: net 1 minus Ann, internal test",
        "Bland-Altman: net 1 minus Ann, internal test (continued)",
        "Bland-Altman: net 1 minus Ann, external test",
    ]
    assert [len(one.figure.axes) for one in drawn] == [PANELS, 1, PANELS, 1]
    first = drawn[0].figure.axes[0]
    assert first.get_title() == "line 0, mm"
    assert texts(drawn[0].figure)[0] == f"{with_measures().measures[0].figures['bias'].value:.2f}"
    assert measure_pictures([]) == []


def test_a_measure_without_values_is_not_drawn() -> None:
    one = with_measures().measures[0]
    assert measure_pictures([replace(one, values=one.values[:0])]) == []
