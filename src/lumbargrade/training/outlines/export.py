"""From a training of the outline network to a bundle that draws."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from lumbargrade.errors import OutputError
from lumbargrade.inference.answers.mirror import both_ways
from lumbargrade.inference.bundle import load_bundle, unsealed_bundle
from lumbargrade.inference.bundle_json import MANIFEST_FILE, OUTLINE_PATCH, OUTLINER_FILE
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.inference.outline import mirror_average
from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.training.export.draft import CARD_FILE, PARITY_TOLERANCE, drafted, write_manifest
from lumbargrade.training.export.model_card import model_card
from lumbargrade.training.export.onnx_file import write_outliner
from lumbargrade.training.export.seal import seal
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
    bundle = load_bundle(base)
    with drafted(out) as draft:
        for name in (*bundle.manifest.files, MANIFEST_FILE):
            shutil.copyfile(bundle.folder / name, draft / name)
        write_outliner(network, OUTLINE_PATCH.pixels, draft / OUTLINER_FILE)
        manifest = json.loads((draft / MANIFEST_FILE).read_text(encoding="utf-8"))
        manifest["trained_on"] = with_outlines(manifest["trained_on"], scores)
        manifest["outliner"] = {
            "size_mm": OUTLINE_PATCH.size_mm,
            "pixels": OUTLINE_PATCH.pixels,
            "layers": list(LAYERS),
            **scores,
        }
        write_manifest(manifest, draft)
        manifest["outliner"]["parity"] = check_parity(network, draft)
        (draft / CARD_FILE).write_text(model_card(manifest), encoding="utf-8")
        write_manifest(manifest, draft)
        seal(draft)
    return dict(manifest)


def check_parity(network: OutlineNetwork, bundle: Path) -> float:
    """Return the largest difference of a probability between torch and the bundle's ONNX.

    Raises OutputError if it is more than ``PARITY_TOLERANCE``.
    """
    edge = OUTLINE_PATCH.pixels
    pictures = np.random.default_rng(0).random((4, edge, edge)).astype(np.float32)
    given = Engine(unsealed_bundle(bundle), Precision.F32).draw(both_ways(pictures))
    if given is None:
        raise OutputError(f"{bundle}: lists no outline network: report this")
    ours, theirs = answers(network, pictures), mirror_average(*given)
    worst = max(float(np.abs(a - b).max()) for a, b in zip(ours, theirs, strict=True))
    if worst > PARITY_TOLERANCE:
        raise OutputError(
            f"{bundle}: ONNX and torch differ by {worst:.4f} in an outline's probability, more "
            f"than {PARITY_TOLERANCE}; nothing was exported: report this with your versions of "
            "torch and openvino"
        )
    return round(worst, 7)
