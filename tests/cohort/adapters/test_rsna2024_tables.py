"""The three tables of RSNA 2024: what they say, by study."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cohort.adapters.released import write_rsna

from lumbargrade.cohort.adapters.rsna2024_tables import AXIAL, Place, read_tables
from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level


def test_labels_series_and_places_by_study(tmp_path: Path) -> None:
    tables = read_tables(write_rsna(tmp_path / "rsna"))
    assert set(tables.labels) == {"4003253", "999"}
    assert tables.labels["4003253"]["left_subarticular_stenosis_l4_l5"] == "Severe"
    assert [key for key, what in tables.descriptions["4003253"].items() if what == AXIAL] == [
        "1111",
        "1112",
    ]
    place = tables.places["4003253"]["spinal_canal_stenosis", Level.L4_L5]
    # The release counts from the corner of the first pixel, the cohort from its centre.
    assert place == Place("2222", "3", 11.5, 12.5)


def test_a_table_that_is_missing_is_named(tmp_path: Path) -> None:
    folder = write_rsna(tmp_path / "rsna")
    (folder / "train_series_descriptions.csv").unlink()
    with pytest.raises(CohortError, match=r"train_series_descriptions\.csv: cannot be read"):
        read_tables(folder)
