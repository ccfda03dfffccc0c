from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from lumbargrade.grading.finding import Cut, Plane, Side
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.bundle_json import Manifest
from lumbargrade.inference.probabilities import NO_DISC, choose_grade, findings_of
from lumbargrade.statistics.calibration import softmax


def _manifest(tiny: ModuleType, folder: Path, **changes: object) -> Manifest:
    return load_bundle(tiny.write_bundle(folder / "b", **changes)).manifest


def _logits(tiny: ModuleType, disc: float) -> dict[str, np.ndarray]:
    logits = {name: np.array(values, np.float32) for name, values in tiny.LOGITS.items()}
    return {**logits, "disc": np.array([0, disc], np.float32)}


def test_each_output_has_a_finding_and_sides_an_image(tiny: ModuleType, tmp_path: Path) -> None:
    findings = findings_of(_manifest(tiny, tmp_path), _logits(tiny, 5))
    assert [(f.system, f.side, f.grade) for f in findings] == [
        ("LDH", None, 2),
        ("LCCS", None, 0),
        ("LNRC", Side.LEFT, 1),
        ("LNRC", Side.RIGHT, 3),
        ("LNRC", None, 3),
    ]
    left, right, image = findings[2:]
    for grade in range(4):
        both = sum(left.probabilities[: grade + 1]) * sum(right.probabilities[: grade + 1])
        assert sum(image.probabilities[: grade + 1]) == pytest.approx(both)
    assert [f.doubts for f in findings] == [()] * 5


def test_the_temperature_of_the_bundle_is_used(tiny: ModuleType, tmp_path: Path) -> None:
    manifest = _manifest(tiny, tmp_path, temperatures={"LDH": 3.0})
    found = findings_of(manifest, _logits(tiny, 5))[0]
    assert found.probabilities == pytest.approx(softmax(np.array(tiny.LOGITS["LDH"]), 3.0))


def test_without_a_disc_only_systems_that_need_none_are_graded(
    tiny: ModuleType, tmp_path: Path
) -> None:
    findings = findings_of(_manifest(tiny, tmp_path), _logits(tiny, -5))
    grades = {(f.system, f.side): (f.grade, f.reason) for f in findings}
    assert grades.pop(("LCCS", None)) == (0, "")
    assert set(grades.values()) == {(None, NO_DISC)}
    # A grade that is withheld shows nothing that could be read as one.
    assert {f.system for f in findings if f.probabilities} == {"LCCS"}


def test_a_disc_in_doubt_is_told_where_a_disc_is_needed(tiny: ModuleType, tmp_path: Path) -> None:
    findings = findings_of(_manifest(tiny, tmp_path), _logits(tiny, 0.2))
    said = "the disc is in doubt: uncertain (probability of a disc in the plane 0.55)"
    assert {f.system: f.doubts for f in findings} == {"LDH": (said,), "LCCS": (), "LNRC": (said,)}


def test_a_grade_withheld_in_doubt_says_so(tiny: ModuleType, tmp_path: Path) -> None:
    withheld = findings_of(_manifest(tiny, tmp_path), _logits(tiny, -0.2))[0]
    assert (withheld.grade, withheld.probabilities, withheld.doubts) == (None, (), ())
    assert withheld.reason == (
        f"{NO_DISC}, but that is uncertain (probability of a disc in the plane 0.45)"
    )


def test_a_set_that_needs_review_is_a_doubt_of_its_own_grade(
    tiny: ModuleType, tmp_path: Path
) -> None:
    sides = {"LNRC_left": [0.0, 0.0, 0.75, 0.0], "LNRC_right": [0.0] * 4}
    findings = findings_of(_with_sets(tiny, tmp_path, **sides), _logits(tiny, 5))
    assert [f.doubts for f in findings[2:]] == [
        ("1 or 2: contact and deviation cannot be told apart",),
        (),
        (),
    ]


def test_a_model_that_grades_the_image_only(tiny: ModuleType, tmp_path: Path) -> None:
    outputs = [{"name": "LNRC", "system": "LNRC", "side": None, "grades": 4}]
    manifest = _manifest(tiny, tmp_path, outputs=outputs, disc_output=None)
    findings = findings_of(manifest, {"LNRC": np.array([0, 0, 9, 0], np.float32)})
    assert [(f.system, f.side, f.grade) for f in findings] == [("LNRC", None, 2)]


def test_a_rare_grade_can_outweigh_a_likelier_one() -> None:
    chances = (0.46, 0.10, 0.44, 0.0)
    assert choose_grade(chances, (1.0, 1.0, 1.0, 1.0)) == 0
    assert choose_grade(chances, (1.0, 1.2, 1.9, 2.5)) == 2


def _with_sets(tiny: ModuleType, folder: Path, **thresholds: list[float]) -> Manifest:
    entry = {"coverage": 0.9, "thresholds": thresholds}
    return _manifest(tiny, folder, conformal=entry)


def test_a_bundle_without_thresholds_shows_no_sets(tiny: ModuleType, tmp_path: Path) -> None:
    findings = findings_of(_manifest(tiny, tmp_path), _logits(tiny, 5))
    assert {(f.grade_set, f.ask_reader) for f in findings} == {((), False)}


def test_a_set_grows_with_its_threshold_and_holds_the_grade(
    tiny: ModuleType, tmp_path: Path
) -> None:
    """LDH has probabilities .04, .11, .81, .04: grade 1 is next at .81, then 3 at .92."""
    cases = {0.0: (2,), 0.85: (1, 2), 0.93: (1, 2, 3), 1.0: (0, 1, 2, 3)}
    for number, (threshold, expected) in enumerate(cases.items()):
        manifest = _with_sets(tiny, tmp_path / str(number), LDH=[threshold] * 4)
        found = findings_of(manifest, _logits(tiny, 5))[0]
        assert (found.grade, found.grade_set) == (2, expected)
        assert found.ask_reader == (1 in expected)


def test_the_set_of_an_image_is_made_of_its_sides(tiny: ModuleType, tmp_path: Path) -> None:
    """Left gives 1 or 2, right gives 3: the worse side is 3."""
    sides = {"LNRC_left": [0.0, 0.0, 0.75, 0.0], "LNRC_right": [0.0] * 4}
    findings = findings_of(_with_sets(tiny, tmp_path / "a", **sides), _logits(tiny, 5))
    assert [f.grade_set for f in findings[2:]] == [(1, 2), (3,), (3,)]
    assert [f.ask_reader for f in findings[2:]] == [True, False, False]
    half = {"LNRC_left": sides["LNRC_left"]}
    findings = findings_of(_with_sets(tiny, tmp_path / "b", **half), _logits(tiny, 5))
    assert [f.grade_set for f in findings[2:]] == [(1, 2), (), ()]


def test_without_a_grade_there_is_no_set(tiny: ModuleType, tmp_path: Path) -> None:
    manifest = _with_sets(tiny, tmp_path, LDH=[1.0] * 4)
    assert findings_of(manifest, _logits(tiny, -5))[0].grade_set == ()


def test_the_set_starts_at_the_weighed_grade(tiny: ModuleType, tmp_path: Path) -> None:
    manifest = _manifest(
        tiny,
        tmp_path,
        decision_weights={"LCCS": [1.0, 1.0, 1.0, 9.0]},
        conformal={"coverage": 0.9, "thresholds": {"LCCS": [0.0] * 4}},
    )
    found = next(f for f in findings_of(manifest, _logits(tiny, 5)) if f.system == "LCCS")
    assert (found.grade, found.grade_set) == (3, (3,))


SURE = {
    Plane.DISC: Cut(Plane.DISC, (0.9, 0.1, 0.0)),
    Plane.ENDPLATE: Cut(Plane.ENDPLATE, (0.1, 0.8, 0.1)),
    Plane.BODY: Cut(Plane.BODY, (0.0, 0.1, 0.9)),
}


@pytest.mark.parametrize(
    ("plane", "disc", "graded", "said"),
    [
        (Plane.DISC, 5, True, ""),
        (Plane.DISC, -5, True, "the outlines show a disc (probability 0.90), the disc output sees"),
        (Plane.ENDPLATE, 5, True, "the slice cuts through the end-plate (probability 0.80)"),
        (Plane.ENDPLATE, -5, True, "the slice cuts through the end-plate (probability 0.80)"),
        (Plane.BODY, 5, True, "the slice cuts through bone (probability 0.90)"),
        (Plane.BODY, -5, False, ""),
    ],
)
def test_only_a_slice_far_from_a_disc_has_no_grade(
    tiny: ModuleType, tmp_path: Path, plane: Plane, disc: float, graded: bool, said: str
) -> None:
    findings = findings_of(_manifest(tiny, tmp_path), _logits(tiny, disc), SURE[plane])
    assert (findings[0].grade is not None) == graded
    for found in findings:
        needs = found.system != "LCCS"
        expected = (f"the disc is in doubt: {said}",) if said and needs else ()
        assert [one.startswith(two) for one, two in zip(found.doubts, expected, strict=True)] == [
            True
        ] * len(expected)
