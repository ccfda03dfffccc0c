"""Which slices are compared, and where their outlines are from."""

from __future__ import annotations

import dataclasses
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.benchmarks.realism.slices import painted, seen
from tests.morphometry.shapes import outlines

from benchmarks.real.data import LEVELS
from benchmarks.real.drawing.draw import SAC_MM
from benchmarks.real.halves import Half, half_of
from benchmarks.real.meters import realism
from benchmarks.real.realism import scans, shapes, tones
from benchmarks.real.realism.sets import (
    drawn_simulated,
    simulated_cohort,
    traced_real,
    true_simulated,
)
from benchmarks.real.realism.tables import figured
from benchmarks.real.tracings.compare import SQUARE
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError
from lumbargrade.grading.finding import Plane
from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.inference.engine import Engine
from lumbargrade.morphometry.layers import to_layers
from lumbargrade.morphometry.lines import area, centroid
from lumbargrade.morphometry.tracing import Tracing, write_tracings
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.training.outlines.data import is_set_aside


class AlwaysTheSame:
    """Draws the same outlines on everything, and calls it a body."""

    def __init__(self) -> None:
        spec = SimpleNamespace(patch=OUTLINE_PATCH)
        self.bundle = SimpleNamespace(manifest=SimpleNamespace(outliner=spec))
        masks, _ = to_layers(outlines(), SQUARE)
        self.logits = np.where(masks > 0.5, 9.0, -9.0).astype(np.float32)

    def draw(self, patches: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Return logits of layers and plane."""
        count = len(patches)
        plane = np.tile(np.array([[0.0, 0.0, 4.0]], np.float32), (count, 1))
        return np.broadcast_to(self.logits, (count, *self.logits.shape)), plane


def engine() -> Engine:
    return AlwaysTheSame()  # type: ignore[return-value]


def patient_of(half: Half) -> str:
    """A patient whose tracing would not be learned from, so that the hash alone decides."""
    names = (f"P{number:04d}" for number in range(999))
    return next(one for one in names if is_set_aside(one) and half_of(one) is half)


def test_well_traced_discs_of_the_tuning_half_are_real(tmp_path: Path) -> None:
    tune, report = patient_of(Half.TUNE), patient_of(Half.REPORT)
    good = Tracing(
        file=f"axial_t1/{tune}_L4-L5.png",
        outlines=outlines(),
        centre_px=(150.0, 160.0),
        pixel_spacing_mm=0.6875,
        patient=tune,
        level="L4-L5",
        contrast="t1",
        plane=Plane.DISC,
        quality=2,
    )
    left_out = [
        dataclasses.replace(good, quality=1),
        dataclasses.replace(good, plane=Plane.BODY),
        dataclasses.replace(good, patient=report),
    ]
    for name in ("tracings", "axial_t1"):
        (tmp_path / name).mkdir()
    write_tracings(tmp_path / "tracings" / "tracings.json", [*left_out, good])
    Image.fromarray(painted(np.random.default_rng(0))).save(tmp_path / good.file)
    (found,) = traced_real(tmp_path)
    assert (found.patient, found.level, found.centre_px) == (tune, "L4-L5", (150.0, 160.0))
    assert found.outlines.disc is not None


def test_simulated_discs_have_the_outlines_of_the_simulation(simulated_cohort: Path) -> None:
    found = true_simulated(simulated_cohort)
    discs = [one for one in read_cohort(simulated_cohort).slices if one.disc_in_plane]
    assert 0 < len(found) < len(discs)  # those above L3 are left out
    assert {one.level for one in found} <= set(LEVELS)
    for one in found:
        assert one.outlines.sac is not None
        assert 20 < area(one.outlines.sac) < 400
        assert set(one.grades) == {"LDH", "LCCS", "LNRC_left", "LNRC_right"}


def test_drawn_simulated_slices_are_cut_around_the_drawn_sac(simulated_cohort: Path) -> None:
    found, true = drawn_simulated(engine(), simulated_cohort), true_simulated(simulated_cohort)
    assert len(found) == len(true)  # whatever the network takes them for
    sac = found[0].outlines.sac
    assert sac is not None
    moved = (np.array(found[0].centre_px) - true[0].centre_px) * (
        found[0].geometry.pixel_spacing_mm[0]
    )
    np.testing.assert_allclose(moved, centroid(sac) - SAC_MM, atol=0.01)


def test_a_cohort_is_named_or_made_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = CohortOptions(1, 3, workers=1)
    asked = []

    def generate(folder: Path, options: CohortOptions) -> None:
        folder.mkdir()
        asked.append((folder, options))

    monkeypatch.setattr("benchmarks.real.realism.sets.generate_cohort", generate)
    with simulated_cohort(tmp_path, options) as folder:
        assert folder == tmp_path
    assert asked == []
    with simulated_cohort(None, options) as folder:
        assert asked == [(folder, options)]
        assert folder.is_dir()
    assert not folder.parent.exists()
    with (
        pytest.raises(CohortError, match="is no folder"),
        simulated_cohort(tmp_path / "no", options),
    ):
        pass


def test_the_report_half_is_not_looked_at() -> None:
    with pytest.raises(CohortError, match="half to tune on only"):
        realism.run(Namespace(half=Half.REPORT))


def test_the_report_names_every_figure_and_set() -> None:
    rng = np.random.default_rng(0)
    slices = [seen(outlines(), painted(rng), patient=f"P{number}") for number in range(4)]
    one = figured(slices, shapes.shape_figures, tones.tone_figures, scans.scan_figures)
    names = (
        *(realism.TRACED, realism.REAL_T1, realism.REAL_T2),
        *(realism.SIMULATED_T1, realism.SIMULATED_T2, realism.TRUE),
    )
    text = "\n".join(realism.report(dict.fromkeys(names, one)))
    for word in (*names, *shapes.TITLES, *tones.TITLES, *scans.TITLES):
        assert word in text
    assert text.count("4 slices of 4 patients") == len(names)
