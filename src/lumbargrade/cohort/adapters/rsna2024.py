"""RSNA 2024 Lumbar Spine Degenerative Classification, as its archive unpacks.

``train.csv`` (a row a study, a column ``<condition>_<level>``), ``train_label_coordinates.csv``
(where on which instance a label was placed), ``train_series_descriptions.csv`` and
``train_images/<study>/<series>/<instance>.dcm``.

A label belongs to a level and goes into ``labels.csv``. Only subarticular labels were placed
on axial slices; the slice on which one was placed has it in its truth file too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from lumbargrade.cohort.adapters.adapted import AdaptedCohort, Label, Progress
from lumbargrade.cohort.imports.faults import Faults
from lumbargrade.cohort.read import CohortSlice
from lumbargrade.errors import CohortError, StudyError
from lumbargrade.files.read_table import table_rows
from lumbargrade.grading.level import Level
from lumbargrade.study.model import Slice
from lumbargrade.study.read import read_study

AXIAL = "Axial T2"
GRADES = {"normal/mild": 0, "moderate": 1, "severe": 2}
RECESS = "RSNARECESS"
_CONDITIONS = {
    "spinal_canal_stenosis": ("RSNACANAL", ""),
    "left_neural_foraminal_narrowing": ("RSNAFORAMEN", "left"),
    "right_neural_foraminal_narrowing": ("RSNAFORAMEN", "right"),
    "left_subarticular_stenosis": (RECESS, "left"),
    "right_subarticular_stenosis": (RECESS, "right"),
}
_LEVELS = {level.lower().replace("/", "_"): level for level in Level}
_HALF_PIXEL = 0.5


@dataclass(frozen=True)
class Place:
    """Where a label was placed; (x, y) has (0, 0) in the centre of the first pixel."""

    series: str
    instance: str
    x_px: float
    y_px: float


@dataclass(frozen=True)
class Tables:
    """The three tables, by study: labels, series and their descriptions, places."""

    labels: Mapping[str, Mapping[str, str]]
    descriptions: Mapping[str, Mapping[str, str]]
    places: Mapping[str, Mapping[tuple[str, Level], Place]]


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


def read_tables(folder: Path) -> Tables:
    """Read the three tables. Raises CohortError as :func:`adapt`."""
    faults = Faults()
    path = folder / "train.csv"
    labels: dict[str, Mapping[str, str]] = {}
    for line, row in table_rows(path, ("study_id", *_columns()), CohortError):
        labels[row["study_id"]] = row
        for column in _columns():
            if row[column] and row[column].lower() not in GRADES:
                faults.add(f"{path.name} row {line}", f"{column} is {row[column]!r}")
    descriptions: dict[str, dict[str, str]] = {}
    for _, row in table_rows(
        folder / "train_series_descriptions.csv",
        ("study_id", "series_id", "series_description"),
        CohortError,
    ):
        named = descriptions.setdefault(row["study_id"], {})
        named[row["series_id"]] = row["series_description"]
    places = _read_places(folder / "train_label_coordinates.csv", faults)
    faults.check()
    return Tables(labels, descriptions, places)


def _columns() -> list[str]:
    return [f"{condition}_{level}" for condition in _CONDITIONS for level in _LEVELS]


def _read_places(path: Path, faults: Faults) -> dict[str, dict[tuple[str, Level], Place]]:
    columns = ("study_id", "series_id", "instance_number", "condition", "level", "x", "y")
    places: dict[str, dict[tuple[str, Level], Place]] = {}
    for line, row in table_rows(path, columns, CohortError):
        condition = row["condition"].lower().replace(" ", "_")
        level = _LEVELS.get(row["level"].lower().replace("/", "_"))
        if condition not in _CONDITIONS or level is None:
            faults.add(f"{path.name} row {line}", f"{row['condition']!r} at {row['level']!r}")
            continue
        try:
            x, y = float(row["x"]) - _HALF_PIXEL, float(row["y"]) - _HALF_PIXEL
        except ValueError:
            faults.add(f"{path.name} row {line}", f"x, y are {row['x']!r}, {row['y']!r}")
            continue
        place = Place(row["series_id"], row["instance_number"], x, y)
        places.setdefault(row["study_id"], {})[condition, level] = place
    return places


def _take_study(folder: Path, tables: Tables, cohort: AdaptedCohort) -> None:
    name = folder.name
    try:
        study = read_study(folder)
    except StudyError as error:
        cohort.leave_out("studies that cannot be read", example=str(error))
        return
    slices = {
        _key(one): one for series in study.series for one in series.slices if one.frame_number == 1
    }
    described = tables.descriptions.get(name, {})
    axial = {key: one for key, one in slices.items() if described.get(key[0]) == AXIAL}
    labels = list(_labels(name, tables, slices))
    cohort.labels += labels
    taken = cohort.take(study, folder, name, axial.values())
    cohort.add(name, [_with_labels(one, labels) for one in taken])
    lost = sum(label.x_px is not None and not label.sop for label in labels)
    if lost:
        cohort.leave_out("labels placed on a missing image", lost)


def _key(one: Slice) -> tuple[str, str]:
    """Return (series, instance) as the folders and files name them."""
    path = PurePosixPath(one.source_file)
    return path.parent.name, path.stem


def _labels(study: str, tables: Tables, slices: Mapping[tuple[str, str], Slice]) -> Iterator[Label]:
    row = tables.labels.get(study, {})
    for condition, (system, side) in _CONDITIONS.items():
        for part, level in _LEVELS.items():
            column = f"{condition}_{part}"
            place = tables.places.get(study, {}).get((condition, level))
            picture = None if place is None else slices.get((place.series, place.instance))
            yield Label(
                patient=study,
                level=level,
                disc=None,
                system=system,
                side=side,
                grade=GRADES.get(row.get(column, "").lower()),
                original=f"{column}={row.get(column, '')}",
                series="" if picture is None else picture.series_instance_uid,
                sop="" if picture is None else picture.sop_instance_uid,
                x_px=None if place is None else place.x_px,
                y_px=None if place is None else place.y_px,
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
