"""Networks as ONNX: the same answers for any batch, large weights in half precision."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from torch import nn

from lumbargrade.training.export.onnx_file import (
    GraderWithMaps,
    halve_weights,
    write_grader,
    write_locator,
)
from lumbargrade.training.locator.network import Locator
from lumbargrade.training.network import Grader

HEADS = {"LDH": 4, "disc": 2}


Network = TypeVar("Network", bound=nn.Module)


def rounded(network: Network) -> Network:
    """The network with weights that half precision holds exactly."""
    with torch.no_grad():
        for weight in network.parameters():
            weight.copy_(weight.half().float())
    return network.eval()


@pytest.fixture(scope="module")
def grader() -> Grader:
    torch.manual_seed(1)
    return rounded(Grader("resnet18", HEADS))


def test_maps_average_to_the_logits(grader: Grader) -> None:
    network = GraderWithMaps(grader, ["LDH"]).eval()
    assert network.names == ["LDH", "disc", "LDH_map"]
    with torch.inference_mode():
        ldh, disc, maps = network(torch.rand(3, 1, 64, 64))
    assert (ldh.shape, disc.shape, maps.shape) == ((3, 4), (3, 2), (3, 4, 2, 2))
    bias = grader.heads["LDH"].bias
    assert isinstance(bias, torch.Tensor)
    torch.testing.assert_close(maps.mean((2, 3)) + bias, ldh)


def test_a_written_grader_answers_alike_for_any_batch(grader: Grader, tmp_path: Path) -> None:
    write_grader(grader, ["LDH"], 64, tmp_path / "grader.onnx")
    for batch in (1, 3):
        patches = np.random.default_rng(2).uniform(0, 1, (batch, 1, 64, 64)).astype(np.float32)
        given = answers(tmp_path / "grader.onnx", "patch", patches)
        assert set(given) == {"LDH", "disc", "LDH_map"}
        with torch.inference_mode():
            wanted = grader(torch.from_numpy(patches))
        for name in HEADS:
            np.testing.assert_allclose(given[name], wanted[name].numpy(), atol=2e-3)


def test_a_written_locator_answers_alike(tmp_path: Path) -> None:
    torch.manual_seed(1)
    locator = rounded(Locator())
    write_locator(locator, 128, tmp_path / "locator.onnx")
    overviews = np.random.default_rng(2).uniform(0, 1, (1, 1, 128, 128)).astype(np.float32)
    given = answers(tmp_path / "locator.onnx", "overview", overviews)["heatmap"]
    with torch.inference_mode():
        wanted = locator(torch.from_numpy(overviews)).numpy()
    np.testing.assert_allclose(given, wanted, atol=2e-3 * np.abs(wanted).max())


def answers(path: Path, source: str, value: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """What ONNX's own reference implementation answers."""
    model = onnx.load(path)
    names = [output.name for output in model.graph.output]
    found = ReferenceEvaluator(model).run(names, {source: value})
    return dict(zip(names, found, strict=True))


def test_matrices_are_halved_and_vectors_are_not() -> None:
    weight = np.array([[0.1, 2.0], [3.0, 4.0]], np.float32)
    bias = np.array([0.1, 0.2], np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["x", "w"], ["h"]),
            helper.make_node("Add", ["h", "b"], ["y"]),
        ],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 2])],
        [numpy_helper.from_array(weight, "w"), numpy_helper.from_array(bias, "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    halve_weights(model)
    onnx.checker.check_model(model, full_check=True)
    kinds = {tensor.name: tensor.data_type for tensor in model.graph.initializer}
    assert kinds == {"w_half": TensorProto.FLOAT16, "b": TensorProto.FLOAT}
    x = np.array([[1.0, 10.0]], np.float32)
    (y,) = ReferenceEvaluator(model).run(None, {"x": x})
    assert isinstance(y, np.ndarray)
    np.testing.assert_allclose(y, x @ weight.astype(np.float16).astype(np.float32) + bias)
