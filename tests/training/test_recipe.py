"""The settings of a run: all documented, all in every recipe, harmless where not given."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from lumbargrade.training import recipe as module
from lumbargrade.training.recipe import AugmentSettings, LocatorSettings, Recipe, SamplingSettings
from lumbargrade.training.recipe_file import RECIPES, load_recipe, recipe_from_dict

BODY = ast.parse(inspect.getsource(module)).body
SECTIONS = [node for node in BODY if isinstance(node, ast.ClassDef)]


def documented(section: ast.ClassDef) -> list[str]:
    """The fields of a class that a string follows."""
    return [
        ast.unparse(field.target)
        for field, text in pairwise(section.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    ]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_every_setting_says_what_it_means(section: ast.ClassDef) -> None:
    kind = getattr(module, section.name)
    names = [field.name for field in dataclasses.fields(kind)]
    assert kind.__doc__
    if kind is not Recipe:  # its fields are the sections, each with a text of its own
        assert documented(section) == names


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_recipe_of_the_package_gives_every_setting_in_order(path: Path) -> None:
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    wanted = dataclasses.asdict(Recipe())
    assert list(given) == list(wanted)
    for section in wanted:
        if section != "name":
            assert list(given[section]) == list(wanted[section]), section


def test_the_settings_not_given_are_those_of_the_classes() -> None:
    assert recipe_from_dict({}, "here") == Recipe()


def test_the_article_is_the_start_but_for_what_only_it_does() -> None:
    """Optimiser, picture and network of Su et al. 2022 are what is not given."""
    paper, start = load_recipe("paper"), Recipe()
    fixed = dataclasses.replace(paper.input, region="fixed")
    assert (paper.network, fixed, paper.locator) == (start.network, start.input, start.locator)
    changed = dataclasses.replace(paper.optimiser, name="adamw", warmup=0.1)
    assert changed == start.optimiser
    assert load_recipe("default").locator == LocatorSettings()


def test_what_is_not_given_changes_no_picture_but_by_rotation() -> None:
    settings = dataclasses.asdict(AugmentSettings())
    assert {name for name, value in settings.items() if value} == {"rotation_deg"}
    assert SamplingSettings().rare_power == 0


def test_a_recipe_cannot_change_during_a_run() -> None:
    recipe = Recipe()
    for settings in (recipe, *(getattr(recipe, one.name) for one in dataclasses.fields(recipe))):
        if dataclasses.is_dataclass(settings):
            name = dataclasses.fields(settings)[0].name
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(settings, name, None)
