"""Do the grades sit where the disease is? Two models that must not know them.

One sees only the scanner preset, the level and the place of the slice in its block; one
sees the slice with disc, canal and recesses blanked. A simulation that gives its grades
away elsewhere (brightness, noise, position) would let them be read all the same.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from benchmarks.masked import Pictures, fit_and_predict, mask, shrink
from lumbargrade.cohort.read import CohortSlice, read_cohort
from lumbargrade.grading.summary import worst
from lumbargrade.grading.system import DICHOTOMIES, GRADING_SYSTEMS
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.statistics.bootstrap import Estimate, PatientBootstrap, Resampled
from lumbargrade.statistics.format_estimates import show
from lumbargrade.statistics.roc import area_under_curve
from lumbargrade.study.patch import PatchSpec
from lumbargrade.training.cache import DONE, CacheSpec, pack
from lumbargrade.training.heads import MISSING

PATIENTS = 240
EPOCHS = 10
TEST_SHARE = 0.4
RESAMPLES = 1000
TOLERANCE = 0.05
"""Area by which a masked picture may surely beat the level alone: it still shows the age."""

LOGISTIC, BOOSTING = "preset, level, place: logistic", "preset, level, place: boosting"
AGED, MASKED, WHOLE = "the same, age and sex: logistic", "picture, region masked", "picture, whole"

Floats = NDArray[np.float64]
Classifier = LogisticRegression | HistGradientBoostingClassifier


@dataclass(frozen=True)
class _Trial:
    """Slices, their image grades (n, systems; -1 = missing), and which are for the test."""

    slices: tuple[CohortSlice, ...]
    labels: NDArray[np.int64]
    test: NDArray[np.bool_]

    def known(self, column: int) -> NDArray[np.bool_]:
        """Test slices (of the test slices) that have a grade of this system."""
        known: NDArray[np.bool_] = self.labels[self.test, column] != MISSING
        return known


def run(options: argparse.Namespace) -> None:
    """Print the areas under the curve of each model, and whether the masked one is blind."""
    place = options.out / "not_a_toy"
    generate_cohort(place / "cohort", CohortOptions(options.patients or PATIENTS, 31))
    cohort = read_cohort(place / "cohort")
    slices = tuple(one for one in cohort.slices if one.contrast == "t2")
    spec = PatchSpec()
    cache = CacheSpec(cohort.fingerprint, spec, margin_px=0)
    packed = pack(slices, place / "cache", cache, os.cpu_count() or 1)
    kept = np.flatnonzero(packed.state == DONE)
    slices = tuple(slices[row] for row in kept)
    names = sorted({one.patient_id for one in slices})
    held = set(names[: round(TEST_SHARE * len(names))])
    test = np.array([one.patient_id in held for one in slices])
    trial = _Trial(slices, label_table(slices), test)
    whole = shrink(packed.patches[kept], spec)
    scores = {
        LOGISTIC: _tabular(trial, _logistic, age=False),
        BOOSTING: _tabular(trial, _boosting, age=False),
        AGED: _tabular(trial, _logistic, age=True),
        MASKED: _network(mask(whole, spec.size_mm), trial),
        WHOLE: _network(whole, trial),
    }
    print(f"trained on {len(names) - len(held)} patients, tested on {len(held)}; ResNet-18, 64 px")
    _print(_areas(scores, trial), len(held))


def label_table(slices: Sequence[CohortSlice]) -> NDArray[np.int64]:
    """Return the image grades (n, systems); -1 = missing."""
    systems = GRADING_SYSTEMS.values()
    rows = [
        [worst(one.grades.get(name) for name in system.outputs) for system in systems]
        for one in slices
    ]
    return np.array([[MISSING if g is None else g for g in row] for row in rows], dtype=np.int64)


def features(slices: Sequence[CohortSlice], age: bool) -> Floats:
    """Return one-hot preset, level and place in the block, and age and sex if wanted."""
    seen: dict[tuple[str, object], int] = {}
    columns: list[tuple[str, ...]] = []
    for one in slices:
        key = (one.patient_id, one.level)
        seen[key] = seen.get(key, -1) + 1
        columns.append((one.scanner, str(one.level), f"{one.level} {seen[key]}"))
    parts = []
    for values in zip(*columns, strict=True):
        known = {value: index for index, value in enumerate(sorted(set(values)))}
        parts.append(np.eye(len(known))[[known[value] for value in values]])
    if age:
        years = np.array([(one.age_years or 50) / 50 for one in slices])
        parts.append(np.stack([years, years**2, [one.sex == "F" for one in slices]], axis=1))
    return np.concatenate(parts, axis=1)


def _logistic() -> LogisticRegression:
    return LogisticRegression(max_iter=2000, C=0.3)


def _boosting() -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(max_depth=3, max_iter=60, random_state=0)


Scores = dict[tuple[str, str], Floats]
"""(system, dichotomy) -> score of every test slice."""


def _tabular(
    trial: _Trial,
    make: Callable[[], LogisticRegression | HistGradientBoostingClassifier],
    age: bool,
) -> Scores:
    table, scores = features(trial.slices, age), Scores()
    for column, system in enumerate(GRADING_SYSTEMS):
        given = trial.labels[:, column]
        learn = (given != MISSING) & ~trial.test
        for name, lowest in DICHOTOMIES.items():
            positive = given[learn] >= lowest
            scores[system, name] = np.zeros(int(trial.test.sum()))
            if len(set(positive)) == 2:  # else there is nothing to learn
                model = make().fit(table[learn], positive)
                scores[system, name] = model.predict_proba(table[trial.test])[:, 1]
    return scores


def _network(patches: torch.Tensor, trial: _Trial) -> Scores:
    labels = torch.from_numpy(trial.labels)
    inside, outside = torch.from_numpy(trial.test), torch.from_numpy(~trial.test)
    learned = Pictures(patches[outside], labels[outside])
    found = fit_and_predict(learned, Pictures(patches[inside], labels[inside]), EPOCHS)
    return {
        (system, name): found[column, :, lowest:].sum(1)
        for column, system in enumerate(GRADING_SYSTEMS)
        for name, lowest in DICHOTOMIES.items()
    }


Areas = dict[tuple[str, str], dict[str, Floats]]
"""(system, dichotomy) -> model -> area, then the same of every resample (1 + B,)."""


def _areas(scores: Mapping[str, Scores], trial: _Trial) -> Areas:
    patients = np.array([one.patient_id for one in trial.slices])[trial.test]
    areas: Areas = {}
    for column, system in enumerate(GRADING_SYSTEMS):
        known = trial.known(column)
        bootstrap = PatientBootstrap.of(patients[known], RESAMPLES, seed=0)
        weights = np.concatenate([np.ones((1, int(known.sum()))), *bootstrap.image_weights()])
        for name, lowest in DICHOTOMIES.items():
            positive = trial.labels[trial.test, column][known] >= lowest
            areas[system, name] = {
                model: area_under_curve(positive, found[system, name][known], weights)
                for model, found in scores.items()
            }
    return areas


def _print(areas: Areas, patients: int) -> None:
    print(f"{'area under the curve':32}" + "".join(f"{' '.join(key):>13}" for key in areas))
    for model in (LOGISTIC, BOOSTING, AGED, MASKED, WHOLE):
        print(f"{model:32}" + "".join(f"{found[model][0]:13.2f}" for found in areas.values()))
    print("picture less the better level-only model, with 95 % interval over patients:")
    holds = True
    for key, found in areas.items():
        level = max((found[LOGISTIC], found[BOOSTING]), key=lambda area: float(area[0]))
        masked, whole = (_difference(found[name], level, patients) for name in (MASKED, WHOLE))
        holds &= not masked.low > TOLERANCE
        print(f"  {' '.join(key):12} masked {show(masked):26} whole {show(whole)}")
    verdict = "holds" if holds else "DOES NOT HOLD"
    print(f"masked falls to the level-only baseline: {verdict} (no interval above {TOLERANCE})")


def _difference(one: Floats, other: Floats, patients: int) -> Estimate:
    return Resampled(float(one[0] - other[0]), one[1:] - other[1:], patients).estimate()
