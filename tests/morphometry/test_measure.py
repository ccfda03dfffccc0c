"""Every measure of a slice: whatever way the patient lies, mirrored, scaled, or half drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.morphometry.shapes import L, R, ellipse, outlines
from tests.morphometry.test_frame import turned

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry import measure as measure_module
from lumbargrade.morphometry.frame import mirrored, moved
from lumbargrade.morphometry.kinds import KINDS
from lumbargrade.morphometry.measure import FORMULAS, measure
from lumbargrade.morphometry.outlines import Outlines, Root

Values = dict[tuple[str, Side | None], float | None]


def values(drawn: Outlines) -> Values:
    return {(one.name, one.side): one.value for one in measure(drawn)}


def lopsided() -> Outlines:
    """A herniation on the left, and the left root pushed back."""
    drawn = outlines(hump_mm=5.0, at_mm=5.0, base_mm=8.0)
    return replace(
        drawn,
        traversing_roots={L: Root((9.0, 5.0), 3.0), R: Root((-8.5, 3.5), 3.0)},
    )


def tolerance(name: str) -> float:
    """What a shape of short straight lines may change by when it is turned."""
    return {"mm2": 1.5, "deg": 0.3, "1": 0.01}.get(KINDS[name].unit, 0.08)


def test_every_kind_has_its_formula() -> None:
    assert set(FORMULAS) == set(KINDS)


def test_every_measure_of_a_drawn_slice() -> None:
    found = values(lopsided())
    assert list(found) == [(kind.name, side) for kind in KINDS.values() for side in kind.sides]
    assert [key for key, value in found.items() if value is None] == []
    expected = {
        "disc_displacement_mm": (5.0, 0.15),
        "displacement_apex_mm": (5.0, 0.4),
        "intrafacet_depth_mm": (7.9, 0.25),
        "displacement_ratio": (0.63, 0.03),
        "sac_area_mm2": (35 * np.pi, 0.5),
        "sac_depth_mm": (10.0, 0.1),
        "sac_width_mm": (14.0, 0.1),
        "canal_depth_mm": (18.0, 0.2),
        "root_clusters": (3.0, 0.0),
    }
    for name, (value, within) in expected.items():
        assert found[name, None] == pytest.approx(value, abs=within), name
    assert found["root_displacement_mm", L] == pytest.approx(1.5, abs=0.25)
    assert found["root_displacement_mm", R] == 0.0
    assert found["facet_angle_deg", R] == pytest.approx(45.0, abs=1.0)


@settings(max_examples=20)
@given(st.floats(-15.0, 15.0), st.floats(-6.0, 6.0), st.floats(-6.0, 6.0))
def test_how_the_patient_lies_changes_no_measure(degrees: float, x: float, y: float) -> None:
    upright, lying = values(lopsided()), values(turned(lopsided(), degrees, (x, y)))
    for (name, side), value in upright.items():
        assert lying[name, side] == pytest.approx(value, abs=tolerance(name)), name


@settings(max_examples=20)
@given(st.floats(-12.0, 12.0))
def test_a_mirror_swaps_the_sides_and_changes_nothing_else(degrees: float) -> None:
    drawn = turned(lopsided(), degrees)
    before, after = values(drawn), values(mirrored(drawn))
    other = {L: R, R: L, None: None}
    for (name, side), value in before.items():
        sign = -1 if name == "displacement_apex_mm" else 1
        assert value is not None
        assert after[name, other[side]] == pytest.approx(sign * value, abs=tolerance(name)), name


def test_a_patient_of_another_size() -> None:
    """Lengths grow by a fifth, areas by its square; angles and shares stay."""
    grown = moved(lopsided(), lambda points: points * 1.2)
    assert grown.roots_in_sac is not None
    grown = replace(
        grown,
        roots_in_sac=tuple(replace(one, diameter_mm=1.2) for one in grown.roots_in_sac),
        traversing_roots={
            side: replace(one, diameter_mm=3.6) for side, one in grown.traversing_roots.items()
        },
    )
    before, after = values(lopsided()), values(grown)
    powers = {"mm": 1, "mm2": 2, "deg": 0, "1": 0}
    for (name, side), value in before.items():
        assert value is not None
        expected = value * 1.2 ** powers[KINDS[name].unit]
        assert after[name, side] == pytest.approx(expected, rel=0.01, abs=0.05), name


@pytest.mark.parametrize(
    ("part", "missing", "reason"),
    [
        (replace(lopsided(), disc=None), "disc_displacement_mm", "the disc is not outlined"),
        (replace(lopsided(), sac=None), "sac_area_mm2", "the dural sac is not outlined"),
        (replace(lopsided(), joints={}), "facet_angle_deg", "the facet joint is not outlined"),
        (replace(lopsided(), facets={}), "recess_depth_mm", "the facet is not outlined"),
        (
            replace(lopsided(), canal_back=None),
            "canal_area_mm2",
            "the back wall of the canal is not outlined",
        ),
        (
            replace(lopsided(), roots_in_sac=None),
            "ventral_csf_mm",
            "the roots in the sac are not outlined",
        ),
    ],
    ids=["disc", "sac", "joints", "facets", "canal", "roots"],
)
def test_what_is_missing_has_a_reason(part: Outlines, missing: str, reason: str) -> None:
    found = measure(part)
    told = [one for one in found if one.name == missing]
    assert [one.value for one in told] == [None] * len(told)
    assert {one.reason for one in told} == {reason}
    assert all((one.value is None) == bool(one.reason) for one in found)
    assert any(one.value is not None for one in found)


def test_the_medial_end_of_a_joint_gives_the_line_but_no_angle() -> None:
    ends = {side: one[:1] for side, one in lopsided().joints.items()}
    found = {(one.name, one.side): one for one in measure(replace(lopsided(), joints=ends))}
    assert found["intrafacet_depth_mm", None].value == pytest.approx(7.9, abs=0.3)
    assert found["flavum_thickness_mm", L].value is not None
    assert found["facet_angle_deg", L].reason == "the facet joint is outlined over less than 4 mm"


def test_without_a_midline_nothing_is_measured() -> None:
    found = measure(Outlines(disc=ellipse((0, -18), (50, 36))))
    assert len(found) == sum(len(kind.sides) for kind in KINDS.values())
    assert {one.reason for one in found} == {
        "neither canal nor sac is outlined: the midline is not known"
    }


def test_a_patient_turned_too_far_is_not_measured() -> None:
    found = measure(turned(outlines(), 45.0, (0.0, 0.0)))
    assert {one.value for one in found} == {None}
    assert {one.reason for one in found} == {
        "the outlines have no axis of symmetry near the upright: the midline is not known"
    }


def test_a_value_that_is_no_number_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    formulas = {**FORMULAS, "sac_area_mm2": lambda _: float("nan")}
    monkeypatch.setattr(measure_module, "FORMULAS", formulas)
    (area,) = (one for one in measure(lopsided()) if one.name == "sac_area_mm2")
    assert (area.value, area.reason) == (None, "the outlines allow no value")


coordinates = st.floats(-40.0, 40.0)
lines = st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=8, unique=True)


@settings(max_examples=40)
@given(lines, lines, lines, lines)
def test_no_outline_stops_the_measures(
    disc: list[tuple[float, float]],
    sac: list[tuple[float, float]],
    wall: list[tuple[float, float]],
    facet: list[tuple[float, float]],
) -> None:
    """A network may draw anything: each measure has a value or a reason."""
    drawn = Outlines(
        disc=np.array(disc),
        sac=np.array(sac),
        canal_back=np.array(wall),
        facets={L: np.array(facet)},
        joints={L: np.array(facet)[:2], R: np.array(wall)[:2]},
        roots_in_sac=(Root(sac[0], 1.0),),
    )
    for one in measure(drawn):
        assert (one.value is None) == bool(one.reason)
        assert one.value is None or np.isfinite(one.value)
