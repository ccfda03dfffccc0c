"""Write a simulated cohort in the form in which RSNA 2024 (LumbarDISC) is released.

``python -m benchmarks.released_rsna COHORT OUT`` takes a cohort of ``lumbargrade phantom`` and
writes ``train.csv``, ``train_series_descriptions.csv``, ``train_label_coordinates.csv`` and
``train_images/``: UIDs that repeat in every series of a study, no modality, no echo time. So the
whole way from the release to the report can be tried without the set.

The severities are those of a simulated reader: the worst simulated LCCS and LNRC of each level,
merged as the crosswalk says, one step off in a share of the labels. They are no evidence of
anything but that the way works.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.uid import UID

from lumbargrade.cohort.read import CohortSlice, read_cohort
from lumbargrade.grading.crosswalk import load_crosswalk
from lumbargrade.grading.level import Level
from lumbargrade.grading.summary import worst
from lumbargrade.study.dicom.place import place_of
from lumbargrade.study.geometry import SliceGeometry

CONDITIONS = {
    "spinal_canal_stenosis": "LCCS",
    "left_neural_foraminal_narrowing": "",
    "right_neural_foraminal_narrowing": "",
    "left_subarticular_stenosis": "LNRC_left",
    "right_subarticular_stenosis": "LNRC_right",
}
"""Condition, as columns spell it -> output whose simulated grade it follows; foramina have none."""

SEVERITIES = ("Normal/Mild", "Moderate", "Severe")
AXIAL, SAGITTAL = "1012284084", "702807833"
RECESS_MM = 10.0
"""From the middle of the canal to the mark of a recess."""

_DROPPED = (
    "Modality", "PatientName", "PatientAge", "PatientSex", "PatientBirthDate", "EchoTime",
    "RepetitionTime", "ProtocolName", "StudyDescription", "Manufacturer",
    "ManufacturerModelName", "BodyPartExamined",
)  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A row of ``train_label_coordinates.csv``; x, y as released, (0, 0) the corner of a pixel."""

    series: str
    instance: int
    condition: str
    level: Level
    x: float
    y: float


def write_released(cohort: Path, out: Path, misread: float = 0.15, seed: int = 7) -> None:
    """Write the simulated ``cohort`` to the new folder ``out``; ``misread``: share one step off."""
    rng = random.Random(seed)
    patients: dict[str, list[CohortSlice]] = defaultdict(list)
    for one in read_cohort(cohort).slices:
        patients[one.patient_id].append(one)
    labels, series, marks = [], [], []
    for number, slices in enumerate(patients.values(), start=4_003_001):
        study = str(number)
        folder = out / "train_images" / study
        sagittal = _copy(sorted((slices[0].file.parent.parent / "sagittal_t2").glob("*.dcm")),
                         folder / SAGITTAL, study)  # fmt: skip
        _copy([one.file for one in slices], folder / AXIAL, study)
        series += [(study, AXIAL, "Axial T2"), (study, SAGITTAL, "Sagittal T2/STIR")]
        labels.append((study, *_severities(slices, misread, rng)))
        for mark in _marks(slices, sagittal):
            marks.append((study, mark.series, mark.instance, mark.condition, mark.level,
                          f"{mark.x:.3f}", f"{mark.y:.3f}"))  # fmt: skip
    columns = [f"{one}_{_spelled(level)}" for one in CONDITIONS for level in Level]
    _table(out / "train.csv", ("study_id", *columns), labels)
    _table(out / "train_series_descriptions.csv",
           ("study_id", "series_id", "series_description"), series)  # fmt: skip
    _table(out / "train_label_coordinates.csv",
           ("study_id", "series_id", "instance_number", "condition", "level", "x", "y"),
           marks)  # fmt: skip


def _severities(slices: Sequence[CohortSlice], misread: float, rng: random.Random) -> list[str]:
    merged = {one.model.code: one.merged for one in load_crosswalk("rsna2024").maps}
    cells = []
    for output in CONDITIONS.values():
        for level in Level:
            grades = (one.grades.get(output) for one in slices if one.level == level)
            grade = worst(grades) if output else 0
            if grade is None:
                cells.append("")
                continue
            severity = merged[output.split("_")[0]][grade] if output else 0
            if output and rng.random() < misread:
                severity = min(max(severity + rng.choice((-1, 1)), 0), len(SEVERITIES) - 1)
            cells.append(SEVERITIES[severity])
    return cells


def _marks(slices: Sequence[CohortSlice], sagittal: Sequence[SliceGeometry]) -> Iterator[Mark]:
    """Yield a mark of each condition and level that has a disc slice."""
    for level in Level:
        at_disc = [
            (number, one)
            for number, one in enumerate(slices, start=1)
            if one.level == level and one.disc_in_plane and one.center_mm is not None
        ]
        if not at_disc:
            continue
        number, one = max(at_disc, key=lambda pair: max(pair[1].grades.get("LNRC_left") or 0,
                                                        pair[1].grades.get("LNRC_right") or 0)
                          )  # fmt: skip
        center, plane = np.array(one.center_mm), place_of(one.file)
        for side, sign in (("Left", 1), ("Right", -1)):  # x runs to the patient's left
            column, row, _ = plane.to_pixel(center + np.array((sign * RECESS_MM, 0.0, 0.0)))
            yield Mark(AXIAL, number, f"{side} Subarticular Stenosis", level,
                       column + 0.5, row + 0.5)  # fmt: skip
        places = [plane.to_pixel(center) for plane in sagittal]
        nearest = min(range(len(places)), key=lambda index: abs(places[index][2]))
        column, row, _ = places[nearest]
        yield Mark(SAGITTAL, nearest + 1, "Spinal Canal Stenosis", level,
                   column + 0.5, row + 0.5)  # fmt: skip


def _copy(sources: Sequence[Path], folder: Path, study: str) -> list[SliceGeometry]:
    """Copy the pictures as 1.dcm, 2.dcm, ... as released, and return where they lie."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, source in enumerate(sources, start=1):
        dataset = dcmread(source)
        for keyword in _DROPPED:
            if keyword in dataset:
                del dataset[keyword]
        dataset.PatientID = dataset.StudyInstanceUID = study
        dataset.SeriesInstanceUID = f"{study}.{folder.name}"
        dataset.FrameOfReferenceUID = f"{study}.{folder.name}.1"
        # As released: the same in every series of a study.
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID(
            f"{study}.1.{number}"
        )
        dataset.InstanceNumber, dataset.SeriesDescription = number, "T2"
        dataset.save_as(folder / f"{number}.dcm", enforce_file_format=True)
    return [place_of(folder / f"{number}.dcm") for number in range(1, len(sources) + 1)]


def _spelled(level: Level) -> str:
    return level.lower().replace("/", "_")


def _table(path: Path, heading: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([heading, *rows])


def main() -> None:
    """Write a cohort in the released form."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.released_rsna", description=__doc__)
    parser.add_argument("cohort", type=Path, metavar="COHORT", help="of `lumbargrade phantom`")
    parser.add_argument("out", type=Path, metavar="OUT", help="new folder")
    parser.add_argument("--misread", type=float, default=0.15, help="share of labels one step off")
    options = parser.parse_args()
    write_released(options.cohort, options.out, options.misread)
    print(f"simulated patients in the form of RSNA 2024: {options.out}")


if __name__ == "__main__":
    main()
