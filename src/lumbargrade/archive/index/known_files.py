"""Which files an index knows already: some 40 bytes of memory for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lumbargrade.archive.index.columns import Reason
from lumbargrade.archive.index.index_paths import IndexPaths
from lumbargrade.archive.index.shards import ID_TYPE, batches, ids_of, write_part
from lumbargrade.archive.index.walk import Entry
from lumbargrade.errors import CohortError

GONE = -1
"""Size of a file that has left the archive."""
_NONE = np.empty(0, np.int64)


class KnownFiles:
    """Size and time of every file of the table of files, to be ticked off in a walk."""

    def __init__(
        self, ids: NDArray[np.bytes_], size_bytes: NDArray[np.int64], modified_ns: NDArray[np.int64]
    ) -> None:
        order = np.argsort(ids)
        self._ids, self._size, self._modified = ids[order], size_bytes[order], modified_ns[order]
        self._seen = np.zeros(len(ids), dtype=np.bool_)

    @classmethod
    def of(cls, places: IndexPaths) -> KnownFiles:
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


def mark_gone(places: IndexPaths, known: KnownFiles, unlisted: Sequence[bytes]) -> int:
    """Write parts that mark the files that have gone; return how many there are.

    ``unlisted`` are folders that could not be listed: what lay in them has not gone. Raises
    CohortError if the two tables do not belong together.
    """
    gone, marked, number = known.gone(), 0, 1
    if not len(gone):
        return 0
    for rows, files in _gone_rows(places, gone):
        kept = [
            index
            for index, file in enumerate(files)
            if not any(not one or file["path"].startswith(one + b"/") for one in unlisted)
        ]
        if kept:
            write_part(
                places,
                f"{number:08d}",
                [rows[i] | {"usable": False, "reason": Reason.MISSING.value} for i in kept],
                [files[i] | {"size_bytes": GONE} for i in kept],
            )
            marked, number = marked + len(kept), number + 1
    return marked


def _gone_rows(
    places: IndexPaths, gone: NDArray[np.bytes_]
) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """Yield rows of both tables for these ids; merging writes them in the same order.

    Raises CohortError if they are not in the same order: one of them is not what was written.
    """
    for rows, files in zip(batches(places.table), batches(places.files_table), strict=False):
        if rows.column("file_id") != files.column("file_id"):
            raise CohortError(
                f"{places.table} and {places.files_table}: do not belong together: bring back "
                "both, or index into a new folder (-o)"
            )
        chosen = pa.array(np.isin(ids_of(rows.column("file_id")), gone))
        yield rows.filter(chosen).to_pylist(), files.filter(chosen).to_pylist()
