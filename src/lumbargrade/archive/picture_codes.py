"""Codes of pictures that lie in an archive, by which a copy is known again."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from lumbargrade.archive.index.columns import FILES_TABLE
from lumbargrade.archive.index.index_paths import ARCHIVE_FILE, IndexPaths
from lumbargrade.archive.index.read import read_table
from lumbargrade.errors import CohortError, StudyError
from lumbargrade.study.likeness.perceptual_hash import picture_code
from lumbargrade.study.read import read_study

Progress = Callable[[int, int], None]


def archive_picture_codes(
    places: IndexPaths, file_ids: Sequence[str], tell: Progress = lambda _done, _total: None
) -> dict[str, str]:
    """Return file id -> code of its (first) picture; a file whose pixels cannot be read has none.

    Raises CohortError if the table of files or the archive is not there, or none of the files can
    be read.

    Parameters
    ----------
    places : of the index; the files are found by the table beside its key.
    tell : hears (files done, all files).
    """
    archive = _archive(places)
    table = read_table(places.files_table, FILES_TABLE)
    table = table.filter(pc.is_in(table["file_id"], value_set=pa.array(file_ids, pa.string())))
    codes: dict[str, str] = {}
    for done, row in enumerate(table.select(["file_id", "path"]).to_pylist(), start=1):
        code = _code(Path(os.fsdecode(os.path.join(os.fsencode(archive), row["path"]))))
        if code is not None:
            codes[row["file_id"]] = code
        tell(done, len(table))
    if file_ids and not codes:
        raise CohortError(
            f"{archive}: none of the {len(file_ids)} included files can be read there: is its "
            "disk mounted? Without --index, the split is made without comparing images"
        )
    return codes


def _archive(places: IndexPaths) -> Path:
    path = places.files / ARCHIVE_FILE
    try:
        return Path(json.loads(path.read_text(encoding="utf-8"))["archive"])
    except (OSError, ValueError, KeyError, TypeError):
        raise CohortError(
            f"{path}: cannot be read: it lies beside the key of the index; name the key with "
            "--key, or leave out --index to split without comparing images"
        ) from None


def _code(path: Path) -> str | None:
    try:
        pixels = read_study(path).series[0].slices[0].load_pixels()
        return picture_code(pixels)
    except (StudyError, ValueError, OSError):
        return None
