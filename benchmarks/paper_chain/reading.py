"""What simulated people write into the tables of the commands: boxes, grades, settled grades."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.paper_chain.noise import ReaderNoise
from lumbargrade.cohort.read import CohortSlice
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.readings.read import NO_GRADE

Truth = Mapping[str, CohortSlice]
Given = dict[tuple[str, str], int | None]
"""(SOP Instance UID, output) -> grade; None: it cannot be graded."""

OUTPUTS = {output: code for code, one in GRADING_SYSTEMS.items() for output in one.outputs}
"""Output -> grading system."""
SKIPPED, NO_DISC = "motion", "no disc in the plane"
HALF_PIXEL = 0.5
"""Tables count from the corner of a picture, a cohort from the centre of its first pixel."""


@dataclass
class Reader:
    """Fills in work lists; ``first`` and ``second`` are what they gave in each round."""

    noise: ReaderNoise
    seed: int
    first: Given = field(default_factory=dict)
    second: Given = field(default_factory=dict)

    def fill_in(self, path: Path, truth: Truth) -> None:
        """Write grades, and reasons where there is none, into the empty cells of a work list."""
        rows = read_rows(path)
        again = rows[0]["round"] == "2"
        random = np.random.default_rng([self.seed, int(again)])
        for row in rows:
            sop = row["sop_instance_uid"]
            skipped = bool(random.random() < self.noise.skips)
            for output, system in OUTPUTS.items():
                true = truth[sop].grades[output]
                grade = None
                if true is not None and not skipped:
                    grade = self.noise.draw(system, true, random)
                    before = self.first.get((sop, output))
                    if again and before is not None and random.random() < self.noise.repeats:
                        grade = before
                (self.second if again else self.first)[sop, output] = grade
                row[output] = "" if grade is None else str(grade)
            if any(row[output] == "" for output in OUTPUTS):
                row["reason"] = SKIPPED if skipped else NO_DISC
        write_rows(path, rows)

    def settle(self, form: Path, path: Path, truth: Truth) -> Given:
        """Fill in the form of disagreements, save it as ``path``, and return what was settled."""
        rows, settled = read_rows(form), Given()
        random = np.random.default_rng([self.seed, 3])
        for row in rows:
            sop = row["sop_instance_uid"]
            output = f"{row['system']}_{row['side']}".rstrip("_")
            true = truth[sop].grades[output]
            grade = None if true is None else self.noise.draw(row["system"], true, random)
            row["grade"] = "" if grade is None else str(grade)
            row["reason"] = NO_DISC if grade is None else ""
            settled[sop, output] = grade
        write_rows(path, rows)
        return settled


def reference_of(one: Given, other: Given, settled: Given) -> Given:
    """Return what must become the reference: what both gave, else what was settled."""
    return {item: grade if other[item] == grade else settled[item] for item, grade in one.items()}


def draw_boxes(path: Path, slices: Iterable[CohortSlice], truth: Truth, sd_mm: float) -> None:
    """Write the table of an expert whose edges lie ``sd_mm`` beside the simulation's boxes."""
    random = np.random.default_rng(17)
    rows = []
    for one in slices:
        true = truth[one.sop_instance_uid]
        assert true.box_px is not None
        assert true.size_mm is not None
        x, y, width, height = true.box_px
        mm = np.array([true.size_mm[0] / width, true.size_mm[1] / height] * 2)
        edges = np.array([x, y, x + width, y + height]) + random.normal(0, sd_mm, 4) / mm
        left, top, right, bottom = edges + HALF_PIXEL
        box = {"x": left, "y": top, "w": right - left, "h": bottom - top}
        cells = {name: f"{value:.3f}" for name, value in box.items()}
        rows.append({"patient": one.patient_id, "sop": one.sop_instance_uid, **cells})
    write_rows(path, rows)


def edge_errors_mm(slices: Iterable[CohortSlice], truth: Truth) -> list[float]:
    """Return how far each edge of the boxes in a cohort lies beside the simulation's."""
    errors = []
    for one in slices:
        true = truth[one.sop_instance_uid]
        assert one.box_px is not None
        assert true.box_px is not None
        assert true.size_mm is not None
        for axis in (0, 1):
            mm = true.size_mm[axis] / true.box_px[axis + 2]
            low = one.box_px[axis] - true.box_px[axis]
            size = one.box_px[axis + 2] - true.box_px[axis + 2]
            errors += [low * mm, (low + size) * mm]
    return errors


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def write_rows(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write rows (at least one, all of the same columns) as a spreadsheet saves them."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def grade_of(text: str) -> int | None:
    """Return the grade in a cell."""
    return None if text.lower() in NO_GRADE else int(text)
