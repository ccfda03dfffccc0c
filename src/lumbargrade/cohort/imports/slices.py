"""From what was found for the slices of a study to slices of a cohort on disk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from lumbargrade.cohort.describe import described
from lumbargrade.cohort.imports.assembly import Draft, StudyDrafts
from lumbargrade.cohort.imports.studies import ReadStudy
from lumbargrade.cohort.read import CohortSlice
from lumbargrade.cohort.write import take_in
from lumbargrade.errors import CohortError
from lumbargrade.grading.system import KNOWN_SYSTEMS
from lumbargrade.study.model import Slice
from lumbargrade.study.series.kind import plane_of

_NEEDS_DISC = frozenset(
    output for system in KNOWN_SYSTEMS.values() if system.needs_disc for output in system.outputs
)


def write_slices(
    folder: Path, patient: str, read: ReadStudy, drafts: StudyDrafts, external: bool
) -> list[CohortSlice]:
    """Return the slices of the drafts, in the order of their files.

    All slices of their series and the sagittal series of the study are taken into ``folder``, since
    levels are derived from both. Raises CohortError if a file lies in a zip; OutputError if it
    cannot be copied.
    """
    series = {one.candidate.picture.series_instance_uid for one in drafts.drafts.values()}
    series |= _sagittal(read)
    numbers: dict[str, int] = {}
    files: dict[str, Path] = {}
    for one in read.material.candidates:
        uid = one.picture.series_instance_uid
        if uid not in series or one.picture.sop_instance_uid in files:
            continue
        if not one.path.is_file():
            raise CohortError(
                f"{one.file}: lies in a zip or has an unprintable name: unpack the "
                "study with plain file names"
            )
        place = numbers.setdefault(uid, len(numbers) + 1)
        target = folder / f"{place:02d}/{len(files) + 1:04d}.dcm"
        take_in(one.path, target)
        files[one.picture.sop_instance_uid] = target
    return [
        _slice(read, draft, files[sop], patient, external) for sop, draft in _in_order(read, drafts)
    ]


def _sagittal(read: ReadStudy) -> set[str]:
    """Return the sagittal series that lie there as plain files."""
    ours: dict[str, bool] = {}
    for one in read.material.candidates:
        uid, normal = one.picture.series_instance_uid, one.picture.geometry.normal
        fits = plane_of(normal) == "sagittal" and one.path.is_file()
        ours[uid] = ours.get(uid, True) and fits
    return {uid for uid, fits in ours.items() if fits}


def _slice(read: ReadStudy, draft: Draft, file: Path, patient: str, external: bool) -> CohortSlice:
    picture, known = draft.candidate.picture, draft.known
    center, box = _region(draft)
    grades = {**(known.grades if known else {}), **draft.grades}
    base = known or described(picture, file, patient, read.reference)
    return replace(
        base,
        patient_id=patient,
        file=file,
        series_instance_uid=picture.series_instance_uid,
        level=draft.level,
        disc_in_plane=_disc(draft, grades),
        center_px=center,
        grades=grades,
        external=external or base.external,
        field_strength_t=picture.acquisition.magnetic_field_strength_t,
        box_px=box,
        center_mm=None if center is None else _in_patient(picture, center),
        size_mm=None if box is None else _size_mm(picture, box),
    )


def _in_order(read: ReadStudy, drafts: StudyDrafts) -> Iterable[tuple[str, Draft]]:
    for one in read.material.candidates:
        draft = drafts.drafts.get(one.picture.sop_instance_uid)
        if draft is not None and draft.candidate is one:
            yield one.picture.sop_instance_uid, draft


def _region(
    draft: Draft,
) -> tuple[tuple[float, float] | None, tuple[float, float, float, float] | None]:
    """Return centre and box: what was imported, else what the cohort knew."""
    if draft.box is None:
        return (draft.known.center_px, draft.known.box_px) if draft.known else (None, None)
    x, y, width, height = draft.box
    return (x + width / 2, y + height / 2), draft.box


def _disc(draft: Draft, grades: dict[str, int | None]) -> bool | None:
    """A grade that only a disc can have shows that there is one; nothing shows its absence."""
    if any(grades.get(output) is not None for output in _NEEDS_DISC):
        return True
    return draft.known.disc_in_plane if draft.known else None


def _in_patient(picture: Slice, center: tuple[float, float]) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in picture.geometry.to_patient(*center))
    return x, y, z


def _size_mm(picture: Slice, box: tuple[float, float, float, float]) -> tuple[float, float]:
    between_rows, between_columns = picture.geometry.pixel_spacing_mm
    return box[2] * between_columns, box[3] * between_rows
