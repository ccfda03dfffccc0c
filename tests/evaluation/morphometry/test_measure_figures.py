"""Two measurers beside each other: by measure and part, with intervals over patients."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.evaluation.graded import QUICK, cohort_of, sixteen_slices, study_of
from tests.evaluation.measured import AREA, RECESS, SHARE, measured_slices

from lumbargrade.evaluation.match import match
from lumbargrade.evaluation.morphometry.measure_figures import (
    FIGURES,
    MeasureFigures,
    compare_measurers,
)
from lumbargrade.evaluation.morphometry.measurer import Measurer, Place, model_measurer
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL

SLICES = measured_slices()
IMAGES = match([study_of(SLICES)], cohort_of(sixteen_slices())).images
MODEL = model_measurer("net 1", [study_of(SLICES)])


def _reader(name: str, offset: float, places: list[Place] | None = None) -> Measurer:
    """Differs by ``offset``, and by 0, 1 or 2 more from slice to slice."""
    values = {
        place: None if value is None else value - offset - int(place.image[4:]) % 3
        for place, value in MODEL.values.items()
        if places is None or place in places
    }
    return Measurer(name, values)


def _compared(*measurers: Measurer) -> list[MeasureFigures]:
    return list(compare_measurers(measurers, IMAGES, (INTERNAL, EXTERNAL), QUICK))


def test_every_measure_in_every_part() -> None:
    found = _compared(MODEL, _reader("Ann", 2.0))
    named = [(one.part, one.measure, one.unit) for one in found]
    each = [(AREA, "mm2"), (RECESS, "mm"), (SHARE, "1")]
    assert named == [(part, *one) for part in (INTERNAL, EXTERNAL) for one in each]
    area, recess, share = found[:3]
    assert (area.first, area.second) == ("net 1", "Ann")
    assert (len(area.values), area.slices, area.patients) == (12, 12, 6)
    assert (len(recess.values), recess.slices, recess.patients) == (24, 12, 6)
    assert tuple(area.figures) == FIGURES
    assert area.figures["bias"].value == pytest.approx(3.0)
    assert area.figures["median_distance"].value == pytest.approx(3.0)
    assert area.figures["lower_limit"].value < 2.0
    assert area.figures["upper_limit"].value > 4.0
    assert 0 < area.figures["icc"].value < 1
    assert len(share.values) == 0  # neither knows it
    assert all(math.isnan(one.value) for one in share.figures.values())


def test_a_value_of_one_alone_is_counted() -> None:
    places = [Place(f"1.2.{i}", 1, AREA, None) for i in range(4)]
    reader = _reader("Ann", 0.0, places)
    unknown = Measurer("Ann", {**reader.values, places[0]: None, Place("9", 1, AREA, None): 3.0})
    found = _compared(MODEL, unknown)[0]
    assert (len(found.values), found.first_only, found.second_only) == (3, 9, 0)
    (turned, *_) = _compared(unknown, MODEL)
    assert (turned.first_only, turned.second_only) == (0, 9)


def test_first_and_second_change_places() -> None:
    reader = _reader("Ann", 2.0)
    one, other = _compared(MODEL, reader)[0], _compared(reader, MODEL)[0]
    assert one.figures["bias"].value == pytest.approx(-other.figures["bias"].value)
    assert one.figures["lower_limit"].value == pytest.approx(-other.figures["upper_limit"].value)
    assert one.figures["icc"].value == pytest.approx(other.figures["icc"].value)
    assert np.array_equal(one.values, other.values[:, ::-1])


def test_readers_are_compared_with_each_other() -> None:
    found = _compared(MODEL, _reader("Ann", 2.0), _reader("Bob", 5.0))
    pairs = list(dict.fromkeys((one.first, one.second) for one in found))
    assert pairs == [("net 1", "Ann"), ("net 1", "Bob"), ("Ann", "Bob")]
    apart = next(one for one in found if (one.first, one.measure) == ("Ann", AREA))
    assert apart.figures["bias"].value == pytest.approx(3.0)
    assert math.isnan(apart.figures["bias"].low)  # the same in every resample


def test_few_patients_have_no_interval() -> None:
    """Two patients are external: resamples of so few say nothing."""
    inside, outside = (
        next(one for one in _compared(MODEL, _reader("Ann", 2.0)) if one.part == part)
        for part in (INTERNAL, EXTERNAL)
    )
    assert outside.patients == 2
    assert math.isfinite(outside.figures["lower_limit"].value)
    assert math.isnan(outside.figures["lower_limit"].low)
    assert inside.figures["icc"].reason == "6 patients, 10 needed"


def test_a_measure_of_one_alone_is_not_compared() -> None:
    other = Measurer("Ann", {Place("1.2.0", 1, "cord_area_mm2", None): 60.0})
    assert _compared(MODEL, other) == []
