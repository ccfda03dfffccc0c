"""``grades.dcm``: the grades of a study as a DICOM structured report, and their way back.

Comprehensive 3D SR with TID 1500 at its root, as IHE AI Results asks for. It is always
UNVERIFIED and says that it is for research.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import highdicom as hd
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from lumbargrade.errors import OutputError
from lumbargrade.grading.system import KNOWN_SYSTEMS, GradingSystem
from lumbargrade.outputs.dicom import sr_codes as codes
from lumbargrade.outputs.dicom import sr_measures
from lumbargrade.outputs.dicom.sr_content import SrFinding, findings_of, groups, read_group
from lumbargrade.outputs.dicom.sr_measures import SrMeasures, is_measures, measures_of
from lumbargrade.outputs.dicom.sr_references import check_references
from lumbargrade.study.dicom.references import decoded
from lumbargrade.study.graded import GradedStudy
from lumbargrade.study.uids import uid_of

FILE_NAME = "grades.dcm"
MANUFACTURER = "lumbargrade (research use only)"
SERIES_NUMBER = 9001
_LONGEST_SHORT_TEXT = 64
_Read = TypeVar("_Read")
_DEVICE = hd.sr.CodedConcept("121007", "DCM", "Device")


@dataclass(frozen=True)
class SrAuthor:
    """Who graded: a model (with its SHA-256), or readers, whose grades are only passed on."""

    name: str
    version: str
    sha256: str = ""
    software_version: str = ""


def write(graded: GradedStudy, folder: Path) -> Path:
    """Write ``grades.dcm`` into an existing folder and return its path.

    Raises OutputError if a graded slice has no header to refer to or shares its SOP Instance UID
    with another, nothing is graded, or the report cannot be made.
    """
    check_references(graded.grades.slices)
    model = graded.grades.model
    author = SrAuthor(model.name, model.version, model.sha256, graded.grades.software_version)
    evidence = {uid: decoded(stored) for uid, stored in graded.references.items()}
    findings = findings_of(graded, evidence)
    report = build(findings, evidence, author, graded.systems, measures_of(graded))
    path = folder / FILE_NAME
    report.save_as(path, enforce_file_format=True)
    return path


def build(
    findings: Sequence[SrFinding],
    evidence: Mapping[str, Dataset],
    author: SrAuthor,
    systems: Mapping[str, GradingSystem] = KNOWN_SYSTEMS,
    measures: Sequence[SrMeasures] = (),
) -> hd.sr.Comprehensive3DSR:
    """Return the report of findings and measures of one study; its UIDs follow from what it says.

    Raises OutputError if there is no finding, or highdicom refuses what a header says.
    """
    if not findings:
        raise OutputError("nothing was graded: there is nothing to report")
    used = {
        uid: _complete(evidence[uid]) for uid in dict.fromkeys(f.sop_instance_uid for f in findings)
    }
    first = next(iter(used.values()))
    says = repr((list(findings), author, str(first.StudyInstanceUID), *measures)).encode()
    algorithm = _algorithm(author) if author.sha256 else None
    try:
        content = hd.sr.MeasurementReport(
            observation_context=_observer(author),
            procedure_reported=codes.PROCEDURE,
            imaging_measurements=[
                *groups(list(findings), used, systems, algorithm),
                *sr_measures.groups(measures, used, algorithm),
            ],
            title=Code("126000", "DCM", "Imaging Measurement Report"),
        )
        report = hd.sr.Comprehensive3DSR(
            evidence=list(used.values()),
            content=content,
            series_instance_uid=uid_of(says, "SR series"),
            series_number=SERIES_NUMBER,
            sop_instance_uid=uid_of(says, "SR instance"),
            instance_number=1,
            manufacturer=MANUFACTURER,
            is_complete=True,
            series_description=f"Lumbar grades: {author.name}"[:_LONGEST_SHORT_TEXT],
            software_versions=author.software_version or "unknown",
            manufacturer_model_name=author.name[:_LONGEST_SHORT_TEXT],
            device_serial_number=author.version[:_LONGEST_SHORT_TEXT] or "none",
        )
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise OutputError(
            f"the structured report cannot be made ({error}): the headers of the study lack "
            "required attributes"
        ) from error
    report.CodingSchemeIdentificationSequence = [_scheme()]
    return report


def read(path: Path) -> list[SrFinding]:
    """Read the findings of a report that :func:`write` wrote, in the order of its groups.

    Raises OutputError if the file cannot be read, or is not such a report.
    """
    return _read(path, lambda group: None if is_measures(group) else read_group(group))


def read_measures(path: Path) -> list[SrMeasures]:
    """Read the measures of a report that :func:`write` wrote, in the order of its groups.

    Raises OutputError if the file cannot be read, or is not such a report.
    """
    return _read(path, lambda group: sr_measures.read_group(group) if is_measures(group) else None)


def _read(path: Path, meaning: Callable[[Any], _Read | None]) -> list[_Read]:
    """Read what the groups of a report mean; groups that mean nothing here are passed over."""
    try:
        report: Any = hd.sr.srread(path)
        content = report.content
        groups = [
            *content.get_planar_roi_measurement_groups(),
            *content.get_image_measurement_groups(),
        ]
        return [found for one in groups if (found := meaning(one)) is not None]
    except Exception as error:  # a hostile file raises anything
        raise OutputError(
            f"{path}: cannot be read as a structured report of lumbargrade "
            f"({type(error).__name__}): write it again"
        ) from error


def _observer(author: SrAuthor) -> hd.sr.ObservationContext:
    what = f"{author.name} {author.version} {author.sha256}".encode()
    device = hd.sr.DeviceObserverIdentifyingAttributes(
        uid=uid_of(what, "device"),
        name="lumbargrade",
        manufacturer_name=MANUFACTURER,
        model_name=author.name[:_LONGEST_SHORT_TEXT],
    )
    context = hd.sr.ObserverContext(observer_type=_DEVICE, observer_identifying_attributes=device)
    return hd.sr.ObservationContext(observer_device_context=context)


def _algorithm(author: SrAuthor) -> hd.sr.AlgorithmIdentification:
    return hd.sr.AlgorithmIdentification(
        name=author.name,
        version=author.version,
        parameters=[f"SHA-256 {author.sha256}", "research use only"],
        family=codes.AI,
        manufacturer=MANUFACTURER,
    )


def _complete(reference: Dataset) -> Dataset:
    """Return a header in which every element that a report repeats is there, if empty."""
    whole = Dataset(reference)
    for keyword in (
        *("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "AccessionNumber"),
        *("StudyID", "StudyDate", "StudyTime", "ReferringPhysicianName"),
    ):
        if keyword not in whole:
            setattr(whole, keyword, "")
    return whole


def _scheme() -> Dataset:
    item = Dataset()
    item.CodingSchemeDesignator = codes.SCHEME
    item.CodingSchemeUID = codes.SCHEME_UID
    item.CodingSchemeName = "lumbargrade grading systems"
    item.CodingSchemeResponsibleOrganization = "The lumbargrade authors"
    return item
