"""Readers who save changes over HTTP, and remember what was acknowledged."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

OUTPUTS = (("LDH", None), ("LCCS", None), ("LNRC", "left"), ("LNRC", "right"))


@dataclass
class Reader:
    """One reader with a session.

    Attributes
    ----------
    works, slices : ids on their list, and slices of each.
    acknowledged : change -> (work, what was said) of all that the server has confirmed.
    pending : what was sent and not confirmed: it is sent again first, as the viewer does.
    """

    works: list[int]
    slices: int
    cookie: str
    csrf: str
    acknowledged: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    pending: tuple[int, dict[str, Any]] | None = None
    unexpected: list[str] = field(default_factory=list)

    def save(self, port: int, until: float, pause_s: float) -> list[float]:
        """Save until a time, or until the server is gone; return milliseconds of each."""
        chance = random.Random(self.csrf)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        times: list[float] = []
        try:
            while time.monotonic() < until:
                if self.pending is None:
                    self.pending = self._next(chance)
                start = time.perf_counter()
                self._send(connection)
                times.append(1000 * (time.perf_counter() - start))
                if pause_s:
                    time.sleep(chance.uniform(0.5, 1.5) * pause_s)
        except (OSError, http.client.HTTPException):
            pass  # killed
        finally:
            connection.close()
        return times[1:]

    def _next(self, chance: random.Random) -> tuple[int, dict[str, Any]]:
        system, side = chance.choice(OUTPUTS)
        said = {
            "change": str(uuid.uuid4()),
            "slice": chance.randint(1, self.slices),
            "system": system,
            "side": side,
            "grade": chance.randint(0, 3),
            "reason": "",
            "seconds": 2.5,
        }
        return chance.choice(self.works), said

    def _send(self, connection: http.client.HTTPConnection) -> None:
        assert self.pending is not None
        work, said = self.pending
        headers = {
            "Content-Type": "application/json",
            "Cookie": self.cookie,
            "X-CSRF-Token": self.csrf,
        }
        connection.request("PUT", f"/api/work/{work}/readings", json.dumps(said), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status == 200:
            json.loads(text)
            self.acknowledged[said["change"]] = self.pending
        else:
            self.unexpected.append(f"{answer.status} {text}")
        self.pending = None


def at_once(
    readers: list[Reader],
    port: int,
    seconds: float,
    pause_s: float,
    meanwhile: Callable[[], None] = lambda: None,
) -> list[float]:
    """Let all readers save at once; return the milliseconds of every change."""
    times: list[list[float]] = [[] for _ in readers]
    until = time.monotonic() + seconds

    def one(number: int) -> None:
        times[number] = readers[number].save(port, until, pause_s)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(readers))]
    for thread in threads:
        thread.start()
    meanwhile()
    for thread in threads:
        thread.join()
    wrong = [text for reader in readers for text in reader.unexpected]
    assert not wrong, wrong[:3]
    return [time for own in times for time in own]


def percentile(times: list[float], percent: float) -> float:
    """Return the time within which so many percent were done."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
