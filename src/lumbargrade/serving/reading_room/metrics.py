"""Counts for Prometheus: of routes and never of people."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the bins of answer times."""


class Metrics:
    """Requests by route and status, and how long the answers took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: Counter[tuple[str, str, int]] = Counter()
        self._bins: Counter[tuple[str, str, float]] = Counter()
        self._seconds: Counter[tuple[str, str]] = Counter()

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer; ``route`` is the route's pattern, so that no id stands in it."""
        with self._lock:
            self._answers[method, route, status] += 1
            self._seconds[method, route] += seconds  # type: ignore[assignment]
            for bound in BOUNDS_S:
                if seconds <= bound:
                    self._bins[method, route, bound] += 1

    def as_text(self, gauges: Mapping[str, tuple[str, float]]) -> str:
        """Return all counts in Prometheus' text format; ``gauges`` is name -> (help, value)."""
        with self._lock:
            answers, bins = Counter(self._answers), Counter(self._bins)
            seconds = Counter(self._seconds)
        lines = [
            "# HELP lumbargrade_requests_total Answers by route and status.",
            "# TYPE lumbargrade_requests_total counter",
        ]
        lines += [
            f'lumbargrade_requests_total{{{_route(method, route)},status="{status}"}} {count}'
            for (method, route, status), count in sorted(answers.items())
        ]
        name = "lumbargrade_request_seconds"
        lines += [f"# HELP {name} Time to answer.", f"# TYPE {name} histogram"]
        for (method, route), total in sorted(seconds.items()):
            count = sum(n for (*key, _), n in answers.items() if key == [method, route])
            label = _route(method, route)
            lines += [
                f'{name}_bucket{{{label},le="{bound:g}"}} {bins[method, route, bound]}'
                for bound in BOUNDS_S
            ]
            lines.append(f'{name}_bucket{{{label},le="+Inf"}} {count}')
            lines += [f"{name}_sum{{{label}}} {total:.6f}", f"{name}_count{{{label}}} {count}"]
        for gauge, (text, value) in gauges.items():
            lines += [f"# HELP {gauge} {text}", f"# TYPE {gauge} gauge", f"{gauge} {value:g}"]
        return "\n".join(lines) + "\n"


def _route(method: str, route: str) -> str:
    return f'method="{method}",route="{route}"'
