"""RSNA 2024 Lumbar Spine Degenerative Classification (LumbarDISC), as its archive unpacks.

``train.csv`` (a row a study, a column ``<condition>_<level>``), ``train_label_coordinates.csv``
(where on which instance a label was placed), ``train_series_descriptions.csv`` and
``train_images/<study>/<series>/<instance>.dcm``.

As released, every series of a study repeats the same SOP Instance UIDs (``<study>.1.<instance>``)
and no header says that it is MR. So the axial pictures are copied with a UID of their own, made
from study, series and instance.

A label belongs to a level and goes into ``labels.csv``, with its place in the patient. Only
subarticular labels were placed on axial slices; the slice on which one was placed has it in its
truth file too.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from lumbargrade.cohort.adapters.adapted import AdaptedCohort, Label, Progress
from lumbargrade.cohort.adapters.released import copy_as_mr
from lumbargrade.cohort.adapters.rsna2024_tables import (
    AXIAL,
    CONDITIONS,
    GRADES,
    LEVELS,
    RECESS,
    Place,
    Tables,
    read_tables,
)
from lumbargrade.cohort.describe import described
from lumbargrade.cohort.read import CohortSlice
from lumbargrade.errors import CohortError, StudyError
from lumbargrade.study.dicom.references import references_of
from lumbargrade.study.model import Slice, Study
from lumbargrade.study.read import read_study
from lumbargrade.study.uids import uid_of

Pictures = dict[tuple[str, str], Slice]
"""(series, instance), as folders and files name them -> picture."""


def adapt(folder: Path, cohort: AdaptedCohort, progress: Progress) -> None:
    """Take in every axial T2 slice and keep every label.

    Raises CohortError if a table or the pictures are missing, or a table says something unknown
    (every fault in one line).
    """
    tables = read_tables(folder)
    images = folder / "train_images"
    studies = sorted(path for path in images.glob("*") if path.is_dir() and path.name.isdecimal())
    if not studies:
        raise CohortError(f"{images}: holds no study: unpack the images beside train.csv")
    absent = len(set(tables.labels) - {path.name for path in studies})
    if absent:
        cohort.leave_out("studies of train.csv without images", absent)
    for done, study in enumerate(studies, start=1):
        _take_study(study, tables, cohort)
        progress(done, len(studies))


def _take_study(folder: Path, tables: Tables, cohort: AdaptedCohort) -> None:
    name = folder.name
    place = cohort.folder / "studies" / name
    _copy_axial(folder, place, tables.descriptions.get(name, {}), cohort)
    study = _read_copies(place, cohort)
    axial = {} if study is None else _by_name(study)
    pictures = axial | _marked_elsewhere(folder, tables, axial)
    labels = list(_labels(name, tables, pictures))
    cohort.labels += labels
    if study is not None:
        references = references_of(study)
        taken = [
            described(one, place / one.source_file, name, references[one.sop_instance_uid])
            for one in axial.values()
        ]
        cohort.studies[name] = study.study_instance_uid
        cohort.add(name, [_with_labels(one, labels) for one in taken])
    lost = sum(label.x_px is not None and not label.sop for label in labels)
    if lost:
        cohort.leave_out("labels placed on a missing image", lost)


def _copy_axial(
    folder: Path, place: Path, descriptions: Mapping[str, str], cohort: AdaptedCohort
) -> None:
    """Copy the axial T2 series of a study to ``place/<series>/<instance>.dcm``."""
    for series in sorted(one for one, what in descriptions.items() if what == AXIAL):
        for source in sorted((folder / series).glob("*.dcm")):
            key = f"RSNA 2024 {folder.name}/{series}/{source.stem}"
            target = place / series / source.name
            try:
                copy_as_mr(source, target, uid_of(key.encode(), "instance"), AXIAL)
            except StudyError as error:
                cohort.leave_out("images that cannot be read", example=str(error))


def _read_copies(place: Path, cohort: AdaptedCohort) -> Study | None:
    """Read the axial slices of a study; None if there are none, which leaves no folder behind."""
    if not place.is_dir():
        cohort.leave_out("studies without an axial T2 image", example=place.name)
        return None
    try:
        study = read_study(place)
    except StudyError as error:
        shutil.rmtree(place)
        cohort.leave_out("studies that cannot be read", example=str(error))
        return None
    if study.not_read:
        first = study.not_read[0]
        example = f"{place.name}/{first.what}: {first.reason}"
        cohort.leave_out("images that cannot be read", len(study.not_read), example)
    return study


def _by_name(study: Study) -> Pictures:
    found = (one for series in study.series for one in series.slices if one.frame_number == 1)
    paths = ((PurePosixPath(one.source_file), one) for one in found)
    return {(path.parent.name, path.stem): one for path, one in paths}


def _marked_elsewhere(folder: Path, tables: Tables, axial: Pictures) -> Pictures:
    """Read the sagittal images on which labels were placed, one by one: their UIDs repeat."""
    places = tables.places.get(folder.name, {}).values()
    found: Pictures = {}
    for series, instance in sorted({(one.series, one.instance) for one in places} - set(axial)):
        path = folder / series / f"{instance}.dcm"
        try:
            found[series, instance] = read_study(path).series[0].slices[0]
        except StudyError:
            continue  # counted with the labels that were placed on it
    return found


def _labels(study: str, tables: Tables, pictures: Pictures) -> Iterator[Label]:
    row = tables.labels.get(study, {})
    for condition, (system, side) in CONDITIONS.items():
        for part, level in LEVELS.items():
            column = f"{condition}_{part}"
            place = tables.places.get(study, {}).get((condition, level))
            picture = None if place is None else pictures.get((place.series, place.instance))
            label = Label(
                patient=study,
                level=level,
                disc=None,
                system=system,
                side=side,
                grade=GRADES.get(row.get(column, "").lower()),
                original=f"{column}={row.get(column, '')}",
                x_px=None if place is None else place.x_px,
                y_px=None if place is None else place.y_px,
            )
            yield _placed(label, place, picture)


def _placed(label: Label, place: Place | None, picture: Slice | None) -> Label:
    """Give a label the picture on which it was placed, and its place in the patient."""
    if place is None or picture is None:
        return label
    x, y, z = (round(float(one), 3) for one in picture.geometry.to_patient(place.x_px, place.y_px))
    return replace(
        label,
        series=picture.series_instance_uid,
        sop=picture.sop_instance_uid,
        x_mm=x,
        y_mm=y,
        z_mm=z,
    )


def _with_labels(one: CohortSlice, labels: list[Label]) -> CohortSlice:
    """Give an axial slice the subarticular labels that were placed on it, of one level."""
    here = [
        label for label in labels if label.system == RECESS and label.sop == one.sop_instance_uid
    ]
    levels = {label.level for label in here}
    contrast = "t2" if one.contrast == "unknown" else one.contrast
    if len(levels) != 1:
        return replace(one, contrast=contrast)
    sides = {label.side: label for label in here}
    return replace(
        one,
        contrast=contrast,
        level=here[0].level,
        grades={f"{RECESS}_{side}": label.grade for side, label in sides.items()},
        center_px=_between(sides.get("left"), sides.get("right")),
    )


def _between(left: Label | None, right: Label | None) -> tuple[float, float] | None:
    """Half-way between the two recesses lies the canal; one alone does not say where."""
    if left is None or right is None:
        return None
    return (
        ((left.x_px or 0.0) + (right.x_px or 0.0)) / 2,
        ((left.y_px or 0.0) + (right.y_px or 0.0)) / 2,
    )
