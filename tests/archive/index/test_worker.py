"""A worker reads headers into a part; whatever a file holds, it becomes one row."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lumbargrade.archive.index import worker
from lumbargrade.archive.index.columns import Reason
from lumbargrade.archive.index.index_paths import IndexPaths, open_places
from lumbargrade.archive.index.walk import Entry, walk
from lumbargrade.archive.index.worker import ASK_AGAIN, Job, Reader, start_worker, work
from lumbargrade.archive.pseudonym import Pseudonyms, read_key


def job(*entries: Entry) -> Job:
    ids = tuple(bytes([number]) * 16 for number in range(len(entries)))
    return Job("00000001", ids, entries)


def read_part(places: IndexPaths) -> tuple[dict[str, str | None], dict[str, int]]:
    """Reason and time of every file of the part, by its path."""
    rows, files = (
        pq.read_table(folder / "parts" / "00000001.parquet").to_pylist()
        for folder in (places.index, places.files)
    )
    assert [row["file_id"] for row in rows] == [file["file_id"] for file in files]
    paths = [os.fsdecode(file["path"]) for file in files]
    return (
        dict(zip(paths, [row["reason"] for row in rows], strict=True)),
        dict(zip(paths, [file["modified_ns"] for file in files], strict=True)),
    )


def test_every_file_of_a_job_is_a_row_in_its_order(archive: Path, places: IndexPaths) -> None:
    pseudonyms = open_places(places, archive)
    entries = sorted(walk(archive), key=lambda entry: entry.path)
    assert Reader(os.fsencode(archive), places, pseudonyms).read(job(*entries)) == 12
    reasons, times = read_part(places)
    assert list(reasons) == [os.fsdecode(entry.path) for entry in entries]
    assert set(reasons.values()) == {None}
    assert list(times.values()) == [entry.modified_ns for entry in entries]


def test_faults_become_reasons(
    archive: Path, places: IndexPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    pseudonyms = open_places(places, archive)
    (archive / "link").symlink_to(archive / "p1" / "IM1")
    (archive / "empty").touch()
    entries = [
        Entry(b"p1/IM1", 1, 5),
        Entry(b"closed", 0, 5, Reason.FOLDER_UNREADABLE),  # as the walk found it
        Entry(b"link", 1, 5),  # became a link after the walk
        Entry(b"gone", 1, 5),
        Entry(b"p1", 1, 5),  # became a folder
        Entry(b"empty", 0, 5),
    ]
    Reader(os.fsencode(archive), places, pseudonyms).read(job(*entries))
    reasons, times = read_part(places)
    assert reasons == {
        "p1/IM1": None,
        "closed": Reason.FOLDER_UNREADABLE,
        "link": Reason.UNREADABLE,
        "gone": Reason.UNREADABLE,
        "p1": Reason.NOT_A_FILE,
        "empty": Reason.EMPTY,
    }
    again = {path for path, time in times.items() if time == ASK_AGAIN}
    assert again == {"closed", "link", "gone"}

    def hostile(*_: object) -> object:
        raise RecursionError("too deep")

    monkeypatch.setattr(worker, "scan_header", hostile)
    Reader(os.fsencode(archive), places, pseudonyms).read(job(Entry(b"p1/IM1", 1, 5)))
    assert read_part(places)[0] == {"p1/IM1": Reason.DAMAGED}


def test_a_started_worker_uses_the_key_that_it_is_given(archive: Path, places: IndexPaths) -> None:
    open_places(places, archive)
    key = read_key(places.key)
    start_worker(os.fsencode(archive), places, key)
    assert work(job(Entry(b"p1/IM1", 1, 5))) == 1
    (row,) = pq.read_table(places.index / "parts" / "00000001.parquet").to_pylist()
    assert row["patient_id"] == Pseudonyms(key).of("patient", "MRN00001")
