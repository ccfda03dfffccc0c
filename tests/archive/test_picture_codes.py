"""Pictures of an archive get their codes; a simulated study serves as the archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.archive.index.index import index_archive
from lumbargrade.archive.index.index_paths import IndexPaths
from lumbargrade.archive.index.read import read_index
from lumbargrade.archive.picture_codes import archive_picture_codes
from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError
from lumbargrade.study.likeness.perceptual_hash import is_picture_code


@pytest.fixture
def places(simulated_cohort: Path, tmp_path: Path) -> IndexPaths:
    places = IndexPaths.of(tmp_path / "I")
    index_archive(simulated_cohort / "studies", places, workers=1)
    return places


def test_codes_are_those_of_the_pixels(places: IndexPaths, simulated_cohort: Path) -> None:
    files = read_index(places.index)["file_id"].to_pylist()
    heard: list[tuple[int, int]] = []
    codes = archive_picture_codes(places, files, lambda *done: heard.append(done))
    assert heard[-1] == (len(files), len(files))
    assert all(map(is_picture_code, codes.values()))
    known = {one.picture_code for one in read_cohort(simulated_cohort).slices}
    assert known <= set(codes.values())


def test_an_archive_that_is_away_is_told(places: IndexPaths, tmp_path: Path) -> None:
    files = read_index(places.index)["file_id"].to_pylist()
    text = (places.files / "archive.json").read_text()
    away = text.replace(text.split('"archive": "')[1].split('"')[0], str(tmp_path / "gone"))
    (places.files / "archive.json").write_text(away)
    with pytest.raises(CohortError, match="included files can be read there: is its disk moun"):
        archive_picture_codes(places, files)
    (places.files / "archive.json").unlink()
    with pytest.raises(CohortError, match="it lies beside the key of the index; name the key"):
        archive_picture_codes(places, files)
