from __future__ import annotations

import pickle  # noqa: TID251  (what a second training process does with a table)
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.training.data import BatchLoader, SliceTable, epoch_order, sampling_weights

SPECS = (OutputSpec("LDH", "LDH", None, 4), OutputSpec("disc", "", None, 2))


def _table(tmp_path: Path, count: int = 10) -> SliceTable:
    pictures = np.arange(count * 4, dtype=np.float16).reshape(count, 2, 2)
    np.save(tmp_path / "p.npy", pictures)
    labels = np.stack([np.arange(count) % 4, np.ones(count, dtype=int)], 1).astype(np.int64)
    return SliceTable(tmp_path / "p.npy", np.arange(count), labels)


def test_equal_weights_give_every_slice_once() -> None:
    order = epoch_order(np.ones(50), seed=3, epoch=1)
    assert sorted(order) == list(range(50))
    assert list(order) != list(range(50))


def test_order_depends_on_the_epoch_and_the_seed_alone() -> None:
    weights = np.linspace(1, 3, 40)
    assert np.array_equal(epoch_order(weights, 3, 1), epoch_order(weights, 3, 1))
    assert not np.array_equal(epoch_order(weights, 3, 1), epoch_order(weights, 3, 2))


def test_rare_grades_are_seen_more_often() -> None:
    labels = np.array([[0, 1]] * 90 + [[3, 1]] * 9 + [[-1, 0]], dtype=np.int64)
    weights = sampling_weights(labels, SPECS, power=0.5, max_weight=8.0)
    assert weights[0] == 1.0
    assert np.isclose(weights[95], np.sqrt(10))
    assert weights[99] == 1.0  # a missing grade is not a rare one
    assert sampling_weights(labels, SPECS, power=1.0, max_weight=4.0)[95] == 4.0
    seen = np.bincount(epoch_order(weights, 1, 0), minlength=100)
    assert seen[90:99].sum() > 20


def test_two_processes_share_an_epoch(tmp_path: Path) -> None:
    table, order = _table(tmp_path), np.arange(10)
    loaders = [BatchLoader.for_process(table, order, 2, (rank, 2)) for rank in range(2)]
    assert [len(loader) for loader in loaders] == [2, 2]
    seen = [set(b["pictures"][:, 0, 0, 0].tolist()) for loader in loaders for b in loader]
    assert len(set().union(*seen)) == 8


def test_validation_keeps_the_last_incomplete_batch(tmp_path: Path) -> None:
    loader = BatchLoader(_table(tmp_path), np.arange(10), 4, train=False)
    batches = list(loader)
    assert [len(batch["labels"]) for batch in batches] == [4, 4, 2]
    assert batches[0]["pictures"].shape == (4, 1, 2, 2)
    assert batches[0]["pictures"].dtype == torch.float16
    assert loader.waited_s > 0


def test_table_is_sent_to_another_process_without_its_pictures(tmp_path: Path) -> None:
    sent = pickle.dumps(_table(tmp_path, count=500))
    assert len(sent) < 500 * 8 * 5
    assert len(pickle.loads(sent).batch([1])["pictures"]) == 1


def test_maps_are_further_channels_from_0_to_1(tmp_path: Path) -> None:
    table = _table(tmp_path)
    maps = np.zeros((10, 5, 2, 2), dtype=np.uint8)
    maps[3, 1], maps[3, 4] = 255, 51
    np.save(tmp_path / "m.npy", maps)
    pictures = replace(table, maps_file=tmp_path / "m.npy").batch([3, 4])["pictures"]
    assert (pictures.shape, pictures.dtype) == ((2, 6, 2, 2), torch.float16)
    assert torch.equal(pictures[:, :1], table.batch([3, 4])["pictures"])
    np.testing.assert_allclose(pictures[0, 1:, 0, 0].numpy(), [0, 1, 0, 0, 0.2], atol=1e-3)
    assert not pictures[1, 1:].any()
