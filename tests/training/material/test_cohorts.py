"""Several cohorts in one training, down to a bundle."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from tests.training.conftest import PATIENTS, TINY, write_cohort
from tests.training.small_network import SMALL
from tests.training.tasks.test_auxiliary import SYSTEM

from lumbargrade.cohort.split.file import write_split
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.training.data import SliceTable
from lumbargrade.training.export.export import export
from lumbargrade.training.export.trained import load_trained
from lumbargrade.training.material.cohorts import read_material, record_of
from lumbargrade.training.progress_log import read_metrics
from lumbargrade.training.recipe import NetworkSettings
from lumbargrade.training.run_folder import RunFolder, read_record
from lumbargrade.training.task import GradingTask
from lumbargrade.training.tasks.measures import measure_table
from lumbargrade.training.train import TrainOptions, train

OWN = {
    "code": "BULGE",
    "name": "Something",
    "source": "a note",
    "per_side": False,
    "needs_disc": False,
    "grades": [{"value": value, "name": f"{value}", "help": f"{value}"} for value in range(2)],
}
MEASURES = ["bulge_mm", "root_gap_left_mm", "root_gap_right_mm"]
FURTHER = f"""
[outputs]
auxiliary = ["bulge.toml"]
measures = {json.dumps([*MEASURES, "sac_area_mm2"])}
[sampling]
sites = [["real", 0.4]]
"""


def _changed(folder: Path, change: Any) -> None:
    for path in (folder / "truth").glob("*.json"):
        truth = json.loads(path.read_text())
        for one in truth["slices"]:
            change(one)
        path.write_text(json.dumps(truth), encoding="utf-8")


def _measured(one: dict[str, Any]) -> None:
    grade = one["grades"]["LCCS"]
    one["measures"] = dict(zip(MEASURES, (2.0 * grade, float(grade), None), strict=True))
    if one["disc_in_plane"]:
        one["measures"]["root_gap_right_mm"] = -1.0 - grade


def _weak(one: dict[str, Any]) -> None:
    one["grades"] = {**dict.fromkeys(one["grades"]), "BULGE": one["grades"]["LCCS"] % 2}
    one["contrast"], one["disc_in_plane"] = "t1", None
    del one["measures"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A simulated cohort with measures, and a real one with weak labels alone."""
    home = tmp_path_factory.mktemp("cohorts")
    phantom, real = write_cohort(home / "phantom", PATIENTS), write_cohort(home / "real", PATIENTS)
    _changed(phantom, _measured)
    _changed(real, _weak)
    head = json.loads((real / "cohort.json").read_text())
    head |= {"simulated": False, "grading_systems": [OWN]}
    (real / "cohort.json").write_text(json.dumps(head), encoding="utf-8")
    return [phantom, real]


@pytest.fixture(scope="module")
def run(folders: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on both."""
    home = tmp_path_factory.mktemp("run")
    (home / "bulge.toml").write_text(SYSTEM.format(code="BULGE", sides="false"))
    text = TINY.replace("[input]", '[input]\nalso_contrasts = ["t1"]') + FURTHER
    (home / "two.toml").write_text(text.replace("epochs = 3", "epochs = 2"), encoding="utf-8")
    options = TrainOptions(recipe=str(home / "two.toml"), workers=1)
    train(folders, home / "run", options)
    return home / "run"


def test_both_are_learned_from_and_counted(run: Path) -> None:
    data = read_record(RunFolder(run))["data"]
    assert data["simulated"]
    assert (data["slices"], data["real_slices"]) == (2 * 3 * (PATIENTS - 1), 3 * (PATIENTS - 1))
    assert (data["real_patients"], data["contrasts"]) == (PATIENTS - 1, ["t1", "t2"])
    with np.load(run / "tables.npz") as tables:
        rows, labels, measures = tables["train"], tables["labels"], tables["measures"]
        real = np.char.startswith(tables["patients"], "real/")
        mean, spread = tables["measure_mean"], tables["measure_spread"]
    assert real[rows].any()
    assert not real[rows].all()
    assert (labels[real, :-1] == -1).all()
    assert (labels[real, -1] >= 0).all()
    assert (labels[~real, -1] == -1).all()
    assert measures.shape[1] == len(MEASURES)  # nobody knows the area of a sac
    assert np.isnan(measures[real]).all()
    known = measures[rows[~real[rows]], 0]
    np.testing.assert_allclose((mean[0], spread[0]), (known.mean(), known.std()), rtol=1e-5)


def test_an_epoch_holds_the_share_of_a_cohort(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = load_trained(RunFolder(run))
    with np.load(run / "tables.npz") as tables:
        rows, labels, patients = tables["train"], tables["labels"], tables["patients"]
    sites = np.array([str(one).split("/")[0] for one in patients[rows]])
    table = SliceTable(run / "cache" / "patches.npy", rows, labels[rows], sites=sites)
    for share in (0.25, 0.75):
        sampling = replace(trained.recipe.sampling, sites=(("real", share),))
        task = GradingTask(replace(trained.recipe, sampling=sampling), trained.specs, table, table)
        alone = SimpleNamespace(global_rank=0, world_size=1, current_epoch=0)
        monkeypatch.setattr(GradingTask, "trainer", alone)
        order = task.train_dataloader().order
        assert len(order) == len(rows)
        assert (sites[order] == "real").mean() == pytest.approx(share, abs=0.03)


def test_scores_of_further_tasks_are_logged(run: Path) -> None:
    row = read_metrics(run / "metrics.csv")[-1]
    assert float(row["val/measures/bulge_mm/mean_error"]) >= 0
    assert 0 <= float(row["val/auxiliary/BULGE/macro_recall"]) <= 1
    assert "val/BULGE/macro_recall" not in row


@pytest.fixture(scope="module")
def bundle(run: Path) -> Path:
    export(run, run.parent / "bundle")
    return run.parent / "bundle"


def test_the_bundle_gives_measures_and_no_auxiliary_grade(run: Path, bundle: Path) -> None:
    loaded = load_bundle(bundle)
    assert loaded.manifest.contrasts == ("t2",)
    assert [one.name for one in loaded.manifest.measure_outputs] == MEASURES
    text = (bundle / "bundle.json").read_text()
    assert "BULGE" not in text
    assert str(run.parent) not in text
    assert loaded.manifest.trained_on.startswith("simulation and cohort: ")
    card = (bundle / "MODEL_CARD.md").read_text()
    assert f"{3 * (PATIENTS - 1)} slices of {PATIENTS - 1} patients are **real**" in card
    assert "| bulge_mm |" in card


def test_measures_of_the_bundle_are_in_their_units(run: Path, bundle: Path) -> None:
    given = Engine(load_bundle(bundle), Precision.F32).grade(np.full((2, 32, 32), 0.5, np.float32))
    assert not [name for name in given if name.startswith("BULGE")]
    grader = load_trained(RunFolder(run)).grader
    assert grader.measures is not None
    with torch.inference_mode():
        spreads = grader(torch.full((2, 1, 32, 32), 0.5))["measures"]
        wanted = spreads * grader.measures.spread + grader.measures.mean
    assert given["measures"].shape == (2, 3)
    np.testing.assert_allclose(given["measures"], wanted.numpy(), rtol=1e-3, atol=1e-3)


def test_a_run_goes_on_with_the_measures_of_a_bundle(run: Path, bundle: Path) -> None:
    trained = load_trained(RunFolder(run))
    with np.load(run / "tables.npz") as tables:
        rows, labels, measures = tables["validation"], tables["labels"], tables["measures"]
    other_scale = 2.0 * measures[rows] + 1.0
    table = SliceTable(run / "cache" / "patches.npy", rows, labels[rows], measures=other_scale)
    start = NetworkSettings(SMALL, start_from=str(bundle))
    recipe = replace(trained.recipe, network=start)
    task = GradingTask(recipe, trained.specs, table, table)
    task.start()
    old, new = trained.grader.measures, task.network.measures
    assert old is not None
    assert new is not None
    assert not torch.equal(old.spread, new.spread)
    pooled = torch.randn(4, new.linear.in_features)
    with torch.inference_mode():
        mine, theirs = new.in_units(new(pooled)), old.in_units(old(pooled))
    torch.testing.assert_close(mine, theirs, atol=1e-2, rtol=1e-2)


def test_whom_a_split_in_a_folder_tests_is_not_trained_on(folders: list[Path]) -> None:
    names = [f"P{number:05d}" for number in range(1, PATIENTS + 1)]
    parts = {name: "train" for name in names} | {names[0]: "test", names[1]: "external"}
    split = folders[1] / "split.json"
    try:
        write_split(split, parts)
        material = read_material(folders, None)
    finally:
        split.unlink()
    assert material.split is None
    external = {one.patient_id for one in material.cohort.slices if one.external}
    own = {f"real/{name}" for name in (names[0], names[1], names[-1])}
    assert external == own | {f"phantom/{names[-1]}"}


def test_one_cohort_alone_is_read_as_before(folders: list[Path]) -> None:
    material = read_material(folders[1:], None)
    assert material.simulated == {"": False}
    assert material.cohort.slices[0].patient_id == "P00001"
    record = record_of(material, material.cohort.slices, np.arange(3))
    assert (record.simulated, record.real_slices) == (False, 3 * PATIENTS)
    assert measure_table(material.cohort.slices, ["bulge_mm"]).shape == (3 * PATIENTS, 1)
