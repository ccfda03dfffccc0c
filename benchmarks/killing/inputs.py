"""Thirty small studies with truth, copied from two simulated patients under new names and UIDs."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pydicom

from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.study.uids import uid_of

STUDIES = 30
SIMULATED = 2
SLICES = 3
SERIES = "axial_t2"
_UID = re.compile(r"2\.25\.\d+")

RECIPE = """
name = "killed"
[network]
backbone = "resnet18"
[input]
pixels = 32
margin_px = 6
[optimiser]
epochs = 5
batch = 32
schedule = "onecycle"
stages = [[0.0, 24], [0.5, 32]]
ema_decay = 0.5
precision = "32-true"
[locator]
epochs = {locator_epochs}
batch = {locator_batch}
"""
"""The smallest training that has every file of a large one; it learns nothing of use.

With 40 epochs its locator finds the canal of these studies, so that they can be graded.
"""


def write_inputs(folder: Path) -> None:
    """Write ``cohort``, ``grades.csv``, ``recipe.toml`` and ``finder.toml`` to ``folder``."""
    simulated, cohort = folder / "simulated", folder / "cohort"
    generate_cohort(simulated, CohortOptions(SIMULATED, seed=5, severe=True))
    (cohort / "truth").mkdir(parents=True)
    rows: list[dict[str, Any]] = []
    for number in range(STUDIES):
        truth = _copy(simulated, cohort, number)
        rows += [{"sop": one["sop_instance_uid"], **one["grades"]} for one in truth["slices"]]
    described = json.loads((simulated / "cohort.json").read_text(encoding="utf-8"))
    _write_json(cohort / "cohort.json", described | {"patients": STUDIES})
    with (folder / "grades.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]), restval="")
        table.writeheader()
        table.writerows(rows)
    for name, (epochs, batch) in {"recipe.toml": (1, 32), "finder.toml": (40, 8)}.items():
        text = RECIPE.format(locator_epochs=epochs, locator_batch=batch)
        (folder / name).write_text(text, encoding="utf-8")


def _copy(simulated: Path, cohort: Path, number: int) -> dict[str, Any]:
    """Copy three slices of a simulated patient as patient ``number``; return their truth."""
    source, patient = f"P{number % SIMULATED + 1:05d}", f"K{number:03d}"
    text = (simulated / "truth" / f"{source}.json").read_text(encoding="utf-8")
    truth: dict[str, Any] = json.loads(_renamed(text, number).replace(source, patient))
    first = number // SIMULATED % (len(truth["slices"]) - SLICES)
    truth["slices"] = truth["slices"][first : first + SLICES]
    truth["scanner"]["external"] = False
    for one in truth["slices"]:
        # Copies are known as one patient, whom a split keeps together: these shall be many.
        one["picture_code"] = hashlib.sha256(one["sop_instance_uid"].encode()).hexdigest()
        target = cohort / one["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        picture = pydicom.dcmread(simulated / "studies" / source / SERIES / target.name)
        for element in picture.iterall():
            if element.VR == "UI" and _UID.fullmatch(str(element.value)):
                element.value = _renamed(str(element.value), number)
        picture.file_meta.MediaStorageSOPInstanceUID = picture.SOPInstanceUID
        picture.PatientID = picture.StudyID = patient
        picture.PatientName = f"SIMULATED^{patient}"
        picture.save_as(target)
    _write_json(cohort / "truth" / f"{patient}.json", truth)
    return truth


def _renamed(text: str, number: int) -> str:
    return _UID.sub(lambda uid: uid_of(f"{uid[0]} {number}".encode()), text)


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
