"""The outline network that a run's maps are drawn with: kept in the run, and in its bundle.

A grader that reads maps is only as good with the network that drew the maps it learned from,
so that network travels with it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lumbargrade.errors import OutputError, RecipeError
from lumbargrade.files.write import write_json
from lumbargrade.inference.bundle import Bundle
from lumbargrade.inference.bundle_json import MANIFEST_FILE, OUTLINER_FILE
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.warm_start import DEFAULT, starting_bundle

OUTLINES = "; outlines: "

ENTRY_FILE = "outliner.json"


def drawing_bundle(recipe: Recipe) -> Bundle | None:
    """Return the bundle that draws a recipe's maps; None where it asks for none.

    Raises BundleError if it is not a whole bundle, RecipeError if it draws no outlines.
    """
    if not recipe.input.outlines:
        return None
    name = recipe.network.start_from or DEFAULT
    bundle = starting_bundle(name)
    if bundle.outliner_path is None:
        raise RecipeError(
            f"[input] outlines: the bundle '{name}' draws none; start from one that does, or set "
            "outlines = false"
        )
    return bundle


def keep_outliner(bundle: Bundle, folder: Path) -> None:
    """Copy the outline network of ``bundle`` and what its manifest says of it into ``folder``.

    Raises OutputError if another one is there, as in a run that is resumed after its starting
    bundle was exchanged.
    """
    manifest = json.loads((bundle.folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    kept = folder / ENTRY_FILE
    entry = {"sha256": bundle.manifest.files[OUTLINER_FILE], "outliner": manifest["outliner"]}
    if kept.is_file():
        if json.loads(kept.read_text(encoding="utf-8"))["sha256"] != entry["sha256"]:
            raise OutputError(
                f"{folder}: the run's outlines were drawn by another network than that of "
                f"{bundle.manifest.name} {bundle.manifest.version}; train into a new folder"
            )
        return
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(bundle.folder / OUTLINER_FILE, folder / OUTLINER_FILE)
    write_json(kept, entry, indent=2)


def add_outliner(folder: Path, draft: Path, manifest: dict[str, Any]) -> None:
    """Put the network that :func:`keep_outliner` kept into a draft, and into its manifest.

    Raises OutputError if the run kept none.
    """
    try:
        kept = json.loads((folder / ENTRY_FILE).read_text(encoding="utf-8"))
        shutil.copyfile(folder / OUTLINER_FILE, draft / OUTLINER_FILE)
    except OSError as error:
        raise OutputError(
            f"{folder}: the outline network of the run cannot be read ({error.strerror}); "
            "train into a new folder"
        ) from None
    manifest["outliner"] = kept["outliner"]
    manifest["grader_outliner"] = kept["sha256"]
    manifest["trained_on"] = with_outlines(manifest["trained_on"], kept["outliner"])


def with_outlines(before: str, outliner: Mapping[str, Any]) -> str:
    """Add to what the grades were learned from what the outlines were learned from."""
    grades = before.partition(OUTLINES)[0]
    slices, patients = outliner["training_slices"], outliner["training_patients"]
    return f"{grades}{OUTLINES}{slices} traced slices of {patients} patients"
