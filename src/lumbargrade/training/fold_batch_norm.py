"""Prepare a trained network for export: fold batch norm away, round weights to half."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

Network = TypeVar("Network", bound=nn.Module)


def folded(network: Network) -> Network:
    """Return a copy in evaluation mode whose convolutions have taken in their batch norms."""
    copied = copy.deepcopy(network).eval()
    for pair in list(normed_convolutions(copied)):
        setattr(pair.parent, pair.conv_name, fuse_conv_bn_eval(pair.conv, pair.norm))
        setattr(pair.parent, pair.norm_name, nn.Identity())
    return copied


@dataclass(frozen=True)
class NormedConvolution:
    """A convolution and the batch norm that follows it; ``path`` is the convolution's name."""

    path: str
    parent: nn.Module
    conv_name: str
    norm_name: str
    conv: nn.Conv2d
    norm: nn.BatchNorm2d


def normed_convolutions(network: nn.Module) -> Iterator[NormedConvolution]:
    """Yield every convolution of ``network`` that a batch norm follows."""
    for where, module in network.named_modules():
        for name, child in module.named_children():
            partner = _batch_norm_after(name)
            norm = getattr(module, partner, None) if partner else None
            if isinstance(child, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                path = f"{where}.{name}" if where else name
                yield NormedConvolution(path, module, name, partner, child, norm)


def round_to_half(network: nn.Module) -> None:
    """Round kernels and head weights to float16, as the bundle stores them; in place.

    What is checked and calibrated is then exactly what is shipped.
    """
    with torch.no_grad():
        for value in network.parameters():
            if value.ndim > 1:
                value.copy_(value.half().float())


def _batch_norm_after(name: str) -> str:
    """Return the name of the batch norm that follows a convolution: bn1 of conv1, 1 of 0."""
    if name.isdigit():
        return str(int(name) + 1)
    return name.replace("conv", "bn") if name.startswith("conv") else ""
