"""Times as the room keeps them: ISO 8601 in UTC, as text that sorts by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def as_text(time: datetime) -> str:
    """Return a time in milliseconds.

    Examples
    --------
    >>> as_text(datetime(2026, 3, 1, 8, 5, tzinfo=UTC))
    '2026-03-01T08:05:00.000Z'
    """
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now_text(later: timedelta = timedelta()) -> str:
    """Return the time in UTC, or a time as much ``later``."""
    return as_text(now() + later)
