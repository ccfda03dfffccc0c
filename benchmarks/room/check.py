"""Whether all that was acknowledged is in the database, once and as it was said."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from benchmarks.room.readers import Reader
from lumbargrade.annotation.reading import current
from lumbargrade.serving.reading_room.conduct.given import given_grades
from lumbargrade.serving.reading_room.store.database import database_url
from lumbargrade.serving.reading_room.store.models import Reading, Slice


def compare(url: str, readers: list[Reader]) -> None:
    """Raise AssertionError if a change is lost, there twice, or another; or a history forks."""
    engine = create_engine(database_url(url))
    with Session(engine) as session:
        rows = session.execute(
            select(
                Reading.change, Reading.work_id, Slice.number, Reading.system, Reading.side,
                Reading.grade,
            ).join(Slice, Slice.id == Reading.slice_id)
        ).all()  # fmt: skip
        current(given_grades(session))
    engine.dispose()
    counts = Counter(row[0] for row in rows)
    there = {row[0]: tuple(row[1:]) for row in rows}
    doubled = [change for change, count in counts.items() if count > 1]
    assert not doubled, f"{len(doubled)} changes are there twice"
    for reader in readers:
        for change, (work, said) in reader.acknowledged.items():
            expected = (work, said["slice"], said["system"], said["side"] or "", said["grade"])
            assert there.get(change) == expected, f"change {change} is lost or another"
