"""The card's template, which a bundle and an evaluation fill."""

from __future__ import annotations

from dataclasses import replace

from lumbargrade.evaluation.report.model_card import RESEARCH_ONLY, Card, Section, render, table


def test_the_template_says_what_holds_for_every_model() -> None:
    card = Card("net 1", ["**LDH** x"], "slices", [Section("Data", "d")], ["weak"], simulated=False)
    text = render(card)
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        *("# net 1", "## Intended use", "## Data", "## Limits"),
    ]
    assert RESEARCH_ONLY in text
    assert "- weak\n- Not validated on: other contrasts" in text
    assert "real MRI" in render(replace(card, simulated=True))


def test_a_bar_in_a_cell_is_no_column() -> None:
    assert table(("a",), [["x|y"]]).splitlines()[-1] == "| x\\|y |"
