"""The one grading path: a study goes in, grades come out.

Command line, server and batch are doors to :func:`predict` and hold no medical logic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from lumbargrade.inference.orientation.rotation import (
    ROUNDS,
    remaining_rotation,
    rotation_warning,
)
from lumbargrade.inference.orientation.sides import (
    findings_without_sides,
    measures_without_sides,
    sides_warnings,
)
from lumbargrade.inference.orientation.turn import Turn, find_turn, turn_reason
from lumbargrade.inference.outline import Drawn, draw_slices, measured
from lumbargrade.inference.probabilities import findings_of
from lumbargrade.study.graded import GradedStudy, SlicePicture
from lumbargrade.study.intake.notes import notes_on
from lumbargrade.study.model import FloatImage, Slice, Study
from lumbargrade.study.patch import extract_patch
from lumbargrade.study.series.select import select_axial
from lumbargrade.study.upright import Upright, upright

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
    rotation_deg: float = 0.0
    doubts: tuple[str, ...] = ()
    """What puts every grade of the slice in doubt and stands with its series."""


@dataclass(frozen=True)
class _Cut:
    """One slice whose region has been cut out.

    ``no_outlines`` says why the model, which draws outlines, drew none ("" = it did, or draws
    none at all).
    """

    candidate: _Candidate
    view: Upright
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
        candidates = _not_turned(engine, candidates, refused, doubts)
    cuts = _cut(engine, candidates, options, refused)
    if not cuts:
        raise StudyError(_nothing_graded(refused, notes_on(study, selection.slices)))
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
            *_study_warnings(options, cuts),
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


def _not_turned(
    engine: Engine, candidates: Sequence[_Candidate], refused: list[NotGraded], doubts: list[str]
) -> list[_Candidate]:
    """Leave out the series that are turned; say in ``doubts`` which ones may be."""
    kept, doubted = {}, {}
    for uid, own in _by_series(candidates).items():
        turn = find_turn(engine, [one.slice.geometry for one in own], [one.pixels for one in own])
        reason = turn_reason(turn)
        if reason and turn.sure and not turn.is_rotation:
            refused += [_not_graded(one.slice, reason) for one in own]
            continue
        if reason and not turn.sure:
            doubts.append(f"series of {own[0].slice.source_file}: {reason}")
            doubted[uid] = (reason,)
        kept[uid] = turn.rotation_deg if turn.sure else 0.0
    return [
        replace(
            one,
            rotation_deg=kept[one.slice.series_instance_uid],
            doubts=doubted.get(one.slice.series_instance_uid, ()),
        )
        for one in candidates
        if one.slice.series_instance_uid in kept
    ]


def _by_series(candidates: Sequence[_Candidate]) -> dict[str, list[_Candidate]]:
    series: dict[str, list[_Candidate]] = {}
    for one in candidates:
        series.setdefault(one.slice.series_instance_uid, []).append(one)
    return series


def _cut(
    engine: Engine,
    candidates: Sequence[_Candidate],
    options: PredictOptions,
    refused: list[NotGraded],
) -> list[_Cut]:
    """Return the regions, cut upright to the patient, with the outlines."""
    for _ in range(ROUNDS if options.box_px is None else 0):
        left_out: list[NotGraded] = []
        cuts = _drawn(engine, _cut_once(engine, candidates, options, left_out))
        beyond = _remaining(cuts)
        if not any(beyond.values()):
            refused += left_out
            return cuts
        candidates = _rotated(candidates, beyond, refused)
    return _drawn(engine, _cut_once(engine, candidates, options, refused))


def _remaining(cuts: Sequence[_Cut]) -> dict[str, float]:
    """Return by how much each series is rotated beyond what was undone."""
    series: dict[str, list[_Cut]] = {}
    for cut in cuts:
        series.setdefault(cut.candidate.slice.series_instance_uid, []).append(cut)
    return {
        uid: remaining_rotation([one.view for one in own], [one.drawn for one in own])
        for uid, own in series.items()
    }


def _rotated(
    candidates: Sequence[_Candidate], beyond: Mapping[str, float], refused: list[NotGraded]
) -> list[_Candidate]:
    """Add the angles; a series that then lies too far from upright was turned."""
    kept = []
    for one in candidates:
        degrees = one.rotation_deg + beyond.get(one.slice.series_instance_uid, 0.0)
        turn = Turn(round(-degrees) % 360, sure=True)
        if turn.is_rotation:
            kept.append(replace(one, rotation_deg=degrees))
        else:
            refused.append(_not_graded(one.slice, turn_reason(turn)))
    return kept


def _cut_once(
    engine: Engine,
    candidates: Sequence[_Candidate],
    options: PredictOptions,
    refused: list[NotGraded],
) -> list[_Cut]:
    if not candidates:
        return []
    geometries = [candidate.slice.geometry for candidate in candidates]
    if options.box_px is None:
        pictures = [item.pixels for item in candidates]
        rotations = [item.rotation_deg for item in candidates]
        located = regions.find_regions(engine, geometries, pictures, rotations)
    else:
        box = options.box_px
        located = tuple(Located(regions.box_center(box, geometry), 1.0) for geometry in geometries)
    cuts = []
    for candidate, place in zip(candidates, located, strict=True):
        try:
            if reason := regions.refusal(place):
                raise StudyError(reason)
            cuts.append(_cut_slice(engine, candidate, place, options))
        except StudyError as error:
            refused.append(_not_graded(candidate.slice, str(error)))
    return cuts


def _cut_slice(
    engine: Engine, candidate: _Candidate, place: Located, options: PredictOptions
) -> _Cut:
    geometry, spec = candidate.slice.geometry, engine.bundle.manifest.patch
    if options.box_px is None:
        source = regions.FROM_LOCATOR
        view = upright(candidate.pixels, geometry, place.center_px, candidate.rotation_deg)
    else:
        # A box has edges along the slice's, and so does what is read.
        source = regions.FROM_BOX
        view = Upright(candidate.pixels, geometry, place.center_px, 0.0, 0.0, geometry)
    patch = extract_patch(view.pixels, view.geometry, view.center_px, spec)
    region, warnings = regions.describe(geometry, place, spec, source, view.angle_deg)
    rotated = rotation_warning(candidate.rotation_deg, view)
    return _Cut(candidate, view, region, (*warnings, *filter(None, [rotated])), patch)


def _drawn(engine: Engine, cuts: Sequence[_Cut]) -> list[_Cut]:
    """Add the outlines, or why there are none; as they are for a model that draws none."""
    if engine.bundle.manifest.outliner is None:
        return list(cuts)
    slices = [(cut.view.pixels, cut.view.geometry, cut.view.center_px) for cut in cuts]
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
    unsided = item.sides_doubt
    return SliceGrades(
        series_instance_uid=item.series_instance_uid,
        sop_instance_uid=item.sop_instance_uid,
        frame_number=item.frame_number,
        source_file=item.source_file,
        level=cut.candidate.level,
        region=cut.region,
        findings=with_doubts(
            findings_without_sides(findings, unsided),
            measures_without_sides(measures, unsided),
            (*cut.candidate.doubts, *shaken),
        ),
        warnings=warnings,
        measures=measures_without_sides(measures, unsided),
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
        sides_known=not item.sides_doubt,
    )


def _study_warnings(options: PredictOptions, cuts: Sequence[_Cut]) -> tuple[str, ...]:
    slices = [cut.candidate.slice for cut in cuts]
    warnings = [*sides_warnings([(one.source_file, one.sides_doubt) for one in slices])]
    if options.box_px is not None and len(cuts) > 1:
        warnings.append(f"the same box was used on all {len(cuts)} slices")
    return tuple(warnings)


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
