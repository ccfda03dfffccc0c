"""What is evaluated: the images of a cohort, their reference, and what graders said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lumbargrade.evaluation.measures.graders import Grader
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.statistics.patients import CohortImage, Flow


@dataclass(frozen=True)
class Material:
    """What is evaluated.

    Attributes
    ----------
    model, cohort : what they are called.
    simulated : the reference comes from a simulation.
    leakage_checked : a split was given, and none of its training patients is evaluated.
    tied : the model itself names that split as the one that it was trained by.
    images : all images of the cohort that the model could read, whatever their part.
    records : grading system -> one record for each image that is evaluated.
    grades : grading system -> how many grades it has.
    flow : patients and images from the cohort to the result.
    notes : what a reader must know, one sentence each.
    graders : other graders of the same images, with the same reference.
    trained_on : what the model says that it was trained on; may be empty.
    """

    model: str
    cohort: str
    simulated: bool
    leakage_checked: bool
    images: tuple[CohortImage, ...]
    records: Mapping[str, Sequence[ImageRecord]]
    grades: Mapping[str, int]
    flow: Flow
    notes: tuple[str, ...]
    graders: tuple[Grader, ...] = ()
    tied: bool = False
    trained_on: str = ""
