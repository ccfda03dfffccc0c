"""From a training of the disc grader to a bundle that grades discs on sagittal series."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from lumbargrade.errors import OutputError
from lumbargrade.grading.system import SAGITTAL_SYSTEMS
from lumbargrade.inference.bundle import unsealed_bundle
from lumbargrade.inference.bundle_json import DISC_GRADER_FILE
from lumbargrade.inference.discs.square import DISC_SQUARE
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.training.export.joined import Joining, export_joined
from lumbargrade.training.export.onnx_file import write_disc_grader
from lumbargrade.training.fold_batch_norm import folded, round_to_half
from lumbargrade.training.sagittal.fit import load_disc_grader, scores_of
from lumbargrade.training.sagittal.network import DiscGrader

ENTRY = "disc_grader"
CONTRASTS = ("t2",)
"""What is graded is graded on T2-weighted series."""


def export_disc_grader(run: Path, base: Path | None, out: Path) -> dict[str, Any]:
    """Write the bundle ``base`` (None: the one in the package) with the disc grader of a run to
    ``out``, a folder or a ``.zip``; return its manifest.

    Raises OutputError if ``out`` exists or its folder cannot be created, the run is not complete,
    the bundle finds no discs, or ONNX and torch do not agree.
    """
    trained, scores = load_disc_grader(run)
    network = folded(trained)
    round_to_half(network)

    def change(manifest: dict[str, Any]) -> None:
        if manifest.get("disc_finder") is None:
            raise OutputError(
                f"{base or 'the model'}: finds no discs, so none can be graded: add a disc finder "
                "with 'lumbargrade discs export'"
            )
        manifest[ENTRY] = {
            **{name: value for name, value in scores.items() if name != "set_aside"},
            "contrasts": list(CONTRASTS),
            "depths": DISC_SQUARE.depths,
            "pixels": DISC_SQUARE.pixels,
            "backward": DISC_SQUARE.backward,
            "graded": [_part(code, aside) for code, aside in scores_of(scores).items()],
        }

    joining = Joining(
        DISC_GRADER_FILE,
        lambda path: write_disc_grader(network, DISC_SQUARE.pixels, path),
        change,
        ENTRY,
        lambda bundle: largest_difference(network, bundle),
    )
    return export_joined(joining, base, out)


def _part(code: str, set_aside: Mapping[str, Any]) -> dict[str, Any]:
    system = SAGITTAL_SYSTEMS[code]
    return {
        "system": system.to_dict(),
        "temperature": 1.0,
        "decision_weights": [1.0] * len(system.grades),
        "set_aside": set_aside,
    }


def largest_difference(network: DiscGrader, bundle: Path) -> float:
    """Return the largest difference of a probability between torch and the bundle's ONNX."""
    edge = DISC_SQUARE.pixels
    squares = np.random.default_rng(0).random((4, edge, edge)).astype(np.float32)
    given = Engine(unsealed_bundle(bundle), Precision.F32).grade_discs(squares)
    if given is None:
        raise OutputError(f"{bundle}: lists no disc grader: report this")
    with torch.inference_mode():
        logs = network(torch.from_numpy(squares).unsqueeze(1))
    both = zip(*(network.split(one) for one in (logs, torch.from_numpy(given))), strict=True)
    apart = [(one.softmax(dim=1) - other.softmax(dim=1)).abs().max() for one, other in both]
    return float(max(apart))
