"""Public sets as they unpack, made small; the project holds no original."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.cohort.adapters.adapted import AdaptedCohort


def quiet(done: int, total: int) -> None:
    assert 0 < done <= total


def adapt(adapter: ModuleType, folder: Path, out: Path) -> AdaptedCohort:
    out.mkdir()
    cohort = AdaptedCohort(out, "test")
    adapter.adapt(folder, cohort, quiet)
    cohort.finish()
    return cohort


def labels(out: Path) -> list[dict[str, str]]:
    with (out / "labels.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def table(path: Path, *rows: Iterable[object]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def mha(path: Path, values: NDArray[np.integer[Any]]) -> None:
    """A sagittal volume: planes 4 mm apart to the left, rows down, columns to the back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = {
        "ObjectType": "Image",
        "NDims": 3,
        "BinaryData": True,
        "BinaryDataByteOrderMSB": False,
        "CompressedData": False,
        "TransformMatrix": "1 0 0 0 1 0 0 0 1",
        "Offset": "-8 -20 -30",
        "ElementSpacing": "4 0.6 0.6",
        "DimSize": " ".join(map(str, values.shape)),
        "ElementType": "MET_SHORT",
        "ElementDataFile": "LOCAL",
    }
    text = "".join(f"{name} = {value}\n" for name, value in lines.items())
    path.write_bytes(text.encode() + values.astype("<i2").tobytes(order="F"))
