"""The reading room under load: how long saving takes, and what is left when the server is killed.

Twenty readers save at once into a room of 10,000 slices, against a server of its own process, on
SQLite and on PostgreSQL. Then the server is killed (-9) at random moments while they save: no
reading that was acknowledged may be lost, none may be there twice.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile

from benchmarks.room.check import compare
from benchmarks.room.postgresql import postgresql
from benchmarks.room.readers import Reader, at_once, percentile
from benchmarks.room.server import Server, made_up, put_up
from lumbargrade.cohort.read import Cohort

READERS = 20
PATIENTS, SLICES = 667, 15
SECONDS = 30.0
PAUSES_S = (2.0, 0.5, 0.0)
"""Between two changes of one reader: a quick reader, faster than anybody reads, none at all."""
KILLS = 100
KILLED_AFTER_S = (0.1, 2.0)
"""Since the readers began to save; from the start of the server on until it is warm."""


def run(options: argparse.Namespace) -> None:
    """Measure both databases, write OUT/reading_room.json and print what was found."""
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        found["sqlite"] = _measured(f"sqlite:///{folder}/room.sqlite", "SQLite", options)
    with postgresql() as url:
        if url is None:
            print("PostgreSQL: not measured, its server is not installed")
        else:
            found["postgresql"] = _measured(url, "PostgreSQL", options)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "reading_room.json").write_text(json.dumps(found, indent=1), encoding="utf-8")


def _measured(url: str, name: str, options: argparse.Namespace) -> dict[str, object]:
    cohort = made_up(PATIENTS, SLICES)
    readers = put_up(url, cohort, READERS)
    print(f"{name}: {len(cohort.slices)} slices, {READERS} readers", flush=True)
    found: dict[str, object] = {}
    with Server(url, cohort) as server:
        for pause in PAUSES_S:
            # The first change of each reader opens its connection and is left out.
            times = at_once(readers, server.port, SECONDS, pause)
            rate = len(times) / SECONDS
            p50, p95, p99 = (percentile(times, one) for one in (50, 95, 99))
            found[f"pause {pause} s"] = {
                "saved": len(times), "per_s": rate, "p50_ms": p50, "p95_ms": p95, "p99_ms": p99,
                "worst_ms": max(times),
            }  # fmt: skip
            print(
                f"  {pause} s between changes: {len(times)} saved, {rate:.0f}/s, median {p50:.1f} "
                f"ms, 95 % within {p95:.1f} ms, 99 % within {p99:.1f} ms, worst {max(times):.0f} "
                "ms",
                flush=True,
            )
    compare(url, readers)
    found["killed"] = _killed(url, cohort, readers, options.kills or KILLS)
    return found


def _killed(url: str, cohort: Cohort, readers: list[Reader], kills: int) -> dict[str, int]:
    """Kill the server at random moments while readers save; compare what is there each time."""
    chance = random.Random(7)
    before = sum(len(one.acknowledged) for one in readers)
    again = 0
    for _ in range(kills):
        with Server(url, cohort) as server:
            again += at_once_killed(readers, server, chance.uniform(*KILLED_AFTER_S))
        compare(url, readers)
    saved = sum(len(one.acknowledged) for one in readers) - before
    print(
        f"  killed {kills} times while {saved} changes were acknowledged: none lost, none twice, "
        f"{again} sent again after a kill",
        flush=True,
    )
    return {"kills": kills, "acknowledged": saved, "sent_again": again, "lost": 0, "doubled": 0}


def at_once_killed(readers: list[Reader], server: Server, after_s: float) -> int:
    """Let readers save until the server is killed; return how many first sent again a change."""
    again = sum(one.pending is not None for one in readers)
    at_once(readers, server.port, 60.0, 0.0, lambda: server.kill(after_s))
    return again
