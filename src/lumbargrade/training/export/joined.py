"""A bundle with one of its networks exchanged or added; the others stay as they are."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lumbargrade.errors import OutputError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.bundle_json import MANIFEST_FILE
from lumbargrade.training.export.draft import CARD_FILE, PARITY_TOLERANCE, drafted, write_manifest
from lumbargrade.training.export.model_card import model_card
from lumbargrade.training.export.seal import seal


@dataclass(frozen=True)
class Joining:
    """The network that joins a bundle.

    Attributes
    ----------
    file : of the bundle that holds it.
    write : writes that file.
    change : enters it into the manifest, in place.
    entry : key of the manifest under which it is described.
    difference : the largest difference of a probability between torch and the bundle's ONNX, of
        the bundle in a folder.
    """

    file: str
    write: Callable[[Path], None]
    change: Callable[[dict[str, Any]], None]
    entry: str
    difference: Callable[[Path], float]


def export_joined(joining: Joining, base: Path | None, out: Path) -> dict[str, Any]:
    """Write the bundle ``base`` (None: the one in the package) with a network that joins it to
    ``out``, a folder or a ``.zip``; return its manifest.

    Raises OutputError if ``out`` exists or its folder cannot be created, or ONNX and torch do not
    agree within ``PARITY_TOLERANCE``.
    """
    bundle = load_bundle(base)
    with drafted(out) as draft:
        for name in (*bundle.manifest.files, MANIFEST_FILE):
            shutil.copyfile(bundle.folder / name, draft / name)
        joining.write(draft / joining.file)
        manifest = json.loads((draft / MANIFEST_FILE).read_text(encoding="utf-8"))
        joining.change(manifest)
        write_manifest(manifest, draft)
        manifest[joining.entry]["parity"] = _checked(joining.difference(draft), draft)
        (draft / CARD_FILE).write_text(model_card(manifest), encoding="utf-8")
        write_manifest(manifest, draft)
        seal(draft)
    return dict(manifest)


def _checked(worst: float, bundle: Path) -> float:
    if not worst <= PARITY_TOLERANCE:
        raise OutputError(
            f"{bundle}: ONNX and torch differ by {worst:.4f} in a probability, more than "
            f"{PARITY_TOLERANCE}; nothing was exported: report this with your versions of torch "
            "and onnx"
        )
    return worst
