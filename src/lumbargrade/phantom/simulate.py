"""One simulated study from a seed: patient, anatomy, plan, scan, truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lumbargrade.grading.level import Level
from lumbargrade.phantom.anatomy.anatomy import Anatomy, build_anatomy
from lumbargrade.phantom.anatomy.priors import draw_patient
from lumbargrade.phantom.discs import disc_corners
from lumbargrade.phantom.expert_box import expert_box
from lumbargrade.phantom.grades import grade_slice
from lumbargrade.phantom.imaging.contrast import draw_random_signals, draw_signals
from lumbargrade.phantom.imaging.paint_canal import RootTable, tabulate_roots
from lumbargrade.phantom.imaging.readout import draw_readout
from lumbargrade.phantom.imaging.scan import Scan, scan_slice
from lumbargrade.phantom.imaging.scanner import (
    Protocol,
    draw_protocol,
    find_scanner,
    training_scanners,
)
from lumbargrade.phantom.outlines import slice_outlines
from lumbargrade.phantom.plan import plan_axial, plan_sagittal
from lumbargrade.phantom.simulated import (
    DiscTruth,
    ScannerIdentity,
    SimulatedSeries,
    SimulatedSlice,
    SimulatedStudy,
)
from lumbargrade.study.geometry import SliceGeometry

T1_ECHO_MS, T1_REPETITION_MS = 11.0, 600.0
AXIAL_SAMPLES, SAGITTAL_SAMPLES = 4, 2


@dataclass(frozen=True)
class StudyOptions:
    """What to simulate.

    Preset (None = any training preset), axial contrast, severity, whether the axial
    series' contrast is drawn at random around the named one, and whether L5 is sacralised.
    """

    scanner: str | None = None
    contrast: str = "t2"
    severe: bool = False
    random_contrast: bool = False
    sacralised: bool = False


def simulate_study(seed: int, index: int, options: StudyOptions = StudyOptions()) -> SimulatedStudy:
    """Simulate patient ``index`` of a cohort; the same arguments give the same study.

    Raises CohortError if the scanner is not a preset.
    """
    rng = np.random.default_rng([seed, index])
    names = training_scanners()
    drawn = names[int(rng.integers(len(names)))]
    protocol = draw_protocol(find_scanner(options.scanner or drawn), rng)
    patient = draw_patient(rng, options.severe)
    anatomy = build_anatomy(patient, rng, options.sacralised)
    axial, sagittal = plan_axial(anatomy, protocol, rng), plan_sagittal(anatomy, rng)
    body = _Body(anatomy, tabulate_roots(anatomy), protocol, options.random_contrast)
    series = [
        _series(body, "sagittal", "t2", sagittal, rng),
        _series(body, "axial", options.contrast, axial, rng),
    ]
    scanner = protocol.scanner
    identity = ScannerIdentity(
        scanner.name,
        scanner.manufacturer,
        scanner.model_name,
        scanner.magnetic_field_strength_t,
        scanner.external,
    )
    return SimulatedStudy(
        f"P{index + 1:05d}",
        patient.age_years,
        patient.sex,
        identity,
        tuple(series),
        _discs(anatomy),
    )


@dataclass(frozen=True)
class _Body:
    """What is scanned, and with what."""

    anatomy: Anatomy
    roots: RootTable
    protocol: Protocol
    random_contrast: bool


def _series(
    body: _Body,
    plane: str,
    contrast: str,
    plan: tuple[SliceGeometry, ...],
    rng: np.random.Generator,
) -> SimulatedSeries:
    """Scan one series; axial slices carry their truth."""
    anatomy, protocol = body.anatomy, body.protocol
    echo, repetition = (
        (protocol.echo_time_ms, protocol.repetition_time_ms)
        if contrast == "t2"
        else (T1_ECHO_MS, T1_REPETITION_MS)
    )
    axial = plane == "axial"
    thickness = protocol.slice_thickness_mm if axial else 4.0
    samples = AXIAL_SAMPLES if axial else SAGITTAL_SAMPLES
    tissue = (
        draw_random_signals((echo, repetition), rng)
        if body.random_contrast and axial
        else draw_signals((echo, repetition), protocol.scanner.signal_spread, rng)
    )
    scan = Scan(tissue, thickness, samples, draw_readout(protocol, rng))
    slices = []
    for geometry in plan:
        pixels = scan_slice(anatomy, body.roots, geometry, scan, rng)
        if axial:
            truth = grade_slice(anatomy, geometry)
            center = truth.canal_center_px
            outlines = slice_outlines(anatomy, geometry, center)
            box = expert_box(anatomy, geometry, center, list(Level).index(truth.level))
            slices.append(SimulatedSlice(geometry, pixels, truth, outlines, box))
        else:
            slices.append(SimulatedSlice(geometry, pixels))
    steps = np.diff([geometry.center_mm for geometry in plan[:2]], axis=0)
    return SimulatedSeries(
        kind=f"{plane}_{contrast}",
        contrast=contrast,
        plane=plane,
        description=f"{contrast.upper()} TSE {'TRA' if axial else 'SAG'}",
        echo_time_ms=echo,
        repetition_time_ms=repetition,
        slice_thickness_mm=thickness,
        spacing_between_slices_mm=round(float(np.linalg.norm(steps)), 3),
        slices=tuple(slices),
    )


def _discs(anatomy: Anatomy) -> tuple[DiscTruth, ...]:
    """Centre and measurements of every disc, L1/2 first."""
    truths = []
    for level, shape in zip(Level, anatomy.canal.levels, strict=True):
        center = anatomy.spine.to_patient(0, -shape.disc_depth / 2, anatomy.disc_zeta(shape.index))
        truths.append(
            DiscTruth(
                level,
                (float(center[0]), float(center[1]), float(center[2])),
                {
                    "disc_height_mm": shape.disc_height,
                    "disc_width_mm": shape.disc_width,
                    "disc_depth_mm": shape.disc_depth,
                    "degeneration": shape.prior.degeneration,
                    "herniation_mm": shape.herniation_mm,
                    "herniation_u_mm": shape.prior.herniation_u_mm,
                    "bulge_mm": shape.prior.bulge_mm,
                    "flavum_mm": shape.flavum_thickness,
                },
                disc_corners(anatomy, shape.index),
            )
        )
    return tuple(truths)
