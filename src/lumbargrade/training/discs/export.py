"""From a training of the disc finder to a bundle that reads sagittal series."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from lumbargrade.errors import OutputError
from lumbargrade.inference.bundle import unsealed_bundle
from lumbargrade.inference.bundle_json import DISC_FINDER_FILE
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.inference.sagittal.square import FINDER_SQUARE
from lumbargrade.training.discs.fit import load_finder
from lumbargrade.training.discs.network import DiscFinder
from lumbargrade.training.export.joined import Joining, export_joined
from lumbargrade.training.export.onnx_file import write_disc_finder
from lumbargrade.training.fold_batch_norm import folded, round_to_half

ENTRY = "disc_finder"


def export_finder(run: Path, base: Path | None, out: Path) -> dict[str, Any]:
    """Write the bundle ``base`` (None: the one in the package) with the disc finder of a run to
    ``out``, a folder or a ``.zip``; return its manifest.

    Raises OutputError if ``out`` exists or its folder cannot be created, the run is not complete,
    or ONNX and torch do not agree.
    """
    trained, scores = load_finder(run)
    network = folded(trained)
    round_to_half(network)
    edge = FINDER_SQUARE.pixels

    def change(manifest: dict[str, Any]) -> None:
        square = {"spacing_mm": FINDER_SQUARE.spacing_mm, "pixels": edge}
        manifest[ENTRY] = square | scores

    joining = Joining(
        DISC_FINDER_FILE,
        lambda path: write_disc_finder(network, edge, path),
        change,
        ENTRY,
        lambda bundle: largest_difference(network, bundle),
    )
    return export_joined(joining, base, out)


def largest_difference(network: DiscFinder, bundle: Path) -> float:
    """Return the largest difference between torch and the bundle's ONNX: of a probability, or of a
    corner in m.
    """
    edge = FINDER_SQUARE.pixels
    pictures = np.random.default_rng(0).random((2, edge, edge)).astype(np.float32)
    given = Engine(unsealed_bundle(bundle), Precision.F32).find_discs(pictures)
    if given is None:
        raise OutputError(f"{bundle}: lists no disc finder: report this")
    with torch.inference_mode():
        middles, corners = network(torch.from_numpy(pictures).unsqueeze(1))
    apart = torch.sigmoid(middles) - torch.sigmoid(torch.from_numpy(given[0]))
    moved = (corners - torch.from_numpy(given[1])) / 100
    return max(float(apart.abs().max()), float(moved.abs().max()))
