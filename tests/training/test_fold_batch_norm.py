from __future__ import annotations

import torch
from torch import nn

from lumbargrade.training.fold_batch_norm import folded, round_to_half
from lumbargrade.training.locator.network import Locator
from lumbargrade.training.network import Grader


def _stirred(network: nn.Module) -> nn.Module:
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 2.0)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.1)
    return network.eval()


def test_folding_changes_nothing_but_the_layers() -> None:
    torch.manual_seed(0)
    for network, edge in ((Grader("resnet18", {"LDH": 4}), 64), (Locator(), 128)):
        before = _stirred(network)
        after = folded(before)
        assert not any(isinstance(m, nn.BatchNorm2d) for m in after.modules())
        assert any(isinstance(m, nn.BatchNorm2d) for m in before.modules())
        picture = torch.rand(2, 1, edge, edge)
        with torch.inference_mode():
            given, wanted = after(picture), before(picture)
        if isinstance(given, dict):
            given, wanted = given["LDH"], wanted["LDH"]
        torch.testing.assert_close(given, wanted, rtol=1e-3, atol=1e-4)


def test_rounded_weights_survive_half_precision() -> None:
    network = Grader("resnet18", {"LDH": 4})
    round_to_half(network)
    weight = network.backbone.conv1.weight
    assert torch.equal(weight, weight.half().float())
