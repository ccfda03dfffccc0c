"""What becomes of one changed input, by the way that the command line takes."""

from __future__ import annotations

import os
import shutil
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random

from benchmarks.changed.engine import RememberingEngine
from benchmarks.fuzzed.kinds import BUNDLE, GRADE, KINDS, MASK, Material
from lumbargrade.cohort.imports.masks import load_mask
from lumbargrade.cohort.imports.tables import read_tables
from lumbargrade.errors import LumbargradeError
from lumbargrade.files.clean_text import cleaned
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import grade_study
from lumbargrade.outputs.write import DEFAULT_FORMATS, FORMATS, write
from lumbargrade.readings.faults import Faults
from lumbargrade.study.inputs import list_studies
from lumbargrade.study.limits import ReadOptions
from lumbargrade.study.read import read_studies

REPORTED_EVERY = 20
OUTSIDE = Path("/tmp/lumbargrade-fuzz-outside")
"""Where a member of a zip would like to go."""

_READ = ReadOptions(pixel_spacing_mm=(0.6, 0.6))


class Outcome(StrEnum):
    """What became of a case; all but the first two are faults."""

    DONE = "graded or read"
    REFUSED = "refused with a line"
    TRACEBACK = "traceback"
    HANG = "over 10 s"
    MEMORY = "over 1 GB"
    OUTSIDE = "wrote outside"
    RAW = "raw control characters"


@dataclass(frozen=True)
class Case:
    """One case: its kind and number, from which with the seed everything follows."""

    kind: str
    number: int
    seed: int

    @property
    def random(self) -> Random:
        """The same for the same case."""
        return Random(f"{self.seed} {self.kind} {self.number}")

    @property
    def formats(self) -> tuple[str, ...]:
        """All formats in some cases: a structured report takes longer than all the rest."""
        return DEFAULT_FORMATS if self.number % REPORTED_EVERY else tuple(FORMATS)


def learn_valid(material: Material, engine: RememberingEngine, place: Path) -> None:
    """Let the engine keep what it answers to the valid slices, which most changes leave alone."""
    engine.learn(learning=True)
    _grade(_valid(material, place / "in"), engine, place / "out")
    engine.learn(learning=False)


def judge(
    case: Case, material: Material, engine: RememberingEngine, place: Path
) -> tuple[Outcome, str]:
    """Return what became of a case and an example of it; ``place`` is a folder of its own.

    An end by time or memory is seen by who waits for this (``workers``).
    """
    given, out = place / "in", place / "out"
    given.mkdir(parents=True)
    random = case.random
    path = KINDS[case.kind].write(random, material, given)
    before = _listed(place.parent, out)
    try:
        _use(case, path, material, engine, out)
        outcome, told = Outcome.DONE, ""
    except LumbargradeError as error:
        outcome, told = Outcome.REFUSED, str(error)
    except Exception as error:  # this is what is looked for
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        where = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))
        outcome, told = Outcome.TRACEBACK, f"{type(error).__name__}: {str(error)[:150]} ({where})"
    if _listed(place.parent, out) != before or OUTSIDE.exists():
        outcome, told = Outcome.OUTSIDE, "files appeared or changed beside the output folder"
    elif outcome is Outcome.DONE and (raw := _raw(out)):
        outcome, told = Outcome.RAW, raw
    return outcome, cleaned(told.replace(str(place), "CASE"))[:400]


def _use(case: Case, path: Path, material: Material, engine: RememberingEngine, out: Path) -> None:
    """Do with a case what the command line does."""
    use = KINDS[case.kind].use
    if use == GRADE:
        _grade(path, engine, out, case.formats)
    elif use == BUNDLE:
        _grade_with(path, material, engine, out)
    elif use == MASK:
        load_mask(path)
    else:
        faults = Faults()
        read_tables([path], path, faults)
        faults.check(LumbargradeError)


def _grade(
    path: Path, engine: Engine, out: Path, formats: tuple[str, ...] = DEFAULT_FORMATS
) -> None:
    """As ``batch`` does: the first study that cannot be graded ends the case."""
    for one in list_studies([path]):
        for number, study in enumerate(read_studies(one.paths, _READ)):
            write(grade_study(study, engine), out / f"{number}", formats)


def _grade_with(path: Path, material: Material, engine: RememberingEngine, out: Path) -> None:
    """Load a bundle and grade the valid slices with it; networks of ``engine`` are in the cache."""
    bundle = load_bundle(path)
    if bundle.manifest.files == engine.bundle.manifest.files:
        changed = Engine(bundle, threads=1)
    else:
        with _own_cache(path.parent / "cache"):
            changed = Engine(bundle, threads=1)
    _grade(_valid(material, out / "valid"), changed, out)


def _valid(material: Material, folder: Path) -> Path:
    folder.mkdir(parents=True)
    for number, content in enumerate(material.slices):
        (folder / f"{number}.dcm").write_bytes(content)
    return folder


@contextmanager
def _own_cache(folder: Path) -> Iterator[None]:
    """Networks that were changed leave nothing in the user's cache."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(folder)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        del os.environ["XDG_CACHE_HOME"]
        if before is not None:
            os.environ["XDG_CACHE_HOME"] = before


def _listed(folder: Path, but: Path) -> dict[str, tuple[int, int]]:
    """Return each file below a folder with its size and the time of its change."""
    found = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if Path(parent, name) != but]
        for name in names:
            status = os.lstat(Path(parent, name))
            found[os.path.join(parent, name)] = (status.st_size, status.st_mtime_ns)
    return found


def _raw(out: Path) -> str:
    """Return a table or page that holds a character that steers; "" where none does."""
    for path in (*out.rglob("*.csv"), *out.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        if cleaned(text) != text:
            return path.name
    return ""
