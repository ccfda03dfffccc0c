"""Tissues as proton density, T1 and T2, and the signal that follows.

One table gives every contrast: S = PD (1 - exp(-TR/T1)) exp(-TE/T2), the spin-echo
equation, which a turbo spin-echo follows at its effective echo time. Relaxation times are
those of the project's reference (Gold 2004, Stanisz 2005, de Bazelaire 2004, Trattnig and
Marinelli 2010 for discs), at 3 T. The density of collagen-rich tissue (disc, flavum) stands for
magnetisation transfer too, which takes a third of its signal in a turbo spin-echo: it is chosen
so that a disc is .24 of fat on T1 and a degenerate one .17 on T2, as on real slices.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp


@dataclass(frozen=True)
class Tissue:
    """Proton density (CSF = 1) and relaxation times in ms."""

    proton_density: float
    t1_ms: float
    t2_ms: float


TISSUES: dict[str, Tissue] = {
    "air": Tissue(0.0, 1000, 10),
    "csf": Tissue(1.0, 4200, 2000),
    "nucleus_1": Tissue(0.70, 1250, 187),
    "nucleus_2": Tissue(0.68, 1200, 123),
    "nucleus_3": Tissue(0.62, 1100, 72),
    "nucleus_4": Tissue(0.56, 1050, 55),
    "nucleus_5": Tissue(0.50, 1000, 48),
    "annulus_1": Tissue(0.55, 1000, 64),
    "annulus_3": Tissue(0.55, 1000, 57),
    "annulus_4": Tissue(0.55, 1000, 54),
    "fibrous": Tissue(0.30, 800, 12),
    "cortical": Tissue(0.05, 800, 5),
    "fat": Tissue(0.95, 375, 133),
    "marrow": Tissue(0.56, 560, 95),
    "muscle": Tissue(0.72, 1420, 38),
    "flavum": Tissue(0.50, 900, 30),
    "root": Tissue(0.80, 1000, 75),
    "root_extradural": Tissue(0.75, 1100, 60),
    "root_oedema": Tissue(0.80, 1150, 85),
    "cartilage": Tissue(0.80, 1200, 36),
    "joint_fluid": Tissue(0.95, 3600, 767),
    "extrusion": Tissue(0.70, 1300, 85),
    "blood_slow": Tissue(0.25, 1900, 150),
    "kidney": Tissue(0.85, 1200, 95),
    "bowel": Tissue(0.60, 900, 70),
}


def signal(tissue: str, echo_time_ms: float, repetition_time_ms: float) -> float:
    """Return the spin-echo signal of a tissue, relative to a proton density of 1."""
    value = TISSUES[tissue]
    recovered = 1.0 - exp(-repetition_time_ms / value.t1_ms)
    return value.proton_density * recovered * exp(-echo_time_ms / value.t2_ms)


def signals(echo_time_ms: float, repetition_time_ms: float) -> dict[str, float]:
    """Return the signal of every tissue at one echo and repetition time."""
    return {name: signal(name, echo_time_ms, repetition_time_ms) for name in TISSUES}
