"""Alembic's entry: it works on the connection that it is given, and on no other."""

from __future__ import annotations

from alembic import command
from sqlalchemy import create_engine, inspect

from lumbargrade.serving.reading_room.store.migrate import configured


def test_it_uses_the_connection_that_it_is_given() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        command.upgrade(configured(connection), "head")
        assert "reading" in inspect(connection).get_table_names()
    engine.dispose()
