"""Agreement as it grows is that of `lumbargrade agreement`."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.serving.reading_room.made_up_room import MadeUpRoom
from tests.serving.reading_room.made_up_study import study_under_way

from lumbargrade.annotation.reading import ASSISTED, GivenGrade
from lumbargrade.annotation.tables import write_readings
from lumbargrade.evaluation.agreement import measure_agreement
from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.serving.reading_room.conduct.agreement import agreement_rows, repeat_rows


@pytest.fixture(scope="module")
def given() -> list[GivenGrade]:
    """Three readers of 40 patients with two images; Ann reads a half of them twice."""
    chance = np.random.default_rng(3)
    found: list[GivenGrade] = []
    for patient in range(40):
        for image in range(2):
            truth = int(chance.integers(0, 4))
            for reader, number in (("Ann", 1), ("Bob", 1), ("Cem", 1), ("Ann", 2)):
                if number == 2 and patient % 2:
                    continue
                for system, side in (("LDH", None), ("LNRC", Side.LEFT), ("LNRC", Side.RIGHT)):
                    grade = min(
                        3, max(0, truth + int(chance.integers(-1, 2) * (chance.random() < 0.4)))
                    )
                    found.append(
                        GivenGrade(
                            len(found) + 1, reader, f"p{patient}", f"1.2.{patient}.{image}", 1,
                            number, system, side, grade,
                        )
                    )  # fmt: skip
    return found


def test_it_is_what_the_command_finds(given: list[GivenGrade], tmp_path: Path) -> None:
    rows = {(one.system, one.readers): one for one in agreement_rows(given, GRADING_SYSTEMS)}
    assert set(rows) == {
        (system, readers)
        for system in ("LDH", "LNRC")
        for readers in (("Ann", "Bob", "Cem"), ("Ann", "Bob"), ("Ann", "Cem"), ("Bob", "Cem"))
    }
    write_readings(tmp_path / "r.csv", [one for one in given if one.round == 1])
    measure_agreement(tmp_path / "r.csv", tmp_path / "out")
    text = (tmp_path / "out" / "agreement.csv").read_text(encoding="utf-8")
    table = [one for one in csv.DictReader(io.StringIO(text)) if one["interval"] == "clustered"]
    for (system, readers), row in rows.items():
        whose = "all readers" if len(readers) == 3 else " / ".join(readers)
        (ac1,) = [
            one
            for one in table
            if (one["system"], one["readers"], one["coefficient"]) == (system, whose, "ac1")
        ]
        expected = (
            f"{float(ac1['value']):.2f} ({float(ac1['low']):.2f} to {float(ac1['high']):.2f})"
        )
        assert row.values["Gwet AC1"] == expected
        assert str(row.images) == ac1["images"]


def test_a_reader_is_compared_with_themselves(given: list[GivenGrade]) -> None:
    rows = repeat_rows(given, GRADING_SYSTEMS)
    assert [(one.system, one.readers, one.images, one.patients) for one in rows] == [
        ("LDH", ("Ann",), 40, 20),
        ("LNRC", ("Ann",), 80, 20),
    ]


def test_nobody_agrees_alone(given: list[GivenGrade]) -> None:
    alone = [one for one in given if one.reader == "Bob"]
    assert agreement_rows(alone, GRADING_SYSTEMS) == repeat_rows(alone, GRADING_SYSTEMS) == []


def test_it_is_computed_again_once_a_reading_has_come(room: MadeUpRoom) -> None:
    people = room.add("Ann"), room.add("Bob")
    followed = room.room.followed

    def images() -> list[int]:
        with room.room.database.reading() as session:
            return [one.images for one in followed.rows(session, room.room.plan)[0]]

    assert images() == []
    for person in people:
        for work in person.works():
            person.browser.get(f"/api/work/{work}")
            person.grade(work, 1, work % 3)
    assert images() == [3]
    with room.room.database.reading() as session:
        assert followed.rows(session, room.room.plan) is followed.rows(session, room.room.plan)


def test_an_adjudicator_is_no_reader(tmp_path: Path) -> None:
    study = study_under_way(tmp_path)
    jud, room = study.people["Jud"], study.room.room
    (work,) = jud.works()
    jud.browser.get(f"/api/work/{work}")
    assert jud.grade(work, 1, 2).status_code == 200
    with room.database.reading() as session:
        rows, _ = room.followed.rows(session, room.plan)
    assert {name for one in rows for name in one.readers} <= {"Ann Zreader", "Bob Zother"}
    study.room.close()


def test_assisted_readings_are_left_out(given: list[GivenGrade]) -> None:
    helped = [replace(one, arm=ASSISTED) if one.patient > "p2" else one for one in given]
    (row, *_) = agreement_rows(helped, GRADING_SYSTEMS)
    assert row.patients == len({one.patient for one in given if one.patient <= "p2"})
    assert agreement_rows([replace(one, arm=ASSISTED) for one in given], GRADING_SYSTEMS) == []
