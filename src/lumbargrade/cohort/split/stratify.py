"""Split patients into train, validation and test."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lumbargrade.errors import CohortError
from lumbargrade.grading.summary import worst

PARTS = ("train", "validation", "test")
TRAINING_PARTS = ("train", "validation")
"""The parts that a model is trained on: validation chose the epoch and the temperatures."""
EXTERNAL = "external"
"""The part of a patient of an external test set, whom no model is trained on."""
DEFAULT_SHARES = (0.7, 0.15, 0.15)


@dataclass(frozen=True)
class Tied:
    """What binds patients beside chance.

    ``alike`` are pairs of patients who have a picture in common, so both go to one part; ``kept``
    is patient -> part that was locked before and stays.
    """

    alike: Sequence[tuple[str, str]] = ()
    kept: Mapping[str, str] | None = None


def split_patients(
    patient_ids: Iterable[str],
    worst_grades: Mapping[str, int | None],
    seed: int,
    fractions: tuple[float, float, float] = DEFAULT_SHARES,
    tied: Tied | None = None,
) -> dict[str, str]:
    """Return patient -> ``"train"``, ``"validation"`` or ``"test"``.

    Patients with the same worst grade are shuffled and assigned out in turn to the part that is
    furthest behind, so that each part has its share of every grade. Patients who are alike are
    assigned out as one. Raises CohortError if a fraction is negative or they do not sum to 1, or
    two who are alike were locked in different parts.

    Parameters
    ----------
    patient_ids : a patient may be named more than once (once per study) and still has one part.
    worst_grades : worst known grade by patient; None, or no entry, where nothing is known.
    seed : same seed and patients, same split; the order of ``patient_ids`` does not matter.
    fractions : of train, validation and test; they sum to 1.
    """
    if min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise CohortError(f"split fractions {fractions} must be 0 or more and sum to 1")
    tied = tied or Tied()
    patients = sorted(set(patient_ids))
    parts = {one: part for one, part in (tied.kept or {}).items() if one in set(patients)}
    dealer = random.Random(seed)
    strata: dict[int, list[list[str]]] = {}
    for group in union_groups(patients, tied.alike):
        kept = _kept_part(group, parts)
        if kept is not None:
            parts |= dict.fromkeys(group, kept)
            continue
        grade = worst(worst_grades.get(patient) for patient in group)
        strata.setdefault(-1 if grade is None else grade, []).append(group)
    counts = [list(parts.values()).count(part) for part in PARTS]
    # The rarest, highest grades first: they are assigned out while every part is empty.
    for grade in sorted(strata, reverse=True):
        dealer.shuffle(strata[grade])
        for group in strata[grade]:
            assigned = sum(counts) + len(group)
            behind = [
                share * assigned - count for share, count in zip(fractions, counts, strict=True)
            ]
            chosen = behind.index(max(behind))
            counts[chosen] += len(group)
            parts |= dict.fromkeys(group, PARTS[chosen])
    return parts


def union_groups(patients: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the patients in groups that hold together, each sorted, by their first member.

    Examples
    --------
    >>> union_groups("ABCD", [("D", "B")])
    [['A'], ['B', 'D'], ['C']]
    """
    groups = {one: [one] for one in patients}
    for one, other in pairs:
        if one in groups and other in groups and groups[one] is not groups[other]:
            groups[one].extend(groups[other])
            groups |= dict.fromkeys(groups[other], groups[one])
    return sorted(
        sorted(group) for group in {id(group): group for group in groups.values()}.values()
    )


def _kept_part(group: Sequence[str], parts: Mapping[str, str]) -> str | None:
    """Return where a member of the group was locked; None if none was."""
    locked = {one: parts[one] for one in group if one in parts}
    if len(set(locked.values())) > 1:
        pairs = " and ".join(f"{one} ({part})" for one, part in sorted(locked.items()))
        raise CohortError(
            f"patients {pairs} have near-identical images and were locked in different parts: "
            "exclude one of them, as they may be one patient under two names"
        )
    return next(iter(locked.values()), None)
