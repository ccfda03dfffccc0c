"""What was found beside what must be: one line each, and a count of what is wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from scipy.stats import binom

from lumbargrade.errors import LumbargradeError

FAR = 0.999
"""So often no more of the intervals miss by chance than are let pass."""
_PLACES = 9


@dataclass
class Checks:
    """Gathers and prints; ``wrong`` names the checks that failed, ``made`` counts all.

    Of 95 % intervals one in twenty misses by chance, with any seed: ``intervals`` says of each
    whether it holds the truth, and :meth:`end` checks that no more miss than chance allows.
    """

    wrong: list[str] = field(default_factory=list)
    made: int = 0
    intervals: list[bool] = field(default_factory=list)

    def same(self, name: str, found: object, expected: object) -> None:
        """Check that two values are equal; numbers to nine places."""
        alike = found == expected
        if isinstance(found, float) and isinstance(expected, float):
            alike = math.isclose(found, expected, rel_tol=0, abs_tol=10**-_PLACES)
        what = "" if alike else f", must be {expected}"
        self._say(name, alike, f"{_short(found)}{what}")

    def within(self, name: str, value: float, low: float, high: float, truth: float) -> None:
        """Note whether a 95 % interval holds the truth."""
        self.intervals.append(low <= truth <= high)
        said = f"{value:.3f} ({low:.3f} to {high:.3f}), put in {truth:.3f}"
        print(f"{'ok' if self.intervals[-1] else 'miss':6} {name}: {said}", flush=True)

    def end(self) -> None:
        """Print the count.

        Raises LumbargradeError if a check failed.
        """
        count, missed = len(self.intervals), self.intervals.count(False)
        most = int(binom.ppf(FAR, count, 0.05)) if count else 0
        said = f"{count - missed} of {count}, by chance up to {most} may miss"
        self._say("intervals that hold what was put in", missed <= most, said)
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
