"""Exports are tables that the other commands read."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from tests.serving.reading_room.made_up_room import MadeUpRoom, Person, made_up_cohort
from tests.serving.reading_room.made_up_study import study_under_way

from lumbargrade.annotation.roles import Role
from lumbargrade.errors import EvaluationError
from lumbargrade.grading.level import Level
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Asked, read_readings
from lumbargrade.serving.reading_room.conduct.exports import Table
from lumbargrade.serving.reading_room.settings import Wished


def table(person: Person, name: Table) -> list[dict[str, str]]:
    text = person.browser.get(f"/export/{name.value}.csv").content.decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def test_readings_and_reference_with_who_settled_what(tmp_path: Path) -> None:
    study = study_under_way(tmp_path)
    cora, jud = study.people["Cora"], study.people["Jud"]
    assert {row["origin"] for row in table(cora, Table.REFERENCE)} == {"agreement", "open"}
    (work,) = jud.works()
    jud.browser.get(f"/api/work/{work}")
    jud.grade(work, 1, 2)
    late = study.room.add("Late Judge", Role.ADJUDICATOR)
    (other,) = late.works()
    late.browser.get(f"/api/work/{other}")
    late.grade(other, 1, 3)
    late.grade(other, 2, None, reason="artefact")
    found = {row["sop_instance_uid"]: row for row in table(cora, Table.REFERENCE)}
    assert {
        uid: (row["grade"], row["origin"], row["reference_by"]) for uid, row in found.items()
    } == {
        "1.2.1.1": ("2", "adjudicator", "Jud Zjudge"),  # the first one's word stands
        "1.2.1.2": ("", "unreadable", "Late Judge"),
        "1.2.2.1": ("0", "agreement", "Ann Zreader; Bob Zother"),
        "1.2.2.2": ("0", "agreement", "Ann Zreader; Bob Zother"),
        "1.2.3.1": ("2", "agreement", "Ann Zreader; Bob Zother"),
        "1.2.3.2": ("2", "agreement", "Ann Zreader; Bob Zother"),
    }
    assert len(table(cora, Table.DISAGREEMENTS)) == 2
    path = tmp_path / "readings.csv"
    path.write_bytes(cora.browser.get("/export/readings.csv").content)
    faults = Faults()
    read = read_readings(path, Asked(reader=True, patient=True), faults, EvaluationError)
    faults.check(EvaluationError)
    assert {one.reader for one in read} == {"Ann Zreader", "Bob Zother"}
    settled = table(cora, Table.ADJUDICATIONS)
    assert {row["reader"] for row in settled} == {"Jud Zjudge", "Late Judge"}
    assert {str(one.level) for one in read} == {"L4/L5"}
    study.room.close()


def test_boxes_are_in_stored_pixels_and_times_have_what_explains_them(tmp_path: Path) -> None:
    wished = Wished(seed=1, systems=("LDH",), repeat_share=0.5)
    room = MadeUpRoom(tmp_path, wished, made_up_cohort(["p1", "p2"], slices=1))
    eve, ann = room.add("Eve", Role.EXPERT), room.add("Ann")
    cora = room.add("Cora", Role.COORDINATOR)
    for work in eve.works():
        eve.browser.get(f"/api/work/{work}")
        eve.put(f"/api/work/{work}/boxes", slice=1, box=[1, 2, 3, 4], seconds=2)
    eve.put(f"/api/work/{eve.works()[0]}/boxes", slice=1, box=None)
    (box,) = table(cora, Table.BOXES)
    assert [float(box[name]) for name in "xywh"] == [2, 4, 6, 8]
    for work in ann.works():
        ann.browser.get(f"/api/work/{work}")
        ann.grade(work, 1, 1, seconds=1.25)
    rows = [row for row in table(cora, Table.TIMES) if row["reader"] == "Ann"]
    assert sorted(row["round"] for row in rows) == ["1", "1", "2"]
    assert {row["seconds"] for row in rows} == {"1.25"}
    names = {row["reader"] for row in table(cora, Table.READINGS)}
    assert names == {"Ann"}
    assert {row["seconds"] for row in table(cora, Table.READINGS)} == {"1.25"}
    room.close()


@pytest.mark.parametrize("name", Table)
def test_every_table_has_a_heading_before_anything_was_read(room: MadeUpRoom, name: Table) -> None:
    cora = room.add("Cora", Role.COORDINATOR)
    text = cora.browser.get(f"/export/{name.value}.csv").text
    assert text.count("\n") == 1


def test_discs_are_named_by_patient_and_level_with_grades_as_people_write_them(
    tmp_path: Path,
) -> None:
    study = study_under_way(tmp_path, Wished(seed=3, systems=("PFIRRMANN",)))
    cora, jud = study.people["Cora"], study.people["Jud"]
    (work,) = jud.works()
    jud.browser.get(f"/api/work/{work}")
    jud.grade(work, 4, 4, system="PFIRRMANN")
    found = {(row["patient"], row["level"]): row for row in table(cora, Table.REFERENCE)}
    assert len(found) == 15
    assert found["p1", "L4/L5"]["grade"] == "5"
    assert found["p1", "L4/L5"]["note"] == "Ann Zreader 2, Bob Zother 3"
    assert found["p3", "L1/L2"]["grade"] == "3"
    assert not {"sop_instance_uid", "image"} & set(found["p1", "L4/L5"])
    path = tmp_path / "reference.csv"
    path.write_bytes(cora.browser.get("/export/reference.csv").content)
    faults = Faults()
    read = read_readings(path, Asked(patient=True), faults, EvaluationError)
    faults.check(EvaluationError)
    assert {(one.key.patient, str(one.level)): one.grade for one in read}["p1", "L4/L5"] == 4
    assert {row["level"] for row in table(cora, Table.READINGS)} == set(Level)
    study.room.close()
