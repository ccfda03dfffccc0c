"""Files of outlines: read, written, read back; what is refused says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.morphometry.shapes import L, R, outlines
from tests.morphometry.test_record import GOOD

from lumbargrade.errors import OutlineError
from lumbargrade.grading.finding import Plane
from lumbargrade.morphometry.measure import measure
from lumbargrade.morphometry.outlines import Outlines, Root
from lumbargrade.morphometry.tracing import Tracing, read_tracings, write_tracings

one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def file_of(folder: Path, content: Any) -> Path:
    path = folder / "outlines.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def refusal(folder: Path, content: Any) -> str:
    with pytest.raises(OutlineError) as caught:
        read_tracings(file_of(folder, content))
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(str(folder / "outlines.json"))
    return text


def test_a_drawn_slice_comes_back(tmp_path: Path) -> None:
    drawn = Tracing(
        file="axial/P7_L4-L5.png",
        outlines=outlines(hump_mm=3.0, at_mm=4.0),
        centre_px=(160.25, 190.5),
        pixel_spacing_mm=0.6875,
        patient="P7",
        level="L4-L5",
        contrast="t2",
        plane=Plane.DISC,
        quality=2,
        facet_sure=False,
        note="joint poor",
    )
    write_tracings(tmp_path / "out.json", [drawn])
    (found,) = read_tracings(tmp_path / "out.json")
    plain = [
        *("file", "centre_px", "pixel_spacing_mm", "patient", "level", "contrast", "plane"),
        *("quality", "facet_sure", "sac_sure", "note"),
    ]
    assert [getattr(found, name) for name in plain] == [getattr(drawn, name) for name in plain]
    assert found.outlines.traversing_roots == drawn.outlines.traversing_roots
    assert found.outlines.exiting_roots == drawn.outlines.exiting_roots
    assert found.outlines.roots_in_sac == drawn.outlines.roots_in_sac
    for one, other in zip(measure(found.outlines), measure(drawn.outlines), strict=True):
        assert one.value == pytest.approx(other.value, abs=0.02), one.name


def test_what_was_not_said_stays_unsaid(tmp_path: Path) -> None:
    (found,) = read_tracings(file_of(tmp_path, [GOOD]))
    assert found.patient == "P1"  # before the first _ of the file's name
    assert (found.level, found.plane, found.quality) == ("", None, None)
    assert found.outlines.sac is None
    assert found.outlines.roots_in_sac is None
    write_tracings(tmp_path / "again.json", [found])
    (again,) = json.loads((tmp_path / "again.json").read_text(encoding="utf-8"))
    assert {"sac", "roots_in_sac", "plane", "quality", "note"}.isdisjoint(again)


def test_lines_are_put_the_right_way_round(tmp_path: Path) -> None:
    record = {
        **GOOD,
        "canal_back": [[12, 0], [0, 15], [-12, 0]],
        "joint_left": [[20, 14], [12, 6]],
        "joint_right": [[-20, 14], [-12, 6]],
        "disc": [[-20, -5], [20, -5], [0, -30], [-20, -5]],
    }
    found = read_tracings(file_of(tmp_path, [record]))[0].outlines
    assert found.canal_back is not None
    assert found.canal_back[0, 0] == -12
    assert (found.joints[L][0, 0], found.joints[R][0, 0]) == (12, -12)
    assert found.disc is not None
    assert len(found.disc) == 3


def test_every_fault_is_named_with_its_record(tmp_path: Path) -> None:
    text = refusal(tmp_path, [GOOD, {**GOOD, "quality": 7, "dsic": []}, {"file": "b.png"}])
    assert "record 2 (axial/P1_L4-L5.png): 'dsic' is not known" in text
    assert "record 2 (axial/P1_L4-L5.png): 'quality' must be 1, 2 or 3, not 7" in text
    assert "record 3 (b.png): 'centre_px' is missing: add it" in text


def test_swapped_sides_are_refused(tmp_path: Path) -> None:
    swapped = {**GOOD, "joint_left": [[-12, 6], [-20, 14]], "joint_right": [[12, 6], [20, 14]]}
    assert "swap the two" in refusal(tmp_path, [swapped])


def test_many_faults_are_counted(tmp_path: Path) -> None:
    text = refusal(tmp_path, [{**GOOD, "quality": 0}] * 30)
    assert "; and 10 more" in text


def test_what_is_no_list_of_records(tmp_path: Path) -> None:
    contents: tuple[Any, ...] = ({}, [1], "text", None)
    for content in contents:
        assert "outlines are a list of records" in refusal(tmp_path, content)


def test_what_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(OutlineError, match="the outlines cannot be read"):
        read_tracings(tmp_path / "absent.json")
    path = tmp_path / "outlines.json"
    for damaged in (b"[{", b"\xff\xfe", b"[" * 100_000):
        path.write_bytes(damaged)
        with pytest.raises(OutlineError, match="no JSON: write a list of records"):
            read_tracings(path)
    with pytest.raises(OutlineError, match="the outlines cannot be written"):
        write_tracings(tmp_path / "no" / "folder.json", [])


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)
keys = st.sampled_from(
    [
        *("disc", "sac", "joint_left", "root_left", "clusters", "roots_in_sac", "plane"),
        *("file", "centre_px", "pixel_spacing_mm", "patient", "note", "sac_sure", "quality", "odd"),
    ]
)


@one_folder
@given(st.dictionaries(keys, anything, max_size=5))
def test_anything_is_read_or_refused_in_one_line(tmp_path: Path, change: dict[str, Any]) -> None:
    told = ""
    try:
        read_tracings(file_of(tmp_path, [{**GOOD, **change}]))
    except OutlineError as error:
        told = str(error)
    assert len(told.splitlines()) <= 1


numbers = st.floats(-140.0, 140.0).map(lambda value: round(value, 3))
points = st.lists(st.tuples(numbers, numbers), min_size=3, max_size=9, unique=True)
dots = st.builds(
    Root, st.tuples(numbers, numbers), st.floats(0.5, 15.0).map(lambda value: round(value, 3))
)


@one_folder
@given(points, points, st.lists(dots, max_size=4), st.none() | st.lists(points, max_size=2))
def test_any_outlines_come_back(
    tmp_path: Path,
    disc: list[tuple[float, float]],
    facet: list[tuple[float, float]],
    inner: list[Root],
    groups: list[list[tuple[float, float]]] | None,
) -> None:
    drawn = Outlines(
        disc=np.array(disc),
        facets={L: np.array(facet)},
        roots_in_sac=tuple(inner),
        clusters=None if groups is None else tuple(np.array(one) for one in groups),
    )
    write_tracings(tmp_path / "any.json", [Tracing("a_b.png", drawn, (1.0, 2.0), 0.5, "a")])
    found = read_tracings(tmp_path / "any.json")[0].outlines
    assert found.disc is not None
    np.testing.assert_array_equal(found.disc, drawn.disc)
    np.testing.assert_array_equal(found.facets[L], drawn.facets[L])
    assert found.roots_in_sac == drawn.roots_in_sac
    assert (found.clusters is None) == (groups is None)


def test_the_tracings_of_real_slices(real_data: Path, tmp_path: Path) -> None:
    path = real_data / "tracings/tracings.json"
    if not path.is_file():
        pytest.skip("no tracings of real slices")
    tracings = read_tracings(path)
    assert len(tracings) >= 113
    write_tracings(tmp_path / "again.json", tracings)
    again = read_tracings(tmp_path / "again.json")
    assert [one.patient for one in again] == [one.patient for one in tracings]
    lacking = sum(one.value is None for one in measure(again[0].outlines))
    assert lacking < 15
