"""Migrations make what the models say, from nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from lumbargrade.errors import ReadingError
from lumbargrade.serving.reading_room.store.database import Database
from lumbargrade.serving.reading_room.store.migrate import FOLDER, to_newest
from lumbargrade.serving.reading_room.store.models import Base


def test_an_empty_database_gets_the_tables_of_the_models(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'room.sqlite'}"
    Database(url).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        to_newest(connection, "again")
        assert context.get_current_revision() == "r0002"
    engine.dispose()


def test_a_database_of_a_later_version_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'room.sqlite'}"
    Database(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'r9999'"))
    engine.dispose()
    with pytest.raises(ReadingError, match="its tables are of a later version than r0002"):
        Database(url)


def test_the_migrations_are_part_of_the_package() -> None:
    assert (FOLDER / "env.py").is_file()
