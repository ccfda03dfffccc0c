"""What the model makes of real slices that carry a coarse label, as a table to read.

``python -m benchmarks.real_slices FOLDER --pixel-spacing 0.6875 [--model BUNDLE]``

FOLDER holds pictures and an ``index.csv`` (file, level, clear_disc_slice,
clinical_significance, bulge). No score is computed: the labels are not these grades.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from lumbargrade.grading.finding import Finding, SliceGrades
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import predict
from lumbargrade.study.read import ReadOptions, read_study

NOTES = ("level", "clear_disc_slice", "clinical_significance", "bulge")


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pixel-spacing", type=float, required=True, help="mm")
    parser.add_argument("--model", type=Path, help="model bundle; default: the one in the package")
    arguments = parser.parse_args()
    engine = Engine(load_bundle(arguments.model))
    outputs = [(one.system, one.side) for one in engine.bundle.manifest.outputs]
    read = ReadOptions(pixel_spacing_mm=(arguments.pixel_spacing, arguments.pixel_spacing))
    names = [code if side is None else f"{code} {side}" for code, side in outputs]
    print("| slice | " + " | ".join((*NOTES, *names)) + " |")
    print("|---" * (1 + len(NOTES) + len(names)) + "|")
    with (arguments.folder / "index.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            (item,) = predict(read_study(arguments.folder / row["file"], read), engine).slices
            found = {(one.system, one.side): one for one in item.findings}
            cells = [row.get(name) or "?" for name in NOTES]
            cells += [_cell(found[output]) for output in outputs]
            print(f"| {Path(row['file']).stem}{_doubt(item)} | " + " | ".join(cells) + " |")


def _cell(finding: Finding) -> str:
    if finding.grade is None:
        return "-"
    return f"{finding.grade} ({finding.probabilities[finding.grade]:.2f})"


def _doubt(item: SliceGrades) -> str:
    return " \\*" if item.warnings else ""


if __name__ == "__main__":
    main()
