"""The index of an archive: what is in it, what a second run adds, and what survives a kill."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import pytest
from tests.archive.archives import index, patient_slice, rows_of, write_archive
from tests.study.conftest import save

from lumbargrade.archive.index import index as index_module
from lumbargrade.archive.index import shards as index_parts
from lumbargrade.archive.index.columns import COLUMNS, Reason
from lumbargrade.archive.index.index import Changes, index_archive, summarise
from lumbargrade.archive.index.index_paths import IndexPaths
from lumbargrade.archive.index.shards import finished_parts
from lumbargrade.archive.index.walk import count_entries, walk
from lumbargrade.errors import CohortError, OutputError, StudyError
from lumbargrade.files.write import write_bytes
from lumbargrade.study.series.words import SITE_WORDS


def test_every_file_is_a_row_with_its_patient(archive: Path, places: IndexPaths) -> None:
    assert index(archive, places) == Changes(new=12)
    rows = rows_of(places)
    assert list(next(iter(rows.values()))) == [column.name for column in COLUMNS]
    assert all(row["usable"] and row["reason"] is None for row in rows.values())
    assert len({row["patient_id"] for row in rows.values()}) == 3
    assert len({row["slice_id"] for row in rows.values()}) == 12
    one = rows["p1/IM1"]
    told = {name: one[name] for name in ("age_years", "sex", "study_year", "contrast", "plane")}
    assert told == {
        "age_years": 54,
        "sex": "F",
        "study_year": 2019,
        "contrast": "t2",
        "plane": "axial",
    }
    assert one["body_part"] == "lumbar spine"
    assert (one["manufacturer"], one["model_name"]) == ("Siemens", "Avanto")
    assert one["image_position_mm"] == [-50.0, -57.6, 4.4]
    assert one["image_orientation"] == [1, 0, 0, 0, 1, 0]


def test_a_second_run_adds_nothing_and_writes_nothing(archive: Path, places: IndexPaths) -> None:
    index(archive, places)
    summarise(places)
    before = {path: path.stat().st_mtime_ns for path in (places.table, places.files_table)}
    assert index(archive, places) == Changes(unchanged=12)
    summarise(places)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_what_is_new_changed_or_gone_is_seen(archive: Path, places: IndexPaths) -> None:
    index(archive, places)
    save(patient_slice(4), archive / "p4" / "IM1")
    save(patient_slice(1, 1, PatientSex="M", PatientName="Longer^Name"), archive / "p1" / "IM1")
    (archive / "p2" / "IM2").unlink()
    assert index(archive, places) == Changes(new=1, changed=1, unchanged=10, gone=1)
    rows = rows_of(places)
    assert len(rows) == 13
    assert rows["p1/IM1"]["sex"] == "M"
    assert rows["p2/IM2"]["usable"] is False
    assert rows["p2/IM2"]["reason"] == Reason.MISSING
    assert rows["p2/IM2"]["patient_id"] == rows["p2/IM1"]["patient_id"]
    assert index(archive, places) == Changes(unchanged=12)
    save(patient_slice(2, 2), archive / "p2" / "IM2")
    assert index(archive, places) == Changes(changed=1, unchanged=12)
    assert rows_of(places)["p2/IM2"]["usable"] is True


def test_several_workers_make_the_same_table(
    archive: Path, places: IndexPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "FILES_OF_A_PART", 2)
    told: list[tuple[int, int | None]] = []
    index(archive, places)
    other = IndexPaths(tmp_path / "OTHER", places.key, tmp_path / "OTHER.files")
    index_archive(archive, other, 2, lambda done, total: told.append((done, total)))
    assert rows_of(other) == rows_of(places)
    assert told[-1] == (12, 12)
    assert finished_parts(other) == []


class KilledError(BaseException):
    """The process ends here, as far as the files can tell."""


@pytest.mark.parametrize("survived", range(10))
def test_a_kill_at_any_write_loses_and_doubles_nothing(
    archive: Path, places: IndexPaths, monkeypatch: pytest.MonkeyPatch, survived: int
) -> None:
    """Two parts of two writes each; a merge of two tables; four removals."""
    monkeypatch.setattr(index_module, "FILES_OF_A_PART", 5)
    whole = IndexPaths.of(places.index.with_name("WHOLE"), places.key)
    index(archive, places)  # an index that is there already, of an archive that changes
    index(archive, whole)
    save(patient_slice(1, 1, PatientSex="M"), archive / "p1" / "IM1")
    os.utime(archive / "p1" / "IM1", ns=(1, 1))
    for number in range(5, 12):
        save(patient_slice(3, number), archive / "p3" / f"IM{number}")
    steps = [0]

    def dying(step: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            steps[0] += 1
            if steps[0] > survived:
                raise KilledError
            return step(*arguments, **named)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(index_parts, "write_bytes", dying(write_bytes))
        patch.setattr(index_parts, "_remove", dying(index_parts._remove))
        patch.setattr(index_parts, "_merge", dying(index_parts._merge))
        with pytest.raises(KilledError):
            index(archive, places)
    index(archive, places)
    index(archive, whole)
    assert rows_of(places) == rows_of(whole)
    assert len(rows_of(places)) == 19
    assert index(archive, places) == Changes(unchanged=19)
    assert not list(places.index.rglob("*.unfinished"))


def test_what_may_not_be_read_is_tried_again(
    archive: Path, places: IndexPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its size and time do not tell when the right to read it comes."""
    open_file = os.open

    def refusing(path: bytes, *arguments: int) -> int:
        if os.fsencode(path).endswith(b"/p1/IM1"):
            raise PermissionError(13, "Permission denied")
        return open_file(path, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refusing)
        index(archive, places)
    assert rows_of(places)["p1/IM1"]["reason"] == Reason.UNREADABLE
    assert index(archive, places) == Changes(changed=1, unchanged=11)
    assert rows_of(places)["p1/IM1"]["usable"] is True


def test_a_folder_that_cannot_be_listed_loses_no_file(
    archive: Path, places: IndexPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(archive, places)
    scandir = os.scandir

    def refusing(folder: bytes) -> object:
        if os.fsencode(folder).endswith(b"/p2"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refusing)
        assert index(archive, places) == Changes(new=1, unchanged=8)
    rows = rows_of(places)
    assert rows["p2"]["reason"] == Reason.FOLDER_UNREADABLE
    assert rows["p2/IM1"]["usable"] is True


def test_links_pipes_and_sockets_are_rows_and_not_opened(archive: Path, places: IndexPaths) -> None:
    (archive / "loop").symlink_to(archive)
    (archive / "out").symlink_to("/etc/hostname")
    os.mkfifo(archive / "pipe")
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(archive)  # the path of a socket must be short
    server.bind("socket")
    os.chdir(here)
    (archive / os.fsdecode(b"na\xefve")).write_bytes(b"\xff\xfe text")
    (archive / "empty").touch()
    (archive / "letter.txt").write_text("Dear Dr Smith")
    shutil.make_archive(str(archive / "packed"), "zip", archive / "p1")
    assert count_entries(archive) == 20
    index(archive, places)
    server.close()
    rows = rows_of(places)
    assert {path: row["reason"] for path, row in rows.items() if not row["usable"]} == {
        "loop": Reason.LINK,
        "out": Reason.LINK,
        "pipe": Reason.NOT_A_FILE,
        "socket": Reason.NOT_A_FILE,
        os.fsdecode(b"na\xefve"): Reason.NOT_DICOM,
        "empty": Reason.EMPTY,
        "letter.txt": Reason.NOT_DICOM,
        "packed.zip": Reason.ZIP,
    }
    summary = summarise(places)
    assert (summary.files, summary.usable, summary.patients) == (20, 12, 3)
    assert (summary.studies, summary.series) == (3, 3)
    assert summary.reasons[Reason.LINK] == 2


def test_a_file_becomes_a_pipe_after_the_walk(archive: Path, places: IndexPaths) -> None:
    """The worker neither waits for it nor reads from it."""
    pipe = archive / "p1" / "IM1"

    def swapping(folder: Path) -> object:
        entries = list(walk(folder))
        pipe.unlink()
        os.mkfifo(pipe)
        return entries

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_module, "walk", swapping)
        index(archive, places)
    assert rows_of(places)["p1/IM1"]["reason"] == Reason.NOT_A_FILE


def test_damaged_files_of_all_kinds_are_rows(archive: Path, places: IndexPaths) -> None:
    dealer = np.random.default_rng(1)
    good = bytearray((archive / "p1" / "IM1").read_bytes()[:3000])
    for number in range(200):
        data = good.copy()
        for place in dealer.integers(0, len(data), 20):
            data[place] = dealer.integers(0, 256)
        (archive / f"bad{number}").write_bytes(data[: dealer.integers(1, len(data))])
    assert index(archive, places).new == 212
    words = {str(reason) for reason in Reason}
    bad = [row for path, row in rows_of(places).items() if path.startswith("bad")]
    assert all(row["usable"] is False and row["reason"] in words for row in bad)


def test_an_archive_that_is_not_mounted_loses_nothing(archive: Path, places: IndexPaths) -> None:
    index(archive, places)
    archive.rename(archive.with_name("away"))
    with pytest.raises(CohortError, match=r"archive: no such folder: give the folder"):
        index(archive, places)
    archive.mkdir()
    with pytest.raises(CohortError, match=r"holds none of the 12 files .* is its disk mounted\?"):
        index(archive, places)
    assert all(row["usable"] for row in rows_of(places).values())


def test_an_archive_that_cannot_be_listed_is_an_error(
    archive: Path, places: IndexPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: bytes) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(CohortError, match="cannot be listed: read permission is needed"):
        index(archive, places)


def test_a_disk_that_is_full_is_one_line(
    archive: Path, places: IndexPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index_parts, "write_bytes", full)
    with pytest.raises(OutputError, match=r"cannot be written \(No space left on device\)"):
        index(archive, places)


def test_a_bad_file_of_words_is_an_error_and_no_damaged_header(
    archive: Path, places: IndexPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SITE_WORDS, "/nowhere/words.toml")
    with pytest.raises(StudyError, match="cannot be read: give a readable TOML file of words"):
        index(archive, places)
    assert not places.table.exists()


def test_an_archive_without_files_is_an_index_without_rows(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    places = IndexPaths.of(tmp_path / "INDEX")
    assert index(tmp_path / "empty", places) == Changes()
    assert summarise(places).files == 0
    assert rows_of(places) == {}


def test_tables_that_do_not_belong_together_are_told(
    archive: Path, places: IndexPaths, tmp_path: Path
) -> None:
    index(archive, places)
    other = IndexPaths.of(tmp_path / "OTHER")
    index(write_archive(tmp_path / "other"), other)
    shutil.copy(other.table, places.table)
    (archive / "p1" / "IM1").unlink()
    with pytest.raises(CohortError, match=r"index.parquet and .* do not belong together"):
        index(archive, places)


def test_a_worker_that_was_killed_is_told(
    archive: Path, places: IndexPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> object:
        raise BrokenProcessPool

    monkeypatch.setattr(index_module, "open_places", killed)
    with pytest.raises(CohortError, match="a worker was killed, most likely out of memory"):
        index(archive, places)
