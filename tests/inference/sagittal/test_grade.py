"""Discs of the sagittal series among the grades of a study."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.inference.discs.test_entry import entry, several
from tests.inference.sagittal.spines import disc_at

from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.inference.discs.entry import disc_grader_entry
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.sagittal.discs import SpineDiscs
from lumbargrade.inference.sagittal.grade import disc_grades
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import SagittalPicture

GEOMETRY = SliceGeometry((0, -100, 120), (0, 1, 0), (0, 0, -1), (1, 1), 220, 200)
PICTURE = SagittalPicture(
    "1.2", "1.2.3", 1, "sag.dcm", GEOMETRY, np.full((220, 200), 9.0, np.float32), "1.9"
)
SPINE = SpineDiscs(
    (disc_at((0, 0, 0)), disc_at((0, 2, 35), count=1)),
    "1.9",
    "series 2",
    picture=PICTURE,
    contrast="t2",
)
LEVELS = (LevelAssignment(Level.L5_S1, LevelSource.SAGITTAL), LevelAssignment())
LOGITS = np.log([[0.1, 0.6, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.3, 0.4]]).astype(np.float32)


@dataclass
class FixedGrader:
    """Stands for the engine: grades every two discs alike."""

    entry: Any = field(default_factory=lambda: disc_grader_entry(entry()))
    logits: NDArray[np.float32] | None = field(default_factory=lambda: LOGITS)
    seen: list[NDArray[np.float32]] = field(default_factory=list)

    @property
    def bundle(self) -> Any:
        return SimpleNamespace(manifest=SimpleNamespace(disc_grader=self.entry))

    def grade_discs(self, squares: NDArray[np.float32]) -> NDArray[np.float32] | None:
        self.seen.append(squares)
        return self.logits


def engine(**changes: Any) -> Engine:
    return cast("Engine", FixedGrader(**changes))


def test_each_disc_has_its_level_and_its_corners() -> None:
    first, second = disc_grades(engine(), SPINE, LEVELS)
    assert (first.level, second.level) == LEVELS
    assert first.identity == second.identity == PICTURE.identity
    assert np.array(second.corners_mm) == pytest.approx(SPINE.discs[1].corners_mm)
    assert second.confidence == 1.0


def test_each_disc_has_its_grade() -> None:
    grader = FixedGrader()
    found = disc_grades(cast("Engine", grader), SPINE, LEVELS)
    (first,), (second,) = (one.findings for one in found)
    assert (first.system, first.side, first.grade, second.grade) == ("PFIRRMANN", None, 1, 4)
    assert second.probabilities == pytest.approx((0.1, 0.1, 0.1, 0.3, 0.4))
    assert first.doubts == second.doubts == ()
    assert [len(one) for one in grader.seen] == [2]


def test_temperature_and_weights_are_the_bundles() -> None:
    changed = disc_grader_entry(entry(temperature=2.0, decision_weights=[1, 1, 1, 5, 1]))
    found = disc_grades(engine(entry=changed), SPINE, LEVELS)
    (second,) = found[1].findings
    assert second.grade == 3
    assert second.probabilities[4] / second.probabilities[0] == pytest.approx(2.0)


def test_a_disc_has_a_grade_of_each_system() -> None:
    logits = np.hstack([LOGITS, np.log([[0.8, 0.2], [0.3, 0.7]]).astype(np.float32)])
    given = {"entry": disc_grader_entry(several("PFIRRMANN", "SLIP")), "logits": logits}
    found = disc_grades(engine(**given), SPINE, LEVELS)
    assert [[(one.system, one.grade) for one in disc.findings] for disc in found] == [
        [("PFIRRMANN", 1), ("SLIP", 0)],
        [("PFIRRMANN", 4), ("SLIP", 1)],
    ]
    assert found[1].findings[1].probabilities == pytest.approx((0.3, 0.7))
    unread = disc_grades(engine(**given), replace(SPINE, contrast="t1"), LEVELS)
    assert [one.system for one in unread[0].findings] == ["PFIRRMANN", "SLIP"]


@pytest.mark.parametrize(("contrast", "said"), [("t1", "T1"), ("fat-suppressed", "fat-suppressed")])
def test_other_contrasts_are_not_graded(contrast: str, said: str) -> None:
    grader = FixedGrader()
    found = disc_grades(cast("Engine", grader), replace(SPINE, contrast=contrast), LEVELS)
    for one in found:
        (finding,) = one.findings
        assert (finding.grade, finding.probabilities) == (None, ())
        assert finding.reason == (
            "graded on T2-weighted sagittal series only, and the contrast of series 2 is "
            f"{said}: add a sagittal T2 series to the study"
        )
    assert grader.seen == []


def test_what_shakes_a_grade_is_its_doubt() -> None:
    edge = disc_at((0, -90, 0))
    unsure = replace(disc_at((0, 2, 35)), confidence=0.3)
    found = disc_grades(engine(), replace(SPINE, discs=(edge, unsure)), LEVELS)
    (first,), (second,) = (one.findings for one in found)
    assert "of the disc's surroundings lie outside the sagittal slice" in first.doubts[0]
    assert second.doubts == ("the disc finder is not sure of this disc (0.30)",)


@pytest.mark.parametrize("changes", [{"entry": None}, {"logits": None}])
def test_a_bundle_that_grades_no_discs_shows_them_without(changes: dict[str, Any]) -> None:
    found = disc_grades(engine(**changes), SPINE, LEVELS)
    assert [one.findings for one in found] == [(), ()]


def test_without_a_picture_there_are_none() -> None:
    assert disc_grades(engine(), replace(SPINE, picture=None), LEVELS) == ()
