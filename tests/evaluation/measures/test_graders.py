"""Several graders of the same images: who is compared with whom."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.evaluation.material import QUICK, material

from lumbargrade.evaluation.measures.graders import Grader, compare_graders, graders_agreement
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.evaluation.report.tables.graders import grader_tables
from lumbargrade.evaluation.results import Evaluation, evaluate_material
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL


def reader(name: str, wrong: float, systems: tuple[str, ...] = ("LDH", "LCCS")) -> Grader:
    """A reader who errs by one grade in a share of the images of :func:`material`."""
    rng = np.random.default_rng(len(name))

    def read(one: ImageRecord) -> ImageRecord:
        true = one.reference or 0
        given = true if rng.random() >= wrong else (true + 1) % 4
        return replace(one, predicted=given, probabilities=())

    return Grader(
        name, True, {code: [read(one) for one in material().records[code]] for code in systems}
    )


@pytest.fixture(scope="module")
def results() -> Evaluation:
    made = replace(material(), graders=(reader("Ann", 0.1), reader("Bob!", 0.6)))
    return evaluate_material(made, QUICK)


def test_every_two_are_compared_in_the_systems_that_both_graded(results: Evaluation) -> None:
    named = [
        (one.comparison.system, one.part, one.first, one.second) for one in results.comparisons
    ]
    pairs = [("net 1", "Ann"), ("net 1", "Bob!"), ("Ann", "Bob!")]
    assert named == [
        (system, part, *pair)
        for system in ("LDH", "LCCS")  # LNRC was read by nobody else
        for part in (INTERNAL, EXTERNAL)
        for pair in pairs
    ]
    ann_less_bob = results.comparisons[2].comparison.figures["accuracy"].difference
    assert ann_less_bob.low > 0
    assert results.comparisons[2].comparison.tests["exact"].p_value < 0.05


def test_a_reader_without_probabilities_has_no_area(results: Evaluation) -> None:
    areas = results.comparisons[0].comparison.figures["auc_marked"]
    assert math.isfinite(areas.first.value)
    assert math.isnan(areas.second.value)


def test_the_model_stands_beside_the_readers(results: Evaluation) -> None:
    one = results.agreements[0]
    assert (one.system, one.part) == ("LDH", INTERNAL)
    assert [pair.readers for pair in one.pairs] == [
        ("net 1", "Ann"),
        ("net 1", "Bob!"),
        ("Ann", "Bob!"),
    ]
    (among,) = one.beside
    assert (among.readers, among.images) == (("Ann", "Bob!"), one.pairs[0].images)
    first = among.rows[0]
    assert first.difference.value == pytest.approx(first.model.value - first.readers.value)


def test_one_reader_alone_is_compared_and_stands_beside_nobody() -> None:
    found = evaluate_material(replace(material(), graders=(reader("Ann", 0.1),)), QUICK)
    assert len(found.comparisons) == 4
    assert all(one.beside == () for one in found.agreements)
    assert "beside-readers" not in {
        one.name for one in grader_tables(found.comparisons, found.agreements)
    }


def test_another_model_is_no_reader() -> None:
    other = Grader("net 2", False, material().records)
    made = replace(material(), graders=(other, reader("Ann", 0.1)))
    found = evaluate_material(made, QUICK)
    assert all(one.beside == () for one in found.agreements)
    same = found.comparisons[0].comparison
    assert same.figures["auc_marked"].difference.value == 0
    assert math.isnan(same.tests["exact"].p_value)


def test_nobody_else_means_no_table() -> None:
    assert grader_tables((), ()) == []
    assert graders_agreement([Grader("net", False, {})], "LDH", 4, INTERNAL, QUICK) is None


def test_graders_with_no_image_in_common_are_not_compared() -> None:
    records = material().records["LDH"]
    first, second = (
        [
            replace(one, predicted=one.predicted if place % 2 == odd else None)
            for place, one in enumerate(records)
        ]
        for odd in (0, 1)
    )
    graders = [Grader("a", False, {"LDH": first}), Grader("b", False, {"LDH": second})]
    assert compare_graders(graders, "LDH", 4, INTERNAL, QUICK) == []
    assert graders_agreement(graders, "LDH", 4, INTERNAL, QUICK) is None


def test_tables_say_who_is_first(results: Evaluation) -> None:
    tables = {one.name: one for one in grader_tables(results.comparisons, results.agreements)}
    assert list(tables) == ["comparison", "mcnemar", "graders", "beside-readers"]
    row = dict(zip(tables["comparison"].columns, tables["comparison"].rows[0], strict=True))
    assert (row["first"], row["second"], row["figure"]) == ("net 1", "Ann", "Gwet AC1")
    named = [row[4] for row in tables["comparison"].rows if row[2:4] == ("net 1", "Ann")]
    assert not any(name.startswith("AUC") for name in named)
    first = tables["mcnemar"].rows[0]
    assert first[7] == f"{results.comparisons[0].comparison.tests['exact'].p_value:.3f}"
