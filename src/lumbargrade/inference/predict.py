"""The one grading path: a study goes in, grades come out.

Command line, server and batch are doors to :func:`predict` and hold no medical logic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from lumbargrade import __version__
from lumbargrade.errors import StudyError
from lumbargrade.grading.doubts import with_doubts
from lumbargrade.grading.finding import (
    NOTHING_SAID,
    NotGraded,
    SliceGrades,
    StudyGrades,
    UserWord,
)
from lumbargrade.grading.series_review import series_review
from lumbargrade.grading.system import GradingSystem
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.bundle_json import Manifest
from lumbargrade.inference.cutting.chosen import choose_slices
from lumbargrade.inference.cutting.cuts import Cut, cut_regions
from lumbargrade.inference.cutting.places import DrawnBoxes, Given, lost_boxes, narrowest_mm
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.grader.inputs import place_maps, with_maps
from lumbargrade.inference.levels.agreement import moved
from lumbargrade.inference.levels.stack import NamedLevels
from lumbargrade.inference.orientation.sides import (
    findings_without_sides,
    measures_without_sides,
    sides_warnings,
)
from lumbargrade.inference.outline import measured
from lumbargrade.inference.probabilities import findings_of
from lumbargrade.inference.sagittal.discs import SpineDiscs
from lumbargrade.inference.sagittal.find import find_spine
from lumbargrade.inference.sagittal.grade import disc_grades
from lumbargrade.study.graded import GradedStudy, SlicePicture
from lumbargrade.study.intake.notes import notes_on
from lumbargrade.study.model import Slice, Study
from lumbargrade.study.series.select import select_axial
from lumbargrade.study.squares import Box


@dataclass(frozen=True)
class PredictOptions:
    """Options of the user for one study.

    Attributes
    ----------
    box_px : (x, y, width, height) in pixels around the disc, used on every slice in place of the
        locator. Its centre counts, and its size where the bundle was trained on drawn boxes
        (``region_rule``).
    word : what the user says of the study, where its headers do not.
    drawn : in place of the locator, the box that a reader drew on each slice; a slice without one
        is not graded. Not beside ``box_px``.
    """

    box_px: Box | None = None
    word: UserWord = NOTHING_SAID
    drawn: DrawnBoxes | None = None

    @property
    def given(self) -> Given:
        """What stands in place of the locator."""
        return Given(self.box_px, self.drawn)


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
    given = options.given
    select = partial(
        select_axial,
        contrasts=manifest.contrasts,
        narrowest_mm=narrowest_mm(manifest, given),
        word=options.word,
    )
    drawn = options.drawn is not None and manifest.locator is not None
    spine = find_spine(engine, study)
    lowest, check_turns = options.word.lowest_level, given.nothing or drawn
    chosen = choose_slices(engine, study, select, lowest, check_turns, spine=spine)
    refused, doubts = chosen.refused, [*lost_boxes(study, options.drawn), *chosen.doubts]
    cuts = cut_regions(engine, chosen.candidates, given, refused, doubts)
    if not cuts:
        raise StudyError(_nothing_graded(refused, notes_on(study, chosen.selection.slices)))
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
            *chosen.selection.warnings,
            *doubts,
            *_study_warnings(options, cuts),
            *chosen.levels.warnings,
            *_moved(chosen.levels, slices),
            *series_review(slices, manifest.systems),
        ),
        user_word=options.word,
        discs=disc_grades(engine, spine, chosen.levels.discs),
    )
    return GradedStudy(
        grades,
        pictures=tuple(_picture(cut, outputs, index) for index, cut in enumerate(cuts)),
        systems=_systems(manifest, grades),
        sagittal=spine.picture,
        scanner=cuts[0].candidate.slice.acquisition.scanner,
        references={
            item.sop_instance_uid: item.reference
            for item in (*_shown(study, spine), *(cut.candidate.slice for cut in cuts))
            if item.reference is not None
        },
    )


def _moved(levels: NamedLevels, slices: Sequence[SliceGrades]) -> Iterator[str]:
    """Yield a warning where most pictures show another plane than their place says.

    Not where the pictures fit the sagittal series as they lie: then what they cut was misread.
    """
    if not levels.confirmed:
        yield from filter(None, [moved([(one.level.place, one.cut) for one in slices])])


def _systems(manifest: Manifest, grades: StudyGrades) -> Mapping[str, GradingSystem]:
    """Return those of the axial slices and, where discs are graded, those of the discs."""
    entry = manifest.disc_grader
    if entry is None or not any(one.findings for one in grades.discs):
        return manifest.systems
    return {**manifest.systems, **{one.system.code: one.system for one in entry.graded}}


def _shown(study: Study, spine: SpineDiscs) -> Iterator[Slice]:
    """The sagittal slice on which discs are graded."""
    if spine.picture is not None:
        for series in study.series:
            yield from (one for one in series.slices if one.identity == spine.picture.identity)


def _inputs(engine: Engine, cuts: Sequence[Cut]) -> NDArray[np.float32]:
    """Return what the grader reads (n, c, p, p); the outlines are those that are shown."""
    manifest = engine.bundle.manifest
    patches = np.stack([cut.patch for cut in cuts])
    if not manifest.sees_outlines:
        return patches
    drawn = [None if cut.drawn is None else cut.drawn.masks for cut in cuts]
    return with_maps(patches, place_maps(drawn, manifest.patch))


def _grade(
    engine: Engine, cut: Cut, outputs: dict[str, NDArray[np.float32]], index: int
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


def _picture(cut: Cut, outputs: dict[str, NDArray[np.float32]], index: int) -> SlicePicture:
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
        frame_of_reference_uid=item.frame_of_reference_uid,
    )


def _study_warnings(options: PredictOptions, cuts: Sequence[Cut]) -> tuple[str, ...]:
    slices = [cut.candidate.slice for cut in cuts]
    warnings = [*sides_warnings([(one.source_file, one.sides_doubt) for one in slices])]
    if options.box_px is not None and len(cuts) > 1:
        warnings.append(f"the same box was used on all {len(cuts)} slices")
    return tuple(warnings)


def _nothing_graded(refused: Sequence[NotGraded], notes: Sequence[str]) -> str:
    first = refused[-1]
    told = "; ".join((f"{first.what}: {first.reason}", *notes))
    return f"no slice could be graded, for example {told}"
