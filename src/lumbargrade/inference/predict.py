"""The one grading path: a study goes in, grades come out.

Command line, server and batch are doors to :func:`predict` and hold no medical logic.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from lumbargrade import __version__
from lumbargrade.errors import StudyError
from lumbargrade.grading.doubts import with_doubts
from lumbargrade.grading.finding import (
    NOTHING_SAID,
    NotGraded,
    Region,
    SliceGrades,
    StudyGrades,
    UserWord,
)
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.grading.series_review import series_review
from lumbargrade.inference import regions
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.grader.inputs import place_maps, with_maps
from lumbargrade.inference.levels import name_levels
from lumbargrade.inference.locate import Located
from lumbargrade.inference.orientation_check import find_turn, turn_reason
from lumbargrade.inference.outline import Drawn, draw_slices, measured
from lumbargrade.inference.probabilities import findings_of
from lumbargrade.study.graded import GradedStudy, SlicePicture
from lumbargrade.study.intake.notes import notes_on
from lumbargrade.study.model import FloatImage, Slice, Study
from lumbargrade.study.patch import extract_patch
from lumbargrade.study.series.select import select_axial

BLANK = "the image is blank: every pixel has the same value; export it again"

DECODERS = 2
"""Threads that decode pixels; compressed slices take longer than the network."""


@dataclass(frozen=True)
class PredictOptions:
    """Options of the user for one study.

    ``box_px``: (x, y, width, height) in pixels around the disc, used on every slice in
    place of the locator; its centre counts, the size of the region is the bundle's.
    ``word``: what the user says of the study, where its headers do not.
    """

    box_px: regions.Box | None = None
    word: UserWord = NOTHING_SAID


@dataclass(frozen=True)
class _Candidate:
    """One slice on its way through the steps."""

    slice: Slice
    level: LevelAssignment
    pixels: FloatImage
    doubts: tuple[str, ...] = ()
    """What puts every grade of the slice in doubt and stands with its series."""


@dataclass(frozen=True)
class _Cut:
    """One slice whose region has been cut out.

    ``no_outlines`` says why the model, which draws outlines, drew none ("" = it did, or draws
    none at all).
    """

    candidate: _Candidate
    region: Region
    warnings: tuple[str, ...]
    patch: FloatImage
    drawn: Drawn | None = None
    no_outlines: str = ""


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
    selection = select_axial(study, manifest.contrasts, manifest.patch.size_mm, options.word)
    refused = [*study.not_read, *selection.refused]
    levels = name_levels(selection.slices, selection.blocks, options.word.lowest_level)
    candidates = _decode(selection.slices, levels.assignments, refused)
    doubts: list[str] = []
    if options.box_px is None:
        candidates = _upright(engine, candidates, refused, doubts)
    cuts = _cut(engine, candidates, options, refused)
    if not cuts:
        raise StudyError(_nothing_graded(refused, notes_on(study, selection.slices)))
    if manifest.outliner is not None:
        cuts = _drawn(engine, cuts)
    outputs = engine.grade(_inputs(engine, cuts))
    notes = notes_on(study, [cut.candidate.slice for cut in cuts])
    slices = tuple(_grade(engine, cut, outputs, index) for index, cut in enumerate(cuts))
    grades = StudyGrades(
        study_instance_uid=study.study_instance_uid,
        patient_id=study.patient_id,
        model=engine.bundle.identity,
        software_version=__version__,
        slices=slices,
        # Sorted, so that the order in which files were given changes nothing.
        not_graded=tuple(sorted(refused, key=attrgetter("what", "sop_instance_uid", "reason"))),
        warnings=(
            *notes,
            *selection.warnings,
            *doubts,
            *_box_warnings(options, cuts),
            *levels.warnings,
            *series_review(slices, manifest.systems),
        ),
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
    doubted: dict[str, tuple[str, ...]] = {}
    for uid, own in series.items():
        turn = find_turn(engine, [one.slice.geometry for one in own], [one.pixels for one in own])
        reason = turn_reason(turn)
        if reason and turn.sure:
            turned.add(uid)
            refused += [_not_graded(one.slice, reason) for one in own]
        elif reason:
            doubts.append(f"series of {own[0].slice.source_file}: {reason}")
            doubted[uid] = (reason,)
    return [
        replace(one, doubts=doubted.get(one.slice.series_instance_uid, ()))
        for one in candidates
        if one.slice.series_instance_uid not in turned
    ]


def _cut(
    engine: Engine,
    candidates: Sequence[_Candidate],
    options: PredictOptions,
    refused: list[NotGraded],
) -> list[_Cut]:
    if not candidates:
        return []
    geometries = [candidate.slice.geometry for candidate in candidates]
    source = regions.FROM_LOCATOR if options.box_px is None else regions.FROM_BOX
    if options.box_px is None:
        located = regions.find_regions(engine, geometries, [item.pixels for item in candidates])
    else:
        box = options.box_px
        located = tuple(Located(regions.box_center(box, geometry), 1.0) for geometry in geometries)
    spec = engine.bundle.manifest.patch
    cuts = []
    for candidate, place in zip(candidates, located, strict=True):
        reason = regions.refusal(place)
        try:
            if reason:
                raise StudyError(reason)
            geometry = candidate.slice.geometry
            patch = extract_patch(candidate.pixels, geometry, place.center_px, spec)
            cuts.append(_Cut(candidate, *regions.describe(geometry, place, spec, source), patch))
        except StudyError as error:
            refused.append(_not_graded(candidate.slice, str(error)))
    return cuts


def _drawn(engine: Engine, cuts: Sequence[_Cut]) -> list[_Cut]:
    """Add the outlines, or why there are none."""
    slices = [
        (cut.candidate.pixels, cut.candidate.slice.geometry, cut.region.center_px) for cut in cuts
    ]
    return [
        replace(cut, no_outlines=one) if isinstance(one, str) else replace(cut, drawn=one)
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
    findings = findings_of(
        manifest,
        {name: values[index] for name, values in outputs.items()},
        None if drawn is None else drawn.cut,
    )
    errors = {} if manifest.outliner is None else manifest.outliner.errors
    measures = () if drawn is None else measured(drawn, errors)
    warnings = (*cut.warnings, *filter(None, [cut.no_outlines]))
    # Outlines that only the measures miss leave the grades as they are.
    shaken = warnings if manifest.sees_outlines else cut.warnings
    item = cut.candidate.slice
    return SliceGrades(
        series_instance_uid=item.series_instance_uid,
        sop_instance_uid=item.sop_instance_uid,
        frame_number=item.frame_number,
        source_file=item.source_file,
        level=cut.candidate.level,
        region=cut.region,
        findings=with_doubts(findings, measures, (*cut.candidate.doubts, *shaken)),
        warnings=warnings,
        measures=measures,
        cut=None if drawn is None else drawn.cut,
    )


def _picture(cut: _Cut, outputs: dict[str, NDArray[np.float32]], index: int) -> SlicePicture:
    item = cut.candidate.slice
    return SlicePicture(
        series_instance_uid=item.series_instance_uid,
        sop_instance_uid=item.sop_instance_uid,
        frame_number=item.frame_number,
        source_file=item.source_file,
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


def _box_warnings(options: PredictOptions, cuts: Sequence[_Cut]) -> tuple[str, ...]:
    if options.box_px is None or len(cuts) < 2:
        return ()
    return (f"the same box was used on all {len(cuts)} slices",)


def _not_graded(item: Slice, reason: str) -> NotGraded:
    return NotGraded(
        what=item.label,
        reason=reason,
        sop_instance_uid=item.sop_instance_uid,
        series_instance_uid=item.series_instance_uid,
    )


def _nothing_graded(refused: Sequence[NotGraded], notes: Sequence[str]) -> str:
    first = refused[-1]
    told = "; ".join((f"{first.what}: {first.reason}", *notes))
    return f"no slice could be graded, for example {told}"
