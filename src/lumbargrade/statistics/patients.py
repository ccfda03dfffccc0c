"""Whose images these are: one plain row an image, the flow of patients (Figure 1), and how many
patients an interval needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

TRAINING = "train and validation"
INTERNAL = "internal test"
EXTERNAL = "external test"
PARTS = (TRAINING, INTERNAL, EXTERNAL)
"""What an image was used for; only those of a test are evaluated."""

ENOUGH_PATIENTS = 10
"""Patients who must carry a figure before an interval of it is printed: those who have the class
that it is about, on both sides of an area, of every grade in a mean over grades; all patients
for the others. ``python -m benchmarks coverage`` counts how often what is printed with this rule
holds the truth (``docs/results.md``); to try another number, set it here and run that. The
patients are counted by the reference (by the calls, for predictive values) and not by right and
wrong: a rule that looked at the result would select among the intervals that it lets pass."""

ENOUGH_IMAGES = 40
"""Images that a coefficient with quadratic weights needs for an interval: it hangs on grades two
and more apart, and of so few images it is chance whether there is one at all."""

FEW_PATIENTS = 20
"""The fewest patients of which coverage has been measured: below, a report says so."""


def too_few(carriers: int) -> str:
    """Return why so many patients carry no interval, in a few words; empty where they do."""
    if carriers >= ENOUGH_PATIENTS:
        return ""
    return f"{carriers} patient{'' if carriers == 1 else 's'}, {ENOUGH_PATIENTS} needed"


def too_few_images(images: int) -> str:
    """As :func:`too_few`, of a coefficient with quadratic weights."""
    return "" if images >= ENOUGH_IMAGES else f"{images} images, {ENOUGH_IMAGES} needed"


def too_few_far(patients: int) -> str:
    """As :func:`too_few`, of patients with a grade two or more from the commonest one: quadratic
    weights hang on these.
    """
    reason = too_few(patients)
    return reason and f"{reason} with a grade two or more from the commonest"


@dataclass(frozen=True)
class CohortImage:
    """One image of the evaluated cohort.

    Attributes
    ----------
    image : SOP Instance UID, as in ``ImageRecord``.
    part : one of :data:`PARTS`.
    level : such as ``"L4/L5"``; empty where it is not known.
    sex : ``"F"``, ``"M"``, ``"O"`` (DICOM PS3.3 C.7.1.1); empty where it is not known.
    age_years, field_strength_t : None where it is not known.
    grades : reference grade by grading system; None where there is none.
    site : where the patient was seen; empty where it is not known.
    """

    image: str
    patient: str
    part: str
    level: str
    sex: str
    age_years: float | None
    scanner: str
    field_strength_t: float | None
    grades: Mapping[str, int | None]
    site: str = ""


@dataclass(frozen=True)
class Count:
    """A box of the flow: so many images of so many patients."""

    name: str
    patients: int
    images: int

    @classmethod
    def of(cls, name: str, images: Iterable[CohortImage]) -> Count:
        """Count the images and their patients."""
        whose = [one.patient for one in images]
        return cls(name, len(set(whose)), len(whose))


@dataclass(frozen=True)
class Stage:
    """A step on the way into a cohort: who left, by reason, and who is left."""

    name: str
    dropped: tuple[Count, ...]
    left: Count


@dataclass(frozen=True)
class Origin:
    """How a cohort came out of an archive: everything that is in there, then step by step."""

    cohort: str
    start: Count
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class Flow:
    """From the cohort to what was evaluated.

    Attributes
    ----------
    cohort : everything in the cohort.
    left_out : what was not used at all, by reason.
    parts : what was used, by part; the parts that are empty are not there.
    graded : by evaluated part, the images that the model gave any grade.
    origins : of each cohort that knows it, the way out of its archive.
    """

    cohort: Count
    left_out: tuple[Count, ...]
    parts: tuple[Count, ...]
    graded: tuple[Count, ...]
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True)
class Demographics:
    """Table 1 of one group of patients; ages in years, None where none is known.

    Attributes
    ----------
    ages : how many patients have a known age.
    age : (mean, standard deviation, lowest, highest); the deviation is NaN for one patient.
    by_sex : sex -> (patients, their age as in ``age``).
    """

    patients: int
    ages: int
    age: tuple[float, float, float, float] | None
    by_sex: Mapping[str, tuple[int, tuple[float, float, float, float] | None]]


def demographics(images: Sequence[CohortImage]) -> Demographics:
    """Return the demographics of the patients of these images."""
    patients = {one.patient: one for one in images}
    ages = _known(patients.values())
    sexes = sorted({one.sex for one in patients.values()})
    of_sex = {sex: [one for one in patients.values() if one.sex == sex] for sex in sexes}
    return Demographics(
        patients=len(patients),
        ages=len(ages),
        age=_spread(ages),
        by_sex={sex: (len(some), _spread(_known(some))) for sex, some in of_sex.items()},
    )


def _known(patients: Iterable[CohortImage]) -> list[float]:
    return [one.age_years for one in patients if one.age_years is not None]


def _spread(ages: Sequence[float]) -> tuple[float, float, float, float] | None:
    if not ages:
        return None
    deviation = float(np.std(ages, ddof=1)) if len(ages) > 1 else float("nan")
    return float(np.mean(ages)), deviation, min(ages), max(ages)
