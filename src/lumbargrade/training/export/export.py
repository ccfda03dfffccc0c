"""From a training run to a model bundle that ``inference`` reads."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from lumbargrade import __version__
from lumbargrade.errors import OutputError
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.inference.bundle import unsealed_bundle
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.inference.measures.names import MEASURES
from lumbargrade.study.patch import OverviewSpec
from lumbargrade.training.cache import open_cache
from lumbargrade.training.export.calibrate import (
    calibration_scores,
    decision_weights,
    temperatures_of,
)
from lumbargrade.training.export.conformal_sets import conformal_entry, scored_outputs, set_metrics
from lumbargrade.training.export.draft import CARD_FILE, PARITY_TOLERANCE, drafted, write_manifest
from lumbargrade.training.export.find_canal import check_locator
from lumbargrade.training.export.model_card import model_card
from lumbargrade.training.export.onnx_file import write_grader, write_locator
from lumbargrade.training.export.seal import seal
from lumbargrade.training.export.trained import (
    Trained,
    answers_of,
    inner,
    load_trained,
    validation_answers,
    validation_table,
)
from lumbargrade.training.heads import DISC
from lumbargrade.training.maps.kept import add_outliner
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.recipe_file import recipe_to_dict
from lumbargrade.training.run_folder import RunFolder

PARITY_SLICES = 64


def export(run_path: Path, out: Path) -> dict[str, Any]:
    """Write the bundle of a run to ``out`` (a folder, or a ``.zip``); return its manifest.

    Raises OutputError if the run is not complete, ``out`` exists or its folder cannot be created,
    the locator finds nothing, or ONNX and torch do not agree; BundleError if a weight is not a
    finite number.
    """
    run = RunFolder(run_path)
    trained = load_trained(run)
    with drafted(out) as draft:
        return _write(trained, run, draft)


def _write(trained: Trained, run: RunFolder, draft: Path) -> dict[str, Any]:
    graded = [spec for spec in trained.specs if spec.name != DISC]
    pixels = trained.recipe.input.pixels
    write_grader(trained.grader, [s.name for s in graded], pixels, draft / "grader.onnx")
    if trained.locator is not None:
        write_locator(trained.locator, OverviewSpec().pixels, draft / "locator.onnx")
    answers, specs = validation_answers(trained, run), trained.specs
    temperatures = temperatures_of(answers.logits, answers.labels, specs)
    weights = _decision_weights(trained, run)
    manifest = _manifest(trained, temperatures)
    if trained.recipe.input.outlines:
        add_outliner(run.outliner, draft, manifest)
    manifest["decision_weights"] = weights
    manifest["metrics"]["calibration"] = calibration_scores(
        answers.logits, answers.labels, specs, temperatures
    )
    if answers.patients is not None:
        scored = scored_outputs(answers, specs, temperatures, weights)
        manifest["conformal"] = conformal_entry(scored)
        manifest["metrics"]["conformal"] = set_metrics(scored, specs)
    _write_manifest(manifest, draft)
    manifest["metrics"]["parity"] = check_parity(trained, run, draft)
    (draft / CARD_FILE).write_text(model_card(manifest), encoding="utf-8")
    _write_manifest(manifest, draft)
    seal(draft)
    return manifest


def _decision_weights(trained: Trained, run: RunFolder) -> dict[str, list[float]]:
    with np.load(run.tables) as tables:
        labels = tables["labels"][tables["train"]]
    return {
        spec.name: decision_weights(labels[:, column], spec.grades)
        for column, spec in enumerate(trained.specs)
        if spec.name != DISC
    }


def check_parity(trained: Trained, run: RunFolder, bundle: Path) -> dict[str, float]:
    """Compare torch with the bundle's ONNX through the engine in float32.

    Raises OutputError if a probability differs by more than ``PARITY_TOLERANCE``.
    """
    engine = Engine(unsealed_bundle(bundle), Precision.F32)
    packed, (table, _) = open_cache(run.cache), validation_table(run)
    rows = table.rows[:PARITY_SLICES]
    inputs = inner(table.batch(range(len(rows)))["pictures"].numpy(), trained.recipe)
    given, wanted = engine.grade(inputs), answers_of(trained, inputs)
    worst, same = 0.0, True
    _check_measures(wanted.pop(MEASURES, None), given, trained)
    for name, values in wanted.items():
        ours, theirs = torch.from_numpy(values).softmax(1), torch.from_numpy(given[name]).softmax(1)
        worst = max(worst, float((ours - theirs).abs().max()))
        same = same and bool((ours.argmax(1) == theirs.argmax(1)).all())
    if trained.locator is not None:
        overviews = np.asarray(packed.overviews[rows], dtype=np.float32)
        check_locator(engine, overviews)
        with torch.inference_mode():
            maps = trained.locator(torch.from_numpy(overviews).unsqueeze(1))[:, 0]
        theirs = torch.from_numpy(engine.locate(overviews))
        ours, theirs = (part.flatten(1).softmax(1) for part in (maps, theirs))
        worst = max(worst, float((ours - theirs).abs().max()))
    if worst > PARITY_TOLERANCE:
        raise OutputError(
            f"{bundle}: ONNX and torch differ by {worst:.4f} in a probability, more than "
            f"{PARITY_TOLERANCE}; nothing was exported: report this with your versions of torch "
            "and openvino"
        )
    return {
        "slices": float(len(rows)),
        "largest_probability_difference": round(worst, 7),
        "same_grades": float(same),
    }


def _check_measures(
    wanted: np.ndarray | None, given: Mapping[str, np.ndarray], trained: Trained
) -> None:
    """Compare measures (N, measures) in their units. Raises OutputError if they differ."""
    head = trained.grader.measures
    if wanted is None or head is None:
        return
    apart = torch.from_numpy(wanted - given[MEASURES]) / head.spread
    if float(apart.abs().max()) > PARITY_TOLERANCE:
        raise OutputError(
            f"ONNX and torch differ by {float(apart.abs().max()):.4f} spreads in a measure, more "
            f"than {PARITY_TOLERANCE}; nothing was exported: report this with your versions of "
            "torch and openvino"
        )


def _measure_outputs(trained: Trained) -> list[dict[str, Any]]:
    """Return the measures in the order of the output, with mean and spread in training."""
    head = trained.grader.measures
    if head is None:
        return []
    columns = zip(trained.recipe.outputs.measures, head.mean, head.spread, strict=True)
    return [
        {"name": name, "mean": float(mean), "spread": float(spread)}
        for name, mean, spread in columns
    ]


def _manifest(trained: Trained, temperatures: dict[str, float]) -> dict[str, Any]:
    recipe, data = trained.recipe, trained.record["data"]
    graded = [spec for spec in trained.specs if spec.name != DISC]
    kind = "simulation" if data["simulated"] else "cohort"
    if data["simulated"] and data.get("real_slices"):
        kind = "simulation and cohort"
    # Where the files of auxiliary systems lay is nobody's concern.
    named = tuple(Path(file).name for file in recipe.outputs.auxiliary)
    shown = replace(recipe, outputs=replace(recipe.outputs, auxiliary=named))
    return {
        "schema": "lumbargrade.bundle/1",
        "name": f"lumbargrade-{recipe.name}",
        "version": __version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "software_version": trained.record["software_version"],
        "contrasts": list(recipe.input.contrasts),
        "grading_systems": [GRADING_SYSTEMS[code].to_dict() for code in recipe.outputs.systems],
        "outputs": [
            {"name": s.name, "system": s.system, "side": s.side, "grades": s.grades} for s in graded
        ],
        "disc_output": DISC if recipe.outputs.disc_head else None,
        "disc_threshold": 0.5,
        "measure_outputs": _measure_outputs(trained),
        "patch": _patch(recipe, data),
        "locator": None
        if trained.locator is None
        else {"spacing_mm": OverviewSpec().spacing_mm, "pixels": OverviewSpec().pixels},
        "grader_input": list(recipe.input.channels),
        "mirror_average": recipe.outputs.mirror_average,
        "temperatures": temperatures,
        "trained_on": f"{kind}: {data['training_patients']} patients, "
        f"{data['training_slices']} axial slices",
        "recipe": recipe_to_dict(shown),
        "started_from": trained.record.get("started_from", ""),
        "data": data,
        "metrics": {"validation": trained.best_epoch, "locator": trained.locator_scores},
        "files": {},
    }


def _patch(recipe: Recipe, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the square; where each drawn box has its own, with the rule and their median size."""
    if not recipe.input.rule.is_drawn:
        return {"size_mm": recipe.input.size_mm, "pixels": recipe.input.pixels}
    size = {"size_mm": data["square_mm"], "pixels": recipe.input.pixels}
    return {**size, "region": recipe.input.region, "expand": recipe.input.expand}


def _write_manifest(manifest: dict[str, Any], folder: Path) -> None:
    # JSON has no NaN: the recall of a grade that does not occur is left out.
    scores = manifest["metrics"]["validation"]
    manifest["metrics"]["validation"] = {
        name: value for name, value in scores.items() if math.isfinite(value)
    }
    write_manifest(manifest, folder)
