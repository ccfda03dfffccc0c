"""Bring the tables of a database to this version."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text

from lumbargrade.errors import ReadingError

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x1B62
"""Of PostgreSQL: two servers that start at once change the tables one after the other."""


def to_newest(connection: Connection, named: str) -> None:
    """Run every migration that a database lacks; on a new one that is all of them.

    Raises ReadingError if its tables are of a later version of lumbargrade.
    """
    settings = configured(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    try:
        command.upgrade(settings, "head")
    except CommandError:
        newest = ScriptDirectory.from_config(settings).get_current_head()
        raise ReadingError(
            f"database {named}: its tables are of a later version than {newest}, the newest that "
            "this lumbargrade knows: update lumbargrade, or give another --database"
        ) from None
    connection.commit()


def configured(connection: Connection) -> Config:
    """Return Alembic's settings for a connection; no file holds any."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings
