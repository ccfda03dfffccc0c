"""``lumbargrade readings worklist``: a reader's own list, and what is on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lumbargrade.annotation.cohort_list import write_cohort_list
from lumbargrade.annotation.worklist import ListOptions
from lumbargrade.cli.screen import Screen


def run(cohort: Path, reader: str, out: Path, options: ListOptions, systems: Sequence[str]) -> None:
    """Write the list and say how long it is."""
    made = write_cohort_list(cohort, out, reader, options, systems)
    Screen(highlight=False, soft_wrap=True).print(
        f"{out}: {made.studies} studies, {made.rows} {made.unit}s for {reader}; fill in "
        f"{', '.join(made.outputs)}, or a reason why a {made.unit} cannot be graded",
        markup=False,
    )
