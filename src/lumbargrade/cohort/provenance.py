"""How a cohort came out of its archive: the patient flow, which the cohort keeps beside it."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.archive.flow.counts import FLOW_FILE, read_flow
from lumbargrade.cohort.read import Cohort
from lumbargrade.cohort.write import take_in
from lumbargrade.statistics.patients import Count, Origin, Stage

NOT_TAKEN_IN = "not read, or no axial slice that is graded"


def keep_flow(source: Path, folder: Path) -> None:
    """Keep the flow of ``source`` (a flow, or a cohort that has one) in a new cohort, if any.

    It holds counts and no names. Raises CohortError if it is no flow, OutputError if it cannot be
    copied.
    """
    path = source / FLOW_FILE
    if path.is_file():
        read_flow(path)
        take_in(path, folder / FLOW_FILE)


def origin_of(cohort: Cohort) -> Origin | None:
    """Return the way of a cohort out of its archive; None where the cohort does not know it.

    Raises CohortError if the flow in its folder cannot be read.
    """
    path = cohort.folder / FLOW_FILE
    if not path.is_file():
        return None
    start, stages = read_flow(path)
    included = stages[-1].left if stages else start
    patients = len({one.patient_id for one in cohort.slices})
    here = Count("In the cohort", patients, len(cohort.slices))
    if (included.patients, included.images) != (here.patients, here.images):
        gone = (included.patients - here.patients, included.images - here.images)
        stages.append(Stage("Not in the cohort", (Count(NOT_TAKEN_IN, *gone),), here))
    return Origin(cohort.folder.name, start, tuple(stages))
