"""Bring regions and grades to studies and make a cohort of them, whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lumbargrade.archive.keyed_names import keyed_names
from lumbargrade.cohort.discs import DiscTable
from lumbargrade.cohort.imports.assembly import StudyDrafts
from lumbargrade.cohort.imports.boxes import BoxRow
from lumbargrade.cohort.imports.filling import Given, ImportOptions, fill
from lumbargrade.cohort.imports.flow_filter import Chosen, read_chosen
from lumbargrade.cohort.imports.patient_names import PatientNames
from lumbargrade.cohort.imports.reference import ReferenceRule
from lumbargrade.cohort.imports.slices import write_slices
from lumbargrade.cohort.imports.studies import ReadStudy, StudySource, list_sources, read_material
from lumbargrade.cohort.imports.tables import ImportTables, owners_of, read_tables
from lumbargrade.cohort.imports.unread import UnreadSlices
from lumbargrade.cohort.provenance import keep_flow
from lumbargrade.cohort.read import CohortSlice
from lumbargrade.cohort.write import (
    origin_description,
    unique_name,
    write_description,
    write_patient,
)
from lumbargrade.errors import CohortError
from lumbargrade.files.staging import staged
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Reading

Progress = Callable[[int, int], None]


@dataclass
class ImportSummary:
    """What the new cohort holds."""

    patients: int = 0
    slices: int = 0
    regions: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def import_cohort(
    source: Path,
    regions: Sequence[Path],
    grades: Path | None,
    out: Path,
    options: ImportOptions,
    progress: Progress = lambda *_: None,
) -> ImportSummary:
    """Write a cohort of the slices that have a region or a grade to the folder ``out``.

    With ``options.unread``, of all slices that can be read.

    ``progress`` is called with (studies read, all studies).

    Raises
    ------
    CohortError
        If there is nothing to import, a file or study cannot be read, or with the faults
        that were found, one a line.
    OutputError
        If ``out`` cannot be written.
    """
    chosen = read_chosen(options.flow, options.key)
    if not regions and grades is None and not options.unread:
        raise CohortError(
            "nothing to import: give --regions, --grades or both, or --unread for slices that are "
            "still to be read"
        )
    faults, summary = Faults(), ImportSummary()
    namer = PatientNames()
    used: Counter[str] = Counter()
    patients: dict[str, list[CohortSlice]] = {}
    uids: dict[str, str] = {}
    with staged(out) as folder:
        tables = read_tables(regions, grades, faults)
        sources = list_sources(source)
        given = Given(
            tables,
            owners_of(tables.masks, sources, faults),
            chosen,
            ReferenceRule.of((*tables.grades, *tables.disc_grades), options.reader),
            UnreadSlices(options.contrast, options.lowest_level) if options.unread else None,
        )
        names, rule, unread = keyed_names(options.key), given.rule, given.unread
        discs = DiscTable(tables.disc_grades)
        for done, one in enumerate(sources.studies, start=1):
            progress(done, len(sources.studies))
            read = _read(one, unread)
            if read is None:
                continue
            drafts = StudyDrafts(replace(read.material, names=names), sources.known, faults)
            namer.left_out += fill(drafts, read, given, options)
            used.update(drafts.used)
            patient = _patient(one, read, drafts, chosen, namer)
            own = discs.of(drafts.material.fits)
            if patient is not None or not given.inside(read):
                used.update(own)
            if patient is not None:
                discs.take(own, patient)
                name = one.name if chosen is None else patient  # a folder may be a Patient ID
                study = folder / "studies" / unique_name(name, namer.folders)
                written = write_slices(study, patient, read, drafts, options.external)
                patients.setdefault(patient, []).extend(written)
                uids.setdefault(patient, read.study.study_instance_uid)
        _unused(tables, used, faults)
        faults.check(CohortError)
        if not patients:
            raise _nothing(source, namer.left_out, unread)
        for patient, slices in patients.items():
            write_patient(folder, uids[patient], slices)
        summary.grades.update(discs.write(folder, rule.settle))
        made_by = rule.made_by.union(*(one.reference_by for one in sources.known.values()))
        description = origin_description(len(patients), "import", sources.simulated)
        keep_flow(options.flow or source, folder)
        write_description(folder, description | {"reference_readers": sorted(made_by)})
    summary.notes += namer.notes
    if namer.left_out:
        summary.notes.append(f"{namer.left_out} studies are not in the flow and were excluded")
    _summarise(summary, patients)
    summary.notes += [*tables.notes, *rule.notes(), *(unread.notes() if unread is not None else ())]
    return summary


def _read(source: StudySource, unread: UnreadSlices | None) -> ReadStudy | None:
    """Read a study; None where it cannot be read, which an archive still to be read survives."""
    try:
        return read_material(source)
    except CohortError as error:
        if unread is None:
            raise
        unread.refused.append(str(error))
        return None


def _patient(
    one: StudySource,
    read: ReadStudy,
    drafts: StudyDrafts,
    chosen: Chosen | None,
    namer: PatientNames,
) -> str | None:
    """Return the patient's name in the new cohort; None where nothing of the study goes in."""
    if not drafts.drafts:
        return None
    if chosen is None:
        return one.patient or namer.name(one.name, read.study.patient_id)
    patient = chosen.keep(drafts)
    namer.left_out += patient is None
    return patient


def _nothing(folder: Path, left_out: int, unread: UnreadSlices | None) -> CohortError:
    if unread is not None and unread.refused:
        return CohortError(
            f"{folder}: holds no axial {unread.contrast} slice to read: {unread.refused[0]}"
        )
    if left_out:
        what = "" if unread is not None else " with a region or grade"
        return CohortError(
            f"{folder}: none of {left_out} studies{what} is in the flow: give the flow of this "
            "archive, and the key of its index with --key"
        )
    return CohortError(
        f"{folder}: no slice has a region or a grade: give --regions, or --unread for slices that "
        "are still to be read"
    )


def _unused(tables: ImportTables, used: Counter[str], faults: Faults) -> None:
    for disc in tables.disc_grades:
        if not used[disc.where]:
            faults.add(
                disc.where,
                f"patient {disc.key.patient} has no slice in the cohort: check the name, or take "
                "all slices in with --unread",
            )
    rows: tuple[BoxRow | Reading, ...] = (*tables.boxes, *tables.grades)
    for row in rows:
        if used[row.where] > 1:
            faults.add(row.where, f"matches slices of several studies ({row.key}): name the study")
        elif not used[row.where] and row.key.names_slice:
            faults.add(row.where, f"matches no slice ({row.key}): check patient, file and UID")
        elif not used[row.where]:
            faults.add(
                row.where,
                f"patient {row.key.patient} has no slice with a region at this level: name the "
                "slice, or the levels with --lowest-level",
            )


def _summarise(summary: ImportSummary, patients: Mapping[str, Sequence[CohortSlice]]) -> None:
    slices = [one for some in patients.values() for one in some]
    summary.patients, summary.slices = len(patients), len(slices)
    summary.regions = sum(one.center_px is not None for one in slices)
    graded = [one for one in slices if any(each is not None for each in one.grades.values())]
    for one in graded:
        summary.grades.update(name for name, grade in one.grades.items() if grade is not None)
    if lacking := sum(one.center_px is None for one in graded):
        summary.notes.append(f"{lacking} slices have no region: used by `evaluate`, not by `train`")
    if len(graded) < len(slices):
        summary.notes.append(
            f"{len(slices) - len(graded)} slices have no grade: let readers grade them "
            "(`lumbargrade read`), then import their grades into a new cohort"
        )
