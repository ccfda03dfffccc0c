"""Recipes as TOML: read, checked and written."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lumbargrade.annotation.soft_labels import SoftWay
from lumbargrade.errors import RecipeError
from lumbargrade.files.write import write_text
from lumbargrade.inference.measures.names import without_other_side
from lumbargrade.study.squares import FIXED, REGIONS
from lumbargrade.training.recipe import Recipe

RECIPES = Path(__file__).parent / "recipes"
"""The recipes that come with the package."""


def load_recipe(name_or_path: str) -> Recipe:
    """Read a recipe that comes with the package (by name) or a TOML file.

    Paths of auxiliary systems are seen from the file and come back whole. Raises RecipeError if
    there is no such recipe, or it holds an unknown or impossible setting.
    """
    packaged = RECIPES / f"{name_or_path}.toml"
    path = packaged if packaged.is_file() else Path(name_or_path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        names = ", ".join(sorted(file.stem for file in RECIPES.glob("*.toml")))
        raise RecipeError(
            f"recipe '{name_or_path}' is neither a readable file nor one of: {names}"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{path}: is not TOML: {error}") from None
    recipe = recipe_from_dict(data, str(path))
    files = tuple(str((path.parent / one).resolve()) for one in recipe.outputs.auxiliary)
    return dataclasses.replace(recipe, outputs=dataclasses.replace(recipe.outputs, auxiliary=files))


def recipe_from_dict(data: Mapping[str, Any], where: str) -> Recipe:
    """Build and check a recipe from parsed TOML; ``where`` opens every error message."""
    recipe: Recipe = _build(Recipe, data, where)
    _check(recipe, where)
    return recipe


def recipe_to_dict(recipe: Recipe) -> dict[str, Any]:
    """Return plain data that ``recipe_from_dict`` reads back to the same recipe."""
    data: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(recipe)))
    return data


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Write the recipe as TOML."""
    data = recipe_to_dict(recipe)
    lines = [f"name = {json.dumps(data.pop('name'))}"]
    for section, settings in data.items():
        lines += ["", f"[{section}]"]
        # JSON's strings, numbers, booleans and lists are TOML as well.
        lines += [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    write_text(path, "\n".join(lines) + "\n")


def _build(kind: Any, data: Mapping[str, Any], where: str) -> Any:
    fields = {item.name: item for item in dataclasses.fields(kind)}
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in fields:
            raise RecipeError(f"{where}: unknown setting '{key}'; known: {', '.join(fields)}")
        item = fields[key]
        if item.default_factory is not dataclasses.MISSING and isinstance(value, Mapping):
            values[key] = _build(item.default_factory, value, f"{where} [{key}]")
        else:
            values[key] = _typed(value, item.default, f"{where}: '{key}'")
    return kind(**values)


def _typed(value: Any, default: Any, where: str) -> Any:
    if isinstance(default, tuple) and isinstance(value, list):
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(default):
        raise RecipeError(
            f"{where} is {value!r}; it must be of the kind {type(default).__name__}, "
            f"such as {default!r}"
        )
    return value


def _check(recipe: Recipe, where: str) -> None:
    optimiser, picture, outputs = recipe.optimiser, recipe.input, recipe.outputs
    for given, setting in (
        (outputs.measures, "[outputs] measures"),
        (outputs.auxiliary, "[outputs] auxiliary"),
    ):
        if not all(isinstance(one, str) and one for one in given):
            raise RecipeError(f"{where}: {setting} must be a list of names, not {list(given)!r}")
    alone = without_other_side(outputs.measures)
    chances = (recipe.augment.any_tone, recipe.augment.outline_dropout)
    shares = [stage[0] for stage in optimiser.stages if len(stage) == 2]
    rules = [
        (bool(recipe.outputs.systems), "[outputs] systems is empty: name at least one"),
        (
            recipe.labels.soft in ("", *SoftWay),
            f"[labels] soft must be {' or '.join(SoftWay)}, or empty",
        ),
        (optimiser.name in ("adam", "adamw"), "[optimiser] name must be adam or adamw"),
        (
            optimiser.schedule in ("constant", "cosine", "onecycle"),
            "[optimiser] schedule must be constant, cosine or onecycle",
        ),
        (
            optimiser.precision in ("auto", "bf16-mixed", "32-true"),
            "[optimiser] precision must be auto, bf16-mixed or 32-true",
        ),
        (
            len(shares) == len(optimiser.stages)
            and shares[:1] == [0.0]
            and shares == sorted(shares),
            "[optimiser] stages must be [share, pixels] pairs that rise from share 0",
        ),
        (min(optimiser.batch, optimiser.epochs) > 0, "[optimiser] batch and epochs must be > 0"),
        (0 <= optimiser.ema_decay < 1, "[optimiser] ema_decay must be in 0..1"),
        (picture.pixels > 0 and picture.size_mm > 0, "[input] size_mm and pixels must be > 0"),
        (
            picture.region in REGIONS and picture.expand > 0,
            f"[input] region must be {' or '.join(REGIONS)}, and expand > 0",
        ),
        (
            picture.region == FIXED or not picture.outlines,
            "[input] region = drawn needs outlines = false: outlines are drawn at one scale only",
        ),
        (
            not (recipe.network.start_from and recipe.network.imagenet_weights),
            "[network] give start_from or imagenet_weights, not both",
        ),
        (
            _are_parts(recipe.sampling.parts),
            "[sampling] parts must be three shares of train, validation and test that sum to 1",
        ),
        (
            recipe.bends.per_slice == 0 or picture.outlines,
            "[bends] per_slice needs [input] outlines = true: bends are made from outlines",
        ),
        (
            recipe.bends.per_slice >= 0 and 0 <= recipe.bends.t2_share <= 1,
            "[bends] per_slice must be >= 0 and t2_share in 0..1",
        ),
        (picture.margin_px >= 0, "[input] margin_px must not be negative"),
        (
            min(outputs.auxiliary_weight, outputs.measure_weight) >= 0,
            "[outputs] auxiliary_weight and measure_weight must not be negative",
        ),
        (
            not alone,
            f"[outputs] measures has {alone[:1]} without its other side, which it is in a mirror",
        ),
        (
            len(set(outputs.measures)) == len(outputs.measures),
            "[outputs] measures names one twice",
        ),
        (
            _are_shares(recipe.sampling.sites),
            "[sampling] sites must be [cohort, share] pairs, each cohort once, whose shares are "
            "> 0 and sum to <= 1",
        ),
        (
            all(0 <= one <= 1 for one in chances),
            "[augment] any_tone and outline_dropout must be in 0..1",
        ),
    ]
    for holds, message in rules:
        if not holds:
            raise RecipeError(f"{where}: {message}")


def _are_parts(parts: tuple[Any, ...]) -> bool:
    numbers = len(parts) == 3 and all(type(one) in (int, float) for one in parts)
    return numbers and min(parts) >= 0 and min(parts[:2]) > 0 and abs(sum(parts) - 1) < 1e-6


def _are_shares(sites: tuple[Any, ...]) -> bool:
    if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in sites):
        return False
    names, shares = [name for name, _ in sites], [share for _, share in sites]
    return (
        all(isinstance(name, str) and name for name in names)
        and len(set(names)) == len(names)
        and all(type(share) in (int, float) and share > 0 for share in shares)
        and sum(shares) <= 1 + 1e-9
    )
