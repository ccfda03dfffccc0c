"""Grade simulated studies with one element changed, and count what was said of it."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import pydicom

from benchmarks.changed import CHANGES
from benchmarks.changed.change import Change, Files, store
from benchmarks.changed.compare import Judged, Outcome, judge
from lumbargrade.errors import LumbargradeError
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import predict
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.study.read import read_study

STUDIES, SEED = 20, 90217


def run(options: argparse.Namespace) -> None:
    """Print a row a change: how many studies were graded alike, with a word, or not at all."""
    cohort = options.out / "one_change" / "cohort"
    count = options.patients or STUDIES
    generate_cohort(cohort, CohortOptions(count, SEED))
    engine = Engine(load_bundle(options.model))
    studies = sorted((cohort / "studies").iterdir())[:count]
    counts: dict[str, Counter[Outcome]] = {one.name: Counter() for one in CHANGES}
    examples: dict[str, str] = {}
    for number, folder in enumerate(studies, start=1):
        files = {
            path.name: pydicom.dcmread(path) for path in sorted((folder / "axial_t2").iterdir())
        }
        before = predict(read_study(folder / "axial_t2"), engine)
        for one in CHANGES:
            found = _judged(one, files, before, engine)
            counts[one.name][found.outcome] += 1
            if found.outcome in (Outcome.SILENT, Outcome.ASSUMED):
                examples.setdefault(one.name, f"{folder.name}: {found.example}")
        print(f"{number} of {len(studies)} studies", flush=True)
    _print(counts, examples)


def _judged(one: Change, files: Files, before: StudyGrades, engine: Engine) -> Judged:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "study")
        store(one.apply(files), folder)
        try:
            return judge(before, predict(read_study(folder), engine))
        except LumbargradeError as error:
            return Judged(Outcome.REFUSED, str(error))


def _print(counts: dict[str, Counter[Outcome]], examples: dict[str, str]) -> None:
    print("\n| change | " + " | ".join(Outcome) + " |")
    print("|---" * (1 + len(Outcome)) + "|")
    kind = ""
    for one in CHANGES:
        if one.kind != kind:
            kind = one.kind
            print(f"| *{kind}* |" + " |" * len(Outcome))
        cells = [str(counts[one.name][outcome] or "") for outcome in Outcome]
        print(f"| {one.name} | " + " | ".join(cells) + " |")
    for name, text in examples.items():
        print(f"{name}: {text}")
    silent = sum(row[Outcome.SILENT] for row in counts.values())
    studies = sum(counts[CHANGES[0].name].values())
    print(f"\n{len(CHANGES)} changes of {studies} studies each: {silent} silent")
