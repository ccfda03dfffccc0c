"""The first start sets the reading up; later ones hold to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.serving.reading_room.made_up_room import FakePictures, MadeUpRoom, made_up_cohort

from lumbargrade.annotation.roles import Role
from lumbargrade.errors import ReadingError
from lumbargrade.serving.reading_room.opening import default_database, open_room
from lumbargrade.serving.reading_room.settings import Wished
from lumbargrade.serving.reading_room.store import people, works


def test_the_link_is_there_until_the_coordinator_has_a_password(tmp_path: Path) -> None:
    first = MadeUpRoom(tmp_path)
    again = MadeUpRoom(tmp_path)
    assert first.link.startswith("/password?link=")
    assert again.link != first.link
    assert first.stranger().get(first.link).status_code == 403  # a new link ends the one before
    browser = again.stranger()
    text = browser.get(again.link).text
    csrf = text.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": csrf, "link": again.link.split("=")[1], "new": "w x y z words", "again": ""}
    form["again"] = form["new"]
    assert browser.post("/password", data=form).url.path == "/progress"
    third = MadeUpRoom(tmp_path)
    assert third.link == ""
    for one in (first, again, third):
        one.close()


def test_a_coordinator_who_forgot_the_password_gets_a_new_link(room: MadeUpRoom) -> None:
    with room.room.database.writing() as session:
        found = people.coordinator_of(session)
        assert found is not None
        found.password = "kept"
    pictures = FakePictures(room.cohort)
    opened = open_room(room.cohort, lambda _: pictures, room.url, new_link=True)
    assert opened.link
    assert opened.coordinator == "Coordinator"
    opened.room.database.close()


def test_a_changed_cohort_is_refused(room: MadeUpRoom) -> None:
    other = replace(room.cohort, fingerprint="1" * 64)
    with pytest.raises(ReadingError, match="the cohort is not the one that this reading"):
        open_room(other, lambda _: FakePictures(other), room.url)


def test_a_wish_that_contradicts_the_plan_is_refused(room: MadeUpRoom) -> None:
    room.add("Ann")
    pictures = FakePictures(room.cohort)
    with pytest.raises(ReadingError, match="this reading was set up with --seed 0, not 5"):
        open_room(room.cohort, lambda _: pictures, room.url, Wished(seed=5))
    with pytest.raises(ReadingError, match="set up with --systems LDH,LCCS,LNRC, not LDH"):
        open_room(room.cohort, lambda _: pictures, room.url, Wished(systems=("LDH",)))
    opened = open_room(room.cohort, lambda _: pictures, room.url, Wished(seed=0, readers=2))
    opened.room.database.close()


def test_the_list_of_a_reader_is_the_same_after_a_restart(tmp_path: Path) -> None:
    first = MadeUpRoom(tmp_path)
    ann = first.add("Ann", Role.READER)
    own = ann.works()
    again = MadeUpRoom(tmp_path)
    with again.room.database.writing() as session:
        from lumbargrade.serving.reading_room.store import people

        found = people.named(session, "Ann")
        assert found is not None
        assert [one.id for one in works.list_of(session, found.id)] == own
    first.close()
    again.close()


def test_the_default_database_lies_in_the_cohort(tmp_path: Path) -> None:
    assert default_database(tmp_path) == f"sqlite:///{tmp_path}/reading-room/room.sqlite"
    assert (tmp_path / "reading-room").stat().st_mode & 0o077 == 0
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ReadingError, match=r"cannot be made .* give --database"):
        default_database(tmp_path / "file")


def test_patients_are_in_the_cohorts_order(tmp_path: Path) -> None:
    made = MadeUpRoom(tmp_path, cohort=made_up_cohort(["b", "a"]))
    assert made.room.patients == ("b", "a")
    made.close()
