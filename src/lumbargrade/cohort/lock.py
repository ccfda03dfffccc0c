"""Hold a model to its split: know again what it has learnt from, under any name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lumbargrade.cohort.manifest import Cohort
from lumbargrade.cohort.split import LEARNT_PARTS, is_texts, parts_of, read_split_file
from lumbargrade.errors import CohortError
from lumbargrade.study.lookalike import is_picture_code, lookalikes


@dataclass(frozen=True)
class Lock:
    """What a model has learnt from, as its split says.

    Attributes
    ----------
    patients : in its train or validation part.
    series : Series Instance UIDs of these patients; None where the split does not say.
    picture_codes : of their slices, where the cohort had them (see ``study.lookalike``).
    """

    patients: frozenset[str]
    series: frozenset[str] | None
    picture_codes: tuple[str, ...] = ()

    def learnt(self, cohort: Cohort) -> frozenset[str]:
        """Return the SOP Instance UIDs of ``cohort`` that must not be evaluated.

        A patient is known again by a series, by a picture that is nearly the same, and by
        the name, as he may have come for a second study. Two simulations use the same
        names for different patients, so there the name alone says nothing.
        """
        named = self.patients if self.series is None or not cohort.simulated else frozenset()
        again = {
            one.patient_id
            for one in cohort.slices
            if one.patient_id in named or one.series_instance_uid in (self.series or ())
        }
        again |= self._by_picture(cohort)
        return frozenset(one.sop_instance_uid for one in cohort.slices if one.patient_id in again)

    def _by_picture(self, cohort: Cohort) -> set[str]:
        coded = [
            (one.patient_id, one.picture_code)
            for one in cohort.slices
            if one.picture_code is not None
        ]
        alike = lookalikes([code for _, code in coded], self.picture_codes)
        return {patient for (patient, _), known in zip(coded, alike, strict=True) if known}


def read_lock(path: Path) -> Lock:
    """Read from a split what was learnt.

    Raises
    ------
    CohortError
        If the file is not a split, or what it says of the learnt patients is no list.
    """
    data = read_split_file(path)
    parts = parts_of(data, path)
    patients = frozenset(patient for patient, part in parts.items() if part in LEARNT_PARTS)
    learnt = data.get("learnt")
    if learnt is None:
        return Lock(patients, None)
    series = learnt.get("series") if isinstance(learnt, dict) else None
    codes = learnt.get("picture_codes") if isinstance(learnt, dict) else None
    if not is_texts(series) or not is_texts(codes) or not all(map(is_picture_code, codes)):
        raise CohortError(f"{path}: 'learnt' is not lists of series and picture codes: split again")
    return Lock(patients, frozenset(series), tuple(codes))
