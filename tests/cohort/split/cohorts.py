"""Cohort folders for the tests of splits: one slice a patient, grades in turn."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tests.cohort.test_read import truth, write

PATIENTS = 20


def write_cohort(folder: Path, patients: int = PATIENTS, first: int = 1) -> Path:
    write(folder / "cohort.json", {"schema": "lumbargrade.cohort/1", "simulated": False})
    for number in range(first, first + patients):
        content = truth(f"P{number:05}", 1)
        entry: dict[str, Any] = content["slices"][0]
        entry["grades"] = {"LCCS": number % 4}
        entry["picture_code"] = hashlib.sha256(str(number).encode()).hexdigest()
        write(folder / "truth" / f"P{number:05}.json", content)
        write(folder / entry["file"], "")
    return folder


def share_picture(cohort: Path, patient: str, other: str) -> None:
    """Give the other patient the picture of the first."""
    path = cohort / "truth" / f"{other}.json"
    content = json.loads(path.read_text())
    known = json.loads((cohort / "truth" / f"{patient}.json").read_text())
    content["slices"][0]["picture_code"] = known["slices"][0]["picture_code"]
    write(path, content)


def drop_picture(cohort: Path, patient: str) -> None:
    """Take the code of the picture away."""
    path = cohort / "truth" / f"{patient}.json"
    content = json.loads(path.read_text())
    del content["slices"][0]["picture_code"]
    write(path, content)
