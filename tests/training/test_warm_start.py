from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tests.training.conftest import TINY
from tests.training.small_network import SMALL

from lumbargrade.errors import BundleError, RecipeError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.training.export.export import export
from lumbargrade.training.locator.network import Locator
from lumbargrade.training.network import Grader
from lumbargrade.training.progress_log import read_metrics
from lumbargrade.training.run_folder import RunFolder, read_record
from lumbargrade.training.train import TrainOptions, train
from lumbargrade.training.warm_start import read_weights, start_from

OUTPUTS = {"LDH": 4, "LCCS": 4, "LNRC_left": 4, "LNRC_right": 4, "disc": 2}


def _pictures(edge: int, count: int = 24) -> torch.Tensor:
    values = np.random.default_rng(3).uniform(0, 1.5, (count, 1, edge, edge))
    return torch.from_numpy(values.astype(np.float32))


def test_the_network_answers_as_the_bundle_and_can_be_trained(tiny_bundle: Path) -> None:
    network, pictures = Grader(SMALL, OUTPUTS), _pictures(32)
    start_from(network, tiny_bundle / "grader.onnx", "grader.", pictures)
    wanted = Engine(load_bundle(tiny_bundle), Precision.F32).grade(pictures[:, 0].numpy())
    with torch.inference_mode():
        given = network.eval()(pictures)
        # In training mode the batch's own statistics are used, on which it was measured.
        trained = network.train()(pictures)
    for name, values in given.items():
        np.testing.assert_allclose(values.numpy(), wanted[name], atol=2e-3)
        np.testing.assert_allclose(trained[name].numpy(), wanted[name], atol=2e-2)
    assert float(network.get_buffer("backbone.bn1.running_var").min()) > 0


def test_the_locator_goes_on_as_well(tiny_bundle: Path) -> None:
    network, pictures = Locator(), _pictures(128, 4)
    start_from(network, tiny_bundle / "locator.onnx", "", pictures)
    wanted = Engine(load_bundle(tiny_bundle), Precision.F32).locate(pictures[:, 0].numpy())
    with torch.inference_mode():
        given = network.eval()(pictures)[:, 0].numpy()
    np.testing.assert_allclose(given, wanted, atol=1e-2)


def test_a_head_that_the_bundle_lacks_stays_as_it_is(tiny_bundle: Path) -> None:
    network = Grader(SMALL, {"LDH": 4, "other": 3})
    before = network.get_parameter("heads.other.weight").clone()
    start_from(network, tiny_bundle / "grader.onnx", "grader.", _pictures(32))
    assert torch.equal(network.get_parameter("heads.other.weight"), before)


def test_another_backbone_is_refused(tiny_bundle: Path) -> None:
    with pytest.raises(RecipeError, match="start from a bundle of the same backbone"):
        start_from(
            Grader("resnet18", OUTPUTS), tiny_bundle / "grader.onnx", "grader.", _pictures(32, 2)
        )


def test_a_run_says_what_it_started_from(
    tiny_bundle: Path, tiny_cohort: Path, tmp_path: Path
) -> None:
    recipe = tmp_path / "go-on.toml"
    start = f'[network]\nstart_from = "{tiny_bundle}"\n'
    recipe.write_text(TINY.replace("[network]\n", start), encoding="utf-8")
    train(tiny_cohort, tmp_path / "run", TrainOptions(recipe=str(recipe), workers=1, epochs=1))
    assert len(read_metrics(tmp_path / "run" / "metrics.csv")) == 1
    assert read_record(RunFolder(tmp_path / "run"))["started_from"].startswith("lumbargrade-tiny")
    export(tmp_path / "run", tmp_path / "again")
    card = (tmp_path / "again" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "from the weights of the bundle lumbargrade-tiny" in card


def test_a_missing_bundle_is_refused_before_anything_is_trained(
    tiny_cohort: Path, tmp_path: Path
) -> None:
    recipe = tmp_path / "go-on.toml"
    text = TINY.replace("[network]\n", '[network]\nstart_from = "/nowhere/bundle"\n')
    recipe.write_text(text, encoding="utf-8")
    with pytest.raises(BundleError, match="does not exist"):
        train(tiny_cohort, tmp_path / "run", TrainOptions(recipe=str(recipe), workers=1))


def test_one_start_alone_is_allowed(tiny_cohort: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "two.toml"
    both = '[network]\nstart_from = "default"\nimagenet_weights = "w.pth"\n'
    recipe.write_text(TINY.replace("[network]\n", both), encoding="utf-8")
    with pytest.raises(RecipeError, match="start_from or imagenet_weights, not both"):
        train(tiny_cohort, tmp_path / "run", TrainOptions(recipe=str(recipe), workers=1))


def test_maps_begin_without_weight(tiny_bundle: Path) -> None:
    network, pictures = Grader(SMALL, OUTPUTS, 6), _pictures(32)
    maps = torch.from_numpy(np.random.default_rng(1).random((24, 5, 32, 32), dtype=np.float32))
    start_from(network, tiny_bundle / "grader.onnx", "grader.", torch.cat([pictures, maps], dim=1))
    wanted = Engine(load_bundle(tiny_bundle), Precision.F32).grade(pictures[:, 0].numpy())
    with torch.inference_mode():
        given = network.eval()(torch.cat([pictures, maps.flip(0)], dim=1))
    for name, values in given.items():
        np.testing.assert_allclose(values.numpy(), wanted[name], atol=2e-3)
    assert not network.backbone.conv1.weight[:, 1:].any()


def test_a_picture_alone_goes_on_without_the_maps(outlined_bundle: Path) -> None:
    file = outlined_bundle / "grader.onnx"
    network = Grader(SMALL, OUTPUTS)
    start_from(network, file, "grader.", _pictures(32, 2))
    kernel = read_weights(file, "grader.")["backbone.conv1.weight"]
    assert kernel.shape[1] == 6
    np.testing.assert_array_equal(network.backbone.conv1.weight.detach().numpy(), kernel[:, :1])
