"""Scanner presets: what differs between machines, as data (``scanners.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from lumbargrade.errors import CohortError

Range = tuple[float, float]


@dataclass(frozen=True)
class Scanner:
    """A preset: ranges from which a study's acquisition is drawn.

    ``coil_falloff_mm`` is the depth at which the posterior array's sensitivity has
    dropped to 1/e; ``saturation_band`` and ``stack_share`` are the shares of studies
    with an anterior saturation band, and with one parallel stack instead of blocks
    angled per disc. ``snr`` is that of the brightest common tissue (CSF on T2, fat on T1) at
    the depth of the canal. ``read_share`` and ``phase_share`` are the measured resolution as a
    share of what the pixels could show; ``sharpening`` and ``ghost`` are drawn per series,
    ``shading`` is the spread of the receive field's terms, ``signal_spread`` that of the
    tissues between patients (0 = none). ``external`` presets never serve for training.
    """

    name: str
    manufacturer: str
    model_name: str
    external: bool
    magnetic_field_strength_t: float
    echo_time_ms: Range
    repetition_time_ms: Range
    pixel_spacing_mm: Range
    matrix: int
    slice_thickness_mm: Range
    snr: Range
    coil_falloff_mm: Range
    read_share: Range
    phase_share: Range
    sharpening: Range
    ghost: Range
    shading: float
    signal_spread: float
    saturation_band: float
    stack_share: float


@dataclass(frozen=True)
class Protocol:
    """One study's acquisition, drawn from a preset."""

    scanner: Scanner
    echo_time_ms: float
    repetition_time_ms: float
    pixel_spacing_mm: float
    slice_thickness_mm: float
    snr: float
    coil_falloff_mm: float
    saturation_band: bool
    parallel_stack: bool


@cache
def scanner_presets() -> dict[str, Scanner]:
    """Return every preset by name."""
    text = (files("lumbargrade.phantom.imaging") / "scanners.toml").read_text("utf-8")
    presets = {}
    for name, table in tomllib.loads(text).items():
        ranges = {key: tuple(item) for key, item in table.items() if isinstance(item, list)}
        presets[name] = Scanner(name=name, **{**table, **ranges})
    return presets


def training_scanners() -> tuple[str, ...]:
    """Return the names of the presets that training may use."""
    return tuple(name for name, preset in scanner_presets().items() if not preset.external)


def find_scanner(name: str) -> Scanner:
    """Return the preset of that name, or raise ``CohortError`` that lists the names."""
    presets = scanner_presets()
    if name not in presets:
        known = ", ".join(presets)
        raise CohortError(f"scanner '{name}' is not a preset: choose one of {known}")
    return presets[name]


def draw_protocol(scanner: Scanner, rng: np.random.Generator) -> Protocol:
    """Draw one study's acquisition from a preset."""
    return Protocol(
        scanner=scanner,
        echo_time_ms=round(rng.uniform(*scanner.echo_time_ms), 0),
        repetition_time_ms=round(rng.uniform(*scanner.repetition_time_ms), 0),
        pixel_spacing_mm=round(rng.uniform(*scanner.pixel_spacing_mm), 4),
        slice_thickness_mm=round(2 * rng.uniform(*scanner.slice_thickness_mm)) / 2,
        snr=rng.uniform(*scanner.snr),
        coil_falloff_mm=rng.uniform(*scanner.coil_falloff_mm),
        saturation_band=rng.random() < scanner.saturation_band,
        parallel_stack=rng.random() < scanner.stack_share,
    )
