"""Go on from a model bundle: its networks' weights, made trainable again.

An exported network has its batch norms folded into its convolutions. Here each batch norm
is put back: its statistics are measured on pictures of the new cohort, and its scale and
shift are set so that, to begin with, the network answers as the bundle does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from lumbargrade.errors import RecipeError
from lumbargrade.inference.bundle import Bundle, load_bundle
from lumbargrade.training.fold_batch_norm import normed_convolutions
from lumbargrade.training.tasks.measures import MeasureHead

DEFAULT = "default"
"""Name of the bundle that comes with the package."""

Weights = dict[str, NDArray[np.float32]]


def starting_bundle(name: str) -> Bundle:
    """Load the bundle that a recipe starts from: ``default``, or a folder or zip.

    Raises BundleError if it is not a whole bundle.
    """
    return load_bundle(None if name == DEFAULT else Path(name))


def start_from(network: nn.Module, file: Path, prefix: str, pictures: Tensor) -> None:
    """Give ``network`` the weights of an exported one, in place.

    Raises RecipeError if the file is of another architecture.

    Parameters
    ----------
    network : of the same architecture; a head that the file does not have stays as it is, and
        maps beside the picture that the file's network does not read begin without weight, and
        those that only the file's network reads are left out.
    file : ONNX that ``export`` wrote.
    prefix : of the names in the file, such as ``"grader."``.
    pictures : (n, c, h, w) float32, on which the batch norms' statistics are measured.
    """
    weights = read_weights(file, prefix)
    handles, pairs = [], list(normed_convolutions(network))
    with torch.no_grad():
        for pair in pairs:
            _fill(pair.conv.weight, weights, f"{pair.path}.weight", file)
            bias = torch.zeros_like(pair.norm.bias)
            _fill(bias, weights, f"{pair.path}.bias", file)
            handles.append(pair.norm.register_forward_pre_hook(_refit(bias)))
        normed = {id(pair.conv) for pair in pairs}
        for path, module in network.named_modules():
            plain = isinstance(module, nn.Linear | nn.Conv2d) and id(module) not in normed
            plain = plain and not path.startswith("measures.")  # see start_measures
            if plain and f"{path}.weight" in weights:
                for name, value in module.named_parameters():
                    _fill(value, weights, f"{path}.{name}", file)
        network.eval()(pictures)
    for handle in handles:
        handle.remove()
    network.train()


def start_measures(head: MeasureHead | None, bundle: Bundle, names: Sequence[str]) -> None:
    """Let the head go on from a bundle that gives the same measures, in place; else it is new."""
    known = bundle.manifest.measure_outputs
    if head is None or [one.name for one in known] != list(names):
        return
    scale = (
        np.array([one.mean for one in known], dtype=np.float32),
        np.array([one.spread for one in known], dtype=np.float32),
    )
    head.take(read_weights(bundle.grader_path, "grader.measures.linear."), scale)


def read_weights(file: Path, prefix: str) -> Weights:
    """Return the named weights of an ONNX file as float32, without ``prefix`` and ``_half``."""
    found: Weights = {}
    for tensor in onnx.load(file).graph.initializer:
        name = tensor.name.removesuffix("_half")
        if name.startswith(prefix):
            found[name.removeprefix(prefix)] = numpy_helper.to_array(tensor).astype(np.float32)
    return found


def _fill(value: Tensor, weights: Weights, name: str, file: Path) -> None:
    given = weights.get(name)
    if given is not None and given.shape[1:2] == (1,) and given.ndim == value.ndim == 4:
        given = _widened(given, value.shape[1])
    if given is not None and value.ndim == given.ndim == 4 and value.shape[1] == 1:
        given = given[:, :1]  # a network of the picture alone
    if given is None or tuple(given.shape) != tuple(value.shape):
        shape = "missing" if given is None else f"of shape {given.shape}"
        raise RecipeError(
            f"{file}: {name} is {shape}, this recipe's network needs {tuple(value.shape)}: "
            "start from a bundle of the same backbone and input"
        )
    value.copy_(torch.from_numpy(given))


def _widened(kernel: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    """Return the kernel (out, 1, h, w) of the picture, 0 in further channels (out, c, h, w)."""
    wide = np.zeros((len(kernel), channels, *kernel.shape[2:]), dtype=np.float32)
    wide[:, :1] = kernel
    return wide


def _refit(bias: Tensor) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
    """Return a hook that measures the batch norm's input and makes it add ``bias`` alone."""

    def measure(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        assert isinstance(norm, nn.BatchNorm2d)
        mean = inputs[0].mean(dim=(0, 2, 3))
        variance = inputs[0].var(dim=(0, 2, 3), unbiased=False)
        norm.running_mean.copy_(mean)  # type: ignore[union-attr]
        norm.running_var.copy_(variance)  # type: ignore[union-attr]
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.copy_(bias + mean)

    return measure
