"""From images to levels and to patients, by the rule of the worst slice.

The article does not say how its level results (Figure 7) follow from images; they are
consistent with this rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.grading.summary import worst

RULE = (
    "The grade of a level or patient is the worst known grade of its images, for reference "
    "and model each over the images that they graded. The probability of a grade or worse is "
    "the highest among these images."
)


def by_level(records: Iterable[ImageRecord], levels: Mapping[str, str]) -> list[ImageRecord]:
    """Return one record for each level of each patient.

    ``levels`` is level by image; images of an unknown level (absent or empty) are left out.
    """
    known = ((levels.get(one.image, ""), one) for one in records)
    return _worst((f"{level} of patient {one.patient}", one) for level, one in known if level)


def by_patient(records: Iterable[ImageRecord]) -> list[ImageRecord]:
    """Return one record for each patient."""
    return _worst((f"patient {one.patient}", one) for one in records)


def _worst(named: Iterable[tuple[str, ImageRecord]]) -> list[ImageRecord]:
    groups: dict[str, list[ImageRecord]] = {}
    for name, one in named:
        groups.setdefault(name, []).append(one)
    return [worst_of(name, group) for name, group in groups.items()]


def worst_of(name: str, group: Sequence[ImageRecord]) -> ImageRecord:
    """Return one record of these (at least one) by :data:`RULE`; ``name`` is that of the unit."""
    return ImageRecord(
        image=name,
        patient=group[0].patient,
        scanner=group[0].scanner,
        external=group[0].external,
        reference=worst(one.reference for one in group),
        predicted=worst(one.predicted for one in group),
        probabilities=_of_the_worst([one.probabilities for one in group if one.probabilities]),
    )


def _of_the_worst(probabilities: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """The distribution whose chance of a grade or worse is the highest that any image has."""
    if not probabilities:
        return ()
    tails = [list(accumulate(reversed(one))) for one in probabilities]  # the last grade first
    or_worse = [max(shares) for shares in zip(*tails, strict=True)]
    upward = [share - worse for share, worse in zip(or_worse, [0.0, *or_worse], strict=False)]
    return tuple(reversed(upward))
