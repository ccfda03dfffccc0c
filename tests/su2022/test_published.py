"""The article's own matrices against what it prints: every cell, and every slip by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.su2022 import published
from lumbargrade.su2022.published import SETS, Article, article, disagreements
from lumbargrade.su2022.table_cells import (
    K_DIGITS,
    PaperRow,
    independent_interval,
    paper_row,
    prints_as,
)

CASES = [(name, system) for name in SETS for system in GRADING_SYSTEMS]

SLIPS_IN_TABLES = {
    ("Table 4", "LCCS", "precision of grade 2"): (9.1, 10 / 108 * 100),
    ("Table 3", "LCCS", "k"): (0.85, 0.8563),
}
"""The only two cells of Tables 3 and 4, and of k in the text, that Figure 6 does not give."""


def test_figure_6_gives_every_cell_but_two() -> None:
    found = {
        (where, system, cell): (print_, value)
        for where, system, cell, print_, value in disagreements()
    }
    assert found.keys() == SLIPS_IN_TABLES.keys()
    for cell, (printed, computed) in SLIPS_IN_TABLES.items():
        assert found[cell][0] == printed
        assert found[cell][1] == pytest.approx(computed, abs=5e-5)


@pytest.mark.parametrize("cell", paper_row(article().images["internal_test"]["LDH"]).cells())
def test_every_cell_is_looked_at(cell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An altered print is found, whichever cell it is in."""
    told = article()
    row = told.printed["internal_test"]["LDH"]
    monkeypatch.setattr(published, "article", lambda: _altered(told, row, cell))
    found = {(where, system, name) for where, system, name, _, _ in disagreements()}
    assert found == {*SLIPS_IN_TABLES, ("Table 3", "LDH", cell)}


def _altered(told: Article, row: PaperRow, cell: str) -> Article:
    if " of grade " in cell:
        name, grade = cell.split(" of grade ")
        pairs = [list(pair) for pair in row.per_grade]
        pairs[int(grade)][name == "f1"] += 0.2
        wrong = replace(row, per_grade=tuple((one, other) for one, other in pairs))
    else:
        wrong = replace(row, **{cell: getattr(row, cell) + (0.02 if cell == "k" else 0.2)})
    internal = {**told.printed["internal_test"], "LDH": wrong}
    return replace(told, printed={**told.printed, "internal_test": internal})


@pytest.mark.parametrize(("name", "system"), CASES)
def test_k_and_its_interval_in_the_text(name: str, system: str) -> None:
    counts = article().images[name][system]
    k, low, high = article().text_k[name][system]
    assert prints_as(paper_row(counts).k, k, K_DIGITS)
    for value, printed in zip(independent_interval(counts), (low, high), strict=True):
        assert round(value, K_DIGITS) == printed


def test_the_slips_are_those_of_the_data_file() -> None:
    """Five: two cells that Figure 6 contradicts, a percentage, a sentence and a footnote."""
    slips = {(slip.where, slip.system, slip.figure): slip for slip in article().slips}
    assert slips.keys() == {
        *SLIPS_IN_TABLES,
        ("Table 2", "LCCS", "percentage of grade 0 in training"),
        ("text", None, "external F1"),
        ("Table 2", None, "footnote"),
    }
    for where, system, cell, printed, computed in disagreements():
        slip = slips[where, system, cell]
        digits = 2 if cell == "k" else 1
        assert (slip.printed, slip.counts_give) == (printed, round(computed, digits))


def test_the_percentage_of_table_2() -> None:
    counts = article().grade_counts["LCCS"]["train_val"]
    (slip,) = [one for one in article().slips if one.figure.startswith("percentage")]
    assert round(100 * counts[0] / sum(counts), 1) == slip.counts_give != slip.printed


def test_the_f1_of_the_text_is_not_that_of_table_4() -> None:
    printed = [row.f1 for row in article().printed["external_test"].values()]
    assert not set(printed) & {81.3, 83.5, 84.2}


@pytest.mark.parametrize(("name", "system"), CASES)
def test_table_2_is_the_rows_of_figure_6(name: str, system: str) -> None:
    counts = article().images[name][system]
    assert counts.sum(1).tolist() == article().grade_counts[system][name]


def test_the_sets_are_as_large_as_figure_1_says() -> None:
    flow, counts = article().flow, article().grade_counts
    for system in GRADING_SYSTEMS:
        found = {name: sum(counts[system][name]) for name in ("train_val", *SETS)}
        assert found == {
            "train_val": flow["internal"]["train_and_validation"]["images"],
            "internal_test": flow["internal"]["test"]["images"],
            "external_test": flow["external"]["images"],
        }


def test_levels_of_figure_7() -> None:
    """Every system counts the same levels, at most five a patient; no table prints results."""
    told = article()
    patients = {
        "internal_test": told.flow["internal"]["test"]["patients"],
        "external_test": told.flow["external"]["eligible"],
    }
    for name, systems in told.levels.items():
        (total,) = {int(counts.sum()) for counts in systems.values()}
        assert 4 * patients[name] < total <= 5 * patients[name]
    row = paper_row(told.levels["internal_test"]["LDH"])
    assert row.accuracy == pytest.approx(100 * (286 + 192 + 101 + 14) / 742)
    assert row.sensitivity == pytest.approx(100 * (1 - 61 / 439))


def test_the_worst_slice_makes_levels_worse_than_images() -> None:
    """Why Figure 7 fits the worst-slice rule: each system has a larger share above grade 0."""
    told = article()
    for name, system in CASES:
        images, levels = told.images[name][system], told.levels[name][system]
        assert levels[0].sum() / levels.sum() < images[0].sum() / images.sum()
