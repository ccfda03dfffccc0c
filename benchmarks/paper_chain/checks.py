"""What was found beside what must be: one line each, and a count of what is wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from lumbargrade.errors import LumbargradeError

_PLACES = 9


@dataclass
class Checks:
    """Gathers and prints; ``wrong`` names the checks that failed, ``made`` counts all."""

    wrong: list[str] = field(default_factory=list)
    made: int = 0

    def same(self, name: str, found: object, expected: object) -> None:
        """Check that two values are equal; numbers to nine places."""
        both = (found, expected)
        alike = found == expected
        if all(isinstance(one, int | float) for one in both):
            one, other = float(str(found)), float(str(expected))
            alike = math.isclose(one, other, rel_tol=0, abs_tol=10**-_PLACES)
        what = "" if alike else f", must be {expected}"
        self._say(name, alike, f"{_short(found)}{what}")

    def within(self, name: str, value: float, low: float, high: float, truth: float) -> None:
        """Check that an interval holds the truth."""
        said = f"{value:.3f} ({low:.3f} to {high:.3f}), put in {truth:.3f}"
        self._say(name, low <= truth <= high, said)

    def end(self) -> None:
        """Print the count.

        Raises LumbargradeError if a check failed.
        """
        print(f"{self.made} checks, {len(self.wrong)} wrong", flush=True)
        if self.wrong:
            raise LumbargradeError(f"{len(self.wrong)} checks are wrong, first: {self.wrong[0]}")

    def _say(self, name: str, good: bool, text: str) -> None:
        self.made += 1
        if not good:
            self.wrong.append(name)
        print(f"{'ok' if good else 'WRONG':6} {name}: {text}", flush=True)


def _short(value: object) -> str:
    if isinstance(value, set | frozenset) and len(value) > 1:
        return f"{len(value)} names"
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 100 else f"{text[:97]}..."
