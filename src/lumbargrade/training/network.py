"""The grading network on one page: a ResNet and one linear head per output.

ResNet as in He et al. 2016 (doi:10.1109/CVPR.2016.90) with the stride of a bottleneck on
its 3x3 convolution, and as in Figure 5 of Su et al. 2022 (doi:10.3389/fendo.2022.890371).
Parameter names are torchvision's, so weights trained on ImageNet load by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from lumbargrade.errors import RecipeError
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.inference.measures.names import MEASURES
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.tasks.measures import MeasureHead


def _conv(inputs: int, outputs: int, size: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, size, stride=stride, padding=size // 2, bias=False)


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut (ResNet-18 and -34)."""

    expansion = 1

    def __init__(self, inputs: int, width: int, stride: int, downsample: nn.Module | None) -> None:
        super().__init__()
        self.conv1, self.bn1 = _conv(inputs, width, 3, stride), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = _conv(width, width, 3), nn.BatchNorm2d(width)
        self.relu, self.downsample = nn.ReLU(inplace=True), downsample
        nn.init.zeros_(self.bn2.weight)  # starts as the identity: trains faster from scratch

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, h, w) -> (N, width, h/stride, w/stride)."""
        shortcut = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(out)) + shortcut)


class Bottleneck(nn.Module):
    """1x1, 3x3 (which has the stride), 1x1 to four times the width, and a shortcut."""

    expansion = 4

    def __init__(self, inputs: int, width: int, stride: int, downsample: nn.Module | None) -> None:
        super().__init__()
        self.conv1, self.bn1 = _conv(inputs, width, 1), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = _conv(width, width, 3, stride), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = _conv(width, 4 * width, 1), nn.BatchNorm2d(4 * width)
        self.relu, self.downsample = nn.ReLU(inplace=True), downsample
        nn.init.zeros_(self.bn3.weight)  # starts as the identity: trains faster from scratch

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, h, w) -> (N, 4 * width, h/stride, w/stride)."""
        shortcut = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))  # (N, width, h, w)
        out = self.relu(self.bn2(self.conv2(out)))  # (N, width, h/stride, w/stride)
        return torch.relu(self.bn3(self.conv3(out)) + shortcut)


Block = type[BasicBlock] | type[Bottleneck]


@dataclass(frozen=True)
class Plan:
    """Kind of block, number of blocks in each of the four layers, and channels of the first."""

    block: Block
    counts: tuple[int, int, int, int]
    width: int = 64


BACKBONES: dict[str, Plan] = {
    "resnet18": Plan(BasicBlock, (2, 2, 2, 2)),
    "resnet34": Plan(BasicBlock, (3, 4, 6, 3)),
    "resnet50": Plan(Bottleneck, (3, 4, 6, 3)),
}


class Backbone(nn.Module):
    """A ResNet without pooling and without its last layer.

    ``channels`` of its input: the picture, and maps beside it.
    """

    def __init__(self, name: str, channels: int = 1) -> None:
        super().__init__()
        if name not in BACKBONES:
            raise RecipeError(f"backbone '{name}' is unknown: choose one of {', '.join(BACKBONES)}")
        plan = BACKBONES[name]
        block, counts, width = plan.block, plan.counts, plan.width
        self.conv1 = nn.Conv2d(channels, width, 7, stride=2, padding=3, bias=False)
        self.bn1, self.relu = nn.BatchNorm2d(width), nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        wide = width * block.expansion
        self.layer1 = _layer(block, width, width, counts[0], stride=1)
        self.layer2 = _layer(block, wide, 2 * width, counts[1], stride=2)
        self.layer3 = _layer(block, 2 * wide, 4 * width, counts[2], stride=2)
        self.layer4 = _layer(block, 4 * wide, 8 * width, counts[3], stride=2)
        self.features = 8 * wide
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        """(N, channels, 128, 128) -> (N, 2048, 4, 4) for ResNet-50 (512 channels for 18 and 34)."""
        x = self.relu(self.bn1(self.conv1(x)))  # (N, 64, 64, 64)
        x = self.maxpool(x)  # (N, 64, 32, 32)
        x = self.layer1(x)  # (N, 256, 32, 32)
        x = self.layer2(x)  # (N, 512, 16, 16)
        x = self.layer3(x)  # (N, 1024, 8, 8)
        features: Tensor = self.layer4(x)  # (N, 2048, 4, 4)
        return features

    def load_imagenet(self, path: Path) -> None:
        """Load weights with torchvision's names from a local .safetensors, .pt or .pth file.

        Weights of a three-channel first layer are summed over the channels, which is what that
        layer computes for a grey picture; further channels begin with 0, and the classifier ``fc``
        is left out. Raises RecipeError if the file cannot be read or does not hold this backbone's
        weights.
        """
        state = _read_weights(path)
        state = {name: value for name, value in state.items() if not name.startswith("fc.")}
        first = state.get("conv1.weight")
        if first is not None and first.ndim == 4 and first.shape[1] == 3:
            own = torch.zeros_like(self.conv1.weight)
            own[:, :1] = first.sum(dim=1, keepdim=True)
            state["conv1.weight"] = own
        try:
            self.load_state_dict(state)
        except RuntimeError as error:
            reason = " ".join(str(error).split())[:200]
            raise RecipeError(f"{path}: does not hold weights of this backbone: {reason}") from None


class Grader(nn.Module):
    """Backbone (of ``BACKBONES``), global average pool and one linear head per output.

    ``outputs``: name -> number of grades, such as ``{"LDH": 4, "LNRC_left": 4}``; ``channels`` of
    its input: the picture, and maps beside it; ``measures``: how many are given, in one more head.
    """

    def __init__(
        self, backbone: str, outputs: Mapping[str, int], channels: int = 1, measures: int = 0
    ) -> None:
        super().__init__()
        self.backbone = Backbone(backbone, channels)
        features = self.backbone.features
        self.heads = nn.ModuleDict({name: nn.Linear(features, n) for name, n in outputs.items()})
        for head in self.heads.values():
            nn.init.normal_(head.weight, std=0.01)  # type: ignore[arg-type]
            nn.init.zeros_(head.bias)  # type: ignore[arg-type]
        self.measures = MeasureHead(features, measures) if measures else None

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """(N, channels, 128, 128) -> output name -> logits (N, grades); measures (N, m) in
        spreads.
        """
        pooled = self.backbone(x).mean(dim=(2, 3))  # (N, 2048)
        given = {name: head(pooled) for name, head in self.heads.items()}
        return given if self.measures is None else {**given, MEASURES: self.measures(pooled)}


def grader_of(recipe: Recipe, specs: Sequence[OutputSpec]) -> Grader:
    """Return the network that a recipe asks for, with heads for ``specs``."""
    return Grader(
        recipe.network.backbone,
        {spec.name: spec.grades for spec in specs},
        len(recipe.input.channels),
        len(recipe.outputs.measures),
    )


def _layer(block: Block, inputs: int, width: int, count: int, stride: int) -> nn.Sequential:
    outputs = width * block.expansion
    downsample: nn.Module | None = None
    if stride != 1 or inputs != outputs:
        downsample = nn.Sequential(_conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))
    first = block(inputs, width, stride, downsample)
    return nn.Sequential(first, *(block(outputs, width, 1, None) for _ in range(count - 1)))


def _read_weights(path: Path) -> dict[str, Tensor]:
    if not path.is_file():
        raise RecipeError(f"{path}: no such file; give the path of local ImageNet weights")
    try:
        if path.suffix == ".safetensors":
            return dict(load_file(path))
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (SafetensorError, RuntimeError, OSError, ValueError, EOFError, KeyError) as error:
        raise RecipeError(f"{path}: cannot be read as weights: {error}") from None
    except Exception as error:  # pickle errors of many kinds
        raise RecipeError(f"{path}: is not a file of plain weights: {error}") from None
    if not isinstance(state, dict) or not all(isinstance(v, Tensor) for v in state.values()):
        raise RecipeError(f"{path}: does not hold a table of weights by name")
    return dict(state)
