"""The figure of the README: it never lets simulated patients pass as real ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image
from tests.evaluation.report.usual import usual
from tests.figures.drawn import texts

from benchmarks.readme_figure import SIMULATED, readme_figure, write_png
from lumbargrade.statistics.format_estimates import show


def test_matrices_with_their_agreement_and_a_warning() -> None:
    figure = readme_figure(usual())
    part = usual().of_part("internal test")
    titles = [axes.get_title() for axes in figure.axes]
    for system, one in part.items():
        assert f"{system}: AC1 {show(one.figures['ac1'])}" in titles
    assert len(figure.axes) == 2 * len(part)
    assert figure.get_suptitle() == f"net 1, 10 {SIMULATED}"
    first = next(iter(part.values())).table[0][0]
    assert texts(figure)[0].split("\n")[0] == str(first)


def test_real_patients_are_named_by_their_cohort() -> None:
    real = replace(usual().material, simulated=False, cohort="cohort c")
    figure = readme_figure(replace(usual(), material=real, certainties=()))
    assert figure.get_suptitle() == "net 1, 10 cohort c"
    shown = [axes.axison for axes in figure.axes]
    assert shown == [True, False] * 3 or shown == [True] * 3 + [False] * 3


def test_it_is_the_same_picture_each_time(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        write_png(readme_figure(usual()), tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size[0] == 990  # 9 inches of 110 dots
        assert "Software" not in picture.info
