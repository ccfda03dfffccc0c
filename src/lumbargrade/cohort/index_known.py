"""Which files an index knows already: some 40 bytes of memory for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lumbargrade.cohort.archive_walk import Entry
from lumbargrade.cohort.index_parts import ID_TYPE, batches, ids_of, write_part
from lumbargrade.cohort.index_places import Places
from lumbargrade.cohort.index_table import Reason

GONE = -1
"""Size of a file that has left the archive."""


class KnownFiles:
    """Size and time of every file of the table of files, to be ticked off in a walk."""

    def __init__(
        self,
        ids: NDArray[np.bytes_],
        size_bytes: NDArray[np.int64],
        modified_ns: NDArray[np.int64],
    ) -> None:
        order = np.argsort(ids)
        self._ids, self._size, self._modified = ids[order], size_bytes[order], modified_ns[order]
        self._seen = np.zeros(len(ids), dtype=np.bool_)

    @classmethod
    def of(cls, places: Places) -> KnownFiles:
        """Read them from the merged table of files."""
        ids, sizes, times = [np.empty(0, ID_TYPE)], [_NONE], [_NONE]
        for batch in batches(places.files_table, ("file_id", "size_bytes", "modified_ns")):
            ids.append(ids_of(batch.column("file_id")))
            sizes.append(batch.column("size_bytes").to_numpy())
            times.append(batch.column("modified_ns").to_numpy())
        return cls(np.concatenate(ids), np.concatenate(sizes), np.concatenate(times))

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def seen(self) -> int:
        """How many of them were met."""
        return int(self._seen.sum())

    def tick_off(
        self, ids: Sequence[bytes], entries: Sequence[Entry]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return for each entry whether it is known, and whether it is also unchanged."""
        wanted = np.array(ids, ID_TYPE)
        if not len(self._ids):
            none = np.zeros(len(wanted), dtype=np.bool_)
            return none, none
        places = np.minimum(np.searchsorted(self._ids, wanted), len(self._ids) - 1)
        known = self._ids[places] == wanted
        self._seen[places[known]] = True
        same = known & (self._size[places] == [entry.size_bytes for entry in entries])
        return known, same & (self._modified[places] == [entry.modified_ns for entry in entries])

    def gone(self) -> NDArray[np.bytes_]:
        """Return the ids of files that were not met, and were there before."""
        gone: NDArray[np.bytes_] = self._ids[~self._seen & (self._size != GONE)]
        return gone


def mark_gone(places: Places, known: KnownFiles, unlisted: Sequence[bytes], first: int) -> int:
    """Write parts that mark the files that have gone; return how many there are.

    Parameters
    ----------
    unlisted : folders that could not be listed: what lay in them has not gone.
    first : number of the first part.
    """
    gone = known.gone()
    if not len(gone):
        return 0
    files = {
        item["file_id"]: item | {"size_bytes": GONE}
        for item in _rows_of(places.files_table, gone)
        if not any(_lies_in(item["path"], folder) for folder in unlisted)
    }
    marked = 0
    for number, rows in enumerate(_marked(places, gone, files), start=first):
        write_part(places, f"{number:08d}", rows, [files[row["file_id"]] for row in rows])
        marked += len(rows)
    return marked


def _marked(places: Places, gone: NDArray[np.bytes_], files: dict[str, Any]) -> Any:
    for batch in batches(places.table):
        chosen = batch.filter(pa.array(np.isin(ids_of(batch.column("file_id")), gone)))
        rows = [
            row | {"usable": False, "reason": Reason.MISSING.value}
            for row in chosen.to_pylist()
            if row["file_id"] in files
        ]
        if rows:
            yield rows


def _rows_of(table: Any, ids: NDArray[np.bytes_]) -> Any:
    for batch in batches(table):
        yield from batch.filter(pa.array(np.isin(ids_of(batch.column("file_id")), ids))).to_pylist()


def _lies_in(path: bytes, folder: bytes) -> bool:
    return not folder or path.startswith(folder + b"/")


_NONE = np.empty(0, np.int64)
