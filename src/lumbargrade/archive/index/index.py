"""Index an archive: walk it, read what is new in several processes, merge, count.

The walk runs in the calling process and never gets far ahead of the workers, so memory
does not grow with the archive but for some 40 bytes a file. A run that was killed is
finished by the next one, which skips what was written.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pyarrow.compute as pc

from lumbargrade.archive.index.columns import Reason
from lumbargrade.archive.index.index_paths import IndexPaths, describe, open_places
from lumbargrade.archive.index.known_files import KnownFiles, mark_gone
from lumbargrade.archive.index.shards import batches, merge_parts, write_part
from lumbargrade.archive.index.walk import Entry, count_entries, walk
from lumbargrade.archive.index.worker import Job, Reader, start_worker, work
from lumbargrade.archive.pseudonym import Pseudonyms
from lumbargrade.errors import CohortError, OutputError
from lumbargrade.files.ledger import PRIVATE
from lumbargrade.files.lock import locked
from lumbargrade.files.workers import worker_pool
from lumbargrade.study.series.words import words

FILES_OF_A_PART = 1000
_COUNTED = ("patient_id", "study_id", "series_id")

Progress = Callable[[int, int | None], None]


@dataclass
class Changes:
    """What a run did, in files."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0


@dataclass
class _Walked:
    """What the walk leaves to the end of the run."""

    changes: Changes = field(default_factory=Changes)
    unlisted: list[bytes] = field(default_factory=list)
    total: int | None = None


def index_archive(
    archive: Path, places: IndexPaths, workers: int | None = None, progress: Progress | None = None
) -> Changes:
    """Bring the index of ``archive`` up to date and return what changed.

    Parameters
    ----------
    archive : a folder; it is only read, and links in it are not followed.
    places : where index and key lie, or are made.
    workers : processes that read; None = one a core.
    progress : called with (files done, files in all or None while they are counted).

    Raises
    ------
    CohortError
        If archive, index and key do not belong together, the archive cannot be listed or
        is empty all of a sudden, or a worker was killed.
    OutputError
        If the index cannot be written, or another process is writing it.
    StudyError
        If the site's file of words (``LUMBARGRADE_WORDS``) is not usable.
    """
    archive = Path(os.path.abspath(archive))
    words()  # a bad file of the site's words is an error now, and no damaged header later
    try:
        pseudonyms = open_places(places, archive)
        with locked(places.index / PRIVATE, places.index):
            return _bring_up_to_date(archive, places, pseudonyms, workers, progress)
    except BrokenProcessPool:
        raise CohortError(
            f"{places.index}: a worker was killed, most likely out of memory: give fewer "
            "--workers and run again; what was read is kept"
        ) from None
    except OSError as error:
        raise _unwritable(places, error) from None


def _unwritable(places: IndexPaths, error: OSError) -> OutputError:
    return OutputError(
        f"{places.index}: the index cannot be written ({error.strerror or error}): give a "
        "place that is writable and has free space, and run again; what was read is kept"
    )


def _bring_up_to_date(
    archive: Path,
    places: IndexPaths,
    pseudonyms: Pseudonyms,
    workers: int | None,
    progress: Progress | None,
) -> Changes:
    merge_parts(places)  # of a run that was interrupted
    known, walked = KnownFiles.of(places), _Walked()
    if progress is not None:
        threading.Thread(target=_count, args=(archive, walked), daemon=True).start()
    jobs = _jobs(archive, known, pseudonyms, walked)
    for read in _read_all(jobs, archive, places, pseudonyms, workers or os.cpu_count() or 1):
        walked.changes.new += read  # those that were known are taken off again below
        if progress is not None:
            progress(walked.changes.new + walked.changes.unchanged, walked.total)
    walked.changes.new -= walked.changes.changed
    _check_there(archive, known, walked)
    if not walked.changes.new and not len(known):
        write_part(places, "00000001", [], [])  # an archive without files: a table without rows
    merge_parts(places)
    walked.changes.gone = mark_gone(places, known, walked.unlisted)
    merge_parts(places)
    return walked.changes


def _count(archive: Path, walked: _Walked) -> None:
    walked.total = count_entries(archive)


def _jobs(
    archive: Path, known: KnownFiles, pseudonyms: Pseudonyms, walked: _Walked
) -> Iterator[Job]:
    """Yield what has to be read, in parts; what is known and unchanged is ticked off."""
    waiting: list[tuple[bytes, Entry]] = []
    number = 0
    found = iter(walk(archive))
    while entries := list(islice(found, FILES_OF_A_PART)):
        ids = [pseudonyms.of_path(entry.path) for entry in entries]
        are_known, unchanged = known.tick_off(ids, entries)
        walked.changes.unchanged += int(unchanged.sum())
        walked.changes.changed += int((are_known & ~unchanged).sum())
        for identifier, entry, same in zip(ids, entries, unchanged, strict=True):
            if entry.reason is Reason.FOLDER_UNREADABLE:
                walked.unlisted.append(entry.path)
            if not same:
                waiting.append((identifier, entry))
        while len(waiting) >= FILES_OF_A_PART:
            number += 1
            yield _job(number, waiting[:FILES_OF_A_PART])
            waiting = waiting[FILES_OF_A_PART:]
    if waiting:
        yield _job(number + 1, waiting)


def _job(number: int, found: list[tuple[bytes, Entry]]) -> Job:
    ids, entries = zip(*found, strict=True)
    return Job(f"{number:08d}", ids, entries)


def _read_all(
    jobs: Iterator[Job], archive: Path, places: IndexPaths, pseudonyms: Pseudonyms, workers: int
) -> Iterator[int]:
    """Do the jobs and yield the number of files of each; two a worker wait at most."""
    root = os.fsencode(archive)
    first = next(jobs, None)
    if first is None:
        return
    if workers == 1:
        reader = Reader(root, places, pseudonyms)
        yield reader.read(first)
        yield from map(reader.read, jobs)
        return
    with worker_pool(workers, start_worker, (root, places, pseudonyms.key)) as pool:
        waiting: set[Future[int]] = {pool.submit(work, first)}
        try:
            for job in jobs:
                waiting.add(pool.submit(work, job))
                if len(waiting) >= 2 * workers:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (one.result() for one in done)
            yield from (one.result() for one in waiting)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _check_there(archive: Path, known: KnownFiles, walked: _Walked) -> None:
    """Refuse to call every file gone: the archive is elsewhere, or its disk is not mounted."""
    if b"" in walked.unlisted:
        raise CohortError(f"{archive}: cannot be listed: read permission is needed")
    if len(known) and not known.seen and len(known.gone()):
        raise CohortError(
            f"{archive}: holds none of the {len(known)} files that the index knows: is its disk "
            "mounted? For another archive give a new folder with -o"
        )


@dataclass(frozen=True)
class IndexSummary:
    """Files, and what the usable ones belong to; ``reasons`` counts the others."""

    files: int
    usable: int
    patients: int
    studies: int
    series: int
    reasons: Counter[str]


def summarise(places: IndexPaths) -> IndexSummary:
    """Count what is in the table, and write the counts into the description.

    Raises OutputError if they cannot be written.
    """
    files = usable = 0
    reasons: Counter[str] = Counter()
    distinct: dict[str, set[bytes]] = {name: set() for name in _COUNTED}
    for batch in batches(places.table, ("usable", "reason", *_COUNTED)):
        files += len(batch)
        good = batch.filter(batch.column("usable"))
        usable += len(good)
        for pair in pc.value_counts(batch.column("reason").drop_null()).to_pylist():
            reasons[pair["values"]] += pair["counts"]
        for name, found in distinct.items():
            found |= {bytes.fromhex(one) for one in good.column(name).unique().to_pylist()}
    patients, studies, series = (len(distinct[name]) for name in _COUNTED)
    try:
        describe(places, {"files": files, "usable": usable, "patients": patients})
    except OSError as error:
        raise _unwritable(places, error) from None
    return IndexSummary(files, usable, patients, studies, series, reasons)
