"""Levels of simulated studies: right, wrong, unknown, and whether a wrong one was in doubt.

Each study of all scanners is named as it is, with one block of axial slices taken away, with the
slices in another order, with series of different frames of reference, after the patient has moved,
and without its sagittal series. Then studies with a sacralised L5, in which every name counted
from the sacrum is a matter of opinion: there the names that stand without a doubt are wrong.
Nothing is graded.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lumbargrade.cohort.read import read_cohort
from lumbargrade.grading.level import Level, LevelSource, Through
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.levels import NamedLevels, name_levels
from lumbargrade.inference.sagittal.find import find_spine
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.imaging.scanner import scanner_presets
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.study.model import Series, Slice, Study
from lumbargrade.study.read import read_study
from lumbargrade.study.series.kind import AXIAL, plane_of
from lumbargrade.study.series.select import select_axial

PATIENTS, SEED = 400, 6012
TRANSITIONAL = 0.15
"""Studies with a sacralised L5 for each of the others: as many as among people."""
SCANNERS = tuple(scanner_presets())
MOVED_MM = (4.0, -6.0, 28.0)
DOUBTS = ("doubt", "less sure")
"""Words of a warning about the names of a study; names that are assumed are in doubt, too."""
Change = Callable[[Study, random.Random], Study]


@dataclass
class Tally:
    """Slices by what was said of their level; ``bone``: named by another disc than the truth's,
    but said to run through bone, where either neighbour names it and no grade is counted.
    """

    right: int = 0
    wrong: int = 0
    wrong_in_doubt: int = 0
    unknown: int = 0
    bone: int = 0

    @property
    def slices(self) -> int:
        """All of them."""
        return self.right + self.wrong + self.wrong_in_doubt + self.unknown + self.bone

    def row(self, what: str) -> str:
        """A row of the table."""
        parts = (self.right, self.bone, self.unknown, self.wrong_in_doubt, self.wrong)
        cells = [f"{part / max(self.slices, 1):.2%}" for part in parts]
        return f"| {what} | {self.slices} | " + " | ".join(cells) + " |"


def run(options: argparse.Namespace) -> None:
    """Print the table."""
    engine = Engine(load_bundle(options.model))
    patients = options.patients or PATIENTS
    tallies = {name: Tally() for name in [*CHANGES, "sacralised L5"]}
    with tempfile.TemporaryDirectory() as place:
        for study, truth in _studies(Path(place, "usual"), CohortOptions(patients, SEED, SCANNERS)):
            for name, change in CHANGES.items():
                changed = change(study, random.Random(study.patient_id))
                _count(tallies[name], _named(engine, changed), truth)
        few = max(1, round(TRANSITIONAL * patients))
        sacral = CohortOptions(few, SEED, SCANNERS, sacralised=True)
        for study, _ in _studies(Path(place, "sacralised"), sacral):
            _count(tallies["sacralised L5"], _named(engine, study), {})
    print("| studies | slices | right | bone | unknown | wrong, doubt said | wrong, no doubt |")
    print("|---|---|---|---|---|---|---|")
    print("\n".join(tally.row(name) for name, tally in tallies.items()))


def _studies(folder: Path, options: CohortOptions) -> Iterator[tuple[Study, dict[str, Level]]]:
    """Simulate a cohort; yield each study and the levels of its slices by SOP Instance UID."""
    generate_cohort(folder, options)
    slices = read_cohort(folder).slices
    truth = {one.sop_instance_uid: one.level for one in slices if one.level is not None}
    for patient in sorted((folder / "studies").iterdir()):
        yield read_study(patient), truth


def _named(engine: Engine, study: Study) -> tuple[tuple[Slice, ...], NamedLevels]:
    selection = select_axial(study)
    spine = find_spine(engine, study)
    return selection.slices, name_levels(selection.slices, selection.blocks, None, spine)


def _count(
    tally: Tally, found: tuple[tuple[Slice, ...], NamedLevels], truth: dict[str, Level]
) -> None:
    slices, named = found
    doubted = any(word in text for text in named.warnings for word in DOUBTS)
    for item, one in zip(slices, named.assignments, strict=True):
        true = truth.get(item.sop_instance_uid)
        if one.level is None:
            tally.unknown += 1
        elif one.level is true:
            tally.right += 1
        elif one.place is not None and one.place.through is Through.BONE:
            tally.bone += 1
        elif doubted or one.source is LevelSource.STACK:
            tally.wrong_in_doubt += 1
        else:
            tally.wrong += 1


def _axial(study: Study) -> Iterator[Slice]:
    for series in study.series:
        yield from (item for item in series.slices if plane_of(item.geometry.normal) == AXIAL)


def _kept(study: Study, keep: Callable[[Slice], bool]) -> Study:
    series = [replace(one, slices=tuple(filter(keep, one.slices))) for one in study.series]
    return replace(study, series=tuple(one for one in series if one.slices))


def _as_it_is(study: Study, _: random.Random) -> Study:
    return study


def _without_a_block(study: Study, draw: random.Random) -> Study:
    """Take the slices of one disc away, the lowest one in two of five."""
    selection = select_axial(study)
    blocks = sorted({block for block in selection.blocks if block is not None})
    if len(blocks) < 3:
        return study
    gone = draw.choice([blocks[0], *blocks])
    left = {
        item.sop_instance_uid
        for item, block in zip(selection.slices, selection.blocks, strict=True)
        if block == gone
    }
    return _kept(study, lambda item: item.sop_instance_uid not in left)


def _shuffled(study: Study, draw: random.Random) -> Study:
    def mixed(series: Series) -> Series:
        return replace(series, slices=tuple(draw.sample(series.slices, len(series.slices))))

    return replace(study, series=tuple(map(mixed, study.series)))


def _sagittal_as(study: Study, change: Callable[[Slice], Slice]) -> Study:
    """Change all slices but the axial ones."""
    axial = {item.sop_instance_uid for item in _axial(study)}
    series = [
        replace(
            one,
            slices=tuple(
                item if item.sop_instance_uid in axial else change(item) for item in one.slices
            ),
        )
        for one in study.series
    ]
    return replace(study, series=tuple(series))


def _shifted(item: Slice) -> Slice:
    x, y, z = (a + b for a, b in zip(item.geometry.position_mm, MOVED_MM, strict=True))
    return replace(item, geometry=replace(item.geometry, position_mm=(x, y, z)))


def _another_frame(study: Study, _: random.Random) -> Study:
    """A site gave each series a frame of reference of its own; nothing moved."""
    return _sagittal_as(study, lambda item: replace(item, frame_of_reference_uid="2.9"))


def _put_back(study: Study, _: random.Random) -> Study:
    """The patient was taken out and put back between the series."""
    return _sagittal_as(study, lambda item: replace(_shifted(item), frame_of_reference_uid="2.9"))


def _moved(study: Study, _: random.Random) -> Study:
    """The patient slid down between the series, and the headers do not know."""
    return _sagittal_as(study, _shifted)


def _without_sagittal(study: Study, _: random.Random) -> Study:
    axial = {item.sop_instance_uid for item in _axial(study)}
    return _kept(study, lambda item: item.sop_instance_uid in axial)


def _without_both(study: Study, draw: random.Random) -> Study:
    return _without_sagittal(_without_a_block(study, draw), draw)


CHANGES: dict[str, Change] = {
    "as they are": _as_it_is,
    "one block taken away": _without_a_block,
    "slices in another order": _shuffled,
    "series of two frames of reference": _another_frame,
    "the same, taken out and put back between": _put_back,
    "the patient moved between the series": _moved,
    "without the sagittal": _without_sagittal,
    "without the sagittal and one block": _without_both,
}
