from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from lumbargrade.cohort.split.file import read_split
from lumbargrade.training.export.export import export
from lumbargrade.training.export.trained import load_trained, validation_answers
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
