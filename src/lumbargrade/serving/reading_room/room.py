"""An open room: all that its doors need, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field

from lumbargrade.serving.reading_room.conduct.agreement import Followed
from lumbargrade.serving.reading_room.metrics import Metrics
from lumbargrade.serving.reading_room.security.attempts import Attempts
from lumbargrade.serving.reading_room.settings import ReadingPlan
from lumbargrade.serving.reading_room.shown import Pictures
from lumbargrade.serving.reading_room.store.database import Database


@dataclass(frozen=True)
class Room:
    """An open room.

    ``patients`` are the cohort's, in its order; ``is_secure`` is whether browsers come by HTTPS.
    """

    plan: ReadingPlan
    patients: tuple[str, ...]
    database: Database
    pictures: Pictures
    is_secure: bool = False
    attempts: Attempts = field(default_factory=Attempts)
    metrics: Metrics = field(default_factory=Metrics)
    followed: Followed = field(default_factory=Followed)

    @property
    def cookie(self) -> str:
        """The name of the cookie; two rooms on one machine have two."""
        name = f"room-{self.plan.cohort[:8]}"
        return f"__Host-{name}" if self.is_secure else name
