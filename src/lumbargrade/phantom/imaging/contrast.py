"""One patient's own signals: mild differences between people, or a contrast drawn at random.

Every tissue of a patient differs a little from the table, and the tissues that are one
kind (all nuclei, all roots) differ together, so that their order stays. With random
contrast the signals also lie anywhere between T2 and T1 and differ more. The truth
comes from the anatomy and does not depend on any of this.
"""

from __future__ import annotations

import numpy as np

from lumbargrade.phantom.imaging.tissue import signals

RANDOM_SPREAD = 0.25
"""Spread (of the logarithm) of a tissue's signal where contrast is random [design]."""
RANDOM_SHARE = 0.5
"""Share of the patients with random contrast whose contrast leaves T2 or T1 [design]."""
STEADY = frozenset({"fat", "csf"})
"""Their spread is halved: CSF is to stay the brightest on T2, fat on T1."""

T2_TIMING_MS, T1_TIMING_MS = (100.0, 3600.0), (11.0, 600.0)


def draw_signals(
    timing_ms: tuple[float, float], spread: float, rng: np.random.Generator
) -> dict[str, float]:
    """Return the signal of every tissue for one patient.

    Parameters
    ----------
    timing_ms : echo and repetition time.
    spread : standard deviation of the logarithm of a tissue's factor; 0 = the table itself.
    """
    table = signals(*timing_ms)
    factors: dict[str, float] = {}
    for name in table:
        kind = name.partition("_")[0]
        if kind not in factors:
            own = spread / 2 if kind in STEADY else spread
            factors[kind] = float(np.exp(own * rng.standard_normal()))
    return {name: value * factors[name.partition("_")[0]] for name, value in table.items()}


def draw_random_signals(
    timing_ms: tuple[float, float], rng: np.random.Generator
) -> dict[str, float]:
    """Return signals between those of ``timing_ms`` and the other contrast, all of them varied.

    The mixture is geometric, each contrast taken relative to its own brightest tissue.
    """
    own = draw_signals(timing_ms, RANDOM_SPREAD, rng)
    other = draw_signals(T1_TIMING_MS if timing_ms[0] > 40 else T2_TIMING_MS, RANDOM_SPREAD, rng)
    share = float(rng.beta(1.0, 2.0)) if rng.random() < RANDOM_SHARE else 0.0
    top, other_top = max(own.values()), max(other.values())
    return {
        name: (value / top) ** (1 - share) * (other[name] / other_top) ** share
        for name, value in own.items()
    }
