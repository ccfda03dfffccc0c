"""A hospital's archive of simulated patients: who is in it, and at which rule each one leaves.

The studies are those of ``lumbargrade phantom``, under other Patient IDs and in a folder each, as
an archive has them: with a file that is no picture, a copy, and a patient of too few slices.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pydicom

from lumbargrade.cohort.read import CohortSlice, read_cohort

Call = Callable[..., str]
"""Runs ``lumbargrade ARGUMENTS`` and returns what it prints."""

FEW_SLICES = 3
LISTED = {
    "fracture": "vertebral fracture or active inflammation",
    "malignancy": "history of malignancy",
    "previous surgery": "previous spine surgery",
    "artefact": "severe artefact",
}
"""Reason in a list of exclusions -> reason of the rule."""


@dataclass(frozen=True)
class Group:
    """Patients who are simulated together, on these scanners in turn.

    ``reasons`` is by scanner why the rules of the hospital take them out; without one they stay.
    """

    patients: int
    seed: int
    scanners: tuple[str, ...]
    contrast: str = "t2"
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A hospital: its letter, its patients, and how many stay who are taken out one by one.

    ``few`` patients lose all but three axial slices, and each reason in ``listed`` takes one out.
    """

    letter: str
    groups: tuple[Group, ...]
    few: int = 1
    listed: tuple[str, ...] = tuple(LISTED)


@dataclass(frozen=True)
class Person:
    """A patient: Patient ID, why they are out (empty: in), what a list says, pictures, by plane."""

    name: str
    reason: str
    listed: str
    images: int
    axial: int


@dataclass(frozen=True)
class Hospital:
    """What was put in: ``truth`` is what the simulation says of each slice, by SOP Instance UID."""

    folder: Path
    people: tuple[Person, ...]
    truth: Mapping[str, CohortSlice]

    @property
    def archive(self) -> Path:
        """One folder of DICOM files for each study."""
        return self.folder / "archive"

    @property
    def exclusions(self) -> Path:
        """The list of manual exclusions."""
        return self.folder / "exclusions.csv"

    @property
    def included(self) -> tuple[Person, ...]:
        """Those who stay."""
        return tuple(one for one in self.people if not one.reason)


def build_hospital(folder: Path, simulated: Path, plan: Plan, call: Call) -> Hospital:
    """Simulate the patients, lay them out as an archive, and list who is to be excluded.

    What was simulated into the folder ``simulated`` before is used again.
    """
    people: list[Person] = []
    truth: dict[str, CohortSlice] = {}
    few, listed = plan.few, list(plan.listed)
    for number, group in enumerate(plan.groups):
        made = simulated / f"{plan.letter}-{number}"
        scanners = [word for name in group.scanners for word in ("--scanner", name)]
        size = ("--patients", group.patients, "--seed", group.seed)
        call("phantom", made, *size, *scanners, "--contrast", group.contrast)
        by_patient: dict[str, list[CohortSlice]] = {}
        for one in read_cohort(made).slices:
            by_patient.setdefault(one.patient_id, []).append(one)
        for whole in [*by_patient.values()][: group.patients]:
            slices = whole
            name = f"{plan.letter}{len(people) + 1:04d}"
            reason, why = group.reasons.get(slices[0].scanner, ""), ""
            if not reason and few:
                reason, few, slices = "too few axial T2 slices", few - 1, slices[:FEW_SLICES]
            elif not reason and listed:
                why = listed.pop(0)
                reason = LISTED[why]
            truth |= {one.sop_instance_uid: one for one in slices}
            study = made / "studies" / slices[0].patient_id
            images = _lay_out(study, folder / "archive" / name, name, slices)
            people.append(Person(name, reason, why, images, len(slices)))
    _untidy(folder / "archive", people[0].name)
    # Who is out by a rule may stand on the list as well, and is counted at the rule.
    also = next((one.name for one in people if one.reason and not one.listed), "")
    rows = [f"{one.name},{one.listed},a note" for one in people if one.listed]
    rows += [f"{also},{plan.listed[0]},"] if also and plan.listed else []
    (folder / "exclusions.csv").write_text("\n".join(["patient,reason,note", *rows, ""]), "utf-8")
    return Hospital(folder, tuple(people), truth)


def _lay_out(study: Path, target: Path, name: str, kept: Sequence[CohortSlice]) -> int:
    """Copy a study under another Patient ID; of the axial series only the slices that are kept."""
    axial = {one.file.resolve() for one in kept}
    graded = {one.file.parent.name for one in kept}
    images = 0
    for path in sorted(study.rglob("*.dcm")):
        if path.parent.name in graded and path.resolve() not in axial:
            continue
        dataset = pydicom.dcmread(path)
        dataset.PatientID = dataset.StudyID = name
        dataset.PatientName = f"SIMULATED^{name}"
        place = target / path.relative_to(study)
        place.parent.mkdir(parents=True, exist_ok=True)
        dataset.save_as(place, enforce_file_format=True)
        images += 1
    return images


def _untidy(archive: Path, name: str) -> None:
    """Add what archives hold beside pictures: a note, and a second copy of a file."""
    (archive / "readme.txt").write_text("not a picture", "utf-8")
    first = min((archive / name).glob("sagittal*/*.dcm"))
    (archive / "again").mkdir()
    shutil.copyfile(first, archive / "again" / first.name)
