"""Whom to split, from a folder of either kind."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.archive.index_rows import study, table
from tests.cohort.split.cohorts import write_cohort

from lumbargrade.archive.flow.included import INCLUDED_FILE, read_included
from lumbargrade.archive.index.index import index_archive
from lumbargrade.archive.index.index_paths import IndexPaths
from lumbargrade.archive.index.read import read_index
from lumbargrade.archive.picture_codes import archive_picture_codes
from lumbargrade.cohort.split.patients import included_patients, read_patients
from lumbargrade.errors import CohortError
from lumbargrade.study.perceptual_hash import is_picture_code


def _nobody(*_: int) -> None:
    raise AssertionError("no picture is read")


def test_patients_of_a_cohort_folder(tmp_path: Path) -> None:
    found = read_patients(write_cohort(tmp_path / "cohort", 4), None, None, _nobody)
    assert found.name == "cohort"
    assert found.worst_grades == {"P00001": 1, "P00002": 2, "P00003": 3, "P00004": 0}
    assert len(found.pictures) == 4


def test_a_cohort_folder_has_its_pictures(tmp_path: Path) -> None:
    cohort = write_cohort(tmp_path / "cohort", 4)
    with pytest.raises(CohortError, match="which has its pictures: leave out --index"):
        read_patients(cohort, tmp_path / "I", None, _nobody)


def test_patients_of_a_flow(tmp_path: Path) -> None:
    write_included(tmp_path, table(study("A", 2)), [2, 2])
    found = read_patients(tmp_path, None, None, _nobody)
    assert found.worst_grades == {"A": 2}
    assert [one.picture_code for one in found.pictures] == [None, None]


def write_included(folder: Path, rows: pa.Table, grades: list[int | None]) -> Path:
    column = pa.array(grades, pa.int8())
    pq.write_table(rows.append_column("worst_grade", column), folder / INCLUDED_FILE)
    return folder


def test_a_table_becomes_a_roster(tmp_path: Path) -> None:
    rows = table(study("A", 2), study("B", 1))
    read = read_included(write_included(tmp_path, rows, [2, 2, None]))
    patients = included_patients(read, {"As0": "c" * 64}, "flow")
    assert patients.worst_grades == {"A": 2, "B": None}
    assert [(one.patient_id, one.picture_code) for one in patients.pictures] == [
        ("A", "c" * 64),
        ("A", None),
        ("B", None),
    ]
    assert {one.series_instance_uid for one in patients.pictures} == {"As.1", "Bs.1"}
    assert patients.external == frozenset()


def test_a_folder_without_a_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"neither a cohort \(no cohort\.json\) nor a patient fl"):
        read_included(tmp_path)


def test_nobody_included_is_told(tmp_path: Path) -> None:
    write_included(tmp_path, table(), [])
    with pytest.raises(CohortError, match=r"no patient is included: see flow.csv for the rules"):
        read_included(tmp_path)


class TestPictures:
    """Of a simulated study as an archive."""

    @pytest.fixture
    def places(self, simulated_cohort: Path, tmp_path: Path) -> IndexPaths:
        places = IndexPaths.of(tmp_path / "I")
        index_archive(simulated_cohort / "studies", places, workers=1)
        return places

    def test_codes_are_those_of_the_pixels(
        self, places: IndexPaths, simulated_cohort: Path
    ) -> None:
        from lumbargrade.cohort.read import read_cohort

        files = read_index(places.index)["file_id"].to_pylist()
        heard: list[tuple[int, int]] = []
        codes = archive_picture_codes(places, files, lambda *done: heard.append(done))
        assert heard[-1] == (len(files), len(files))
        assert all(map(is_picture_code, codes.values()))
        known = {one.picture_code for one in read_cohort(simulated_cohort).slices}
        assert known <= set(codes.values())

    def test_an_archive_that_is_away_is_told(self, places: IndexPaths, tmp_path: Path) -> None:
        files = read_index(places.index)["file_id"].to_pylist()
        text = (places.files / "archive.json").read_text()
        away = text.replace(text.split('"archive": "')[1].split('"')[0], str(tmp_path / "gone"))
        (places.files / "archive.json").write_text(away)
        with pytest.raises(CohortError, match="included files can be read there: is its disk moun"):
            archive_picture_codes(places, files)
        (places.files / "archive.json").unlink()
        with pytest.raises(CohortError, match="it lies beside the key of the index; name the key"):
            archive_picture_codes(places, files)
