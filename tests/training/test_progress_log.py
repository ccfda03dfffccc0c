from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.errors import OutputError
from lumbargrade.training.progress_log import read_metrics


def test_metrics_keep_the_case_of_their_names(tmp_path: Path) -> None:
    file = tmp_path / "metrics.csv"
    assert read_metrics(file) == []
    file.write_text("epoch,val/LDH/kappa_linear,train/loss\n0,-0.1,\n1,-1e-05,nan\n")
    names = ("epoch", "val/LDH/kappa_linear", "train/loss")
    assert read_metrics(file) == [
        dict(zip(names, ("0", "-0.1", ""), strict=True)),
        dict(zip(names, ("1", "-1e-05", "nan"), strict=True)),
    ]


def test_metrics_that_are_no_table_are_one_line(tmp_path: Path) -> None:
    file = tmp_path / "metrics.csv"
    file.write_bytes(b"epoch\n\xff\n")
    with pytest.raises(OutputError, match=r"metrics\.csv: is not UTF-8 \(byte 6\)"):
        read_metrics(file)
