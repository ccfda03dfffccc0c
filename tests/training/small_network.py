"""A ResNet like the others, but with few channels: for tests of what happens around a network."""

from __future__ import annotations

from lumbargrade.training.network import BACKBONES, BasicBlock, Plan

SMALL = "small"

BACKBONES[SMALL] = Plan(BasicBlock, (1, 1, 1, 1), width=8)
