"""The commands of the chain, one after the other, as a person types them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.paper_chain.hospital import Call, Hospital
from benchmarks.paper_chain.reading import Given, Reader, draw_boxes, reference_of
from lumbargrade.cohort.read import CohortSlice, read_cohort

BOX_SD_MM = 2.0
AGAIN = 0.5
"""Share of the studies that a reader reads twice."""


@dataclass(frozen=True)
class ReadHospital:
    """A hospital whose archive has become a cohort.

    ``expected`` is the reference that follows from what was written into the tables, ``waiting``
    how many disagreements there were.
    """

    hospital: Hospital
    readers: tuple[Reader, Reader]
    expected: Given
    waiting: int

    @property
    def cohort(self) -> Path:
        """With boxes and reference; two cohorts of one evaluation need two names."""
        return cohort_of(self.hospital.folder)

    @property
    def slices(self) -> Sequence[CohortSlice]:
        """Of that cohort."""
        return read_cohort(self.cohort).slices


def read_hospital(
    hospital: Hospital,
    people: tuple[Reader, Reader, Reader],
    rules: Path | str,
    external: bool,
    call: Call,
) -> ReadHospital:
    """Go from an archive to a cohort with boxes and a reference standard.

    ``people`` are two readers and the adjudicator.
    """
    here, key = hospital.folder, hospital.folder / "INDEX.key"
    call("cohort", "index", hospital.archive, "-o", here / "INDEX", "--workers", 1)
    chosen = ("--rules", rules, "--exclude", hospital.exclusions)
    call("cohort", "flow", here / "INDEX", "-o", here / "FLOW", *chosen)
    unread = ("--unread", "--flow", here / "FLOW", "--key", key)
    mark = ("--external",) if external else ()
    call("cohort", "import", hospital.archive, *unread, *mark, "-o", here / "UNREAD")
    *readers, adjudicator = people
    lists, again = [], []
    for reader in readers:
        lists.append(here / f"{reader.noise.name}.csv")
        again.append(here / f"{reader.noise.name}-again.csv")
        who = ("readings", "worklist", here / "UNREAD", "--reader", reader.noise.name)
        call(*who, "-o", lists[-1])
        reader.fill_in(lists[-1], hospital.truth)
        call(*who, "--again", AGAIN, "-o", again[-1])
        reader.fill_in(again[-1], hospital.truth)
    twice = [word for path in again for word in ("--again", path)]
    both = ("readings", "adjudicate", *lists)
    call(*both, "-o", here / "OPEN", *twice)
    settled_by = here / f"{adjudicator.noise.name}.csv"
    settled = adjudicator.settle(here / "OPEN" / "to_adjudicate.csv", settled_by, hospital.truth)
    call(*both, settled_by, "-o", here / "READ", *twice)
    call("agreement", here / "READ" / "readings.csv", "-o", here / "AGREEMENT")
    call("reader-study", "repeats", here / "READ" / "readings.csv", "-o", here / "REPEATS")
    boxes = here / "boxes.csv"
    draw_boxes(boxes, read_cohort(here / "UNREAD").slices, hospital.truth, BOX_SD_MM)
    tables = ("--regions", boxes, "--grades", here / "READ" / "reference.csv")
    call("cohort", "import", here / "UNREAD", *tables, "-o", cohort_of(here))
    one, other = readers
    expected = reference_of(one.first, other.first, settled)
    return ReadHospital(hospital, (one, other), expected, len(settled))


def cohort_of(folder: Path) -> Path:
    """Return where the cohort of a hospital in a folder lies."""
    return folder / f"COHORT_{folder.name}"


@dataclass(frozen=True)
class Model:
    """How the model is made: a recipe to train by, or none, for the model in the package."""

    recipe: Path | None


def model_and_report(internal: Path, external: Path, out: Path, model: Model, call: Call) -> Path:
    """Split, train, export, grade both ways, evaluate; return the folder of the report."""
    split = internal / "split.json"
    call("cohort", "split", internal, "-o", split)
    given: tuple[object, ...] = ()
    if model.recipe is not None:
        call("train", internal, "-o", out / "RUN", "--recipe", model.recipe, "--split", split)
        call("export", out / "RUN", "-o", out / "BUNDLE")
        split, given = out / "RUN" / "split.json", ("--model", out / "BUNDLE")
    for regions in ("located", "drawn"):
        for name, cohort in (("internal", internal), ("external", external)):
            shutil.rmtree(out / regions / name, ignore_errors=True)
            place = out / regions / name
            call("grade", cohort, "-o", place, "--regions", regions, *given)
    unseen = ("--split", split, "--only-unseen", "--compare", out / "located")
    call("evaluate", out / "drawn", internal, external, "-o", out / "REPORT", *unseen, *given)
    return out / "REPORT"
