from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lumbargrade.errors import RecipeError
from lumbargrade.study.squares import FIXED_SQUARE, RegionRule
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.recipe_file import (
    RECIPES,
    load_recipe,
    recipe_from_dict,
    recipe_to_dict,
    write_recipe,
)


def test_paper_recipe_says_what_the_article_says() -> None:
    recipe = load_recipe("paper")
    optimiser = recipe.optimiser
    assert (optimiser.name, optimiser.learning_rate, optimiser.weight_decay) == ("adam", 1e-3, 1e-4)
    assert (optimiser.batch, optimiser.epochs) == (16, 100)
    assert recipe.augment.rotation_deg == 15.0
    assert recipe.network.backbone == "resnet50"
    assert not recipe.outputs.sides
    assert not recipe.outputs.disc_head
    assert (recipe.input.region, recipe.input.pixels) == ("drawn", 128)
    assert recipe.input.rule == RegionRule("drawn", 1.2)
    assert load_recipe("default").input.rule == FIXED_SQUARE


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda p: p.stem)
def test_every_line_of_a_recipe_has_a_comment(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            assert "# " in line, line
    assert load_recipe(path.stem).name == path.stem


def test_top_level_folder_is_the_packaged_one(repository: Path) -> None:
    assert (repository / "recipes").resolve() == RECIPES.resolve()


def test_recipe_survives_toml_and_json(tmp_path: Path) -> None:
    recipe = load_recipe("default")
    write_recipe(recipe, tmp_path / "written.toml")
    assert load_recipe(str(tmp_path / "written.toml")) == recipe
    assert recipe_from_dict(recipe_to_dict(recipe), "here") == recipe


def test_parts_may_be_whole_numbers(tmp_path: Path) -> None:
    path = tmp_path / "no_test.toml"
    path.write_text("[sampling]\nparts = [0.8, 0.2, 0]", encoding="utf-8")
    assert load_recipe(str(path)).sampling.parts == (0.8, 0.2, 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[optimiser]\nlearning = 1", r"\[optimiser\]: unknown setting 'learning'; known: name"),
        ("[input]\nregion = 'round'", r"\[input\] region must be fixed or drawn, and expand > 0"),
        ("[input]\nexpand = -1", r"\[input\] region must be fixed or drawn, and expand > 0"),
        ("[input]\nregion = 'drawn'\noutlines = true", "drawn needs outlines = false"),
        ("[optimiser]\nbatch = 'x'", r"'batch' is 'x'; it must be of the kind int"),
        ("[optimiser]\nbatch = 0", "batch and epochs must be > 0"),
        ("[optimiser]\nname = 'sgd'", "name must be adam or adamw"),
        ("[optimiser]\nschedule = 'step'", "schedule must be"),
        ("[optimiser]\nprecision = '16'", "precision must be"),
        ("[optimiser]\nema_decay = 1.0", "ema_decay must be in"),
        ("[optimiser]\nstages = [[0.5, 128]]", "stages must be"),
        ("[optimiser]\nstages = [[0.0, 64], [0.9, 96], [0.5, 128]]", "stages must be"),
        ("[outputs]\nsystems = []", "systems is empty"),
        ("[labels]\nsoft = 'vote'", r"\[labels\] soft must be share or dawid-skene, or empty"),
        ("[outputs]\nmeasure_weight = -1", "must not be negative"),
        ("[outputs]\nmeasures = ['root_gap_left_mm']", "without its other side"),
        ("[outputs]\nmeasures = ['bulge_mm', 'bulge_mm']", "names one twice"),
        ("[sampling]\nsites = ['real']", "sites must be"),
        ("[sampling]\nsites = [['real', 0.0]]", "sites must be"),
        ("[sampling]\nsites = [['real', 0.7], ['bent', 0.4]]", "sites must be"),
        ("[sampling]\nsites = [['real', 0.4], ['real', 0.2]]", "each cohort once"),
        ("[sampling]\nsites = [['real', true]]", "sites must be"),
        ("[sampling]\nparts = [1, 0, 0]", "parts must be three shares"),
        ("[outputs]\nmeasures = [1]", r"measures must be a list of names, not \[1\]"),
        ("[outputs]\nauxiliary = [['a']]", "auxiliary must be a list of names"),
        ("[augment]\nany_tone = 2", "any_tone and outline_dropout must be in 0..1"),
        ("[augment]\noutline_dropout = nan", "any_tone and outline_dropout must be in 0..1"),
        ("[input]\npixels = 0", "size_mm and pixels must be > 0"),
        ("[input]\nmargin_px = -1", "margin_px must not be negative"),
        ("not toml", "is not TOML"),
    ],
)
def test_faulty_recipes_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "faulty.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecipeError, match=message) as caught:
        load_recipe(str(path))
    assert str(caught.value).startswith(str(path))


def test_unknown_recipe_names_the_known_ones() -> None:
    with pytest.raises(
        RecipeError,
        match="'nonsense' is neither a readable file nor one of: default, finetune, gpu, paper",
    ):
        load_recipe("nonsense")


def test_whole_numbers_serve_as_fractions() -> None:
    recipe = recipe_from_dict({"augment": {"rotation_deg": 10}}, "here")
    assert recipe == replace(Recipe(), augment=replace(Recipe().augment, rotation_deg=10.0))
