from __future__ import annotations

from pathlib import Path

from lumbargrade.batch.cluster.tries import Tries


def test_a_run_counts_anew_and_leaves_nothing(tmp_path: Path) -> None:
    tries = Tries(tmp_path / "tries")
    tries.clear()
    long = "n" * 250
    tries.begin(long)
    tries.begin(long)
    assert (tries.begun(long), tries.begun("other")) == (2, 0)
    tries.end("other")
    tries.clear()
    assert tries.begun(long) == 0
    tries.remove()
    assert list(tmp_path.iterdir()) == []
