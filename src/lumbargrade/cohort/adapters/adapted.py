"""What every adapter does: take pictures in, keep the set's own labels, say what was left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from pydicom.dataset import Dataset

from lumbargrade.cohort.describe import described
from lumbargrade.cohort.read import CohortSlice
from lumbargrade.cohort.write import (
    origin_description,
    take_in,
    unique_name,
    write_description,
    write_patient,
)
from lumbargrade.errors import CohortError
from lumbargrade.files.table import write_rows
from lumbargrade.grading.level import Level
from lumbargrade.study.dicom.references import references_of
from lumbargrade.study.model import Slice, Study

LABELS_FILE = "labels.csv"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Label:
    """One label as the set gives it; it belongs to a level, not to a slice.

    Attributes
    ----------
    level : None where the disc has no name in this project (above L1/L2).
    disc : number of the disc from the lowest (1) upward, where the set counts so.
    system, side, grade : in the words of ``grading/systems/public/*.toml``; grade None: not known.
    original : column and value of the set's own table.
    sop : of the picture on which the set marks the place; ``x_px``, ``y_px`` are the place,
        (0, 0) the centre of the first pixel.
    x_mm, y_mm, z_mm : the same place in the patient (LPS).
    """

    patient: str
    level: Level | None
    disc: int | None
    system: str
    side: str
    grade: int | None
    original: str
    series: str = ""
    sop: str = ""
    x_px: float | None = None
    y_px: float | None = None
    x_mm: float | None = None
    y_mm: float | None = None
    z_mm: float | None = None


class AdaptedCohort:
    """A cohort that is being made in ``folder``, and what of the set was left out."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.folder, self.origin = folder, origin
        self.slices: dict[str, list[CohortSlice]] = {}
        self.studies: dict[str, str] = {}
        self.labels: list[Label] = []
        self._left_out: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._seen: set[str] = set()
        self._folders: dict[tuple[str, str], str] = {}

    def take(
        self, study: Study, base: Path, patient: str, wanted: Iterable[Slice]
    ) -> list[CohortSlice]:
        """Take the wanted slices of a study below ``base`` in; nothing is known of them yet.

        Raises OutputError if a file cannot be copied.
        """
        taken, references = [], references_of(study)
        place = self._folder_of(study.study_instance_uid, patient)
        for one in wanted:
            if one.sop_instance_uid in self._seen:
                self.leave_out("slices with a repeated SOP Instance UID")
                continue
            target = place / f"{len(self._seen):06d}.dcm"
            take_in(base / one.source_file, target)
            self._seen.add(one.sop_instance_uid)
            reference = references.get(one.sop_instance_uid, Dataset())
            taken.append(described(one, target, patient, reference))
        self.studies.setdefault(patient, study.study_instance_uid)
        return taken

    def _folder_of(self, study_instance_uid: str, patient: str) -> Path:
        """Return the study's own folder: ``grade`` reads one study at a time."""
        key = (patient, study_instance_uid)
        if key not in self._folders:
            self._folders[key] = unique_name(patient, set(self._folders.values()))
        return self.folder / "studies" / self._folders[key]

    def leave_out(self, what: str, count: int = 1, example: str = "") -> None:
        """Note that ``count`` things were left out; the first example is kept."""
        self._left_out[what] += count
        if example:
            self._examples.setdefault(what, example)

    @property
    def left_out(self) -> list[str]:
        """What was left out, one text a kind, with its number and an example."""
        return [
            f"{count} {what}"
            + (f", for example {self._examples[what]}" if what in self._examples else "")
            for what, count in self._left_out.items()
            if count
        ]

    def add(self, patient: str, slices: Sequence[CohortSlice]) -> None:
        """Add the slices of one patient, once what the set says of them is in them."""
        if slices:
            self.slices.setdefault(patient, []).extend(slices)

    def finish(self) -> None:
        """Write truth files, labels and the description.

        Raises CohortError if no slice was taken in.
        """
        if not self.slices:
            why = "; ".join(self.left_out) or "none was found"
            raise CohortError(f"no image of the data set could be imported: {why}")
        for patient, slices in self.slices.items():
            write_patient(self.folder, self.studies[patient], slices)
        if self.labels:
            write_labels(self.labels, self.folder / LABELS_FILE)
        write_description(self.folder, origin_description(len(self.slices), self.origin))


def write_labels(labels: Iterable[Label], path: Path) -> None:
    """Write ``labels.csv``, one row a label; what is not known is empty."""
    names = [one.name for one in fields(Label)]
    write_rows(path, names, ([getattr(label, name) for name in names] for label in labels))
