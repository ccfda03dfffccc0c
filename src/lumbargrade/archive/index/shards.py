"""Parts: what a run has written so far. Each is whole or absent; at the end they are merged.

A part is two files of one name, one in the folder of the index and one beside the key. The
one in the index is written last, so it proves the other. Of the rows of a file, the one in
the latest part counts; merging only drops the others, so it can be interrupted and repeated.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from lumbargrade.archive.index.columns import FILES_TABLE, TABLE
from lumbargrade.archive.index.index_paths import PARTS, IndexPaths
from lumbargrade.files.write import remove_drafts, whole, write_bytes

ROWS_AT_ONCE = 16_384
"""Rows in memory while merging, and of a row group."""
ID_TYPE = np.dtype("S16")
"""A file id as bytes. Numpy drops trailing zeros, but from all alike, so none get equal."""

_COMPRESSION = "zstd"


def write_part(
    places: IndexPaths, name: str, rows: Sequence[dict[str, Any]], files: Sequence[dict[str, Any]]
) -> None:
    """Write the rows of some files of the archive, and where these files lie."""
    for folder, table in (
        (places.files, pa.Table.from_pylist(list(files), FILES_TABLE)),
        (places.index, pa.Table.from_pylist(list(rows), TABLE)),
    ):
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression=_COMPRESSION)
        write_bytes(folder / PARTS / f"{name}.parquet", sink.getvalue())


def finished_parts(places: IndexPaths) -> list[str]:
    """Return the names of the parts, oldest first; halves of parts are removed."""
    names = {
        folder: {path.stem for path in (folder / PARTS).glob("[0-9]*.parquet")}
        for folder in (places.index, places.files)
    }
    both = names[places.index] & names[places.files]
    for folder, found in names.items():
        for name in found - both:
            _remove(folder / PARTS / f"{name}.parquet")
        for place in (folder, folder / PARTS):
            remove_drafts(place)
    return sorted(both)


def merge_parts(places: IndexPaths) -> None:
    """Merge all parts into the two tables, and remove them."""
    names = finished_parts(places)
    if not names:
        return
    for folder, table, schema in (
        (places.files, places.files_table, FILES_TABLE),
        (places.index, places.table, TABLE),
    ):
        sources = [folder / PARTS / f"{name}.parquet" for name in names]
        _merge([table, *sources] if table.exists() else sources, table, schema)
    for name in names:  # oldest first: what is left by an interruption is the latest
        _remove(places.index / PARTS / f"{name}.parquet")
        _remove(places.files / PARTS / f"{name}.parquet")


def _merge(sources: Sequence[Path], target: Path, schema: pa.Schema) -> None:
    """Write the last row of each file id to ``target``."""
    kept = _last_of_each(sources)
    start, waiting = 0, []
    with whole(target) as draft:
        with pq.ParquetWriter(draft, schema, compression=_COMPRESSION) as writer:
            for source in sources:
                for batch in batches(source):
                    waiting.append(batch.filter(pa.array(kept[start : start + len(batch)])))
                    start += len(batch)
                    if sum(map(len, waiting)) >= ROWS_AT_ONCE:
                        writer.write_table(pa.Table.from_batches(waiting, schema))
                        waiting = []
            if waiting:
                writer.write_table(pa.Table.from_batches(waiting, schema))
        os.chmod(draft, 0o600 if schema is FILES_TABLE else 0o644)


def _last_of_each(sources: Sequence[Path]) -> NDArray[np.bool_]:
    ids = np.concatenate([file_ids(source) for source in sources])
    _, from_the_end = np.unique(ids[::-1], return_index=True)
    kept = np.zeros(len(ids), dtype=np.bool_)
    kept[len(ids) - 1 - from_the_end] = True
    return kept


def batches(source: Path, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a table, some at a time; nothing of a table that is not there."""
    if source.exists():
        with pq.ParquetFile(source) as file:
            yield from file.iter_batches(
                ROWS_AT_ONCE, columns=None if columns is None else list(columns)
            )


def file_ids(source: Path) -> NDArray[np.bytes_]:
    """Return the file ids of a table as 16 bytes each."""
    found = [ids_of(batch.column("file_id")) for batch in batches(source, ["file_id"])]
    return np.concatenate([np.empty(0, ID_TYPE), *found])


def ids_of(column: pa.Array) -> NDArray[np.bytes_]:
    """Return hexadecimal file ids as 16 bytes each."""
    return np.frombuffer(bytes.fromhex("".join(column.to_pylist())), ID_TYPE)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
