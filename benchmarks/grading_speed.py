"""From a folder of DICOM to JSON and a page; and the network beside plain eager torch."""

from __future__ import annotations

import argparse
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import torch

from benchmarks.measure import command_cost, median_s
from lumbargrade.inference.bundle import Bundle, load_bundle
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.inference.integrity.network import BATCH
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.training.network import Grader

SLICES = 16
RUNS = 5


def run(options: argparse.Namespace) -> None:
    """Print wall time, memory and the ratio to the baseline."""
    bundle = load_bundle(options.model)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        generate_cohort(folder / "cohort", CohortOptions(1, 1, workers=1))
        study = folder / "cohort" / "studies" / "P00001"
        _whole(study, folder, ["--model", str(options.model)] if options.model else [])
    _network(bundle)


def _whole(study: Path, folder: Path, model: list[str]) -> None:
    fresh = {"XDG_CACHE_HOME": str(folder / "cache")}
    out = folder / "out"
    first = command_cost(["grade", str(study), "-o", str(out), *model], fresh)
    later = [
        command_cost(["grade", str(study), "-o", str(out), *model], fresh) for _ in range(RUNS)
    ]
    wall_s = float(np.median([cost.wall_s for cost in later]))
    peak_mb = max(cost.peak_mb for cost in later)
    files = len(list((study / "axial_t2").glob("*.dcm")))
    page_mb = (out / "report.html").stat().st_size / 1e6
    print(f"grade, first run of a model   {first.wall_s:5.2f} s (aim 3 s)")
    print(f"grade, {files} axial slices        {wall_s:5.2f} s (aim 1.5 s), peak {peak_mb:.0f} MB")
    print(f"page                          {page_mb:5.2f} MB")


def _network(bundle: Bundle) -> None:
    outputs = {output.name: output.grades for output in bundle.manifest.outputs}
    edge = bundle.manifest.patch.pixels
    shape = (SLICES, len(bundle.manifest.grader_input), edge, edge)
    patches = np.random.default_rng(0).random(shape, dtype=np.float32)
    eager = Grader("resnet50", outputs, shape[1]).eval()
    batch = torch.from_numpy(patches)

    def plain() -> None:
        with torch.inference_mode():
            for start in range(0, SLICES, BATCH):
                eager(batch[start : start + BATCH])

    baseline_ms = 1e3 * median_s(plain, 5) / SLICES
    print(f"network, eager float32 torch  {baseline_ms:5.2f} ms a slice (ResNet-50, batch {BATCH})")
    for precision in (Precision.AUTO, Precision.F32):
        engine = Engine(bundle, precision)
        found_ms = 1e3 * median_s(partial(engine.grade, patches), 15, 3) / SLICES
        name = f"network, OpenVINO {engine.precision}"
        print(f"{name:30}{found_ms:5.2f} ms a slice ({baseline_ms / found_ms:.1f} times; aim 3 ms)")
        if bundle.manifest.outliner is not None:
            _outlines(engine, bundle.manifest.outliner.patch.pixels, found_ms)


def _outlines(engine: Engine, edge: int, grading_ms: float) -> None:
    """Print what the outlines cost beside the grades."""
    patches = np.random.default_rng(0).random((SLICES, edge, edge), dtype=np.float32)
    once_ms = 1e3 * median_s(partial(engine.draw, patches), 15, 3) / SLICES
    print(
        f"{f'outlines, OpenVINO {engine.precision}':30}{once_ms:5.2f} ms a slice one way "
        f"({once_ms / grading_ms:.1f} times the grading network; aim 1.5 ms); drawn both ways"
    )
