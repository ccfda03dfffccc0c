"""Readings of simulated readers as objects, and as a table of the form that the commands read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.simulated_readers import Design, readers_of, simulate
from lumbargrade.evaluation.reader_studies.inputs import Inputs
from lumbargrade.readings.occasion import Arm

HEAD = "reader,patient,image,level,system,side,grade,round,arm,seconds"
LEVELS = ("L3/L4", "L4/L5", "L5/S1")


def made_up(
    seed: int = 1, readers: int = 4, patients: int = 40, images: int = 3, crossed: bool = False
) -> Inputs:
    """A study of simulated readers."""
    rng = np.random.default_rng(seed)
    return simulate(rng, readers_of(rng, readers), Design(patients, images, crossed))


def write_table(path: Path, study: Inputs) -> Path:
    """Write every reading of a study, model and reference among the readers."""
    (table,) = study.tables
    timed = {
        (reader, arm): iter(study.times.seconds[np.flatnonzero(which)])
        for reader in study.readers
        for arm in Arm
        if (which := (study.times.readers == reader) & (study.times.arms == arm.value)).any()
    }
    lines = [HEAD]
    for slot, grades in table.columns.items():
        seconds = timed.get((slot.reader, slot.arm)) if slot.round == 1 else None
        for image, (patient, grade) in enumerate(zip(table.patients, grades, strict=True)):
            if grade >= 0:
                level = LEVELS[image % len(LEVELS)]
                took = f"{next(seconds):.3f}" if seconds else ""
                cells = (slot.reader, patient, f"i{image}", level, table.system, "", grade)
                lines.append(",".join(map(str, (*cells, slot.round, slot.arm.value, took))))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
