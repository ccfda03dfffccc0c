"""Read ``bundle.json``: every field is checked once, here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lumbargrade.errors import BundleError, GradingSystemError
from lumbargrade.grading.finding import Side
from lumbargrade.grading.sets import SET_COVERAGE
from lumbargrade.grading.system import GradingSystem, grading_system_from_dict
from lumbargrade.inference.discs.entry import DiscGraderEntry, disc_grader_entry
from lumbargrade.inference.integrity.ranges import number, whole_number
from lumbargrade.inference.integrity.strict_json import parse_json
from lumbargrade.inference.measures.outputs import MeasureOutput, measure_outputs_from
from lumbargrade.morphometry.layers import INPUT_LAYERS, LAYERS
from lumbargrade.study.patch import OverviewSpec, PatchSpec
from lumbargrade.study.squares import FIXED_SQUARE, RegionRule, rule_from

SCHEMA = "lumbargrade.bundle/1"

MANIFEST_FILE = "bundle.json"
GRADER_FILE = "grader.onnx"
LOCATOR_FILE = "locator.onnx"
OUTLINER_FILE = "outliner.onnx"
DISC_FINDER_FILE = "disc_finder.onnx"
DISC_GRADER_FILE = "disc_grader.onnx"

PICTURE_INPUT = ("picture",)
OUTLINES_INPUT = (*PICTURE_INPUT, *INPUT_LAYERS)
"""The channels of a grader's input: the picture alone, or with the outlines' maps."""

OUTLINE_PATCH = PatchSpec(84.0, 128)
"""The square that the outline network sees: a whole disc of 66 mm, off the middle by 9 mm."""

FINDER_SQUARE = OverviewSpec(spacing_mm=1.5, pixels=192)
"""What the disc finder sees of a sagittal slice: 288 mm, a lumbar spine with the sacrum."""


@dataclass(frozen=True)
class OutputSpec:
    """One output of the network.

    Attributes
    ----------
    system : code of its grading system; empty for the disc head, which grades nothing and
        is none of a manifest's ``outputs``.
    side : of the patient; None for a system without sides, and for a per-side system that
        the network grades only for the whole image.
    grades : how many.
    """

    name: str
    system: str
    side: Side | None
    grades: int


@dataclass(frozen=True)
class OutlinerSpec:
    """The network that draws outlines.

    Attributes
    ----------
    patch : the square that it sees.
    errors : by measure, the median difference between its value and that of a person's
        outlines, on slices set aside; in the unit of the measure.
    """

    patch: PatchSpec
    errors: Mapping[str, float]


@dataclass(frozen=True)
class Manifest:
    """What ``bundle.json`` says.

    Attributes
    ----------
    contrasts : what the networks were trained on, such as ``("t2",)``.
    systems : the grading systems by their code, in the bundle's order.
    disc_output : output that says whether a disc lies in the plane, or None.
    disc_threshold : probability of a disc from which a slice counts as having one.
    locator : picture that the locator reads, or None for a bundle without one.
    outliner : the network that draws outlines, or None for a bundle without one.
    grader_input : the grader's channels, ``PICTURE_INPUT`` or ``OUTLINES_INPUT``.
    mirror_average : whether a grade is the mean of those of a slice and of its mirror image.
    temperatures : by output name; logits are divided by them. 1 where none is given.
    decision_weights : by output name, how much each grade's probability counts when one is
        chosen. 1 where none is given.
    set_thresholds : by output name, the largest score at which each grade is in the set
        (``statistics.conformal``). Empty where none are given: findings then have no set.
    files : SHA-256 by file name.
    split_checksum : of the split.json that the training followed; empty where not said.
    measure_outputs : measures that the grader gives, in their order; empty: it gives none.
    disc_finder : square that the network reads which finds discs on sagittal slices, or None for
        a bundle without one.
    disc_grader : the network that grades the discs found there, or None for a bundle without one.
    region_rule : whether a drawn box has its own size. ``patch.size_mm`` is then the median of the
        training, for slices without a box.
    """

    name: str
    version: str
    trained_on: str
    contrasts: tuple[str, ...]
    systems: Mapping[str, GradingSystem]
    outputs: tuple[OutputSpec, ...]
    disc_output: str | None
    disc_threshold: float
    patch: PatchSpec
    locator: OverviewSpec | None
    outliner: OutlinerSpec | None
    temperatures: Mapping[str, float]
    decision_weights: Mapping[str, tuple[float, ...]]
    set_thresholds: Mapping[str, tuple[float, ...]]
    files: Mapping[str, str]
    split_checksum: str = ""
    grader_input: tuple[str, ...] = PICTURE_INPUT
    mirror_average: bool = False
    measure_outputs: tuple[MeasureOutput, ...] = ()
    region_rule: RegionRule = FIXED_SQUARE
    disc_finder: OverviewSpec | None = None
    disc_grader: DiscGraderEntry | None = None

    @property
    def sees_outlines(self) -> bool:
        """Whether the grader reads the outlines' maps beside the picture."""
        return self.grader_input == OUTLINES_INPUT


def read_manifest(path: Path) -> Manifest:
    """Read and check ``bundle.json``.

    Raises BundleError if the file is not JSON, of another schema, or a field is missing, wrong or
    out of its range (``integrity.ranges``).
    """
    try:
        data = parse_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BundleError(
            f"{path} cannot be read ({error}): give a bundle made by 'lumbargrade export'"
        ) from error
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != SCHEMA:
        raise BundleError(
            f"{path} has schema {schema!r}, this version reads {SCHEMA!r}: "
            "export the model again with this version"
        )
    try:
        return _manifest(data)
    except (KeyError, TypeError, ValueError, AttributeError, GradingSystemError) as error:
        what = f"field {error} is missing" if isinstance(error, KeyError) else str(error)
        raise BundleError(
            f"{path} is not a valid bundle: {what}: export the model again"
        ) from error


def _manifest(data: Mapping[str, Any]) -> Manifest:
    systems = {
        system.code: system for system in map(grading_system_from_dict, data["grading_systems"])
    }
    outputs = tuple(_output(entry, systems) for entry in data["outputs"])
    if not outputs or len({output.name for output in outputs}) < len(outputs):
        raise ValueError("outputs is empty or names one output twice")
    _check_sides(outputs)
    files = {str(name): str(digest) for name, digest in data["files"].items()}
    for name in files:
        if Path(name).name != name or "\\" in name:
            raise ValueError(f"file name {name!r} is not a plain name")
    locator = data["locator"] and OverviewSpec(
        number(data["locator"]["spacing_mm"], "locator.spacing_mm"),
        whole_number(data["locator"]["pixels"], "locator.pixels"),
    )
    outliner = _outliner(data.get("outliner"))
    finder = _disc_finder(data.get("disc_finder"))
    optional = {
        LOCATOR_FILE: locator,
        OUTLINER_FILE: outliner,
        DISC_FINDER_FILE: finder,
        DISC_GRADER_FILE: (disc_grader := disc_grader_entry(data.get("disc_grader"))),
    }
    if disc_grader and not finder:
        raise ValueError("discs are graded, but there is no network that finds them")
    for needed in [GRADER_FILE, *(name for name, spec in optional.items() if spec)]:
        if needed not in files:
            raise ValueError(f"files does not list {needed}")
    disc = data["disc_output"]
    temperatures = {
        output.name: number(data.get("temperatures", {}).get(output.name, 1.0), "temperatures")
        for output in outputs
    }
    return Manifest(
        name=_text(data["name"], "name"),
        version=_text(data["version"], "version"),
        trained_on=_text(data["trained_on"], "trained_on"),
        contrasts=_contrasts(data["contrasts"]),
        systems=systems,
        outputs=outputs,
        disc_output=None if disc is None else str(disc),
        disc_threshold=number(data.get("disc_threshold", 0.5), "disc_threshold"),
        patch=_patch(data["patch"], "patch"),
        locator=locator or None,
        outliner=outliner,
        temperatures=temperatures,
        decision_weights={
            output.name: _weights(data.get("decision_weights", {}).get(output.name), output)
            for output in outputs
        },
        set_thresholds=_set_thresholds(data.get("conformal"), outputs),
        files=files,
        split_checksum=str(data.get("data", {}).get("split_checksum", "")),
        grader_input=(shown := _grader_input(data.get("grader_input"), outliner)),
        mirror_average=_yes(data.get("mirror_average", False), "mirror_average"),
        measure_outputs=measure_outputs_from(data.get("measure_outputs", [])),
        region_rule=_region_rule(data["patch"], maps=shown != PICTURE_INPUT),
        disc_finder=finder,
        disc_grader=disc_grader,
    )


def _contrasts(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not given:
        raise ValueError(
            f"contrasts is {given!r}, not a list of one or more: export the model again"
        )
    return tuple(_text(one, "contrasts") for one in given)


def _text(value: Any, field: str) -> str:
    if not (isinstance(value, str) and value.isprintable()):
        raise ValueError(f"{field} is {repr(value)[:40]}, not a text of one line")
    return value


def _patch(given: Mapping[str, Any], field: str) -> PatchSpec:
    return PatchSpec(
        number(given["size_mm"], f"{field}.size_mm"),
        whole_number(given["pixels"], f"{field}.pixels"),
    )


def _region_rule(patch: Mapping[str, Any], maps: bool) -> RegionRule:
    number(patch.get("expand", 1.0), "patch.expand")
    return rule_from(patch, maps)


def _outliner(given: Mapping[str, Any] | None) -> OutlinerSpec | None:
    """A bundle from before there were outlines has none, and draws none."""
    if given is None:
        return None
    if tuple(given["layers"]) != LAYERS:
        raise ValueError("outliner draws other layers than this version reads")
    patch = _patch(given, "outliner")
    if patch != OUTLINE_PATCH:
        raise ValueError("outliner draws another square than this version reads")
    errors = {
        str(name): number(value, "outliner.measure_errors")
        for name, value in given["measure_errors"].items()
    }
    return OutlinerSpec(patch, errors)


def _disc_finder(given: Mapping[str, Any] | None) -> OverviewSpec | None:
    """A bundle from before sagittal series were read has none, and reads none."""
    if given is None:
        return None
    square = OverviewSpec(
        number(given["spacing_mm"], "disc_finder.spacing_mm"),
        whole_number(given["pixels"], "disc_finder.pixels"),
    )
    if square != FINDER_SQUARE:
        raise ValueError("disc_finder reads another square than this version cuts")
    return square


def _grader_input(given: Any, outliner: OutlinerSpec | None) -> tuple[str, ...]:
    """A bundle from before graders saw outlines does not say what its grader reads."""
    names = next((one for one in (PICTURE_INPUT, OUTLINES_INPUT) if given == list(one)), None)
    if given is not None and names is None:
        raise ValueError(f"grader_input is {given!r}, which this version does not make")
    if names == OUTLINES_INPUT and outliner is None:
        raise ValueError("the grader reads outlines, but there is no outline network")
    return names or PICTURE_INPUT


def _yes(given: Any, name: str) -> bool:
    if not isinstance(given, bool):
        raise ValueError(f"{name} is {given!r}, neither true nor false")
    return given


def _output(entry: Mapping[str, Any], systems: Mapping[str, GradingSystem]) -> OutputSpec:
    side = None if entry["side"] is None else Side(entry["side"])
    grades = whole_number(entry["grades"], "outputs.grades")
    output = OutputSpec(_text(entry["name"], "outputs.name"), str(entry["system"]), side, grades)
    system = systems.get(output.system)
    if system is None:
        raise ValueError(f"output {output.name} is of system {output.system}, which is not given")
    if output.grades != len(system.grades):
        raise ValueError(
            f"output {output.name} has {output.grades} grades, {system.code} has "
            f"{len(system.grades)}"
        )
    if side is not None and not system.per_side:
        raise ValueError(f"output {output.name} has a side, {system.code} has none")
    return output


def _weights(given: Any, output: OutputSpec) -> tuple[float, ...]:
    weights = tuple(number(one, "decision_weights") for one in given or [1.0] * output.grades)
    if len(weights) != output.grades:
        raise ValueError(f"decision_weights of {output.name} are not {output.grades} numbers")
    return weights


def _set_thresholds(
    given: Mapping[str, Any] | None, outputs: tuple[OutputSpec, ...]
) -> dict[str, tuple[float, ...]]:
    """A bundle from before there were sets has none, and simply shows none."""
    if given is None:
        return {}
    if number(given["coverage"], "conformal.coverage") != SET_COVERAGE:
        raise ValueError(
            f"conformal sets are made for coverage {given['coverage']}, not {SET_COVERAGE}"
        )
    found: dict[str, tuple[float, ...]] = {}
    for output in outputs:
        kept = given["thresholds"].get(output.name, ())
        thresholds = tuple(number(value, "conformal.thresholds") for value in kept)
        if thresholds and len(thresholds) != output.grades:
            raise ValueError(f"conformal thresholds of {output.name} are not {output.grades}")
        if thresholds:
            found[output.name] = thresholds
    return found


def _check_sides(outputs: tuple[OutputSpec, ...]) -> None:
    sides: dict[str, list[Side | None]] = {}
    for output in outputs:
        sides.setdefault(output.system, []).append(output.side)
    for system, given in sides.items():
        if set(given) not in ({None}, set(Side)) or len(given) != len(set(given)):
            raise ValueError(f"outputs of {system} are neither one per image nor left and right")
