from __future__ import annotations

import json
from pathlib import Path

import pytest

from lumbargrade.cohort.imports.studies import Source, StudySource
from lumbargrade.cohort.imports.tables import owners_of, read_tables
from lumbargrade.errors import CohortError
from lumbargrade.readings.faults import Faults


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    for name, content, message in (
        ("a.csv", "sop,x,y\n1,2,3", "a.csv: no column w, h: the first line must name x, y, w, h"),
        ("a.json", "{", "a.json: cannot be read as COCO JSON"),
        ("b.json", "[]", "b.json: has no lists 'images' and 'annotations'"),
        ("c.txt", "", "c.txt: regions come as .csv, COCO .json, .voi"),
    ):
        path = tmp_path / name
        path.write_text(content, "utf-8")
        with pytest.raises(CohortError) as caught:
            read_tables([path], None, Faults())
        assert message in str(caught.value)
    (tmp_path / "empty").mkdir()
    with pytest.raises(CohortError, match=r"holds no \.voi, \.nii, .*: give the files$"):
        read_tables([tmp_path / "empty"], None, Faults())
    grades = tmp_path / "g.csv"
    grades.write_text("patient,what\na,b\n", "utf-8")
    with pytest.raises(CohortError, match=r"g\.csv: no column system and grade"):
        read_tables([], grades, Faults())
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"images": [], "annotations": [{"image_id": 1}]}), "utf-8")
    faults = Faults()
    read_tables([bad], None, faults)
    with pytest.raises(CohortError, match=r"1 fault, .*annotation 0: has no bbox of a size above"):
        faults.check(CohortError)


def test_a_drawing_goes_to_the_study_with_the_longest_fitting_name(tmp_path: Path) -> None:
    studies = tuple(StudySource(name, tmp_path / name) for name in ("case1", "case1_b"))
    masks = {
        Path("case1_low.voi"): ("case1_low",),
        Path("case1_b.voi"): ("case1_b",),
        Path("d/other.voi"): ("other", "case2"),
    }
    faults = Faults()
    owners = owners_of(masks, Source(tmp_path, studies), faults)
    assert owners == {"case1": [Path("case1_low.voi")], "case1_b": [Path("case1_b.voi")]}
    with pytest.raises(CohortError, match=r"1 fault.*d/other\.voi: matches no study by name"):
        faults.check(CohortError)
    alone = owners_of(masks, Source(tmp_path, studies[:1]), Faults())
    assert alone == {"case1": list(masks)}


def test_first_readings_without_help_are_the_grades(tmp_path: Path) -> None:
    grades = tmp_path / "g.csv"
    rows = ["1.2,LDH,1,,", "1.2,LDH,2,2,", "1.2,LDH,3,,assisted"]
    grades.write_text("\n".join(["sop,system,grade,round,arm", *rows]), "utf-8")
    found = read_tables([], grades, Faults())
    assert [one.grade for one in found.grades] == [1]
    assert [note.partition(" left out")[0] for note in found.notes] == [
        "1 reading of a later round",
        "1 reading with the model's help",
    ]
