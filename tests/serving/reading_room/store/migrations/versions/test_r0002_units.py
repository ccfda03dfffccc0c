"""Rooms of before discs were read."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command

from lumbargrade.serving.reading_room.store.migrate import configured, to_newest


def test_what_was_there_before_is_a_slice(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'room.sqlite'}")
    with engine.connect() as connection:
        command.upgrade(configured(connection), "r0001")
        connection.execute(
            sa.text("INSERT INTO slice (patient, number, image, frame) VALUES ('p', 1, '1.2', 1)")
        )
        connection.commit()
        to_newest(connection, "of the test")
        assert connection.execute(sa.text("SELECT image, unit FROM slice")).all() == [
            ("1.2", "slice")
        ]
    engine.dispose()
