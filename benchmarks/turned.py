"""Grades of simulated patients who lie rotated, and of pictures turned against their header."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import predict
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import FloatImage, Slice, Study
from lumbargrade.study.read import read_study

PATIENTS = 5
ASKEW_DEG = (10, -10, 20, -20, 30, -30, 45, -45)
ALONG_DEG = (10, 45)
QUARTERS = (1, 2, 3)

Change = Callable[[Slice], Slice]


def run(options: argparse.Namespace) -> None:
    """Print the share of grades that change, and what becomes of turned pictures."""
    engine = Engine(load_bundle(options.model) if options.model else load_bundle())
    changes: dict[str, Change] = {
        **{f"patient askew by {one:+d}": partial(_askew, one) for one in ASKEW_DEG},
        **{f"patient and field askew by {one}": partial(_along, one) for one in ALONG_DEG},
        **{f"pictures turned by {90 * one}": partial(_quarter, one) for one in QUARTERS},
    }
    with tempfile.TemporaryDirectory() as folder:
        cohort = Path(folder) / "cohort"
        patients = options.patients or PATIENTS
        generate_cohort(cohort, CohortOptions(patients=patients, seed=12, workers=1))
        studies = [read_study(one) for one in sorted((cohort / "studies").iterdir())]
        straight = [predict(one, engine) for one in studies]
        for name, change in changes.items():
            counts: Counter[str] = Counter()
            for study, before in zip(studies, straight, strict=True):
                counts += _compared(engine, _changed(study, change), before)
            said = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
            print(f"{name:32} {said}", flush=True)


def _compared(engine: Engine, study: Study, before: StudyGrades) -> Counter[str]:
    try:
        after = predict(study, engine)
    except StudyError:
        return Counter({"studies refused": 1})
    was = {item.sop_instance_uid: item for item in before.slices}
    counts: Counter[str] = Counter()
    for item in after.slices:
        for found in item.findings:
            old = was[item.sop_instance_uid].finding(found.system, found.side)
            same = old is not None and old.grade == found.grade
            counts["grades kept" if same else "grades changed"] += 1
    counts["slices not graded"] += len(before.slices) - len(after.slices)
    return +counts


def _changed(study: Study, change: Change) -> Study:
    axial = [one for one in study.series if abs(one.slices[0].geometry.normal[2]) > 0.7]
    series = [replace(one, slices=tuple(map(change, one.slices))) for one in axial]
    return replace(study, series=tuple(series))


def _askew(degrees: float, item: Slice) -> Slice:
    def pixels() -> FloatImage:
        image = Image.fromarray(item.load_pixels())
        return np.asarray(image.rotate(-degrees, Image.Resampling.BICUBIC), dtype=np.float32)

    return replace(item, load_pixels=pixels)


def _along(degrees: float, item: Slice) -> Slice:
    return replace(item, geometry=_about_z(item.geometry, degrees))


def _about_z(geometry: SliceGeometry, degrees: float) -> SliceGeometry:
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix = np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    position, row, column = (
        tuple((matrix @ np.array(one)).tolist())
        for one in (geometry.position_mm, geometry.row_direction, geometry.column_direction)
    )
    return replace(geometry, position_mm=position, row_direction=row, column_direction=column)


def _quarter(quarters: int, item: Slice) -> Slice:
    # Simulated slices are square, so the geometry may stay as it is.
    return replace(
        item, load_pixels=lambda: np.ascontiguousarray(np.rot90(item.load_pixels(), quarters))
    )
