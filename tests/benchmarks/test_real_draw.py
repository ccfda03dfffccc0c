"""Drawing, its cache, and the sheets, with a network that always draws the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.morphometry.shapes import outlines

from benchmarks.real.drawing import cache, draw
from benchmarks.real.drawing.cache import drawn_set
from benchmarks.real.drawing.draw import SAC_MM, at_sac, draw_at
from benchmarks.real.drawing.places import SPACING_MM
from benchmarks.real.drawing.slices import RealSlice
from benchmarks.real.labels.table import print_label, rows_of
from benchmarks.real.sheets.doubts import sac_doubts
from benchmarks.real.sheets.pages import write_pages
from benchmarks.real.sheets.paint import SCALE, small_print
from benchmarks.real.tracings.compare import SQUARE
from lumbargrade.errors import BundleError
from lumbargrade.inference.engine import Engine
from lumbargrade.morphometry.layers import to_layers
from lumbargrade.morphometry.lines import area

SLICES = [RealSlice(f"axial_t1/P{n:04d}_L4-L5.png", f"P{n:04d}", "L4-L5", "t1") for n in (1, 2)]


class AlwaysTheSame:
    """Draws the same outlines on everything."""

    def __init__(self, empty: bool = False) -> None:
        manifest = SimpleNamespace(name="same", files={"outliner.onnx": "a" * 64})
        self.bundle = SimpleNamespace(sha256="a" * 64, manifest=manifest)
        masks, _ = to_layers(outlines(), SQUARE)
        self.logits = np.where(masks > 0.5, 9.0, -9.0).astype(np.float32) - 18.0 * empty
        self.calls = 0

    def draw(self, patches: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Return logits of layers and plane."""
        self.calls += 1
        count = len(patches)
        plane = np.tile(np.array([[4.0, 0.0, 0.0]], np.float32), (count, 1))
        return np.broadcast_to(self.logits, (count, *self.logits.shape)), plane


def engine_of(one: AlwaysTheSame) -> Engine:
    return one  # type: ignore[return-value]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "axial_t1").mkdir()
    random = np.random.default_rng(0)
    for one in SLICES:
        Image.fromarray(random.integers(0, 255, (320, 320), np.uint8)).save(tmp_path / one.file)

    def places(_: Engine, pictures: Sequence[object]) -> NDArray[np.float64]:
        return np.full((len(pictures), 2), 160.0)

    monkeypatch.setattr(draw, "canal_places", places)
    return tmp_path


def test_slices_are_drawn_around_the_sac_and_kept(folder: Path) -> None:
    same, out = AlwaysTheSame(), folder / "out"
    first = drawn_set(engine_of(same), folder, SLICES, out)
    middle = np.array([0.0, 6.0])  # of the sac, in mm from the middle of the square
    wanted = 160.0 + (middle - SAC_MM) / SPACING_MM
    np.testing.assert_allclose(first.masks.centres, [wanted, wanted], atol=0.2)
    sac = first.masks.drawn(0, "t1").outlines.sac
    assert sac is not None
    assert first.measures["sac_area_mm2"] == pytest.approx(area(sac), rel=0.01)
    assert np.isnan(first.measures["root_share"]).all()  # T1 shows no roots in the sac
    calls = same.calls
    again = drawn_set(engine_of(same), folder, SLICES, out)
    assert same.calls == calls
    for name, values in first.measures.items():
        np.testing.assert_allclose(values, again.measures[name])
    assert len(list(out.glob("*.csv"))) == 1
    assert not list(out.glob("*.partial*"))


def test_other_formulas_are_measured_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same, out = AlwaysTheSame(), folder / "out"
    drawn_set(engine_of(same), folder, SLICES, out)
    calls = same.calls
    monkeypatch.setattr(cache, "formulas", lambda: "other")
    drawn_set(engine_of(same), folder, SLICES, out)
    assert same.calls == calls
    assert len(list(out.glob("*.csv"))) == 2


def test_bundles_that_draw_alike_share_their_masks(folder: Path) -> None:
    first, second, third = AlwaysTheSame(), AlwaysTheSame(), AlwaysTheSame()
    second.bundle.sha256 = "b" * 64  # another grader, the same outline network
    third.bundle.manifest.files["outliner.onnx"] = "c" * 64
    for one in (first, second, third):
        drawn_set(engine_of(one), folder, SLICES, folder / "out")
    assert first.calls == third.calls > 0
    assert second.calls == 0


def test_without_a_sac_the_square_stays(folder: Path) -> None:
    empty = AlwaysTheSame(empty=True)
    pictures = [one.picture(folder) for one in SLICES]
    masks = draw_at(engine_of(empty), pictures, np.full((2, 2), 150.0))
    np.testing.assert_array_equal(at_sac(masks, 0), [150.0, 150.0])


def test_a_bundle_without_outlines_is_named(folder: Path) -> None:
    same = AlwaysTheSame()
    same.draw = lambda _: None  # type: ignore[method-assign, assignment, return-value]
    with pytest.raises(BundleError, match="model same draws no outlines: name one that does"):
        drawn_set(engine_of(same), folder, SLICES, folder / "out")


def test_sheets_show_the_outlines_and_doubtful_sacs_are_said(folder: Path) -> None:
    drawn = drawn_set(engine_of(AlwaysTheSame()), folder, SLICES, folder / "out")
    (file,) = write_pages(drawn, np.arange(2), folder, folder / "sheets")
    with Image.open(file) as page:
        assert page.size == (5 * (128 * SCALE + 2), 128 * SCALE + 2)
        colours = {colour for _, colour in page.getcolors(1 << 24) or []}
    assert {(255, 70, 70), (90, 150, 255), (255, 225, 60), (80, 220, 100)} <= colours
    assert {(255, 80, 255), (255, 255, 255)} <= colours
    assert sac_doubts(drawn, 0) == []
    none = drawn_set(engine_of(AlwaysTheSame(empty=True)), folder, SLICES, folder / "none")
    assert sac_doubts(none, 0) == ["no sac"]
    text = small_print("P1", "disc 1.00", {"sac_area_mm2": 112.4, "sac_depth_mm": float("nan")})
    assert text.splitlines()[0] == "P1 disc 1.00"
    assert "sac 112 ap -" in text


def test_the_table_of_a_label_counts_what_is_known(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = drawn_set(engine_of(AlwaysTheSame()), folder, SLICES, folder / "out")
    scores = {"a": np.array([1.0, np.nan]), "b": np.array([0.0, 1.0])}
    rows = rows_of(drawn, np.array([0, 1]), np.array([True, True]), scores)
    print_label("a label", rows, 20, aimed=["b"])
    said = capsys.readouterr().out
    assert "a label: 1 of 2 slices" in said
    assert "| a | 50% | not defined" in said
    assert "| * b | 100% | 1.00" in said
