"""The list, the viewer's page, the pictures."""

from __future__ import annotations

from tests.serving.reading_room.made_up_room import MadeUpRoom

from lumbargrade.annotation.roles import Role


def test_the_list_leads_to_the_next_study(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    works = ann.works()
    assert f'href="/work/{works[0]}">Start with study 1' in ann.browser.get("/work").text
    ann.browser.get(f"/api/work/{works[0]}")
    ann.grade(works[0])
    text = ann.browser.get("/work").text
    assert "Go on with study 1" in text
    assert "1 slice begun" in text
    assert "0</strong> of <strong>3" in text


def test_a_list_that_is_done_says_thank_you(room: MadeUpRoom) -> None:
    eve = room.add("Eve", Role.EXPERT)
    for work in eve.works():
        eve.browser.get(f"/api/work/{work}")
        for number in (1, 2):
            eve.put(f"/api/work/{work}/boxes", slice=number, box=[1, 2, 3, 4])
        eve.finish(work)
    text = eve.browser.get("/work").text
    assert "Your list is done." in text
    assert "Open again" in text


def test_an_adjudicator_without_disagreements_has_nothing_to_do(room: MadeUpRoom) -> None:
    assert (
        "There is nothing to settle yet."
        in room.add("J", Role.ADJUDICATOR).browser.get("/work").text
    )


def test_the_viewer_gets_its_work_and_the_word(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    text = ann.browser.get(f"/work/{ann.works()[0]}").text
    assert f'data-work="{ann.works()[0]}"' in text
    assert ann.csrf in text


def test_pixels_are_bytes(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    answers = {}
    for work in ann.works():
        patient = ann.patient_of(work)
        ann.browser.get(f"/api/work/{work}")
        answers[patient] = ann.browser.get(f"/api/work/{work}/sagittal")
        picture = ann.browser.get(f"/api/work/{work}/pixels/2")
        assert (picture.content, picture.headers["content-type"]) == (
            bytes(8),
            "application/octet-stream",
        )
        assert ann.browser.get(f"/api/work/{work}/pixels/3").status_code == 404
    assert answers["p1"].content == bytes(8)
    assert answers["p2"].json()["detail"] == "This study has no sagittal picture."


def test_a_plane_is_sent_by_its_number(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    work = ann.works()[0]
    answer = ann.browser.get(f"/api/work/{work}/planes/1")
    assert answer.content == bytes(8)
    missing = ann.browser.get(f"/api/work/{work}/planes/2")
    assert missing.status_code == 404
    assert missing.json()["detail"] == "There is no such sagittal slice."
