"""The heads that a recipe asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lumbargrade.errors import RecipeError
from lumbargrade.training.recipe import OutputSettings, Recipe
from lumbargrade.training.tasks.specs import recipe_specs


def recipe_of(outputs: OutputSettings) -> Recipe:
    return replace(Recipe(), outputs=outputs)


def test_each_system_has_its_heads_in_the_order_of_the_recipe() -> None:
    specs = recipe_specs(recipe_of(OutputSettings(systems=("LNRC", "LDH"), disc_head=False)))
    assert [(spec.name, spec.grades) for spec in specs] == [
        ("LNRC_left", 4),
        ("LNRC_right", 4),
        ("LDH", 4),
    ]


def test_the_disc_has_a_head_where_it_is_asked_for() -> None:
    specs = recipe_specs(recipe_of(OutputSettings(systems=("LCCS",), disc_head=True)))
    assert [spec.name for spec in specs] == ["LCCS", "disc"]


def test_an_unknown_system_is_named_beside_the_known_ones() -> None:
    outputs = OutputSettings(systems=("LDH", "PFIRRMANN"))
    with pytest.raises(RecipeError, match=r"'PFIRRMANN' is unknown: choose from .*LDH"):
        recipe_specs(recipe_of(outputs))
