"""From a training of the outline network to a bundle that draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from lumbargrade.errors import OutputError
from lumbargrade.inference.answers.mirror import both_ways
from lumbargrade.inference.bundle import unsealed_bundle
from lumbargrade.inference.bundle_json import OUTLINE_PATCH, OUTLINER_FILE
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.inference.outline import mirror_average
from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.training.export.joined import Joining, export_joined
from lumbargrade.training.export.onnx_file import write_outliner
from lumbargrade.training.fold_batch_norm import folded, round_to_half
from lumbargrade.training.maps.kept import with_outlines
from lumbargrade.training.outlines.fit import load_outliner
from lumbargrade.training.outlines.network import OutlineNetwork
from lumbargrade.training.outlines.scores import answers


def export_outlines(run: Path, base: Path | None, out: Path) -> dict[str, Any]:
    """Write the bundle ``base`` (None: the one in the package) with the outline network of a
    run to ``out``, a folder or a ``.zip``; return its manifest.

    Raises OutputError if ``out`` exists or its folder cannot be created, the run is not complete,
    or ONNX and torch do not agree.
    """
    trained, scores = load_outliner(run)
    network = folded(trained)
    round_to_half(network)

    def change(manifest: dict[str, Any]) -> None:
        manifest["trained_on"] = with_outlines(manifest["trained_on"], scores)
        manifest["outliner"] = {
            "size_mm": OUTLINE_PATCH.size_mm,
            "pixels": OUTLINE_PATCH.pixels,
            "layers": list(LAYERS),
            **scores,
        }

    joining = Joining(
        OUTLINER_FILE,
        lambda path: write_outliner(network, OUTLINE_PATCH.pixels, path),
        change,
        "outliner",
        lambda bundle: largest_difference(network, bundle),
    )
    return export_joined(joining, base, out)


def largest_difference(network: OutlineNetwork, bundle: Path) -> float:
    """Return the largest difference of a probability between torch and the bundle's ONNX."""
    edge = OUTLINE_PATCH.pixels
    pictures = np.random.default_rng(0).random((4, edge, edge)).astype(np.float32)
    given = Engine(unsealed_bundle(bundle), Precision.F32).draw(both_ways(pictures))
    if given is None:
        raise OutputError(f"{bundle}: lists no outline network: report this")
    ours, theirs = answers(network, pictures), mirror_average(*given)
    return max(float(np.abs(a - b).max()) for a, b in zip(ours, theirs, strict=True))
