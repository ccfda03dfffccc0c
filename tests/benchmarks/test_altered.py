"""A small run of the benchmark: no altered byte is taken as it is."""

from __future__ import annotations

from pathlib import Path

from tests.inference import tiny

from benchmarks import altered
from lumbargrade.inference.bundle import load_bundle


def test_no_altered_byte_is_taken(tmp_path: Path) -> None:
    bundle = load_bundle(tiny.write_bundle(tmp_path / "b", plane_logits=(4.0, 1.0, 0.0)))
    (tmp_path / "work").mkdir()
    found = altered.alter(bundle, tmp_path / "work", {"bundle": 40, "zip": 20, "cache": 12})
    assert found["bundle"] == {altered.REFUSED: 40}
    assert found["cache"] == {altered.REBUILT: 12}
    assert set(found["zip"]) <= {altered.REFUSED, altered.SAME}
    assert found["zip"].total() == 20
