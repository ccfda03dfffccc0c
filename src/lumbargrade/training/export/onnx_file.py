"""Write networks as ONNX with a dynamic batch and half-precision weights."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from lumbargrade.inference.engine import DISC_GRADES
from lumbargrade.inference.measures.names import MEASURES
from lumbargrade.training.locator.network import Locator
from lumbargrade.training.network import Grader

OPSET = 18


class GraderWithMaps(nn.Module):
    """A grader that also gives each head's class activation map, and measures in their units.

    The head is linear over average-pooled features, so its weights over the features
    before pooling show, exactly, where a grade's logit comes from.
    """

    def __init__(self, grader: Grader, mapped: Sequence[str]) -> None:
        super().__init__()
        self.grader, self.mapped = grader, tuple(mapped)

    @property
    def names(self) -> list[str]:
        """Names of what :meth:`forward` returns, in order."""
        measures = [] if self.grader.measures is None else [MEASURES]
        return [*self.grader.heads, *measures, *(f"{name}_map" for name in self.mapped)]

    def forward(self, patch: Tensor) -> tuple[Tensor, ...]:
        """(N, c, 128, 128) -> logits (N, grades) of every head, measures (N, m) in their units
        if there are any, then maps (N, grades, 4, 4)."""
        features = self.grader.backbone(patch)  # (N, 2048, 4, 4)
        pooled = features.mean(dim=(2, 3))  # (N, 2048)
        given = [head(pooled) for head in self.grader.heads.values()]
        measures = self.grader.measures
        if measures is not None:
            given.append(measures.in_units(measures(pooled)))
        maps = [
            functional.conv2d(features, self.grader.heads[name].weight[:, :, None, None])  # type: ignore[index]
            for name in self.mapped
        ]
        return (*given, *maps)


def write_grader(grader: Grader, mapped: Sequence[str], pixels: int, path: Path) -> None:
    """Write ``grader`` with input "patch" (N, channels, pixels, pixels)."""
    network = GraderWithMaps(grader, mapped).eval()
    channels = grader.backbone.conv1.in_channels
    _write(network, torch.zeros(2, channels, pixels, pixels), ("patch", network.names), path)


def write_locator(locator: Locator, pixels: int, path: Path) -> None:
    """Write ``locator`` with input "overview" and output "heatmap"."""
    _write(locator.eval(), torch.zeros(2, 1, pixels, pixels), ("overview", ["heatmap"]), path)


def write_outliner(network: nn.Module, pixels: int, path: Path) -> None:
    """Write an outline network with input "patch" and outputs "layers" and "plane"."""
    example = torch.zeros(2, 1, pixels, pixels)
    _write(network.eval(), example, ("patch", ["layers", "plane"]), path)


def write_disc_finder(network: nn.Module, pixels: int, path: Path) -> None:
    """Write a disc finder with input "square" and outputs "middles" and "corners"."""
    example = torch.zeros(2, 1, pixels, pixels)
    _write(network.eval(), example, ("square", ["middles", "corners"]), path)


def write_disc_grader(network: nn.Module, pixels: int, path: Path) -> None:
    """Write a disc grader with input "square" and output "grades"."""
    _write(network.eval(), torch.zeros(2, 1, pixels, pixels), ("square", [DISC_GRADES]), path)


def _write(network: nn.Module, example: Tensor, names: tuple[str, list[str]], path: Path) -> None:
    source, results = names
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch would rather have its newer exporter used
        # The older one takes a tenth of the time for networks without branches, OpenVINO answers
        # alike to the last bit, and paths of this machine do not get into the file.
        torch.onnx.export(
            network,
            (example,),
            path,
            dynamo=False,
            opset_version=OPSET,
            input_names=[source],
            output_names=results,
            dynamic_axes={name: {0: "batch"} for name in (source, *results)},
        )
    model = onnx.load(path)
    _state_sizes(model, network, example)
    halve_weights(model)
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString())


def _state_sizes(model: onnx.ModelProto, network: nn.Module, example: Tensor) -> None:
    """Write down every size of the outputs but that of the batch; the exporter knows not all."""
    with torch.inference_mode():
        given = network(example)
    for output, values in zip(
        model.graph.output, given if isinstance(given, tuple) else (given,), strict=True
    ):
        for dim, size in zip(output.type.tensor_type.shape.dim[1:], values.shape[1:], strict=True):
            dim.dim_value = size


def halve_weights(model: onnx.ModelProto) -> None:
    """Store float32 weights of two or more dimensions as float16 and cast them on load."""
    casts: list[onnx.NodeProto] = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or len(tensor.dims) < 2:
            continue
        name = tensor.name
        values = numpy_helper.to_array(tensor).astype(np.float16)
        tensor.CopyFrom(numpy_helper.from_array(values, f"{name}_half"))
        casts.append(
            helper.make_node(
                "Cast", [f"{name}_half"], [name], name=f"{name}_cast", to=TensorProto.FLOAT
            )
        )
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    for value in list(model.graph.value_info):
        if any(value.name == cast.output[0] for cast in casts):
            model.graph.value_info.remove(value)
