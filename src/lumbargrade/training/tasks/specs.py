"""The heads that a recipe asks for."""

from __future__ import annotations

from lumbargrade.errors import RecipeError
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.training.heads import output_specs
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.tasks.auxiliary import auxiliary_systems


def recipe_specs(recipe: Recipe) -> tuple[OutputSpec, ...]:
    """Return the heads that a recipe asks for, the auxiliary ones last.

    Raises RecipeError if it names a grading system that is not known.
    """
    unknown = [code for code in recipe.outputs.systems if code not in GRADING_SYSTEMS]
    if unknown:
        raise RecipeError(
            f"grading system '{unknown[0]}' is unknown: choose from {', '.join(GRADING_SYSTEMS)}"
        )
    systems = [GRADING_SYSTEMS[code] for code in recipe.outputs.systems]
    further = auxiliary_systems(recipe.outputs)
    return (
        *output_specs(systems, recipe.outputs.sides, recipe.outputs.disc_head),
        *output_specs(further, recipe.outputs.sides, disc_head=False),
    )
