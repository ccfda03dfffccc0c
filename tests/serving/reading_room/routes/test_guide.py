"""The wording and the drawing of each grade."""

from __future__ import annotations

from pathlib import Path

from tests.serving.reading_room.made_up_room import MadeUpRoom

from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.phantom.schematic.draw import schematic_svg
from lumbargrade.serving.reading_room.routes.guide import draw_ahead, drawing
from lumbargrade.serving.reading_room.settings import Wished


def test_each_grade_has_its_words_and_its_drawing(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    for code, system in GRADING_SYSTEMS.items():
        text = ann.browser.get(f"/guide/{code}").text
        assert all(grade.name in text for grade in system.grades)
        side = "?side=left" if system.per_side else ""
        answer = ann.browser.get(f"/guide/{code}/3.svg{side}")
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.text.startswith("<svg")


def test_the_keys_are_the_grades_as_people_write_them(tmp_path: Path) -> None:
    room = MadeUpRoom(tmp_path, Wished(systems=("PFIRRMANN",)))
    text = room.add("Ann").browser.get("/guide/PFIRRMANN").text
    assert [f"<h2><kbd>{key}</kbd></h2>" in text for key in range(7)] == [
        False, True, True, True, True, True, False,
    ]  # fmt: skip
    assert "One grade a disc." in text
    room.close()


def test_what_is_not_read_here_has_no_guide(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    for path in ("/guide/PFIRRMANN", "/guide/LDH/7.svg", "/guide/NO/1.svg"):
        assert ann.browser.get(path).status_code == 404
    assert ann.browser.get("/guide/LDH/1.svg?side=up").status_code == 422


def test_drawings_are_made_before_somebody_asks(room: MadeUpRoom) -> None:
    draw_ahead(room.room).join(60)
    made = schematic_svg.cache_info()
    assert drawing("LNRC", 3, Side.RIGHT) is not None
    assert schematic_svg.cache_info().misses == made.misses


def test_a_system_that_is_not_drawn_has_no_drawing() -> None:
    assert drawing("PFIRRMANN", 0, None) is None
    assert drawing("LNRC", 0, Side.RIGHT) is not None
