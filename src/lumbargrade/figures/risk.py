"""Risk against coverage: the error that is left, by how many images a reader sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lumbargrade.figures.style import DASHES, styled
from lumbargrade.statistics.selective import RiskCurve

_MARKS = ("o", "s", "^", "D")


@dataclass(frozen=True)
class Risk:
    """One line; ``by_set`` is (share asked, error) where the model's own set asks, if it does."""

    label: str
    curve: RiskCurve
    by_set: tuple[float, float] | None


def risk_figure(panels: Mapping[str, Sequence[Risk]], limit: float) -> Figure:
    """Return one panel for each part, with the limit of the error as a thin line."""
    with styled():
        figure = Figure(figsize=(3.6 * len(panels), 3.8), layout="constrained")
        for axes, (title, lines) in zip(
            figure.subplots(1, len(panels), squeeze=False, sharey=True)[0],
            panels.items(),
            strict=True,
        ):
            _panel(axes, title, lines, limit)
        # With nothing asked the error is that of all images; what is above is the noisy end.
        whole = [float(one.curve.error[0]) for lines in panels.values() for one in lines]
        axes.set_ylim(0, 100 * max(1.15 * max(whole), 1.5 * limit, 0.01))  # shared by all
    return figure


def _panel(axes: Axes, title: str, lines: Sequence[Risk], limit: float) -> None:
    for index, one in enumerate(lines):
        mark = _MARKS[index % len(_MARKS)]
        axes.plot(
            100 * one.curve.asked,
            100 * one.curve.error,
            color="black",
            lw=1.3,
            linestyle=DASHES[index % len(DASHES)],
            label=one.label,
        )
        if one.by_set is not None:
            asked, error = one.by_set
            axes.plot(
                100 * asked, 100 * error, mark, ms=6, mfc="white", mec="black",
                linestyle="none", label=f"{one.label.split()[0]}, by the set",
            )  # fmt: skip
    axes.axhline(100 * limit, color="0.6", lw=0.8)
    axes.text(99, 100 * limit, f"limit {100 * limit:g} %", ha="right", va="bottom", fontsize=7)
    axes.set_xlim(0, 100)
    axes.set_xlabel("images referred to a reader, %")
    axes.set_ylabel("errors among the remaining grades, %")
    axes.set_title(title)
    axes.legend(loc="upper right", fontsize=7, frameon=True, edgecolor="0.7")
