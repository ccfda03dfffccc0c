"""A study as it is opened."""

from __future__ import annotations

import pytest
from tests.serving.reading_room.made_up_room import MadeUpRoom

from lumbargrade.annotation.roles import Role
from lumbargrade.serving.reading_room.shown import ShownSlice


def test_a_reader_gets_systems_view_and_nothing_said_yet(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    shown = ann.browser.get(f"/api/work/{ann.works()[0]}").json()
    assert shown["work"]["role"] == "reader"
    assert shown["work"]["name"] == "Study 1"
    assert not {"patient", "round"} & set(shown["work"])
    assert shown["work"]["arm"] == "plain"
    assert [one["code"] for one in shown["systems"]] == ["LDH", "LCCS", "LNRC"]
    assert shown["systems"][2]["per_side"] is True
    assert shown["systems"][0]["grades"][3]["name"] == "beyond the line"
    assert shown["readings"] == shown["boxes"] == shown["proposals"] == []


def test_a_reader_sees_the_box_of_an_expert(room: MadeUpRoom) -> None:
    eve, ann = room.add("Eve", Role.EXPERT), room.add("Ann")
    for work in eve.works():
        eve.browser.get(f"/api/work/{work}")
        eve.put(f"/api/work/{work}/boxes", slice=1, box=[1, 2, 3, 4])
    shown = ann.browser.get(f"/api/work/{ann.works()[0]}").json()
    assert shown["boxes"] == [{"slice": 1, "box": [1, 2, 3, 4]}]


def test_the_next_study_is_made_ready(room: MadeUpRoom) -> None:
    ann = room.add("Ann")
    works = ann.works()
    ann.browser.get(f"/api/work/{works[0]}")
    ann.browser.get(f"/api/work/{works[-1]}")
    assert len(room.pictures.prefetched) == 1


def test_other_slices_than_at_first_are_refused(
    room: MadeUpRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = room.add("Ann")
    work = ann.works()[0]
    assert ann.browser.get(f"/api/work/{work}").status_code == 200
    other = [ShownSlice(1, "9.9", 1, None)]
    monkeypatch.setattr(room.pictures, "slices", lambda patient: other)
    answer = ann.browser.get(f"/api/work/{work}")
    assert answer.json()["detail"] == "This study cannot be shown: tell the coordinator."
