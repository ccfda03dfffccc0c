"""Change valid studies, volumes, zips, bundles and tables at random; count what becomes of them.

The same seed makes the same cases; a run that was interrupted goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Sequence

from benchmarks.fuzzed.judge import Case, Outcome
from benchmarks.fuzzed.kinds import KINDS, Material
from benchmarks.fuzzed.workers import judged
from lumbargrade.files.write import write_json, write_text
from lumbargrade.inference.bundle import DEFAULT_MODEL
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions

CASES, SEED, SLICES = 10_000, 130_613, 2
_KEPT_EVERY = 50
_FAULTS = tuple(Outcome)[2:]


def run(options: argparse.Namespace) -> None:
    """Print a row for each kind of change: how many cases ended in which way."""
    place = options.out / "fuzz"
    cohort = place / "cohort"
    generate_cohort(cohort, CohortOptions(1, SEED))
    (study,) = (cohort / "studies").iterdir()
    files = sorted((study / "axial_t2").iterdir())[3 : 3 + SLICES]
    model = options.model or DEFAULT_MODEL
    material = Material(tuple(path.read_bytes() for path in files), model)
    kept = place / f"{SEED}.json"
    found = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    cases = [one for one in cases_of(options.cases or CASES) if _key(one) not in found]
    began, workers = time.monotonic(), os.cpu_count() or 1
    for number, (case, outcome, told) in enumerate(
        judged(cases, material, options.model, place / "cases", workers), 1
    ):
        found[_key(case)] = [outcome, told]
        if outcome in _FAULTS:
            print(f"{_key(case)}: {outcome}: {told}", flush=True)
        if number % _KEPT_EVERY == 0 or number == len(cases):
            write_json(kept, found, indent=0)
            rate = number / (time.monotonic() - began)
            print(f"{number} of {len(cases)}, {rate:.1f} a second", flush=True)
    wanted = [found[_key(one)][0] for one in cases_of(options.cases or CASES)]
    text = table_of(cases_of(options.cases or CASES), wanted)
    write_text(place / "fuzz.md", text)
    print(text)


def cases_of(count: int, seed: int = SEED) -> list[Case]:
    """Return the cases: each kind by its share, in turn, so that a part of them has all kinds."""
    shares = sum(kind.share for kind in KINDS.values())
    cases = [
        (number / kind.share, Case(name, number, seed))
        for name, kind in KINDS.items()
        for number in range(max(1, round(count * kind.share / shares)))
    ]
    return [one for _, one in sorted(cases, key=lambda pair: pair[0])]


def table_of(cases: Sequence[Case], outcomes: Sequence[str]) -> str:
    """Return the counts of each kind and outcome as Markdown."""
    counts = Counter(zip((one.kind for one in cases), outcomes, strict=True))
    lines = [f"| changed | cases | {' | '.join(Outcome)} |", f"|---{'|---:' * (1 + len(Outcome))}|"]
    for kind in (*KINDS, "all"):
        row = [
            sum(n for (own, found), n in counts.items() if kind in (own, "all") and found == one)
            for one in Outcome
        ]
        lines.append(f"| {kind} | {sum(row):,} | {' | '.join(f'{n:,}' for n in row)} |")
    return "\n".join(lines) + "\n"


def _key(case: Case) -> str:
    return f"{case.kind} {case.number}"
