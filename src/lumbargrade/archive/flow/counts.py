"""What each rule of a patient flow took and left: kept in ``flow.json``, read without pyarrow."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from pathlib import Path
from typing import Any

from lumbargrade.errors import CohortError
from lumbargrade.statistics.patients import Count, Stage

FLOW_SCHEMA = "lumbargrade.flow/1"
FLOW_FILE = "flow.json"
INCLUSION, EXCLUSION = "inclusion", "exclusion"

_BOXES = {
    INCLUSION: ("Not meeting inclusion", "Meeting inclusion"),
    EXCLUSION: ("Excluded", "After exclusion"),
}
"""Step -> who is out, who is left."""


@dataclass(frozen=True)
class RuleCount:
    """What one rule took, and what it left.

    ``patients_out`` lost the last slice here; ``images_out`` are pictures that were taken here, of
    patients who stay too.
    """

    step: str
    reason: str
    patients_out: int
    images_out: int
    patients_left: int
    images_left: int


def start_of(patients: int, images: int) -> Count:
    """Return the first box."""
    return Count("In the archive", patients, images)


def stages_of(counts: Sequence[RuleCount]) -> list[Stage]:
    """Return the boxes below: rules of one step that follow each other are one."""
    stages = []
    groups = [list(some) for _, some in groupby(counts, key=lambda count: count.step)]
    for number, some in enumerate(groups, start=1):
        dropped = tuple(
            Count(one.reason, one.patients_out, one.images_out) for one in some if one.patients_out
        )
        out, after = _BOXES[some[0].step]
        name = "Included" if number == len(groups) else after
        left = Count(name, some[-1].patients_left, some[-1].images_left)
        stages.append(Stage(out, dropped, left))
    return stages


def read_flow(path: Path) -> tuple[Count, list[Stage]]:
    """Return first box and further boxes of a ``flow.json``.

    Raises CohortError if the file is not a flow.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["schema"] != FLOW_SCHEMA:
            raise ValueError(f"schema {data['schema']!r}")
        start = start_of(int(data["archive"]["patients"]), int(data["archive"]["images"]))
        return start, stages_of([_count(one) for one in data["counts"]])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CohortError(
            f"{path}: is no patient flow ({error}): take it again from the folder that "
            "'cohort flow' wrote"
        ) from None


def _count(given: Any) -> RuleCount:
    count = RuleCount(**{one.name: given[one.name] for one in fields(RuleCount)})
    if count.step not in _BOXES:
        raise ValueError(f"step {count.step!r}")
    return count
