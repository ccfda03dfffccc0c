"""Seal a bundle: ask its networks what is to be their known answer, and list its files."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.inference.bundle import Bundle, load_bundle, network_files, unsealed_bundle
from lumbargrade.inference.bundle_json import (
    DISC_FINDER_FILE,
    DISC_GRADER_FILE,
    GRADER_FILE,
    LOCATOR_FILE,
    OUTLINER_FILE,
    Manifest,
)
from lumbargrade.inference.discs.square import DISC_SQUARE
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.inference.integrity.known_answer import KNOWN_FILE, write_known
from lumbargrade.inference.integrity.network import Network
from lumbargrade.inference.integrity.picture import known_picture
from lumbargrade.inference.integrity.sums import write_sums
from lumbargrade.inference.openvino_runtime import load_openvino
from lumbargrade.study.patch import OverviewSpec

USUAL_DEPTH_MM = 36.0
"""Of a lumbar disc: how large the known picture is drawn for the disc grader."""


def seal(folder: Path) -> Bundle:
    """Write the known answers and ``SHA256SUMS`` into a folder that holds the rest of a bundle.

    The answers are computed in float32 from one drawn picture. Returns the bundle as everybody
    will load it, asked once more. Raises BundleError if it is no bundle or does not answer alike;
    OSError if it cannot be written.
    """
    bundle, core = unsealed_bundle(folder), load_openvino().Core()
    known = {}
    for name in network_files(bundle.manifest):
        options = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": str(Precision.F32)}
        network = Network(core, bundle.network(folder / name), options, None)
        known[name] = network.answer(known_picture(*_size(bundle.manifest, name)))
    write_known(folder / KNOWN_FILE, known)
    write_sums(folder)
    sealed = load_bundle(folder)
    Engine(sealed, Precision.F32).check()
    return sealed


def _size(manifest: Manifest, name: str) -> tuple[int, int, float]:
    """Return channels, pixels and their spacing in mm of what a network reads."""
    overviews = {LOCATOR_FILE: manifest.locator, DISC_FINDER_FILE: manifest.disc_finder}
    if name in overviews:
        spec = overviews[name] or OverviewSpec()
        return 1, spec.pixels, spec.spacing_mm
    if name == DISC_GRADER_FILE:
        return 1, DISC_SQUARE.pixels, DISC_SQUARE.step * USUAL_DEPTH_MM
    patch = manifest.patch
    if name == OUTLINER_FILE and manifest.outliner is not None:
        patch = manifest.outliner.patch
    channels = len(manifest.grader_input) if name == GRADER_FILE else 1
    return channels, patch.pixels, patch.spacing_mm
