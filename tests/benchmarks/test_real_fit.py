"""Both arms on tiny pictures: learned, killed, gone on with, and printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.real.data import Labelled
from benchmarks.real.folds import fit, plain
from benchmarks.real.folds.parts import Part
from benchmarks.real.folds.patches import packed_patches
from benchmarks.real.folds.plain import PlainRun, masked_loss, train_plain
from benchmarks.real.folds.project import train_project
from benchmarks.real.folds.report import print_report
from lumbargrade.training.recipe_file import recipe_from_dict

LEVELS = ("L3-L4", "L4-L5", "L5-S1")
RECIPE = {
    "outputs": {"systems": ["PFIRRMANN"], "sides": False, "disc_head": False},
    "network": {"backbone": "resnet18"},
    "input": {"size_mm": 22.0, "pixels": 32, "margin_px": 4},
    "optimiser": {"epochs": 2, "batch": 8, "stages": [[0.0, 32]], "ema_decay": 0.5},
}


@pytest.fixture
def part() -> Part:
    """Twelve patients with three discs each; the higher the grade, the darker the picture."""
    random = np.random.default_rng(0)
    slices = tuple(
        Labelled(f"{number:04d}", level, {"PFIRRMANN": (number + place) % 6 - 1})
        for number in range(12)
        for place, level in enumerate(LEVELS)
    )
    labels = np.array([[one.labels["PFIRRMANN"]] for one in slices])
    pictures = tuple(
        (random.uniform(60, 90, (48, 48)) + 25 * (4 - max(int(label), 0))).astype(np.uint8)
        for label in labels[:, 0]
    )
    everyone = tuple(sorted({one.patient for one in slices}))
    centers = np.full((36, 2), 23.5)
    return Part("discs", everyone, ("PFIRRMANN",), slices, pictures, centers, labels)


def plain_run(part: Part, file: Path) -> PlainRun:
    windows = np.stack([picture[8:40, 8:40] for picture in part.pictures])
    rows = np.arange(36)
    return PlainRun(windows, part.labels, part.heads, rows[:33], rows[33:], file, 32, 2)


def test_a_killed_baseline_goes_on_as_if_nothing_had_happened(
    part: Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plain, "BATCH", 8)
    at_once = train_plain(plain_run(part, tmp_path / "a.pt"))

    class KilledError(Exception):
        pass

    with monkeypatch.context() as patch:
        patch.setattr(plain, "_predict", None)
        real = plain.save

        def save_once(content: dict[str, object], path: Path) -> None:
            real(content, path)
            raise KilledError

        patch.setattr(plain, "save", save_once)
        with pytest.raises(KilledError):
            train_plain(plain_run(part, tmp_path / "b.pt"))
    capsys.readouterr()
    resumed = train_plain(plain_run(part, tmp_path / "b.pt"))
    assert capsys.readouterr().out.count("epoch") == 1
    np.testing.assert_allclose(resumed["PFIRRMANN"], at_once["PFIRRMANN"], atol=1e-6)
    assert not list(tmp_path.glob("*.partial"))


def test_unknown_labels_have_no_loss_and_no_gradient(part: Part) -> None:
    torch = pytest.importorskip("torch")
    logits = {"PFIRRMANN": torch.randn(4, 5, requires_grad=True)}
    assert float(masked_loss(logits, torch.full((4, 1), -1))) == 0.0
    masked_loss(logits, torch.tensor([[-1], [2], [0], [-1]])).backward()
    gradient = logits["PFIRRMANN"].grad.abs().sum(1)
    assert (gradient[[0, 3]] == 0).all()
    assert (gradient[[1, 2]] > 0).all()


def test_the_project_recipe_trains_goes_on_and_gives_probabilities(
    part: Part, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = recipe_from_dict(RECIPE, "here")
    rows = {"train": np.arange(33), "test": np.arange(33, 36)}
    killed = replace(recipe, optimiser=replace(recipe.optimiser, epochs=1))
    train_project(part, killed, rows, tmp_path, tmp_path)
    assert "epoch 1/1" in capsys.readouterr().out
    found = train_project(part, recipe, rows, tmp_path, tmp_path)
    said = capsys.readouterr().out
    assert "epoch 2/2" in said
    assert "epoch 1/2" not in said
    assert found["PFIRRMANN"].shape == (3, 5)
    np.testing.assert_allclose(found["PFIRRMANN"].sum(1), 1.0, atol=1e-6)
    assert [one.name for one in tmp_path.glob("*.ckpt")] == ["last.ckpt"]
    file = packed_patches(part, recipe.input, tmp_path)
    assert np.load(file).shape == (36, 40, 40)


def test_the_numbered_networks_differ_in_seed_and_field_of_view_alone() -> None:
    recipe = recipe_from_dict(RECIPE, "here")
    assert fit.numbered(recipe, 0) == recipe
    wide = fit.numbered(recipe, 2)
    assert wide.input.size_mm == 33.0
    assert wide.optimiser.seed == recipe.optimiser.seed + 2
    back = replace(wide, input=recipe.input, optimiser=recipe.optimiser)
    assert back == recipe


def test_an_arm_is_the_mean_of_its_networks(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.npz" for number in range(2)]
    for file, share in zip(files, (0.2, 0.6), strict=True):
        np.savez(file, rows=np.arange(1), CS=np.array([[share, 1 - share]]))
    found = fit.mean_probabilities(files)
    assert list(found) == ["CS"]
    np.testing.assert_allclose(found["CS"], [[0.4, 0.6]])


def test_folds_are_learned_once_and_the_table_says_what_is_missing(
    part: Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = []

    def given(task: fit.Task) -> fit.Probabilities:
        calls.append((task.folder.parent.name, task.number))
        (task.folder / "last.pt").touch()
        return {"PFIRRMANN": np.eye(5)[np.maximum(part.labels[task.test, 0], 0)]}

    for learner in fit.LEARNERS:
        monkeypatch.setitem(fit.LEARNERS, learner, given)
    print_report(part, tmp_path)
    assert "no fold is done by an arm" in capsys.readouterr().out
    for arm, fold in [("plain", 0), ("plain", 1), ("plain", 2), ("project-one", 1), ("plain", 0)]:
        fit.fit_fold(part, arm, fold, tmp_path)
    assert calls == [("fold1", 0), ("fold2", 0), ("fold3", 0), ("fold2", 0)]
    assert not list(tmp_path.rglob("last.*"))
    capsys.readouterr()
    print_report(part, tmp_path)
    said = capsys.readouterr().out
    assert "fold 2 of 3 only: not the result" in said
    assert "project-one minus plain" in said
    assert "project minus plain" not in said
    assert "| AC1 |" in said
    assert "AUC" not in said
    assert "SpineNet's published kappa" in said
    for fold in range(3):
        fit.fit_fold(part, "project", fold, tmp_path)
    assert calls[4:6] == [("fold1", 0), ("fold1", 1)]
    assert len(calls) == 3 + 9  # network 1 of fold 2 was there
    capsys.readouterr()
    print_report(part, tmp_path)
    said = capsys.readouterr().out
    assert "only: not the result" not in said
    assert "30 slices, 12 patients: 1 6, 2 6, 3 6, 4 6, 5 6" in said
    assert "| accuracy | 0." in said
    assert (
        "| accuracy | +0.000 (no interval: no variation) | +0.000 (no interval: no variation) |"
        in said
    )
    assert "* exact grade: only project is right on 0 slices, only plain on 0" in said
