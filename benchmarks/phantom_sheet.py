"""A sheet of 48 simulated slices, four per disease and grade, to look at.

``python -m benchmarks.phantom_sheet COHORT docs/images/phantom-sheet.png``

Nothing replaces looking: each row must show its grade to somebody who knows the criteria.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from lumbargrade.cohort.read import Cohort, CohortSlice, read_cohort
from lumbargrade.study.patch import PatchSpec, extract_patch
from lumbargrade.study.read import read_study

SPEC = PatchSpec(size_mm=60.0, pixels=160)
COLUMNS = 4
ROWS = [(output, grade) for output in ("LDH", "LCCS", "LNRC_left") for grade in range(4)]


def main() -> None:
    """Write the sheet of a cohort."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cohort", type=Path)
    parser.add_argument("picture", type=Path)
    arguments = parser.parse_args()
    sheet = draw_sheet(read_cohort(arguments.cohort))
    arguments.picture.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(64).save(arguments.picture, optimize=True)
    print(f"{arguments.picture}: {sheet.width} x {sheet.height} pixels")


def draw_sheet(cohort: Cohort) -> Image.Image:
    """Return three blocks side by side (LDH, LCCS, LNRC left), a row per grade."""
    edge = SPEC.pixels
    sheet = Image.new("L", (3 * COLUMNS * edge + 2 * 12, 4 * edge), 255)
    pen = ImageDraw.Draw(sheet)
    for position, (output, grade) in enumerate(ROWS):
        left = (position // 4) * (COLUMNS * edge + 12)
        top = (position % 4) * edge
        for column, item in enumerate(choose(cohort, output, grade)):
            place = (left + column * edge, top)
            sheet.paste(picture_of(cohort, item), place)
            level = item.level or "?"
            pen.text((place[0] + 4, place[1] + 3), f"{output} {grade}  {level}", fill=255)
    return sheet


def choose(cohort: Cohort, output: str, grade: int) -> list[CohortSlice]:
    """Return the first slices with that grade, each of another patient."""
    found: dict[str, CohortSlice] = {}
    for item in cohort.slices:
        if item.grades.get(output) == grade and item.disc_in_plane:
            found.setdefault(item.patient_id, item)
        if len(found) == COLUMNS:
            break
    return list(found.values())


def picture_of(cohort: Cohort, item: CohortSlice) -> Image.Image:
    """Return the region of a slice as an 8-bit picture, the patient's left on the right."""
    (series,) = read_study(cohort.folder / item.file).series
    (image,) = series.slices
    assert item.center_px is not None  # the phantom knows the canal of every slice
    patch = extract_patch(image.load_pixels(), image.geometry, item.center_px, SPEC)
    return Image.fromarray(np.clip(patch * 200, 0, 255).astype(np.uint8))


if __name__ == "__main__":
    main()
