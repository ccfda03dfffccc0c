"""Evaluations that several tests of the report read; each is made once a process."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from tests.evaluation.material import QUICK, evaluation, material

from lumbargrade.evaluation.measures.graders import Grader
from lumbargrade.evaluation.morphometry.measurer import Measurer, Place
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.evaluation.results import Evaluation, evaluate_material
from lumbargrade.files.table import TextTable


@cache
def usual() -> Evaluation:
    """Internal and external patients, one model."""
    return evaluation()


@cache
def with_readers() -> Evaluation:
    """The same beside a good and a bad reader of one system."""
    made = replace(material(), graders=(reader("Ann", 0.1), reader("Bob", 0.6)))
    return evaluate_material(made, QUICK)


@cache
def with_measures() -> Evaluation:
    """The same beside a reader who measured ten kinds of measure, in both parts."""
    images = [one.image for one in material().images]
    rng = np.random.default_rng(5)

    def measurer(name: str) -> Measurer:
        places = [
            Place(image, 1, f"line_{number}_mm", None) for image in images for number in range(10)
        ]
        values = np.arange(len(places)) % 7 + rng.normal(0, 0.5, len(places))
        return Measurer(name, dict(zip(places, values.tolist(), strict=True)))

    made = replace(material(), measurers=(measurer("net 1"), measurer("Ann")))
    return evaluate_material(made, QUICK)


def reader(name: str, wrong: float) -> Grader:
    """A reader of LDH who errs by one grade in a share of the images."""
    rng = np.random.default_rng(len(name))

    def read(one: ImageRecord) -> ImageRecord:
        true = one.reference or 0
        given = true if rng.random() >= wrong else (true + 1) % 4
        return replace(one, predicted=given, probabilities=())

    return Grader(name, True, {"LDH": [read(one) for one in material().records["LDH"]]})


def rows_of(table: TextTable) -> list[dict[str, str]]:
    """The rows of a table by the heading of each column."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]
