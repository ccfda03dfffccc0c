"""The one grading path: a study goes in, grades come out.

Command line, server and batch are doors to :func:`predict` and hold no medical logic.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lumbargrade import __version__
from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import (
    NOTHING_SAID,
    NotGraded,
    Region,
    SliceGrades,
    StudyGrades,
    UserWord,
)
from lumbargrade.grading.geometry_check import disagreement
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.inference import regions
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.grader.inputs import place_maps, with_maps
from lumbargrade.inference.grader.places import (
    DrawnBoxes,
    Given,
    find_places,
    lost_boxes,
    narrowest_mm,
    place_doubts,
)
from lumbargrade.inference.levels import assign_levels
from lumbargrade.inference.orientation_check import find_turn, turn_reason
from lumbargrade.inference.outline import Drawn, draw_slices, measured
from lumbargrade.inference.probabilities import findings_of
from lumbargrade.study.graded import GradedStudy, SlicePicture
from lumbargrade.study.model import FloatImage, Slice, Study
from lumbargrade.study.patch import extract_patch
from lumbargrade.study.series.select import select_axial
from lumbargrade.study.squares import Box

BLANK = "the image is blank: every pixel has the same value; export it again"

DECODERS = 2
"""Threads that decode pixels; compressed slices take longer than the network."""


@dataclass(frozen=True)
class PredictOptions:
    """Options of the user for one study.

    ``box_px``: (x, y, width, height) in pixels around the disc, used on every slice in
    place of the locator; its centre counts, and its size where the bundle was trained on drawn
    boxes (``region_rule``).
    ``word``: what the user says of the study, where its headers do not.
    ``drawn``: in place of the locator, the box that a reader drew on each slice; a slice without
    one is not graded. Not beside ``box_px``.
    """

    box_px: Box | None = None
    word: UserWord = NOTHING_SAID
    drawn: DrawnBoxes | None = None

    @property
    def given(self) -> Given:
        """What stands in place of the locator."""
        return Given(self.box_px, self.drawn)


@dataclass(frozen=True)
class _Candidate:
    """One slice on its way through the steps."""

    slice: Slice
    level: LevelAssignment
    pixels: FloatImage


@dataclass(frozen=True)
class _Cut:
    """One slice whose region has been cut out."""

    candidate: _Candidate
    region: Region
    warnings: tuple[str, ...]
    patch: FloatImage
    drawn: Drawn | None = None


def predict(
    study: Study, engine: Engine | None = None, options: PredictOptions = PredictOptions()
) -> StudyGrades:
    """Grade a study; ``engine`` None is the model in the package.

    Raises StudyError if no slice of the study can be graded; the message says why.
    """
    return grade_study(study, engine, options).grades


def grade_study(
    study: Study, engine: Engine | None = None, options: PredictOptions = PredictOptions()
) -> GradedStudy:
    """As :func:`predict`, with all that an output may show of the study."""
    engine = engine or Engine(load_bundle())
    manifest = engine.bundle.manifest
    narrowest = narrowest_mm(manifest, options.given)
    selection = select_axial(study, manifest.contrasts, narrowest, options.word)
    refused = [*study.not_read, *selection.refused]
    levels = assign_levels(selection.blocks)
    candidates = _decode(selection.slices, levels, refused)
    doubts = lost_boxes(study, options.drawn)
    if options.given.nothing or (options.drawn is not None and manifest.locator is not None):
        candidates = _upright(engine, candidates, refused, doubts)
    cuts = _cut(engine, candidates, options, refused, doubts)
    if not cuts:
        raise StudyError(_nothing_graded(refused))
    if manifest.outliner is not None:
        cuts = _drawn(engine, cuts)
    outputs = engine.grade(_inputs(engine, cuts))
    grades = StudyGrades(
        study_instance_uid=study.study_instance_uid,
        patient_id=study.patient_id,
        model=engine.bundle.identity,
        software_version=__version__,
        slices=tuple(_grade(engine, cut, outputs, index) for index, cut in enumerate(cuts)),
        not_graded=tuple(refused),
        warnings=(*selection.warnings, *doubts, *_study_warnings(options, cuts)),
        user_word=options.word,
    )
    return GradedStudy(
        grades,
        pictures=tuple(_picture(cut, outputs, index) for index, cut in enumerate(cuts)),
        systems=manifest.systems,
        references={
            item.sop_instance_uid: item.reference
            for item in (cut.candidate.slice for cut in cuts)
            if item.reference is not None
        },
    )


def _decode(
    slices: Sequence[Slice], levels: Sequence[LevelAssignment], refused: list[NotGraded]
) -> list[_Candidate]:
    def load(item: Slice) -> FloatImage | StudyError:
        try:
            pixels = item.load_pixels()
        except StudyError as error:
            return error
        # With a box from the user nothing else would notice that there is no picture.
        return pixels if np.ptp(pixels) > 0 else StudyError(BLANK)

    candidates = []
    with ThreadPoolExecutor(DECODERS) as pool:
        for item, level, pixels in zip(slices, levels, pool.map(load, slices), strict=True):
            if isinstance(pixels, StudyError):
                refused.append(_not_graded(item, str(pixels)))
            else:
                candidates.append(_Candidate(item, level, pixels))
    return candidates


def _upright(
    engine: Engine, candidates: Sequence[_Candidate], refused: list[NotGraded], doubts: list[str]
) -> list[_Candidate]:
    """Leave out the series that are turned; say in ``doubts`` which ones may be."""
    series: dict[str, list[_Candidate]] = {}
    for one in candidates:
        series.setdefault(one.slice.series_instance_uid, []).append(one)
    turned = set()
    for uid, own in series.items():
        turn = find_turn(engine, [one.slice.geometry for one in own], [one.pixels for one in own])
        reason = turn_reason(turn)
        if reason and turn.sure:
            turned.add(uid)
            refused += [_not_graded(one.slice, reason) for one in own]
        elif reason:
            doubts.append(f"series of {own[0].slice.source_file}: {reason}")
    return [one for one in candidates if one.slice.series_instance_uid not in turned]


def _cut(
    engine: Engine,
    candidates: Sequence[_Candidate],
    options: PredictOptions,
    refused: list[NotGraded],
    doubts: list[str],
) -> list[_Cut]:
    if not candidates:
        return []
    slices = [candidate.slice for candidate in candidates]
    pictures = [candidate.pixels for candidate in candidates]
    places = find_places(engine, slices, pictures, options.given)
    doubts += place_doubts(engine, slices, pictures, places)
    cuts = []
    for candidate, place in zip(candidates, places, strict=True):
        try:
            if isinstance(place, str):
                raise StudyError(place)
            geometry, located, spec = candidate.slice.geometry, place.located, place.spec
            patch = extract_patch(candidate.pixels, geometry, located.center_px, spec)
            region = regions.describe(geometry, located, spec, place.source)
            cuts.append(_Cut(candidate, *region, patch))
        except StudyError as error:
            refused.append(_not_graded(candidate.slice, str(error)))
    return cuts


def _drawn(engine: Engine, cuts: Sequence[_Cut]) -> list[_Cut]:
    """Add the outlines, or why there are none."""
    slices = [
        (cut.candidate.pixels, cut.candidate.slice.geometry, cut.region.center_px) for cut in cuts
    ]
    return [
        replace(cut, warnings=(*cut.warnings, one))
        if isinstance(one, str)
        else replace(cut, drawn=one)
        for cut, one in zip(cuts, draw_slices(engine, slices), strict=True)
    ]


def _inputs(engine: Engine, cuts: Sequence[_Cut]) -> NDArray[np.float32]:
    """Return what the grader reads (n, c, p, p); the outlines are those that are shown."""
    manifest = engine.bundle.manifest
    patches = np.stack([cut.patch for cut in cuts])
    if not manifest.sees_outlines:
        return patches
    drawn = [None if cut.drawn is None else cut.drawn.masks for cut in cuts]
    return with_maps(patches, place_maps(drawn, manifest.patch))


def _grade(
    engine: Engine, cut: _Cut, outputs: dict[str, NDArray[np.float32]], index: int
) -> SliceGrades:
    manifest, drawn = engine.bundle.manifest, cut.drawn
    findings, doubts = findings_of(
        manifest,
        {name: values[index] for name, values in outputs.items()},
        None if drawn is None else drawn.cut,
    )
    errors = {} if manifest.outliner is None else manifest.outliner.errors
    measures = () if drawn is None else measured(drawn, errors)
    apart = disagreement(findings, measures)
    doubts = doubts if apart is None else (*doubts, str(apart))
    item = cut.candidate.slice
    return SliceGrades(
        series_instance_uid=item.series_instance_uid,
        sop_instance_uid=item.sop_instance_uid,
        frame_number=item.frame_number,
        source_file=item.source_file,
        level=cut.candidate.level,
        region=cut.region,
        findings=findings,
        warnings=(*cut.warnings, *doubts),
        measures=measures,
        cut=None if drawn is None else drawn.cut,
    )


def _picture(cut: _Cut, outputs: dict[str, NDArray[np.float32]], index: int) -> SlicePicture:
    item = cut.candidate.slice
    return SlicePicture(
        sop_instance_uid=item.sop_instance_uid,
        frame_number=item.frame_number,
        geometry=item.geometry,
        pixels=cut.candidate.pixels,
        patch=cut.patch,
        maps={
            name.removesuffix("_map"): values[index]
            for name, values in outputs.items()
            if name.endswith("_map")
        },
        outlines=None if cut.drawn is None else cut.drawn.outlines,
    )


def _study_warnings(options: PredictOptions, cuts: Sequence[_Cut]) -> tuple[str, ...]:
    warnings = []
    if options.box_px is not None and len(cuts) > 1:
        warnings.append(f"the same box was used on all {len(cuts)} slices")
    if any(cut.candidate.level.level is not None for cut in cuts):
        warnings.append(
            "level names are assumed: the most caudal disc with slices is taken as L5/S1"
        )
    elif len(cuts) > 1:
        warnings.append("disc levels are unknown: the axial slices cannot be grouped by disc")
    return tuple(warnings)


def _not_graded(item: Slice, reason: str) -> NotGraded:
    return NotGraded(
        what=item.source_file,
        reason=reason,
        sop_instance_uid=item.sop_instance_uid,
        series_instance_uid=item.series_instance_uid,
    )


def _nothing_graded(refused: Sequence[NotGraded]) -> str:
    first = refused[-1]
    return f"no slice could be graded, for example {first.what}: {first.reason}"
