from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import pytest
from tests.made_up_readings import made_up

from lumbargrade.evaluation.reader_studies.areas import areas
from lumbargrade.evaluation.reader_studies.noninferiority import noninferiority
from lumbargrade.evaluation.reader_studies.size import size
from lumbargrade.evaluation.reader_studies.write import as_tables, label, write
from lumbargrade.statistics.reader_studies.study_size import Wish

STUDY = made_up()


def test_csv_and_json_say_the_same(tmp_path: Path) -> None:
    study = areas(STUDY)
    write(study, tmp_path / "out")
    data = json.loads((tmp_path / "out" / "areas.json").read_text(encoding="utf-8"))
    with (tmp_path / "out" / "areas.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert (data["schema"], data["study"]) == ("lumbargrade.reader_study/1", "areas")
    assert len(rows) == len(data["figures"]) == len(study.figures)
    for row, one in zip(rows, data["figures"], strict=True):
        assert row["value"] == f"{one['estimate']['value']:.6f}"
        assert (row["of"], row["about"]) == (one["of"], one["about"])
        low = one["estimate"]["low"]
        assert row["low"] == ("" if low is None else f"{low:.6f}")
        assert (row["no_interval"] == "") == (low is not None)
    assert set(data["about"]) == {"these readers", "readers like these"}
    assert data["details"]["LDH"]["area 0-1 / 2-3"]["p_value"] == pytest.approx(
        study.details["LDH"]["area 0-1 / 2-3"].p_value
    )


def test_the_screen_shows_the_coefficient_that_decides() -> None:
    (table,) = as_tables(noninferiority(STUDY, 0.05, "ac2_ordinal"))
    assert {row[0] for row in table.rows} == {"AC2, ordinal"}
    assert table.title == "LDH: 120 images, 40 patients, 95 % intervals"
    assert any(row[1] == "model - readers" and row[3].startswith("+") for row in table.rows)


def test_sizes_are_a_table_of_their_own(tmp_path: Path) -> None:
    study = size(STUDY, "ac1", Wish(width=0.001))
    write(study, tmp_path / "out")
    lines = (tmp_path / "out" / "sizes.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "system,measure,about,readers,patients"
    assert len(lines) == 1 + len(study.sizes)
    pilot, sizes = as_tables(study)
    assert pilot.rows[0][0] == "AC1"
    assert sizes.rows[1] == ("readers like these", "3", "more readers")
    data = json.loads((tmp_path / "out" / "size.json").read_text(encoding="utf-8"))
    assert math.isclose(data["settings"]["width"], 0.001)


def test_measures_have_names() -> None:
    names = [label(one) for one in ("exact", "ac2_linear", "area 0 / 1-3")]
    assert names == ["same grade", "AC2, linear", "area 0 / 1-3"]
