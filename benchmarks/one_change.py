"""Grade simulated studies with one element of the axial slices changed; count what was said of it.

Twice: the axial slices alone, and with the sagittal series of the study beside them. A run that was
interrupted goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import repeat
from pathlib import Path

import pydicom

from benchmarks.changed import CHANGES
from benchmarks.changed.change import Change, Files, NotApplicableError, store
from benchmarks.changed.compare import Judged, Outcome, judge
from benchmarks.changed.engine import RememberingEngine
from lumbargrade.errors import LumbargradeError
from lumbargrade.files.workers import worker_pool
from lumbargrade.files.write import write_json
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import predict
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.study.read import read_study

STUDIES, SEED = 20, 90217

ARMS = {"axial slices alone": False, "with the sagittal series": True}


def run(options: argparse.Namespace) -> None:
    """Print a row a change: how many studies were graded alike, with a word, or not at all."""
    place = options.out / "one_change"
    count = options.patients or STUDIES
    generate_cohort(place / "cohort", CohortOptions(count, SEED))
    studies = sorted((place / "cohort" / "studies").iterdir())[:count]
    key = load_bundle(options.model).sha256[:12]
    for arm, with_sagittal in ARMS.items():
        files = [place / f"{folder.name}-{key}-{arm.replace(' ', '-')}.json" for folder in studies]
        given = (studies, files, repeat(with_sagittal), repeat(options.model))
        # One study a process: many small steps gain little from several threads.
        with worker_pool(os.cpu_count() or 1) as pool:
            for number, _ in enumerate(pool.map(_study, *given), 1):
                print(f"{arm}: {number} of {count} studies", flush=True)
        print(f"\n{arm}")
        _print([json.loads(file.read_text(encoding="utf-8")) for file in files])


def _study(folder: Path, file: Path, with_sagittal: bool, model: Path | None) -> None:
    """Judge every change of a study that is not in its file yet, and keep what was found."""
    found = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    missing = [one for one in CHANGES if one.name not in found]
    if not missing:
        return
    engine = RememberingEngine(load_bundle(model), threads=1)
    files = {path.name: pydicom.dcmread(path) for path in sorted((folder / "axial_t2").iterdir())}
    beside = folder / "sagittal_t2" if with_sagittal else None
    engine.learn(True)
    before = _graded(files, beside, engine)
    engine.learn(False)
    for one in missing:
        judged = _judged(one, files, beside, before, engine)
        found[one.name] = [judged.outcome, judged.example]
        write_json(file, found, indent=1)


def _graded(files: Files, beside: Path | None, engine: Engine) -> StudyGrades:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "study")
        store(files, folder)
        if beside is not None:
            shutil.copytree(beside, folder / beside.name)
        return predict(read_study(folder), engine)


def _judged(
    one: Change, files: Files, beside: Path | None, before: StudyGrades, engine: Engine
) -> Judged:
    try:
        changed = one.apply(files)
        return judge(before, _graded(changed, beside, engine), changed)
    except NotApplicableError:
        return Judged(Outcome.NOT_APPLICABLE)
    except LumbargradeError as error:
        return Judged(Outcome.REFUSED, str(error))


def _print(studies: Sequence[Mapping[str, tuple[str, str]]]) -> None:
    print("\n| change | " + " | ".join(Outcome) + " |")
    print("|---" * (1 + len(Outcome)) + "|")
    kind, silent = "", 0
    for one in CHANGES:
        if one.kind != kind:
            kind = one.kind
            print(f"| *{kind}* |" + " |" * len(Outcome))
        counts = Counter(study[one.name][0] for study in studies)
        silent += counts[Outcome.SILENT]
        cells = [str(counts[outcome] or "") for outcome in Outcome]
        print(f"| {one.name} | " + " | ".join(cells) + " |")
    print()
    for one in CHANGES:
        for outcome, example in (study[one.name] for study in studies):
            if outcome in (Outcome.SILENT, Outcome.ASSUMED):
                print(f"{outcome}: {one.name}: {example}")
                break
    print(f"\n{len(CHANGES)} changes of {len(studies)} studies each: {silent} silent")
