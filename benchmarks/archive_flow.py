"""Flow, Table 1 and split of 2,000 simulated patients beside what was put in.

The archive is that of ``simulated_archive``: each patient's scanner, sex and age follow from
his number, so who must be in is known without any of the code that is measured.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.simulated_archive import SCANNERS, write_archive
from lumbargrade.archive.flow.make import FlowOptions, make_flow
from lumbargrade.archive.index.index import index_archive, summarise
from lumbargrade.archive.index.index_paths import IndexPaths
from lumbargrade.archive.pseudonym import Pseudonyms, read_key
from lumbargrade.cohort.split.file import read_split
from lumbargrade.cohort.split.make import SplitOptions, make_split

PATIENTS = 2000
LISTED = {"fracture": 41, "malignancy": 67, "previous surgery": 29, "artefact": 97}
"""Reason -> every how many patients one is listed for it."""


def run(options: argparse.Namespace) -> None:
    patients = options.patients or PATIENTS
    work = Path(options.out) / f"archive_flow_{patients}"
    work.mkdir(parents=True, exist_ok=True)
    archive, index = work / "archive", work / "index"
    if not archive.exists():
        write_archive(archive, patients)
    people = {f"P{number:07d}": _truth(number) for number in range(patients)}
    listed = {
        name: reason
        for number, name in enumerate(people)
        for reason, step in LISTED.items()
        if number % step == 0
    }
    rows = [f"{name},{reason}" for name, reason in listed.items()]
    (work / "exclusions.csv").write_text("\n".join(["patient,reason", *rows]) + "\n")
    places, wanted = IndexPaths.of(index), FlowOptions(exclude=work / "exclusions.csv")
    _timed("index", lambda: (index_archive(archive, places), summarise(places)))
    _timed("flow", lambda: make_flow(index, work / "flow", wanted))
    split = work / "split.json"
    split.unlink(missing_ok=True)
    _timed("split", lambda: make_split(work / "flow", split, SplitOptions()))
    keyed = Pseudonyms(read_key(index.with_name("index.key")))
    strong = {name for name, (strength_t, _, _) in people.items() if strength_t == 3.0}
    expected = sorted(strong - listed.keys())
    parts = read_split(split)
    found = json.loads((work / "flow" / "flow.json").read_text())
    with (work / "flow" / "table-1.csv").open(newline="") as stream:
        column = {row[""]: row["included: this run"] for row in csv.DictReader(stream)}
    ages = [people[name][2] for name in expected]
    women = sum(people[name][1] == "F" for name in expected)
    told = {
        "archive": (found["archive"]["patients"], patients),
        "meeting inclusion": (found["counts"][-5]["patients_left"], len(strong)),
        "included": (found["included"]["patients"], len(expected)),
        "their names": (parts.keys() == {keyed.of("patient", one) for one in expected}, True),
        "age": (
            column["Age"].split(" (")[0],
            f"{np.mean(ages):.0f} +/- {np.std(ages, ddof=1):.0f}",
        ),
        "women": (column["Women"].split(" (")[0], str(women)),
        "train": (list(parts.values()).count("train"), round(0.7 * len(expected))),
    }
    for name, (got, put_in) in told.items():
        print(f"{name:20} {got!s:>12} {put_in!s:>12}  {'ok' if got == put_in else 'DIFFERS'}")


def _truth(number: int) -> tuple[float, str, int]:
    """Field strength, sex and age, drawn as ``simulated_archive.write_archive`` draws them."""
    dealer = random.Random(number)
    scanner, sex = dealer.choice(SCANNERS), dealer.choice("FM")
    return scanner[2], sex, dealer.randint(18, 88)


def _timed(name: str, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    print(f"{name}: {time.perf_counter() - start:.1f} s")
