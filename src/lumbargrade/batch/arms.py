"""Where the regions come from: the locator, the boxes that readers drew, or both side by side.

Su et al. 2022 test their model on drawn boxes. Both arms of one cohort, compared, say what is
lost by finding the region instead.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lumbargrade.batch.landing import GradeOptions
from lumbargrade.errors import CohortError, StudyError
from lumbargrade.inference.cutting.places import DrawnBoxes
from lumbargrade.study.inputs import COHORT_FILE
from lumbargrade.study.squares import Box

LOCATED, DRAWN, BOTH = "located", "drawn", "both"
"""Where the regions of a grading come from; the first two name the folders of both."""


@dataclass(frozen=True)
class Arm:
    """One grading of the studies: into which folder, and how."""

    folder: Path
    options: GradeOptions


def arms_of(
    regions: str, studies: Sequence[Path], out: Path, options: GradeOptions
) -> tuple[Arm, ...]:
    """Return what is to be graded: one arm into ``out``, or both into a folder of ``out`` each.

    Raises StudyError if drawn boxes are asked for beside one box for all slices, or of a path that
    is no cohort; CohortError if a cohort cannot be read or has no box.
    """
    if regions == LOCATED:
        return (Arm(out, options),)
    if options.predict.box_px is not None:
        raise StudyError(
            f"--box beside --regions {regions}: one box for all slices, or the drawn box of each; "
            "give one of the two"
        )
    boxes = drawn_boxes(studies)
    drawn = replace(options, predict=replace(options.predict, drawn=boxes))
    if regions == DRAWN:
        return (Arm(out, drawn),)
    return Arm(out / LOCATED, options), Arm(out / DRAWN, drawn)


def drawn_boxes(cohorts: Sequence[Path]) -> DrawnBoxes:
    """Return the boxes that readers drew on the slices of cohorts.

    Raises StudyError if a path is no cohort; CohortError if one cannot be read, none of its slices
    has a box, or two cohorts have different boxes of one slice.
    """
    # Late: a study that is graded without a cohort does not pay for the import.
    from lumbargrade.cohort.read import read_cohort

    found: dict[tuple[str, str], Box] = {}
    for folder in cohorts:
        if not os.path.isfile(folder / COHORT_FILE):
            raise StudyError(
                f"{folder}: is not a cohort, so nobody drew regions there: import them with "
                "'lumbargrade cohort import STUDIES --regions BOXES -o COHORT', or give one box "
                "for all slices with --box X,Y,W,H"
            )
        boxes = {
            (one.series_instance_uid, one.sop_instance_uid): one.box_px
            for one in read_cohort(folder).slices
            if one.box_px is not None
        }
        if not boxes:
            raise CohortError(
                f"{folder}: no slice has a drawn box (box_px): import them with 'lumbargrade "
                "cohort import --regions BOXES', or simulate the cohort again with this version"
            )
        for key, box in boxes.items():
            if found.setdefault(key, box) != box:
                raise CohortError(
                    f"{folder}: another cohort has a different box on slice {key[1]}: grade one "
                    "cohort at a time"
                )
    return found
