"""Grading systems that are learned beside the others and left out of the bundle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lumbargrade.errors import GradingSystemError, RecipeError
from lumbargrade.files.write import write_text
from lumbargrade.grading.system import GRADING_SYSTEMS, GradingSystem, load_grading_system
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.training.recipe import OutputSettings, Recipe

FOLDER = "systems"
"""Where a run keeps the files of its auxiliary systems, beside its recipe."""


def auxiliary_systems(outputs: OutputSettings) -> tuple[GradingSystem, ...]:
    """Read the auxiliary grading systems of a recipe.

    Raises RecipeError if a file is not a grading system, or a code is taken.
    """
    found: dict[str, GradingSystem] = {}
    for file in outputs.auxiliary:
        try:
            system = load_grading_system(Path(file))
        except GradingSystemError as error:
            raise RecipeError(f"[outputs] auxiliary: {error}") from None
        if system.code in (*GRADING_SYSTEMS, *found):
            raise RecipeError(
                f"[outputs] auxiliary: {file}: code {system.code} is taken: choose another one"
            )
        found[system.code] = system
    return tuple(found.values())


def divided(
    specs: Sequence[OutputSpec], outputs: OutputSettings
) -> tuple[tuple[OutputSpec, ...], tuple[OutputSpec, ...]]:
    """Return the heads that are shipped, and the auxiliary ones, which come last in ``specs``."""
    codes = {system.code for system in auxiliary_systems(outputs)}
    return (
        tuple(spec for spec in specs if spec.system not in codes),
        tuple(spec for spec in specs if spec.system in codes),
    )


def keep_systems(recipe: Recipe, run: Path) -> Recipe:
    """Copy the files of the auxiliary systems into a run; return the recipe that names the copies.

    Raises RecipeError if a file is not a grading system.
    """
    texts: dict[str, str] = {}
    systems = auxiliary_systems(recipe.outputs)
    for file, system in zip(recipe.outputs.auxiliary, systems, strict=True):
        name = f"{FOLDER}/{system.code.lower()}.toml"
        texts[name] = Path(file).read_text(encoding="utf-8")
    for name, text in texts.items():
        (run / FOLDER).mkdir(exist_ok=True)
        write_text(run / name, text)
    return replace(recipe, outputs=replace(recipe.outputs, auxiliary=tuple(texts)))
