"""The discs of a study as its grades speak of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.finding import DiscGrades, Finding, PointMm
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.inference.discs.entry import DiscGraderEntry, DiscGraderSystem
from lumbargrade.inference.discs.square import disc_squares
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.probabilities import choose_grade
from lumbargrade.inference.sagittal.discs import SpineDisc, SpineDiscs, Vector
from lumbargrade.statistics.calibration import softmax
from lumbargrade.study.graded import SagittalPicture

MOST_OUTSIDE = 0.15
"""Share of a disc's square outside of the slice from which its grade is in doubt [design]: as
much as a square of an axial slice may lie outside."""
SURE_DISC = 0.5
"""Confidence of the disc finder below which a grade is in doubt [design]."""


def disc_grades(
    engine: Engine, spine: SpineDiscs, levels: Sequence[LevelAssignment]
) -> tuple[DiscGrades, ...]:
    """Return the discs of the sagittal series, caudal to cranial, each with its level and, where
    the bundle gives them and the series is of a contrast for them, its grades.
    """
    if spine.picture is None:
        return ()
    found = _findings(engine, spine, spine.picture)
    parts = zip(spine.discs, levels, found, strict=True)
    return tuple(_grades(spine.picture, *part) for part in parts)


def _findings(
    engine: Engine, spine: SpineDiscs, picture: SagittalPicture
) -> list[tuple[Finding, ...]]:
    entry = engine.bundle.manifest.disc_grader
    if entry is None:
        return [()] * len(spine.discs)
    if spine.contrast not in entry.contrasts:
        why = _refusal(entry, spine)
        nothing = (Finding(one.system.code, None, None, reason=why) for one in entry.graded)
        return [tuple(nothing)] * len(spine.discs)
    corners = np.array([disc.corners_mm for disc in spine.discs])
    squares = disc_squares(picture.pixels, picture.geometry, corners)
    logits = engine.grade_discs(squares.pictures)
    if logits is None:
        return [()] * len(spine.discs)
    apart = entry.apart(logits)
    doubts = [_doubts(*one) for one in zip(spine.discs, squares.outside, strict=True)]
    return [
        tuple(
            _finding(one, values[row], why) for one, values in zip(entry.graded, apart, strict=True)
        )
        for row, why in enumerate(doubts)
    ]


def _refusal(entry: DiscGraderEntry, spine: SpineDiscs) -> str:
    wanted = " or ".join(one.upper() for one in entry.contrasts)
    contrast = spine.contrast.upper() if len(spine.contrast) == 2 else spine.contrast
    return (
        f"graded on {wanted}-weighted sagittal series only, and the contrast of {spine.series} is "
        f"{contrast or 'unknown'}: add a sagittal {wanted} series to the study"
    )


def _finding(
    one: DiscGraderSystem, logits: NDArray[np.float32], doubts: tuple[str, ...]
) -> Finding:
    chances = tuple(map(float, softmax(logits, one.temperature)))
    grade = choose_grade(chances, one.decision_weights)
    return Finding(one.system.code, None, grade, chances, doubts=doubts)


def _doubts(disc: SpineDisc, outside: float) -> tuple[str, ...]:
    doubts = []
    if outside > MOST_OUTSIDE:
        doubts.append(f"{outside:.0%} of the disc's surroundings lie outside the sagittal slice")
    if disc.confidence < SURE_DISC:
        doubts.append(f"the disc finder is not sure of this disc ({disc.confidence:.2f})")
    return tuple(doubts)


def _grades(
    picture: SagittalPicture,
    disc: SpineDisc,
    level: LevelAssignment,
    findings: tuple[Finding, ...],
) -> DiscGrades:
    first, second, third, fourth = (_point(corner) for corner in disc.corners_mm)
    return DiscGrades(
        series_instance_uid=picture.series_instance_uid,
        sop_instance_uid=picture.sop_instance_uid,
        frame_number=picture.frame_number,
        source_file=picture.source_file,
        level=level,
        corners_mm=(first, second, third, fourth),
        confidence=disc.confidence,
        findings=findings,
    )


def _point(corner: Vector) -> PointMm:
    x, y, z = map(float, corner)
    return x, y, z
