"""Two graders of the same images, side by side."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.evaluation.report.usual import rows_of, with_readers

from lumbargrade.evaluation.measures.comparison import McNemar
from lumbargrade.evaluation.measures.graders import MadeReference
from lumbargrade.evaluation.report.tables.graders import (
    agreements_table,
    beside_line,
    beside_table,
    bias_of,
    comparison_line,
    grader_tables,
    mcnemar_table,
    paired_table,
)
from lumbargrade.statistics.format_estimates import show, signed


def test_without_other_graders_there_is_no_table() -> None:
    assert grader_tables((), ()) == []
    found = with_readers()
    names = [table.name for table in grader_tables(found.comparisons, found.agreements)]
    assert names == ["comparison", "mcnemar", "graders", "beside-readers"]
    alone = [replace(one, beside=()) for one in found.agreements]
    assert [table.name for table in grader_tables(found.comparisons, alone)] == names[:3]


def test_the_first_less_the_second() -> None:
    contest = with_readers().comparisons[0]
    row = rows_of(paired_table([contest]))[0]
    found = contest.comparison.figures["ac1"]
    assert (row["first"], row["second"]) == ("net 1", "Ann")
    assert row["first, value"] == show(found.first)
    assert row["second, value"] == show(found.second)
    assert row["first - second"] == signed(found.difference)
    assert found.difference.value == pytest.approx(found.first.value - found.second.value)


def test_a_reader_has_no_area_and_no_row_of_it() -> None:
    figures = [row["figure"] for row in rows_of(paired_table(with_readers().comparisons))]
    assert not [one for one in figures if one.startswith("AUC")]
    assert "accuracy" in figures


@pytest.mark.parametrize(
    ("p", "text"), [(0.0004, "< 0.001"), (0.0123, "0.012"), (math.nan, "not defined")]
)
def test_p_values_are_printed_as_papers_print_them(p: float, text: str) -> None:
    contest = with_readers().comparisons[0]
    tests = dict.fromkeys(contest.comparison.tests, McNemar(7, 3, 1.0, p))
    changed = replace(contest, comparison=replace(contest.comparison, tests=tests))
    rows = rows_of(mcnemar_table([changed]))
    assert [row["right means"] for row in rows] == ["exact grade", "0 / 1-3", "0-1 / 2-3"]
    assert {row["p"] for row in rows} == {text}
    assert (rows[0]["only first correct"], rows[0]["only second correct"]) == ("7", "3")


def test_every_two_graders_are_set_against_each_other() -> None:
    one = with_readers().agreements[0]
    rows = rows_of(agreements_table([one]))
    assert [(row["one"], row["other"]) for row in rows] == [
        ("net 1", "Ann"),
        ("net 1", "Bob"),
        ("Ann", "Bob"),
    ]
    kappa = {row.name: row.bootstrap for row in one.pairs[2].coefficients}["kappa_linear"]
    assert rows[2]["kappa, linear"] == show(kappa)


def test_the_model_beside_the_readers_has_three_coefficients() -> None:
    one = with_readers().agreements[0]
    rows = rows_of(beside_table([one]))
    assert [row["coefficient"] for row in rows] == [
        "Gwet AC1",
        "Gwet AC2, linear",
        "kappa, linear",
    ]
    (among,) = one.beside
    assert {(row["images"], row["patients"]) for row in rows} == {
        (str(among.images), str(among.patients))
    }
    first = next(row for row in among.rows if row.name == "ac1")
    assert rows[0]["difference"] == signed(first.difference)


def test_a_reader_who_made_the_reference_is_said_to_be_flattered() -> None:
    first, second = with_readers().comparisons[:2]
    helped = replace(first, made=(None, MadeReference.HELPED))
    text = "Ann helped make the reference: this flatters Ann"
    assert rows_of(paired_table([helped]))[0]["made the reference"] == "Ann: flatters Ann"
    assert comparison_line(helped).endswith(f"; {text}")
    assert "flatters the reader and wrongs the model" in paired_table([helped]).note
    assert bias_of(second) == ["not known whether Bob helped make the reference"]
    others = replace(first, made=(None, MadeReference.OTHERS))
    assert rows_of(paired_table([others]))[0]["made the reference"] == "neither of the two"
    both = replace(first, made=(MadeReference.HELPED, MadeReference.UNKNOWN))
    assert len(bias_of(both)) == 2


def test_lines_say_of_how_many_images() -> None:
    found = with_readers()
    compared = found.comparisons[0].comparison
    counted = f"over {compared.images} images of {compared.patients} patients"
    assert f"{counted} that both graded" in comparison_line(found.comparisons[0])
    one = found.agreements[0]
    (among,) = one.beside
    line = beside_line(one.system, one.part, among)
    assert line.startswith("LDH, internal test: model beside Ann, Bob, AC1 ")
    counted = f"over {among.images} images of {among.patients} patients"
    assert line.endswith(f"{counted} that all three graded")
    more = replace(among, readers=("Ann", "Bob", "Cy"))
    assert beside_line(one.system, one.part, more).endswith("that two or more graded too")
