"""Grading systems that are learned and not shipped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lumbargrade.errors import RecipeError
from lumbargrade.training.recipe import OutputSettings, Recipe
from lumbargrade.training.recipe_file import load_recipe
from lumbargrade.training.run_folder import RunFolder, start_run
from lumbargrade.training.tasks.auxiliary import divided
from lumbargrade.training.tasks.specs import recipe_specs

SYSTEM = """code = "{code}"
name = "Something"
source = "a note"
per_side = {sides}
needs_disc = false

[[grades]]
value = 0
name = "no"
help = "no"

[[grades]]
value = 1
name = "yes"
help = "yes"
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    """A recipe file in a folder of its own, with two systems beside it."""
    home = tmp_path / "recipe"
    (home / "of").mkdir(parents=True)
    (home / "of" / "a.toml").write_text(SYSTEM.format(code="BULGE", sides="false"))
    (home / "of" / "b.toml").write_text(SYSTEM.format(code="FORAMEN", sides="true"))
    text = '[outputs]\nauxiliary = ["of/a.toml", "of/b.toml"]\n'
    (home / "mine.toml").write_text(text, encoding="utf-8")
    return load_recipe(str(home / "mine.toml"))


def test_files_are_seen_from_the_recipe(recipe: Recipe) -> None:
    specs = recipe_specs(recipe)
    further = ["BULGE", "FORAMEN_left", "FORAMEN_right"]
    assert [spec.name for spec in specs[5:]] == further
    shipped, auxiliary = divided(specs, recipe.outputs)
    assert [spec.name for spec in shipped] == ["LDH", "LCCS", "LNRC_left", "LNRC_right", "disc"]
    assert [spec.name for spec in auxiliary] == further
    assert divided(shipped, OutputSettings()) == (shipped, ())


def test_a_run_keeps_the_systems_it_learned(recipe: Recipe, tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "run")
    run.path.mkdir()
    start_run(run, recipe)
    assert str(tmp_path) not in run.recipe.read_text()
    for file in recipe.outputs.auxiliary:
        Path(file).unlink()
    kept = load_recipe(str(run.recipe))
    assert recipe_specs(kept)[5].system == "BULGE"
    start_run(run, kept)
    assert load_recipe(str(run.recipe)) == kept


def test_a_code_that_is_taken_is_refused(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(SYSTEM.format(code="LDH", sides="false"))
    outputs = replace(recipe.outputs, auxiliary=(str(tmp_path / "c.toml"),))
    with pytest.raises(RecipeError, match=r"auxiliary: .*c\.toml: code LDH is taken"):
        recipe_specs(replace(recipe, outputs=outputs))
    twice = replace(recipe.outputs, auxiliary=recipe.outputs.auxiliary[:1] * 2)
    with pytest.raises(RecipeError, match="code BULGE is taken"):
        recipe_specs(replace(recipe, outputs=twice))


def test_a_file_that_is_not_there_is_named(recipe: Recipe, tmp_path: Path) -> None:
    outputs = replace(recipe.outputs, auxiliary=(str(tmp_path / "none.toml"),))
    with pytest.raises(RecipeError, match=r"\[outputs\] auxiliary: grading system .*none\.toml"):
        recipe_specs(replace(recipe, outputs=outputs))
