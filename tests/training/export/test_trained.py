from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from lumbargrade.cohort.split.file import read_split
from lumbargrade.training.export.export import export
from lumbargrade.training.export.trained import (
    inner,
    load_trained,
    validation_answers,
    validation_table,
)
from lumbargrade.training.run_folder import RunFolder


def test_validation_answers_know_whose_each_slice_is(tiny_run: Path) -> None:
    run = RunFolder(tiny_run)
    answers = validation_answers(load_trained(run), run)
    validation = [p for p, part in read_split(run.split).items() if part == "validation"]
    assert answers.patients is not None
    assert sorted(set(answers.patients.tolist())) == sorted(validation)
    assert {len(each) for each in answers.logits.values()} == {len(answers.patients)}


def test_a_run_that_does_not_say_whose_a_slice_is_makes_no_sets(
    tiny_run: Path, tmp_path: Path
) -> None:
    older = tmp_path / "run"
    shutil.copytree(tiny_run, older)
    tables = RunFolder(older).tables
    with np.load(tables) as arrays:
        kept = {name: arrays[name] for name in arrays.files if name != "patients"}
    np.savez(tables, allow_pickle=False, **kept)
    assert "conformal" not in export(older, tmp_path / "bundle")
    assert "None: the run does not record" in (tmp_path / "bundle/MODEL_CARD.md").read_text()


def test_answers_are_averaged_over_the_mirror_where_the_recipe_says_so(outlined_run: Path) -> None:
    run = RunFolder(outlined_run)
    trained = load_trained(run)
    table, _ = validation_table(run)
    inputs = inner(table.batch(range(len(table)))["pictures"].numpy(), trained.recipe)
    assert inputs.shape == (len(table), 6, 32, 32)
    found = validation_answers(trained, run).logits
    with torch.inference_mode():
        plain, mirrored = (
            {name: each.numpy() for name, each in trained.grader(torch.from_numpy(one)).items()}
            for one in (inputs, np.ascontiguousarray(inputs[..., ::-1]))
        )
    for name, other in (("LDH", "LDH"), ("LNRC_left", "LNRC_right"), ("disc", "disc")):
        np.testing.assert_allclose(found[name], (plain[name] + mirrored[other]) / 2, atol=1e-5)
    recipe = replace(trained.recipe, outputs=replace(trained.recipe.outputs, mirror_average=False))
    once = validation_answers(replace(trained, recipe=recipe), run).logits
    np.testing.assert_allclose(once["LNRC_left"], plain["LNRC_left"], atol=1e-5)
