"""SQLite as it must be set, PostgreSQL as it is, and what is neither."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, delete, select, text
from tests.serving.reading_room.made_up_room import MadeUpRoom

from benchmarks.room.postgresql import postgresql
from lumbargrade.annotation.reading import current
from lumbargrade.errors import ReadingError
from lumbargrade.serving.reading_room.conduct.given import given_grades
from lumbargrade.serving.reading_room.store.database import Database, database_url
from lumbargrade.serving.reading_room.store.models import Audit, Base, Reading


def test_sqlite_writes_ahead_syncs_and_checks(room: MadeUpRoom) -> None:
    with room.room.database.reading() as session:
        found = [
            session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]


def test_what_fails_is_undone(room: MadeUpRoom) -> None:
    def fails() -> None:
        with room.room.database.writing() as session:
            session.execute(delete(Audit))
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        fails()
    with room.room.database.reading() as session:
        assert len(list(session.scalars(select(Audit)))) == 2


def test_many_writers_wait_for_one_another(room: MadeUpRoom) -> None:
    def write() -> None:
        for _ in range(5):
            with room.room.database.writing() as session:
                count = len(list(session.scalars(select(Audit))))
                session.add(Audit(at=str(count), person_id=None, deed="x", about="", address=""))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with room.room.database.reading() as session:
        found = list(session.scalars(select(Audit.at).where(Audit.deed == "x")))
    assert sorted(map(int, found)) == list(range(2, 42))


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "oracle://x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ReadingError, match="readings are kept in a file of SQLite or in Post"):
        database_url(url)


def test_what_is_no_url_is_refused_without_being_repeated() -> None:
    with pytest.raises(ReadingError, match="--database: is not a URL") as caught:
        database_url("secret password here")
    assert "secret" not in str(caught.value)


def test_a_database_that_cannot_be_reached_is_refused_without_its_password(tmp_path: Path) -> None:
    for url in (
        f"sqlite:///{tmp_path}/no/such/folder/room.sqlite",
        f"postgresql://ann:zsecret@/room?host={tmp_path}",
    ):
        with pytest.raises(ReadingError, match=r"cannot be opened .* check --database") as caught:
            Database(url)
        assert "zsecret" not in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "room.sqlite"
    path.write_text("no database at all, but long enough to be one" * 50, encoding="utf-8")
    with pytest.raises(ReadingError, match="file is not a database"):
        Database(f"sqlite:///{path}")


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(ReadingError, match="PostgreSQL needs its driver: run  pip install"):
        Database("postgresql://nobody@127.0.0.1:1/none")


# --- PostgreSQL --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of our own."""
    with postgresql() as url:
        if url is None:
            pytest.skip("the server of PostgreSQL is not installed")
        yield url


def test_postgresql_keeps_a_reading_as_sqlite_does(server: str, tmp_path: Path) -> None:
    room = MadeUpRoom(tmp_path, database=server)
    assert not room.room.database.is_sqlite
    ann = room.add("Ann")
    work = ann.works()[0]
    assert ann.browser.get(f"/api/work/{work}").status_code == 200
    answers: list[int] = []

    def tab(grade: int) -> None:
        for _ in range(5):
            answers.append(ann.grade(work, grade=grade).status_code)

    tabs = [threading.Thread(target=tab, args=(grade,)) for grade in range(4)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    assert answers == [200] * 20
    assert ann.grade(work, grade=None, reason="an Artefakt, Ä").status_code == 200
    assert ann.grade(work, system="LNRC", side="left").status_code == 200
    assert len(ann.finish(work).json()["missing"]) == 6
    with room.room.database.reading() as session:
        turns = list(session.scalars(select(Reading.turn).order_by(Reading.id)))
        assert turns == [*range(1, 22), 1]
        assert len(current(given_grades(session))) == 2
    room.close()
    again = MadeUpRoom(tmp_path, database=server)
    assert again.room.plan == room.room.plan
    again.close()
    engine = create_engine(database_url(server))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
