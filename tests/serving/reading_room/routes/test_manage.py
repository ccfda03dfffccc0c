"""The coordinator adds people, renews links, ends accounts."""

from __future__ import annotations

import re

from tests.serving.reading_room.made_up_room import MadeUpRoom

from lumbargrade.annotation.roles import Role


def test_who_is_added_gets_a_list_and_a_link(room: MadeUpRoom) -> None:
    cora = room.add("Cora", Role.COORDINATOR)
    answer = cora.post("/people", name=" Dr.  Ann ", role="reader")
    assert "Link for Dr. Ann" in answer.text
    assert re.search(r"http://testserver/password\?link=[\w-]{43}", answer.text)
    assert "Dr. Ann" in cora.browser.get("/progress").text
    assert "0 of 3" in cora.browser.get("/progress").text


def test_names_that_cannot_be_are_refused(room: MadeUpRoom) -> None:
    cora = room.add("Cora", Role.COORDINATOR)
    for name, fault in (
        ("", "A name has 1 to 80 characters"),
        ("x" * 81, "A name has 1 to 80 characters"),
        ("CORA", "The name cora is taken"),
        ("Ann again", "is how tables name a second reading"),
    ):
        answer = cora.post("/people", name=name, role="reader")
        assert (answer.status_code, fault.lower() in answer.text.lower()) == (422, True)
    assert cora.post("/people", name="Ann", role="king").status_code == 422


def test_an_ended_account_is_shut_out_and_its_readings_stay(room: MadeUpRoom) -> None:
    cora, ann = room.add("Cora", Role.COORDINATOR), room.add("Ann")
    ann.browser.get(f"/api/work/{ann.works()[0]}")
    ann.grade(ann.works()[0])
    ids = re.findall(r'name="person" value="(\d+)"', cora.browser.get("/people").text)
    answers = [cora.post("/people/shut-out", person=one) for one in dict.fromkeys(ids)]
    assert [one.status_code for one in answers].count(422) == 1  # not one's own
    assert "You cannot end your own account." in "".join(one.text for one in answers)
    assert ann.browser.get("/api/work/1").status_code == 401
    assert "Ann" in cora.browser.get("/export/readings.csv").text
    assert cora.post("/people/shut-out", person=999).status_code == 404


def test_a_new_link_ends_the_one_before(room: MadeUpRoom) -> None:
    cora = room.add("Cora", Role.COORDINATOR)
    first = re.search(r"link=([\w-]+)<", cora.post("/people", name="Ann", role="reader").text)
    ids = re.findall(r'name="person" value="(\d+)"', cora.browser.get("/people").text)
    pages = [cora.post("/people/link", person=one).text for one in dict.fromkeys(ids)]
    (text,) = [one for one in pages if "Link for Ann" in one]
    second = re.search(r"link=([\w-]+)<", text)
    assert first is not None
    assert second is not None
    browser = room.stranger()
    assert browser.get(f"/password?link={first[1]}").status_code == 403
    assert browser.get(f"/password?link={second[1]}").status_code == 200
