"""What a worker process does: open files, read their headers, write a part."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass

from lumbargrade.archive.index.columns import Reason
from lumbargrade.archive.index.index_paths import IndexPaths
from lumbargrade.archive.index.row import WANTED, Row, RowReader, unread_row
from lumbargrade.archive.index.shards import write_part
from lumbargrade.archive.index.walk import Entry
from lumbargrade.archive.pseudonym import Pseudonyms
from lumbargrade.files.quiet import quietly
from lumbargrade.study.dicom.scan import scan_header
from lumbargrade.study.dicom.scanned import Fault, ScanError

ASK_AGAIN = -1
"""Time of a file that could not be read: the next run tries it once more."""

_ASKED_AGAIN = (Reason.UNREADABLE.value, Reason.FOLDER_UNREADABLE.value)
_REASONS = {
    Fault.EMPTY: Reason.EMPTY,
    Fault.ZIP: Reason.ZIP,
    Fault.NOT_DICOM: Reason.NOT_DICOM,
    Fault.UNKNOWN_SYNTAX: Reason.UNKNOWN_SYNTAX,
    Fault.DAMAGED: Reason.DAMAGED,
    Fault.TOO_LONG: Reason.TOO_LONG,
}
# A pipe or a link that takes the place of a file after the walk saw it is not waited for.
_OPEN_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


@dataclass(frozen=True)
class Job:
    """Some files for one worker, and the name of the part that they become."""

    part: str
    ids: tuple[bytes, ...]
    entries: tuple[Entry, ...]


class Reader:
    """Reads files of one archive into one index."""

    def __init__(self, archive: bytes, places: IndexPaths, pseudonyms: Pseudonyms) -> None:
        self._archive, self._places, self._rows = archive, places, RowReader(pseudonyms)

    def read(self, job: Job) -> int:
        """Write the part of a job; return how many files it holds."""
        with quietly():  # the rows tell of every oddity
            rows = [
                self._row(identifier.hex(), entry)
                for identifier, entry in zip(job.ids, job.entries, strict=True)
            ]
        write_part(self._places, job.part, rows, _files(rows, job.entries))
        return len(rows)

    def _row(self, file_id: str, entry: Entry) -> Row:
        if entry.reason is not None:
            return unread_row(file_id, entry.reason)
        try:
            return self._header_row(file_id, os.path.join(self._archive, entry.path))
        except ScanError as error:
            return unread_row(file_id, _REASONS[error.fault])
        except OSError:
            return unread_row(file_id, Reason.UNREADABLE)
        except Exception:  # a hostile file raises anything, and is a row with a reason
            return unread_row(file_id, Reason.DAMAGED)

    def _header_row(self, file_id: str, path: bytes) -> Row:
        descriptor = os.open(path, _OPEN_FLAGS)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return unread_row(file_id, Reason.NOT_A_FILE)
            scanned = scan_header(descriptor, status.st_size, WANTED)
        finally:
            os.close(descriptor)
        return self._rows.read(file_id, scanned)


def _files(rows: Sequence[Row], entries: Sequence[Entry]) -> list[Row]:
    return [
        {
            "file_id": row["file_id"],
            "path": entry.path,
            "size_bytes": entry.size_bytes,
            "modified_ns": ASK_AGAIN if row["reason"] in _ASKED_AGAIN else entry.modified_ns,
        }
        for row, entry in zip(rows, entries, strict=True)
    ]


_readers: list[Reader] = []


def start_worker(archive: bytes, places: IndexPaths, key: bytes) -> None:
    """Make this process a worker."""
    _readers[:] = [Reader(archive, places, Pseudonyms(key))]


def work(job: Job) -> int:
    """Do a job in a worker process."""
    return _readers[0].read(job)
