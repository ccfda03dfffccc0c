"""Train the outline network as the default model's was: ``python -m benchmarks.real.teach FOLDER``.

Three rounds, each from the network of the one before: on the tracings alone; with its own
drafts of the tuning half, from which no one took a label; with further tracings (``more.json``
beside ``tracings``) and simulated slices. About an hour on two cores; an interrupted run goes
on. Patients set aside are in no round.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.real.drawing.draw import Masks, draw_pictures
from benchmarks.real.drawing.places import SPACING_MM
from benchmarks.real.drawing.slices import RealSlice, pictures_of, t1_slices
from benchmarks.real.halves import Half, half_of, traced, trained_patients
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.morphometry.tracing import DRAFT_QUALITY, Tracing, write_tracings
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.training.outlines.data import is_set_aside
from lumbargrade.training.outlines.export import export_outlines
from lumbargrade.training.outlines.fit import OutlineSettings, settings_for
from lumbargrade.training.outlines.run import Tracings, train_outlines
from lumbargrade.training.progress_log import Listener

MORE = Path(__file__).parent / "tracings" / "more.json"
"""25 slices of the tuning half: roots at L5/S1, narrow canals, end-plates."""

STEPS = 1500
SURE = 0.86
"""Mean probability inside of disc, sac and canal from which a draft is learned from."""
SURE_PLANE = 0.8
SIMULATED = CohortOptions(patients=24, seed=4012, severe=True)
CREDIT = (
    "Pictures: Lumbar Spine MRI Dataset and Label Image Ground Truth Data, Sudirman S., "
    "Al Kafri A., Natalia F., Meidia H., Afriliana N., Al-Rashdan W., Bashtawi M., Al-Jumaily M. "
    "(2019), doi:10.17632/k57fr854j2.2 and doi:10.17632/zbf6b4pttk.2, CC BY 4.0. Outlines: traced "
    "for this project by eye, not by a radiologist."
)


def teach(folder: Path, out: Path, steps: int, listener: Listener) -> Path:
    """Run the three rounds and return the folder of the last one."""
    tracings = folder / "tracings" / "tracings.json"
    bundle = _round(out / "1", (tracings,), folder, settings_for(steps), listener)
    drafts = out / "drafts.json"
    sure = list(_drafts(folder, bundle))
    write_tracings(drafts, sure)
    drawn = (drafts,) if sure else ()  # a network of a few steps is sure of nothing
    settings = replace(settings_for(steps, str(bundle)), seed=2)
    bundle = _round(out / "2", (tracings, *drawn), folder, settings, listener)
    simulated = out / "simulated"
    generate_cohort(simulated, SIMULATED)
    files = (tracings, MORE, *drawn, *sorted((simulated / "outlines").glob("*.json")))
    settings = replace(settings_for(steps, str(bundle)), seed=3)
    _round(out / "3", files, folder, settings, listener)
    return out / "3"


def _round(
    run: Path,
    files: tuple[Path, ...],
    folder: Path,
    settings: OutlineSettings,
    listener: Listener,
) -> Path:
    """Train one round, unless it is done, and return a bundle that draws with it."""
    bundle = run.with_name(f"{run.name}-bundle")
    if not bundle.exists():
        train_outlines(Tracings(files, folder, CREDIT), settings, run, listener)
        export_outlines(run, None, bundle)
    return bundle


def _drafts(folder: Path, bundle: Path) -> Iterator[Tracing]:
    """Yield what a network is sure of on T1 slices that no one traced and no one tests on."""
    known = traced(folder)
    done, learned = {one.file for one in known}, trained_patients(known)
    slices = [
        one
        for one in t1_slices(folder)
        if one.file not in done
        and not is_set_aside(one.patient)
        and half_of(one.patient, learned) is Half.TUNE
    ]
    masks = draw_pictures(Engine(load_bundle(bundle)), pictures_of(folder, slices))
    yield from sure_drafts(slices, masks)


def sure_drafts(slices: Sequence[RealSlice], masks: Masks) -> Iterator[Tracing]:
    """Yield the drafts whose disc, sac and canal are sure; the plane only where that is."""
    for row, one in enumerate(slices):
        drawn = masks.drawn(row, one.contrast)
        if drawn.outlines.canal_back is None or _least_sure(drawn.masks) < SURE:
            continue
        column, line = (float(value) for value in masks.centres[row])
        sure = max(drawn.cut.probabilities) > SURE_PLANE
        yield Tracing(
            file=one.file,
            outlines=drawn.outlines,
            centre_px=(column, line),
            pixel_spacing_mm=SPACING_MM,
            patient=one.patient,
            contrast=one.contrast,
            plane=drawn.cut.plane if sure else None,
            quality=DRAFT_QUALITY,
        )


def _least_sure(masks: np.ndarray) -> float:
    """Return the smallest mean probability inside of disc, sac and canal."""
    found = []
    for name in ("disc", "sac", "canal"):
        layer = masks[LAYERS.index(name)]
        inside = layer[layer > 0.5]
        found.append(float(inside.mean()) if inside.size else 0.0)
    return min(found)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real.teach", description=__doc__)
    parser.add_argument("folder", type=Path, help="the real slices")
    parser.add_argument("--out", type=Path, default=Path("out/bench/real/teach"))
    parser.add_argument("--steps", type=int, default=STEPS, help="of each round")
    options = parser.parse_args()
    last = teach(options.folder, options.out, options.steps, Listener(None, print))
    print(f"run: {last}; put it into a bundle with 'lumbargrade outlines export'")


if __name__ == "__main__":
    main()
