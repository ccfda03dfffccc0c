"""Grades that a model gave: read from disk, by image, and with the bundle that gave them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from lumbargrade.errors import BundleError, EvaluationError
from lumbargrade.files.ledger import PRIVATE
from lumbargrade.files.output_folder import check_whole
from lumbargrade.grading import grades_json
from lumbargrade.grading.finding import SliceGrades, StudyGrades
from lumbargrade.inference.bundle import Bundle, load_bundle
from lumbargrade.inference.regions import FROM_BOX, FROM_DRAWN, FROM_LOCATOR

REGIONS = {FROM_LOCATOR: "located", FROM_DRAWN: "drawn", FROM_BOX: "given"}
"""Source of a region -> how a report calls it."""


def read_predictions(folder: Path) -> list[StudyGrades]:
    """Read every ``grades.json`` below ``folder``, but none that is not in its place yet.

    Raises EvaluationError if there is none, OutputError if putting one there was interrupted.
    """
    check_whole(folder)
    found = sorted(folder.rglob(grades_json.FILE_NAME)) if folder.is_dir() else []
    paths = [path for path in found if PRIVATE not in path.relative_to(folder).parts]
    if not paths:
        raise EvaluationError(
            f"{folder}: no {grades_json.FILE_NAME} in it: give the folder that `grade` wrote "
            "(give grades of other software with --compare READINGS.csv)"
        )
    return [grades_json.read(path) for path in paths]


def unseen(studies: Sequence[StudyGrades], seen: Collection[str]) -> list[StudyGrades]:
    """Return the studies without the slices that the model was trained on (SOP Instance UIDs).

    Raises EvaluationError if nothing is left.
    """
    kept = (
        replace(one, slices=tuple(s for s in one.slices if s.sop_instance_uid not in seen))
        for one in studies
    )
    left = [one for one in kept if one.slices]
    if not left:
        raise EvaluationError(
            f"all {len(studies)} graded studies were in the training or validation set: "
            "grade the test part too"
        )
    return left


def one_model(studies: Sequence[StudyGrades]) -> str:
    """Return what the one model of these predictions is called.

    Raises EvaluationError if they come from several.
    """
    models = {(one.model.name, one.model.version, one.model.sha256) for one in studies}
    if len(models) > 1:
        names = ", ".join(sorted(f"{name} {version}" for name, version, _ in models))
        raise EvaluationError(
            f"the grades come from {len(models)} models ({names}): evaluate one at a time"
        )
    name, version, _ = models.pop()
    return f"{name} {version}"


def regions_of(studies: Iterable[StudyGrades]) -> str:
    """Return whose regions were graded, in words: that tells two gradings by one model apart."""
    sources = {item.region.source for one in studies for item in one.slices}
    return " and ".join(REGIONS.get(source, source) for source in sorted(sources)) + " regions"


def by_image(studies: Iterable[StudyGrades]) -> dict[str, SliceGrades]:
    """Return every graded slice by its SOP Instance UID.

    Raises EvaluationError if one is there twice.
    """
    found: dict[str, SliceGrades] = {}
    for study in studies:
        for one in study.slices:
            if one.sop_instance_uid in found:
                raise EvaluationError(
                    f"image {one.sop_instance_uid} ({one.source_file}) was graded twice: "
                    "keep one grades.json of each study"
                )
            found[one.sop_instance_uid] = one
    return found


def bundle_that_graded(studies: Sequence[StudyGrades], model: Path | None) -> Bundle | None:
    """Return the bundle that graded; None if it is not known.

    Raises BundleError if ``model`` cannot be read; EvaluationError if it is not the one that
    graded.
    """
    graded = {one.model.sha256 for one in studies}
    try:
        bundle = load_bundle(model)
    except BundleError:
        if model is not None:
            raise
        return None
    if graded == {bundle.sha256}:
        return bundle
    if model is None:
        return None
    raise EvaluationError(
        f"{model}: is not the model that graded ({studies[0].model.name} "
        f"{studies[0].model.sha256[:12]}): give the bundle that graded"
    )
