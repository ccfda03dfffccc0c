"""``grades.dcm``: the grades of a study as a DICOM structured report, and their way back.

Comprehensive 3D SR with TID 1500 at its root, as IHE AI Results asks for. It is always
UNVERIFIED and says that it is for research. Its bytes follow from what it says, its UIDs from
its bytes: the same grades give the same file, and anything else another UID.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import highdicom as hd
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.uid import UID
from pydicom.valuerep import DA, TM

from lumbargrade.errors import OutputError
from lumbargrade.files.quiet import quietly
from lumbargrade.grading.system import KNOWN_SYSTEMS, GradingSystem
from lumbargrade.outputs.dicom import sr_codes as codes
from lumbargrade.outputs.dicom import sr_measures, sr_summary
from lumbargrade.outputs.dicom.sr_content import SrFinding, findings_of, groups, read_group
from lumbargrade.outputs.dicom.sr_discs import disc_findings_of
from lumbargrade.outputs.dicom.sr_header import OF_A_COPY, complete, content_moment
from lumbargrade.outputs.dicom.sr_measures import SrMeasures, is_measures, measures_of
from lumbargrade.outputs.dicom.sr_references import check_references
from lumbargrade.outputs.dicom.sr_summary import SrSummary, is_summary, summaries_of
from lumbargrade.outputs.dicom.sr_text import NO_NOTES, SrNotes, containers, notes_of
from lumbargrade.study.dicom.references import decoded
from lumbargrade.study.graded import GradedStudy
from lumbargrade.study.uids import uid_of

FILE_NAME = "grades.dcm"
MANUFACTURER = "lumbargrade (research use only)"
SERIES_NUMBER = 9001
_LONGEST_SHORT_TEXT = 64
_NOT_YET = "2.25.0"
"""Stands for the UIDs of a report until its bytes are known."""
_Read = TypeVar("_Read")
_DEVICE = hd.sr.CodedConcept("121007", "DCM", "Device")


@dataclass(frozen=True)
class SrAuthor:
    """Who graded: a model (with its SHA-256), or readers, whose grades are only passed on."""

    name: str
    version: str
    sha256: str = ""
    software_version: str = ""


@dataclass(frozen=True)
class SrContent:
    """What a report says: of slices, of their measures, of levels and the study, and notes."""

    findings: Sequence[SrFinding]
    measures: Sequence[SrMeasures] = ()
    summaries: Sequence[SrSummary] = ()
    notes: SrNotes = NO_NOTES


def write(graded: GradedStudy, folder: Path) -> Path:
    """Write ``grades.dcm`` into an existing folder and return its path.

    Raises OutputError if a graded slice has no header to refer to or shares its SOP Instance UID
    with another, nothing is graded, or the report cannot be made.
    """
    check_references(graded.grades.slices)
    model = graded.grades.model
    author = SrAuthor(model.name, model.version, model.sha256, graded.grades.software_version)
    evidence = {uid: decoded(stored) for uid, stored in graded.references.items()}
    with _told_in_one_line():
        content = SrContent(
            [*findings_of(graded, evidence), *disc_findings_of(graded, evidence)],
            measures_of(graded),
            summaries_of(graded),
            notes_of(graded.grades),
        )
    report = build(content, evidence, author, graded.systems)
    path = folder / FILE_NAME
    with quietly():
        report.save_as(path, enforce_file_format=True)
    return path


def build(
    content: SrContent,
    evidence: Mapping[str, Dataset],
    author: SrAuthor,
    systems: Mapping[str, GradingSystem] = KNOWN_SYSTEMS,
) -> Dataset:
    """Return the report of one study.

    Raises OutputError if there is no finding, or highdicom refuses what a header says.
    """
    if not content.findings:
        raise OutputError("nothing was graded: there is nothing to report")
    uids = dict.fromkeys(one.sop_instance_uid for one in content.findings)
    with _told_in_one_line(), quietly():  # highdicom warns of a name by quoting it
        used = {uid: complete(evidence[uid]) for uid in uids}
        return _identified(_report(content, used, author, systems))


@contextmanager
def _told_in_one_line() -> Iterator[None]:
    """Make an OutputError of whatever the headers of a study lead to."""
    try:
        yield
    except OutputError:
        raise
    except Exception as error:  # a hostile header raises anything
        raise OutputError(
            f"the structured report cannot be made ({_without_values(error)}): the headers of the "
            "study lack required attributes, or hold values that DICOM does not allow"
        ) from error


def _without_values(error: Exception) -> str:
    """Say what went wrong; an error that may quote a header, and so a name, by its type alone."""
    return str(error) if isinstance(error, AttributeError | KeyError) else type(error).__name__


def _report(
    content: SrContent,
    used: Mapping[str, Dataset],
    author: SrAuthor,
    systems: Mapping[str, GradingSystem],
) -> hd.sr.Comprehensive3DSR:
    algorithm = _algorithm(author) if author.sha256 else None
    root = hd.sr.MeasurementReport(
        observation_context=_observer(author),
        procedure_reported=codes.PROCEDURE,
        imaging_measurements=[
            *groups(list(content.findings), used, systems, algorithm),
            *sr_measures.groups(content.measures, used, algorithm),
            *sr_summary.groups(content.summaries, used, systems, algorithm),
        ],
        title=Code("126000", "DCM", "Imaging Measurement Report"),
    )
    root[0].ContentSequence.extend(containers(content.notes))
    report = hd.sr.Comprehensive3DSR(
        evidence=list(used.values()),
        content=root,
        series_instance_uid=_NOT_YET,
        series_number=SERIES_NUMBER,
        sop_instance_uid=_NOT_YET,
        instance_number=1,
        manufacturer=MANUFACTURER,
        is_complete=True,
        series_description=f"Lumbar grades: {author.name}"[:_LONGEST_SHORT_TEXT],
        software_versions=author.software_version or "unknown",
        manufacturer_model_name=author.name[:_LONGEST_SHORT_TEXT],
        device_serial_number=author.version[:_LONGEST_SHORT_TEXT] or "none",
    )
    report.CodingSchemeIdentificationSequence = [_scheme()]
    first = next(iter(used.values()))
    date, time = content_moment(first)
    report.ContentDate, report.ContentTime = DA(date), TM(time)
    for keyword in OF_A_COPY:
        if keyword in first:
            setattr(report, keyword, first[keyword].value)
    # What highdicom takes from the clock.
    del report.InstanceCreationDate, report.InstanceCreationTime
    for equipment in report.get("ContributingEquipmentSequence", ()):
        del equipment.ContributionDateTime
    return report


def _identified(report: hd.sr.Comprehensive3DSR) -> Dataset:
    """Give a report the UIDs that follow from its bytes.

    It is the report as read from those bytes: its content is stored as it is, and not encoded a
    second time.
    """
    stream = BytesIO()
    report.save_as(stream, enforce_file_format=True)
    says = stream.getvalue()
    found = dcmread(BytesIO(says))
    found.SeriesInstanceUID = UID(uid_of(says, "SR series"))
    found.SOPInstanceUID = UID(uid_of(says, "SR instance"))
    found.file_meta.MediaStorageSOPInstanceUID = found.SOPInstanceUID
    return found


def read(path: Path) -> list[SrFinding]:
    """Read the findings of a report that :func:`write` wrote, in the order of its groups.

    Raises OutputError if the file cannot be read, or is not such a report.
    """
    return _read(path, lambda one: None if is_measures(one) or is_summary(one) else read_group(one))


def read_measures(path: Path) -> list[SrMeasures]:
    """Read the measures of a report that :func:`write` wrote, in the order of its groups.

    Raises OutputError if the file cannot be read, or is not such a report.
    """
    return _read(path, lambda one: sr_measures.read_group(one) if is_measures(one) else None)


def read_summaries(path: Path) -> list[SrSummary]:
    """Read the worst grades of a report that :func:`write` wrote, in the order of its groups.

    Raises OutputError if the file cannot be read, or is not such a report.
    """
    return _read(path, lambda one: sr_summary.read_group(one) if is_summary(one) else None)


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


def _scheme() -> Dataset:
    item = Dataset()
    item.CodingSchemeDesignator = codes.SCHEME
    item.CodingSchemeUID = codes.SCHEME_UID
    item.CodingSchemeName = "lumbargrade grading systems"
    item.CodingSchemeResponsibleOrganization = "The lumbargrade authors"
    return item
