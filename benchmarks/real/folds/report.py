"""The tables: one a head, an arm a column; then arms less one another, and right or wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.real.data import SYSTEMS
from benchmarks.real.folds.assign import FOLDS, fold_of_patients, train_and_test
from benchmarks.real.folds.figures import (
    AREAS,
    BASELINE,
    TABLE_FIGURES,
    Graded,
    Labels,
    merged_lowest,
    resampled_figures,
)
from benchmarks.real.folds.fit import ARMS, Probabilities, Rows, mean_probabilities, result_files
from benchmarks.real.folds.parts import Part
from lumbargrade.evaluation.measures.comparison import clustered_mcnemar
from lumbargrade.statistics.bootstrap import Resampled
from lumbargrade.statistics.format_estimates import show, signed
from lumbargrade.training.heads import MISSING

RESAMPLES = 2000
LEVEL_ALONE = "level alone"
PAIRS = (("project", "plain"), ("project-one", "plain"), ("project", "plain-three"))
"""Arms that are compared: the recipe, a single network of it, and what averaging alone gives."""
SPINENET = (
    "SpineNet's published kappa on Pfirrmann grades is 0.68, on another cohort with other "
    "readers and all five grades: to put beside, not to compare"
)


@dataclass(frozen=True)
class Tested:
    """What the arms give on the test slices of the folds that all of them have finished.

    Attributes
    ----------
    rows : (n,) slices of the part.
    arms : name of the arm -> code -> probabilities (n, grades).
    """

    folds: tuple[int, ...]
    rows: Rows
    arms: dict[str, Probabilities]


def print_report(part: Part, out: Path) -> None:
    """Print every head's table as Markdown, or what there is not yet."""
    tested = read_tested(part, out)
    for arm in ARMS:
        print(f"{part.name}, {arm}: folds done: {_names(finished(part, arm, out)) or 'none'}")
    if tested is None:
        print(f"{part.name}: no fold is done by an arm; no table\n")
        return
    left_out = 3 * len(part.everyone) - len(part.slices)
    print(f"{part.name}: {len(part.slices)} slices, {left_out} not found")
    if len(tested.folds) < FOLDS:
        print(f"fold {_names(tested.folds)} of {FOLDS} only: not the result")
    for column, code in enumerate(part.codes):
        for title, graded in _versions(part, tested, column, code):
            # Few discs have the lowest or the highest Pfirrmann grade: no area for them.
            rows = [*TABLE_FIGURES] if code == "PFIRRMANN" else [*AREAS, *TABLE_FIGURES]
            _print_table(title, graded, rows)


def finished(part: Part, arm: str, out: Path) -> tuple[int, ...]:
    """Return the folds whose test slices an arm has graded."""
    return tuple(
        fold
        for fold in range(FOLDS)
        if all(file.exists() for file in result_files(out, part.name, arm, fold))
    )


def read_tested(part: Part, out: Path) -> Tested | None:
    """Return the test slices of the folds that every arm with any fold has finished."""
    done = {arm: found for arm in ARMS if (found := finished(part, arm, out))}
    shared = sorted(set.intersection(*(set(one) for one in done.values()))) if done else []
    if not shared:
        return None
    dealt = fold_of_patients(part.everyone)
    rows = [train_and_test(part.patients, dealt, fold)[1] for fold in shared]
    arms = {LEVEL_ALONE: _joined(level_alone(part, fold) for fold in shared)}
    for arm in done:
        files = (result_files(out, part.name, arm, fold) for fold in shared)
        arms[arm] = _joined(mean_probabilities(one) for one in files)
    return Tested(tuple(shared), np.concatenate(rows), arms)


def level_alone(part: Part, fold: int) -> Probabilities:
    """Return the shares of the grades at each test slice's level among the training slices."""
    train, test = train_and_test(part.patients, fold_of_patients(part.everyone), fold)
    levels = part.levels
    found: Probabilities = {}
    for column, (code, grades) in enumerate(part.heads.items()):
        known = train[part.labels[train, column] != MISSING]
        shares = {
            str(level): _shares(part.labels[known[levels[known] == level], column], grades)
            for level in np.unique(levels)
        }
        found[code] = np.stack([shares[str(level)] for level in levels[test]])
    return found


def _shares(labels: Labels, grades: int) -> np.ndarray:
    return np.bincount(labels, minlength=grades) / max(len(labels), 1)


def _joined(folds: Iterator[Probabilities]) -> Probabilities:
    parts = list(folds)
    return {code: np.concatenate([one[code] for one in parts]) for code in parts[0]}


def _versions(
    part: Part, tested: Tested, column: int, code: str
) -> Iterator[tuple[str, dict[str, Graded]]]:
    known = part.labels[tested.rows, column] != MISSING
    rows = tested.rows[known]
    graded = {
        arm: Graded(
            part.patients[rows], part.levels[rows], part.labels[rows, column], found[code][known]
        )
        for arm, found in tested.arms.items()
    }
    name = SYSTEMS[code].name
    names = [grade.name for grade in SYSTEMS[code].grades]
    yield f"{name} ({_counts(graded, names)})", graded
    if code == "PFIRRMANN":
        merged = {arm: merged_lowest(one) for arm, one in graded.items()}
        names = [f"{names[0]}-{names[1]}", *names[2:]]
        yield f"{name}, 1 and 2 as one ({_counts(merged, names)}); {SPINENET}", merged


def _counts(graded: dict[str, Graded], names: Sequence[str]) -> str:
    one = next(iter(graded.values()))
    counts = np.bincount(one.labels, minlength=len(names))
    each = ", ".join(f"{name} {count}" for name, count in zip(names, counts, strict=True))
    return f"{len(one.labels)} slices, {len(np.unique(one.patients))} patients: {each}"


def _print_table(title: str, graded: dict[str, Graded], rows: Sequence[str]) -> None:
    figures = {arm: resampled_figures(one, RESAMPLES, 0) for arm, one in graded.items()}
    print(f"\n{title}\n")
    _print_rows(rows, {arm: _shown(found) for arm, found in figures.items()})
    pairs = [pair for pair in PAIRS if set(pair) <= set(graded)]
    if pairs:
        less = {f"{one} minus {two}": _less(figures[one], figures[two]) for one, two in pairs}
        _print_rows([name for name in rows if name != BASELINE], less)
    for one, two in pairs:
        _print_mcnemar(graded, one, two)
    print()


def _print_rows(rows: Sequence[str], columns: Mapping[str, Mapping[str, str]]) -> None:
    print("| | " + " | ".join(columns) + " |")
    print("|---" * (1 + len(columns)) + "|")
    for name in rows:
        print(f"| {name} | " + " | ".join(column[name] for column in columns.values()) + " |")
    print()


def _shown(figures: Mapping[str, Resampled]) -> dict[str, str]:
    return {name: show(one.estimate()) for name, one in figures.items()}


def _less(one: Mapping[str, Resampled], two: Mapping[str, Resampled]) -> dict[str, str]:
    return {name: signed((one[name] - two[name]).estimate()) for name in one}


def _print_mcnemar(graded: Mapping[str, Graded], one: str, two: str) -> None:
    right = [graded[arm].given == graded[arm].labels for arm in (one, two)]
    test = clustered_mcnemar(right[0], right[1], graded[one].patients)
    print(
        f"* exact grade: only {one} is right on {test.first_only} slices, only "
        f"{two} on {test.second_only} (McNemar by patient, p = {test.p_value:.3f})"
    )


def _names(folds: Sequence[int]) -> str:
    return ", ".join(str(fold + 1) for fold in folds)
