"""A made-up evaluation for the tests of the report: internal and external patients."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from lumbargrade.evaluation.match_records import Material
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.evaluation.results import Evaluation, evaluate_material
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL, TRAINING, CohortImage, Count, Flow

SYSTEMS = ("LDH", "LCCS", "LNRC")
LEVELS = ("L3/L4", "L4/L5", "L5/S1")
QUICK = Options(resamples=40)


def cohort_image(number: int, part: str = INTERNAL, grade: int | None = 0) -> CohortImage:
    """Image ``number`` of patient ``number // 6``: two images a level."""
    patient = number // 6
    return CohortImage(
        image=f"i{number}",
        patient=f"{part[0]}{patient}",
        part=part,
        level=LEVELS[number % 6 // 2],
        sex="FM"[patient % 2],
        age_years=None if patient == 5 else 30.0 + 10 * patient,
        scanner="far" if part == EXTERNAL else "near",
        field_strength_t=1.5 if part == EXTERNAL else 3.0,
        grades=dict.fromkeys(SYSTEMS, grade),
    )


def material(
    internal: int = 10, external: int = 4, learnt: int = 2, name: str = "net 1"
) -> Material:
    """So many patients of each part, six images each; seeded errors, and images not graded."""
    rng = np.random.default_rng(3)
    images, records = [], []
    number = 0
    for part, patients in ((INTERNAL, internal), (EXTERNAL, external), (TRAINING, learnt)):
        for _ in range(6 * patients):
            grade = int(rng.choice(4, p=(0.5, 0.25, 0.15, 0.1)))
            image = cohort_image(number, part, grade)
            images.append(image)
            if part != TRAINING:
                records.append(_record(image, grade, rng))
            number += 1
    tested = [one for one in images if one.part != TRAINING]
    return Material(
        model=name,
        cohort="the simulated cohort c",
        simulated=True,
        leakage_checked=learnt > 0,
        images=tuple(images),
        records={system: tuple(records) for system in SYSTEMS},
        grades=dict.fromkeys(SYSTEMS, 4),
        flow=Flow(
            cohort=Count.of("axial slices of the cohort", images),
            left_out=(),
            parts=tuple(
                Count.of(part, [one for one in images if one.part == part])
                for part in (TRAINING, INTERNAL, EXTERNAL)
                if any(one.part == part for one in images)
            ),
            graded=tuple(
                Count.of(part, [one for one in tested if one.part == part])
                for part in (INTERNAL, EXTERNAL)
                if any(one.part == part for one in tested)
            ),
        ),
        notes=("The reference is a simulation.",),
    )


def _record(image: CohortImage, grade: int, rng: np.random.Generator) -> ImageRecord:
    found = rng.dirichlet(np.where(np.arange(4) == grade, 4.0, 0.5))
    record = ImageRecord(
        image=image.image,
        patient=image.patient,
        scanner=image.scanner,
        external=image.part == EXTERNAL,
        reference=grade,
        predicted=int(found.argmax()),
        probabilities=tuple(float(share) for share in found),
        untempered=tuple(float(share) for share in found),
        grade_set=tuple(np.flatnonzero(found > 0.3).tolist()) or (int(found.argmax()),),
    )
    if rng.random() < 0.05:
        return replace(record, predicted=None, probabilities=(), untempered=(), grade_set=())
    return record


def evaluation(**changes: Any) -> Evaluation:
    """The results of :func:`material`."""
    return evaluate_material(material(**changes), QUICK)
