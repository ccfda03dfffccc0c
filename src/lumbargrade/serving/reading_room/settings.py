"""How a reading is set up, and how the room is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.annotation.worklist import ListOptions
from lumbargrade.errors import ReadingError
from lumbargrade.grading.system import GradingSystem, Unit

LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Wished:
    """What the command line says of a reading; None where it says nothing.

    ``systems`` are codes, or files of grading systems.
    """

    seed: int | None = None
    systems: tuple[str, ...] | None = None
    readers: int | None = None
    repeat_share: float | None = None
    assisted_share: float | None = None


NOTHING_WISHED = Wished()


@dataclass(frozen=True)
class ReadingPlan:
    """How a reading was set up; it stays so for good.

    Attributes
    ----------
    cohort : fingerprint of the cohort.
    systems : code -> grading system, with the wording that the readers had.
    readers : how many readers must have finished a study before an adjudicator sees it.
    """

    cohort: str
    seed: int
    systems: Mapping[str, GradingSystem]
    readers: int
    repeat_share: float
    assisted_share: float

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= LARGEST_SEED:
            raise ReadingError(f"--seed {self.seed}: choose 0 to {LARGEST_SEED}")
        if self.readers < 1:
            raise ReadingError(f"--readers {self.readers}: a reading needs 1 or more")
        self.list_options()

    @property
    def units(self) -> frozenset[Unit]:
        """What is read: slices, discs or both."""
        return frozenset(one.unit for one in self.systems.values())

    def list_options(self, turn: int = 0) -> ListOptions:
        """Return how the work list of the reader number ``turn`` (0, 1, ...) is drawn."""
        return ListOptions(self.seed, self.repeat_share, self.assisted_share, turn)


@dataclass(frozen=True)
class Opening:
    """Where the room is reached.

    Attributes
    ----------
    certificate, key : files of the server's TLS certificate and its key.
    proxy : addresses of the proxy whose ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are
        believed, parted by commas; empty: there is none.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = ""

    def __post_init__(self) -> None:
        if (self.certificate is None) != (self.key is None):
            raise ReadingError("TLS needs both files: give --certificate and --key")
        if not (self.is_secure or self.host in {"127.0.0.1", "::1", "localhost"}):
            raise ReadingError(
                f"--host {self.host}: passwords and pictures would cross the network in the "
                "clear: give --certificate and --key, or --behind-proxy"
            )

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the room by HTTPS."""
        return self.certificate is not None or bool(self.proxy)

    @property
    def address(self) -> str:
        """The address to open in a browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}"
