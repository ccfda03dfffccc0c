"""Named herniations of real slices as one tracer sees them, and how far grades are from them.

``herniations.json`` holds numbers only; it says itself who traced and how.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import CohortError
from lumbargrade.statistics.bootstrap import PatientBootstrap, Resampled

FILE = Path(__file__).parent / "herniations.json"
GRADES = 4
NONE_MM = 1.0
"""A displacement up to so much is grade 0: it cannot be told from a margin that is only uneven."""


@dataclass(frozen=True)
class Herniation:
    """What a tracer sees at the disc margin of one slice.

    Attributes
    ----------
    file : of the slice, as in ``RealSlice.file``.
    h_mm : largest displacement beyond the undisturbed margin.
    d_mm : from the undisturbed margin to the line between the medial ends of the facet joints;
        None where these cannot be seen.
    grade : LDH, 0 to 3.
    side : ``"left"``, ``"right"``, ``"central"``; ``""`` where nothing is seen.
    sure : 1 to 3.
    named : the note names a herniation at the level; otherwise it names no finding there, and
        the slice was looked at to see whether one is made up.
    """

    file: str
    h_mm: float
    d_mm: float | None
    grade: int
    side: str
    sure: int
    named: bool = True

    @property
    def patient(self) -> str:
        """Such as ``"P0001"``."""
        return Path(self.file).stem.split("_")[0]

    @property
    def ratio(self) -> float | None:
        """Displacement as a share of the way to the line; None where the line is not seen."""
        return None if self.d_mm is None else self.h_mm / self.d_mm


def grade_of(h_mm: float, d_mm: float) -> int:
    """Return the LDH grade of a displacement, by its share of the way to the intra-facet line.

    Michigan State University classification (Mysliwiec et al., Eur Spine J 2010;19:1087): to
    half of the way 1, to the line 2, beyond it 3. The same as in the grading system LDH.

    Examples
    --------
    >>> [grade_of(h, 8.0) for h in (0.8, 4.0, 7.5, 9.0)]
    [0, 1, 2, 3]
    """
    if h_mm <= NONE_MM:
        return 0
    share = h_mm / d_mm
    return 1 if share <= 0.5 else 2 if share <= 1 else 3


def read_herniations(path: Path = FILE) -> tuple[Herniation, ...]:
    """Read what was traced.

    Raises
    ------
    CohortError
        If the file cannot be read, or an entry is not what it should be.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["slices"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CohortError(f"{path}: cannot be read ({error}): restore it") from None
    return tuple(_herniation(entry, path) for entry in entries)


def _herniation(entry: Mapping[str, object], path: Path) -> Herniation:
    try:
        given = {name: entry[name] for name in ("file", "h_mm", "d_mm", "grade", "side", "sure")}
        one = Herniation(**given, named=entry.get("named", True) is True)  # type: ignore[arg-type]
        wanted = one.grade if one.d_mm is None else grade_of(one.h_mm, one.d_mm)
        right = one.grade == wanted and one.grade in range(GRADES)
    except (KeyError, TypeError) as error:
        raise CohortError(f"{path}: {entry!r} is no herniation ({error}): correct it") from None
    if not right:
        raise CohortError(
            f"{path}: {one.file}: grade {one.grade} is not that of h and D: correct it"
        )
    return one


@dataclass(frozen=True)
class Agreement:
    """Grades of a model beside those of a tracer, (n,) each.

    Attributes
    ----------
    expected : the model's mean grades.
    """

    patients: NDArray[np.str_]
    traced: NDArray[np.int64]
    given: NDArray[np.int64]
    expected: NDArray[np.float64]

    def where(self, which: NDArray[np.bool_]) -> Agreement:
        """Return some of the slices (n,)."""
        return Agreement(
            self.patients[which], self.traced[which], self.given[which], self.expected[which]
        )

    def always(self, grade: int) -> Agreement:
        """Return the agreement of someone who gives every slice the same grade."""
        given = np.full_like(self.traced, grade)
        return Agreement(self.patients, self.traced, given, given.astype(np.float64))

    def figures(self) -> dict[str, NDArray[np.float64]]:
        """Return what is averaged over slices -> (n,)."""
        away = (self.given - self.traced).astype(np.float64)
        return {
            "within one": (np.abs(away) <= 1).astype(np.float64),
            "exact": (away == 0).astype(np.float64),
            "given less traced": away,
            "expected less traced": self.expected - self.traced,
        }

    def table(self) -> NDArray[np.int64]:
        """Return how many slices have each traced grade (row) and given grade (column)."""
        found = np.zeros((GRADES, GRADES), dtype=np.int64)
        np.add.at(found, (self.traced, self.given), 1)
        return found


def agreement_of(
    herniations: Sequence[Herniation],
    rows: Sequence[int],
    given: NDArray[np.int64],
    expected: NDArray[np.float64],
) -> Agreement:
    """Return the agreement on traced slices; ``rows`` are their places in ``given`` (all,)."""
    own = np.asarray(rows, dtype=np.int64)
    return Agreement(
        np.array([one.patient for one in herniations]),
        np.array([one.grade for one in herniations], dtype=np.int64),
        given[own],
        expected[own],
    )


def mean_by_patient(
    values: NDArray[np.float64], patients: NDArray[np.str_], resamples: int
) -> Resampled:
    """Return the mean of values (n,), with its value in resamples of the patients."""
    bootstrap = PatientBootstrap.of(patients, resamples, seed=0)
    draws = [
        (some * values).sum(-1) / np.maximum(some.sum(-1), 1e-9)
        for some in bootstrap.image_weights()
    ]
    return Resampled(
        float(values.mean()), np.concatenate([np.zeros(0), *draws]), bootstrap.patients
    )
