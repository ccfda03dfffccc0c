"""Every setting of a training run, its meaning, and how it is read from TOML.

The field documentation here is the reference; ``recipes/*.toml`` repeat it line by line.
"""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lumbargrade.errors import RecipeError
from lumbargrade.files.write import write_text

RECIPES = Path(__file__).parent / "recipes"
"""The recipes that come with the package."""


@dataclass(frozen=True)
class OutputSettings:
    """What is learned."""

    systems: tuple[str, ...] = ("LDH", "LCCS", "LNRC")
    """Codes of the grading systems; one alone gives a single-task network."""
    sides: bool = True
    """One head per side for per-side systems; false: one head at image level."""
    disc_head: bool = True
    """A further head that says whether a disc lies in the plane of the slice."""


@dataclass(frozen=True)
class NetworkSettings:
    """The network."""

    backbone: str = "resnet50"
    """resnet18, resnet34 or resnet50."""
    imagenet_weights: str = ""
    """Local file with torchvision's weights to start from; empty: from scratch."""
    start_from: str = ""
    """Model bundle to go on from: default (the one in the package), a folder or a zip."""


@dataclass(frozen=True)
class InputSettings:
    """The picture that the network sees."""

    contrasts: tuple[str, ...] = ("t2",)
    """Contrasts to train on; the bundle refuses others."""
    size_mm: float = 75.0
    """Edge length of the square."""
    pixels: int = 128
    """Edge length of the square in pixels."""
    margin_px: int = 28
    """Pixels kept around the square in the cache, so that augmentation stays inside."""


@dataclass(frozen=True)
class AugmentSettings:
    """Random changes of a training picture; 0 switches one off."""

    rotation_deg: float = 15.0
    """Uniform in +- this."""
    shift_mm: float = 0.0
    """Uniform in +- this, along both axes: the random crop."""
    scale: float = 0.0
    """Uniform in 1 +- this."""
    mirror: float = 0.0
    """Probability of exchanging left and right, with their grades."""
    gamma: float = 0.0
    """Exponent uniform in exp(+- this)."""
    contrast: float = 0.0
    """Factor uniform in 1 +- this."""
    gradient: float = 0.0
    """Largest linear change of brightness across the picture."""
    tone: float = 0.0
    """Largest bend of the tone curve (darker or brighter fat, muscle, nucleus)."""
    noise: float = 0.0
    """Largest standard deviation of added noise; fat and CSF are near 1."""
    blur: float = 0.0
    """Probability of a slight blur."""


@dataclass(frozen=True)
class SamplingSettings:
    """How often a slice is seen."""

    rare_power: float = 0.0
    """0: every slice once an epoch; 1: every grade equally often; between: between."""
    max_weight: float = 8.0
    """A rare slice is seen at most this many times as often as a common one."""


@dataclass(frozen=True)
class OptimiserSettings:
    """How the weights are found."""

    name: str = "adamw"
    """adam (weight decay as L2 penalty) or adamw."""
    learning_rate: float = 1e-3
    """Peak learning rate."""
    weight_decay: float = 1e-4
    """Weight decay."""
    batch: int = 16
    """Slices a step and process."""
    epochs: int = 100
    """Passes over the training slices."""
    schedule: str = "constant"
    """constant, cosine, or onecycle (warm-up, then cosine)."""
    warmup: float = 0.1
    """Share of the training that onecycle warms up."""
    stages: tuple[tuple[float, int], ...] = ((0.0, 128),)
    """(from this share of the training, picture size in pixels): smaller is faster."""
    ema_decay: float = 0.0
    """Moving average of the weights, which is what is scored and exported; 0: off."""
    ordinal_smoothing: float = 0.0
    """Share of a label that goes to its neighbouring grades."""
    gradient_clip: float = 0.0
    """Largest norm of the gradient; 0: off."""
    precision: str = "auto"
    """auto (bf16 where the machine has it), bf16-mixed or 32-true."""
    patience: int = 0
    """Epochs without a better macro recall before an early stop; 0: off."""
    max_minutes: float = 0.0
    """Time for the grader; the schedule then follows the clock. 0: by epochs alone."""
    seed: int = 7
    """Of weights, order and augmentation."""


@dataclass(frozen=True)
class LocatorSettings:
    """The small network that finds the canal on a whole slice."""

    enabled: bool = True
    """false: no locator, `grade` then needs a box."""
    epochs: int = 6
    """Passes over the training slices."""
    max_minutes: float = 0.0
    """Time for the locator; its schedule then follows the clock. 0: by epochs alone."""
    batch: int = 32
    """Slices a step."""
    learning_rate: float = 2e-3
    """Peak learning rate (one cycle)."""
    rotation_deg: float = 20.0
    """Uniform in +- this."""
    shift_mm: float = 50.0
    """Uniform in +- this, along both axes."""
    scale: float = 0.25
    """Uniform in exp(+- this)."""


@dataclass(frozen=True)
class Recipe:
    """All settings of a run."""

    name: str = "default"
    outputs: OutputSettings = field(default_factory=OutputSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    input: InputSettings = field(default_factory=InputSettings)
    augment: AugmentSettings = field(default_factory=AugmentSettings)
    sampling: SamplingSettings = field(default_factory=SamplingSettings)
    optimiser: OptimiserSettings = field(default_factory=OptimiserSettings)
    locator: LocatorSettings = field(default_factory=LocatorSettings)


def load_recipe(name_or_path: str) -> Recipe:
    """Read a recipe that comes with the package (by name) or a TOML file.

    Raises
    ------
    RecipeError
        If there is no such recipe, or it holds an unknown or impossible setting.
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
    return recipe_from_dict(data, str(path))


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
    optimiser, picture = recipe.optimiser, recipe.input
    shares = [stage[0] for stage in optimiser.stages if len(stage) == 2]
    rules = [
        (bool(recipe.outputs.systems), "[outputs] systems is empty: name at least one"),
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
            not (recipe.network.start_from and recipe.network.imagenet_weights),
            "[network] give start_from or imagenet_weights, not both",
        ),
        (picture.margin_px >= 0, "[input] margin_px must not be negative"),
    ]
    for holds, message in rules:
        if not holds:
            raise RecipeError(f"{where}: {message}")
