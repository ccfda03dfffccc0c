"""Nothing that stands in a page can become a part of it."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest
from tests.serving.reading_room.made_up_room import MadeUpRoom, made_up_cohort

from lumbargrade.annotation.roles import Role
from lumbargrade.serving.reading_room.pages import page
from lumbargrade.serving.reading_room.settings import Wished
from lumbargrade.serving.reading_room.store import people

XSS = "\"><script>alert(1)</script>'{{7*7}}&"


def test_a_value_that_a_page_lacks_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        page("sign_in.html")


def test_no_template_holds_script_or_style_of_its_own(repository: Path) -> None:
    folder = repository / "src/lumbargrade/serving/reading_room/templates"
    for path in folder.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|\|\s*safe", text), (
            path
        )


def test_names_reasons_and_patients_are_escaped_wherever_they_are_shown(tmp_path: Path) -> None:
    """Patient ids, names of people, reasons and levels, on every page and in every answer."""
    room = MadeUpRoom(
        tmp_path, Wished(systems=("LDH",), repeat_share=0.5), made_up_cohort([XSS, "p2"])
    )
    ann, bob = room.add(f"Ann {XSS}"), room.add(f"Bob {XSS}")
    jud = room.add(f"Jud {XSS}", Role.ADJUDICATOR)
    cora = room.add(f"Cora {XSS}", Role.COORDINATOR)
    ann.read_all({XSS: 1, "p2": 1})
    for work in bob.works():
        assert bob.browser.get(f"/api/work/{work}").status_code == 200
        for number in (1, 2):
            assert bob.grade(work, number, None, reason=XSS).status_code == 200
        assert bob.finish(work).status_code == 200
    pages = [
        ann.browser.get("/work"),
        ann.browser.get(f"/work/{ann.works()[0]}"),
        ann.browser.get("/password"),
        jud.browser.get("/work"),
        cora.browser.get("/people"),
        cora.browser.get("/progress"),
        cora.post("/people", name=XSS, role="reader"),
        cora.post("/people", name=XSS, role="reader"),
        cora.browser.get(f"/guide/{XSS}"),
        room.stranger().get("/password", params={"link": XSS}),
    ]
    for answer in pages:
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "<script>alert" not in answer.text
        assert "alert(1)</script>" not in answer.text
    assert "&lt;script&gt;alert(1)" in pages[0].text
    assert "&lt;script&gt;alert(1)" in pages[5].text
    answers = [
        jud.browser.get(f"/api/work/{jud.works()[0]}"),
        cora.browser.get("/api/progress"),
        bob.browser.get(f"/api/work/{bob.works()[0]}"),
    ]
    for answer in answers:
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
    for table in ("readings", "boxes", "disagreements", "reference", "times"):
        answer = cora.browser.get(f"/export/{table}.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"] == f"attachment; filename={table}.csv"
    room.close()


def test_the_words_of_a_grading_system_are_escaped(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        f"code = \"OWN\"\nname = '''{XSS}.'''\nsource = '''{XSS}.'''\nper_side = false\n"
        "needs_disc = false\n"
        + "".join(
            f"[[grades]]\nvalue = {n}\nname = '''{XSS}.'''\nhelp = '''{XSS}.'''\n" for n in (0, 1)
        ),
        encoding="utf-8",
    )
    made = MadeUpRoom(tmp_path, Wished(systems=(str(path),)))
    text = made.add("Ann").browser.get("/guide/OWN").text
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(1)") >= 6
    made.close()


def test_a_name_that_is_typed_wrong_comes_back_escaped(room: MadeUpRoom) -> None:
    browser = room.stranger()
    found = re.search(r'name="csrf" value="(\w+)"', browser.get("/sign-in").text)
    assert found is not None
    answer = browser.post("/sign-in", data={"csrf": found[1], "name": XSS, "password": "x"})
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


def test_control_characters_are_no_part_of_a_name() -> None:
    assert people.clean_name("A\x00n\u202en\x1b") == "Ann"
