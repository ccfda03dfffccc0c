"""How often somebody may try to sign in."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from time import monotonic

OF_A_NAME = 5
"""Failures of one name from one address within the window."""

OF_AN_ADDRESS = 30
OF_A_NAME_ANYWHERE = 50
WINDOW_S = 300.0

KEPT = 10_000
"""Names and addresses that are remembered; the oldest are forgotten first."""


class Attempts:
    """Failures to sign in, counted by name and address; forgotten when the server stops."""

    def __init__(self) -> None:
        self._failures: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, name: str, address: str) -> int:
        """Return for how many seconds this sign-in is refused; 0 where it may go on."""
        now = monotonic()
        with self._lock:
            waits = [
                failures[-most] + WINDOW_S - now
                for key, most in _limits(name, address)
                if len(failures := self._recent(key, now)) >= most
            ]
        return max((int(wait) + 1 for wait in waits), default=0)

    def note_failure(self, name: str, address: str) -> None:
        """Count a wrong name or password."""
        now = monotonic()
        with self._lock:
            for key, _ in _limits(name, address):
                self._failures.setdefault(key, deque(maxlen=OF_A_NAME_ANYWHERE)).append(now)
                self._failures.move_to_end(key)
            while len(self._failures) > KEPT:
                self._failures.popitem(last=False)

    def forget(self, name: str, address: str) -> None:
        """Start anew for a name that has signed in from an address."""
        with self._lock:
            self._failures.pop((name.casefold(), address), None)

    def _recent(self, key: tuple[str, str], now: float) -> deque[float]:
        failures = self._failures.get(key, deque[float]())
        while failures and failures[0] < now - WINDOW_S:
            failures.popleft()
        return failures


def _limits(name: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
    name = name.casefold()
    return (
        ((name, address), OF_A_NAME),
        (("", address), OF_AN_ADDRESS),
        ((name, "anywhere"), OF_A_NAME_ANYWHERE),
    )
