"""The region of each slice, cut upright to the patient, with the outlines in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import NotGraded, Region
from lumbargrade.inference import regions
from lumbargrade.inference.cutting.candidates import Candidate, not_graded
from lumbargrade.inference.cutting.places import Given, Place, find_places, place_doubts
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.orientation.rotation import (
    ROUNDS,
    remaining_rotation,
    rotation_warning,
)
from lumbargrade.inference.orientation.turn import Turn, turn_reason
from lumbargrade.inference.outline import Drawn, draw_slices
from lumbargrade.study.model import FloatImage
from lumbargrade.study.patch import extract_patch
from lumbargrade.study.upright import Upright, upright


@dataclass(frozen=True)
class Cut:
    """One slice whose region has been cut out.

    Attributes
    ----------
    view : the slice as it was cut, upright.
    patch : (n, n), canonical and normalised: what the grader reads.
    drawn : the outlines; None where the model draws none, or could draw none.
    no_outlines : why the model, which draws outlines, drew none; empty: it did, or never does.
    """

    candidate: Candidate
    view: Upright
    region: Region
    warnings: tuple[str, ...]
    patch: FloatImage
    drawn: Drawn | None = None
    no_outlines: str = ""


def cut_regions(
    engine: Engine,
    candidates: Sequence[Candidate],
    given: Given,
    refused: list[NotGraded],
    doubts: list[str],
) -> list[Cut]:
    """Cut the regions upright to the patient, and draw the outlines.

    What cannot be cut is added to ``refused``, what a reader must know of the places to
    ``doubts``. Raises StudyError if the one box of the user does not fit a slice.
    """
    for _ in range(ROUNDS if given.nothing else 0):
        left_out: list[NotGraded] = []
        said: list[str] = []
        cuts = _drawn(engine, _cut_once(engine, candidates, given, left_out, said))
        beyond = _remaining(cuts)
        if not any(beyond.values()):
            refused += left_out
            doubts += said
            return cuts
        candidates = _rotated(candidates, beyond, refused)
    return _drawn(engine, _cut_once(engine, candidates, given, refused, doubts))


def _remaining(cuts: Sequence[Cut]) -> dict[str, float]:
    """Return by how much each series is rotated beyond what was undone."""
    series: dict[str, list[Cut]] = {}
    for cut in cuts:
        series.setdefault(cut.candidate.slice.series_instance_uid, []).append(cut)
    return {
        uid: remaining_rotation([one.view for one in own], [one.drawn for one in own])
        for uid, own in series.items()
    }


def _rotated(
    candidates: Sequence[Candidate], beyond: Mapping[str, float], refused: list[NotGraded]
) -> list[Candidate]:
    """Add the angles; a series that then lies too far from upright was turned."""
    kept = []
    for one in candidates:
        degrees = one.rotation_deg + beyond.get(one.slice.series_instance_uid, 0.0)
        turn = Turn(round(-degrees) % 360, sure=True)
        if turn.is_rotation:
            kept.append(replace(one, rotation_deg=degrees))
        else:
            refused.append(not_graded(one.slice, turn_reason(turn)))
    return kept


def _cut_once(
    engine: Engine,
    candidates: Sequence[Candidate],
    given: Given,
    refused: list[NotGraded],
    doubts: list[str],
) -> list[Cut]:
    if not candidates:
        return []
    places = find_places(engine, candidates, given)
    doubts += place_doubts(engine, candidates, places)
    cuts = []
    for candidate, place in zip(candidates, places, strict=True):
        try:
            if isinstance(place, str):
                raise StudyError(place)
            cuts.append(_cut(candidate, place))
        except StudyError as error:
            refused.append(not_graded(candidate.slice, str(error)))
    return cuts


def _cut(candidate: Candidate, place: Place) -> Cut:
    geometry, located = candidate.slice.geometry, place.located
    rotated = ""
    if place.source == regions.FROM_LOCATOR:
        view = upright(candidate.pixels, geometry, located.center_px, candidate.rotation_deg)
        rotated = rotation_warning(candidate.rotation_deg, view)
    else:
        # A box has edges along the slice's, and so does what is read.
        view = Upright(candidate.pixels, geometry, located.center_px, 0.0, 0.0, geometry)
    patch = extract_patch(view.pixels, view.geometry, view.center_px, place.spec)
    region, warnings = regions.describe(geometry, located, place.spec, place.source, view.angle_deg)
    return Cut(candidate, view, region, (*warnings, *filter(None, [rotated])), patch)


def _drawn(engine: Engine, cuts: Sequence[Cut]) -> list[Cut]:
    """Add the outlines, or why there are none; as they are for a model that draws none."""
    if engine.bundle.manifest.outliner is None:
        return list(cuts)
    slices = [(cut.view.pixels, cut.view.geometry, cut.view.center_px) for cut in cuts]
    return [
        replace(cut, no_outlines=one) if isinstance(one, str) else replace(cut, drawn=one)
        for cut, one in zip(cuts, draw_slices(engine, slices), strict=True)
    ]
