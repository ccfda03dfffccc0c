"""The four commands that are killed, what each leaves behind, and how a reader takes it."""

from __future__ import annotations

import csv
import hashlib
import importlib
import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from lumbargrade.archive.index.index_paths import IndexPaths
from lumbargrade.archive.index.read import read_index
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import LumbargradeError
from lumbargrade.files.ledger import LEDGER, PRIVATE

Content = dict[str, Any]
"""What a finished run holds: name -> something that can be compared."""

OUT = "OUT"
PATIENTS_OF_THE_INDEX = 60
FILES_OF_A_PART = 100
_PSEUDONYMS = ("file_id", "patient_id", "study_id", "series_id", "slice_id", "study_day")
_KEYED = (*_PSEUDONYMS, "scanner_id", "institution_id")


@dataclass(frozen=True)
class Command:
    """One command of the program.

    Attributes
    ----------
    name : of the table.
    arguments : (inputs, OUT) -> what follows ``lumbargrade``.
    content : OUT of a finished run -> what it holds.
    read_half : (OUT of a killed run, content of a finished one) -> raises AssertionError where a
        reader would take for whole what is not.
    patch : done in the process before it starts.
    share : of the kills that are asked for; less where a run takes long.
    ignored : names of files that may differ between two runs.
    """

    name: str
    arguments: Callable[[Path, Path], list[str]]
    content: Callable[[Path], Content]
    read_half: Callable[[Path, Content], None]
    patch: Callable[[], None] = lambda: None
    share: float = 1.0
    ignored: str = r"$^"

    def names(self, folder: Path) -> set[str]:
        """Return the names of all files and folders below ``folder``, but those ignored."""
        found = (path.relative_to(folder).as_posix() for path in folder.rglob("*"))
        return {re.sub(self.ignored, "", name) for name in found}


def files_of(folder: Path) -> Content:
    """Return name -> SHA-256 of every file below ``folder``."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _grade(inputs: Path, out: Path) -> list[str]:
    studies = sorted((inputs / "cohort/studies").iterdir())
    return ["grade", *map(str, studies), "-o", str(out), "--model", str(inputs / "bundle")]


def _half_grades(out: Path, whole: Content) -> None:
    """Every file of a study is the one of the whole run; tables hold some rows of the whole."""
    for name, found in files_of(out).items() if out.is_dir() else ():
        if "/" in name and not name.startswith("."):
            assert whole.get(name) == found, f"{name} is not what the whole run wrote"
        elif name.endswith(".csv"):
            lines = (out / name).read_text(encoding="utf-8").splitlines()
            assert len(lines) == len(set(lines)), f"{name} has rows twice"


def _index(inputs: Path, out: Path) -> list[str]:
    return ["cohort", "index", str(inputs / "archive"), "-o", str(out), "--workers", "1"]


def _index_in_two(inputs: Path, out: Path) -> list[str]:
    return [*_index(inputs, out)[:-1], "2"]


def _small_parts() -> None:
    from lumbargrade.archive.index import index

    index.FILES_OF_A_PART = FILES_OF_A_PART


def _rows_of_index(out: Path) -> Content:
    """Return path -> row, without what depends on the key, which each run makes anew."""
    places = IndexPaths.of(out)
    paths = pq.read_table(places.files_table).to_pylist()
    assert len({one["file_id"] for one in paths}) == len(paths), "files twice in the index"
    owner = {one["file_id"]: one["path"] for one in paths}
    rows = pq.read_table(places.table).to_pylist()
    assert len(rows) == len(paths), f"{len(rows)} rows for {len(paths)} files"
    kept = {owner[row["file_id"]]: row for row in rows}
    content: Content = {
        path: {name: value for name, value in row.items() if name not in _KEYED}
        for path, row in kept.items()
    }
    return content | {"distinct": [len({row[one] for row in rows}) for one in _KEYED[:5]]}


def _half_index(out: Path, whole: Content) -> None:
    try:
        rows = read_index(out)
    except LumbargradeError:
        return  # said to be none, as `cohort flow` would say
    ids = rows.column("file_id").to_pylist()
    assert len(ids) == len(set(ids)), "rows twice"
    assert len(ids) <= len(whole) - 1, "more rows than files"


def _import(inputs: Path, out: Path) -> list[str]:
    source, grades = inputs / "cohort", inputs / "grades.csv"
    return ["cohort", "import", str(source), "--grades", str(grades), "-o", str(out)]


def _half_import(out: Path, whole: Content) -> None:
    try:
        cohort = read_cohort(out)
    except LumbargradeError:
        return  # said to be none, or not whole
    found = {name: file for name, file in files_of(out).items() if not name.startswith(PRIVATE)}
    assert found == {name: whole[name] for name in found}, "files of another cohort"
    lost = whole.keys() - found.keys() - {LEDGER}
    assert not lost, f"{len(cohort.slices)} slices taken for a whole cohort"


def _train(inputs: Path, out: Path) -> list[str]:
    recipe = inputs / "recipe.toml"
    return ["train", str(inputs / "cohort"), "--recipe", str(recipe), "-o", str(out), "--resume"]


def _one_core() -> None:
    """No processes that pack: loading torch in each would take most of the time."""
    import torch

    torch.set_num_threads(1)
    os.cpu_count = lambda: 1


def _run_of(out: Path) -> Content:
    """Return curve, weights, locator and tables; times and speeds aside."""
    content: Content = {"curve": _curve(out), "steps": _tensorboard_steps(out)}
    for name in ("checkpoints/best.ckpt", "checkpoints/last.ckpt", "locator/locator.pt"):
        content |= {f"{name} {key}": value for key, value in _weights(out / name).items()}
    for name, array in np.load(out / "tables.npz").items():
        content[f"tables {name}"] = array.tolist()
    for name in ("split.json", "recipe.toml", "run.json", "cache/patches.npy", "cache/state.npy"):
        content[name] = hashlib.sha256((out / name).read_bytes()).hexdigest()
    return content


def _curve(out: Path) -> list[str]:
    table = csv.DictReader(io.StringIO((out / "metrics.csv").read_text(encoding="utf-8")))
    return [str({k: v for k, v in row.items() if not k.startswith("speed/")}) for row in table]


def _weights(file: Path) -> dict[str, str]:
    import torch

    loaded = torch.load(file, weights_only=True, map_location="cpu")
    state = loaded.get("state_dict", loaded)
    return {
        name: hashlib.sha256(value.contiguous().numpy().tobytes()).hexdigest()
        for name, value in state.items()
        if isinstance(value, torch.Tensor)
    }


def _tensorboard_steps(out: Path) -> list[int]:
    """Return the steps of the loss as TensorBoard shows them: each once."""
    events = importlib.import_module("tensorboard.backend.event_processing.event_accumulator")

    shown = events.EventAccumulator(str(out / "tensorboard"))
    shown.Reload()
    return [one.step for one in shown.Scalars("val/loss")]


def _half_run(out: Path, whole: Content) -> None:
    """Checkpoints load, and the curve is the start of the whole one."""
    for name in ("best.ckpt", "last.ckpt"):
        if (out / "checkpoints" / name).exists():
            assert _weights(out / "checkpoints" / name), f"{name} is empty"
    if (out / "metrics.csv").exists():
        rows = _curve(out)
        assert rows == whole["curve"][: len(rows)], "the curve is another one"


COMMANDS = (
    Command("grade", _grade, files_of, _half_grades),
    Command("cohort index", _index, _rows_of_index, _half_index, _small_parts),
    Command(
        "cohort index --workers 2", _index_in_two, _rows_of_index, _half_index, _small_parts, 0.2
    ),
    Command("cohort import", _import, files_of, _half_import),
    Command("train", _train, _run_of, _half_run, _one_core, ignored=r"events\.out\..*"),
)
