"""SPIDER (van der Graaf et al., Sci Data 2024;11:264, CC BY 4.0), as Zenodo holds it.

``images/<patient>_<t1|t2|t2_SPACE>.mha``, ``masks/`` of the same names (discs are 201, 202,
... from the lowest upward), ``radiological_gradings.csv`` (a row a disc) and
``overview.csv``. The pictures are sagittal; each becomes DICOM, slice by slice, so that the
rest of this project can read it. Labels belong to discs and go into ``labels.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lumbargrade.cohort.adapters.adapted import AdaptedCohort, Label, Progress
from lumbargrade.cohort.adapters.volume import Volume, load_volume, write_slices
from lumbargrade.cohort.describe import described
from lumbargrade.cohort.read import CohortSlice
from lumbargrade.errors import CohortError
from lumbargrade.files.read_table import table_rows
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import KNOWN_SYSTEMS
from lumbargrade.readings.faults import Faults
from lumbargrade.study.dicom.references import sex
from lumbargrade.study.uids import uid_of

GRADINGS = "radiological_gradings.csv"
OVERVIEW = "overview.csv"
FIRST_DISC_LABEL = 200
"""Disc number n, from the lowest (1) upward, is 200 + n in the masks."""

_COLUMNS = {
    "modic": ("SPIDERMODIC", 0),
    "up endplate": ("SPIDERUPPLATE", 0),
    "low endplate": ("SPIDERLOWPLATE", 0),
    "spondylolisthesis": ("SPIDERSLIP", 0),
    "disc herniation": ("SPIDERHERNIATION", 0),
    "disc narrowing": ("SPIDERNARROWING", 0),
    "disc bulging": ("SPIDERBULGING", 0),
    "pfirrman grade": ("SPIDERPFIRRMANN", 1),
}
"""Column (as the set spells it, in lower case) -> (system, what its lowest grade is called)."""

_NAME = re.compile(r"(\d+)_(t1|t2|t2_SPACE)\.mha")
_BY_DISC = dict(enumerate(reversed(list(Level)), start=1))


class Place(NamedTuple):
    """The middle of a disc: on which picture and pixel, and where in the patient (LPS, mm)."""

    series: str
    sop: str
    x_px: float
    y_px: float
    point_mm: tuple[float, float, float]


def adapt(folder: Path, cohort: AdaptedCohort, progress: Progress) -> None:
    """Take in every series as DICOM and keep every label, with its place from the masks.

    Raises CohortError if the gradings or the pictures are missing, a picture is damaged, or the
    gradings say something impossible (every fault in one line).
    """
    rows = read_gradings(folder / GRADINGS, cohort)
    sexes = _sexes(folder / OVERVIEW)
    images = sorted((folder / "images").glob("*.mha"), key=_order)
    named = [(path, match) for path in images if (match := _NAME.fullmatch(path.name))]
    if not named:
        raise CohortError(f"{folder / 'images'}: holds no 1_t2.mha, ...: unpack images.zip there")
    cohort.leave_out(
        "images whose name is not <patient>_<t1|t2|t2_SPACE>.mha", len(images) - len(named)
    )
    placed: dict[str, dict[int, Place]] = {}
    for done, (path, match) in enumerate(named, start=1):
        patient, kind = match[1], match[2]
        volume = load_volume(path)
        slices = _take(volume, patient, kind, cohort, sexes.get(patient, ""))
        cohort.add(patient, slices)
        mask = folder / "masks" / path.name
        # The last picture of a patient in their order, T2, says where the discs are.
        if mask.is_file():
            placed[patient] = _places(volume, load_volume(mask), slices)
        progress(done, len(named))
    absent = len(set(rows) - set(cohort.slices))
    if absent:
        cohort.leave_out("graded patients without images", absent)
    for patient, discs in rows.items():
        cohort.labels += _labels(patient, discs, placed.get(patient, {}))


def read_gradings(path: Path, cohort: AdaptedCohort) -> dict[str, dict[int, Mapping[str, str]]]:
    """Return patient -> disc from the lowest (1) -> row. Raises CohortError as :func:`adapt`."""
    faults = Faults()
    found: dict[str, dict[int, Mapping[str, str]]] = {}
    for line, row in table_rows(path, ("patient", "ivd label", *_COLUMNS), CohortError):
        where = f"{path.name} row {line}"
        disc = _whole(row["ivd label"])
        if disc is None or not row["patient"]:
            faults.add(where, f"patient {row['patient']!r}, IVD label {row['ivd label']!r}")
            continue
        if disc < 1:
            cohort.leave_out("gradings with an IVD label below 1, which is not a disc", 1)
            continue
        for column in _COLUMNS:
            if row[column] and _grade(column, row[column]) is None:
                faults.add(where, f"{column} is {row[column]!r}")
        found.setdefault(row["patient"], {})[disc] = row
    faults.check(CohortError)
    return found


def _order(path: Path) -> tuple[int, int, str]:
    match = _NAME.fullmatch(path.name)
    if match is None:
        return (0, 0, path.name)
    return (int(match[1]), {"t1": 0, "t2_SPACE": 1, "t2": 2}[match[2]], path.name)


def _whole(text: str) -> int | None:
    """Tables that went through a spreadsheet have 3.0 for 3."""
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() else None


def _grade(column: str, text: str) -> int | None:
    system, lowest = _COLUMNS[column]
    value = _whole(text)
    if value is None or not 0 <= value - lowest < len(KNOWN_SYSTEMS[system].grades):
        return None
    return value - lowest


def _sexes(path: Path) -> dict[str, str]:
    """Return patient -> sex, where the overview is there and says it."""
    if not path.is_file():
        return {}
    sexes = {}
    for _, row in table_rows(path, ("new_file_name",), CohortError):
        sexes[row["new_file_name"].split("_")[0]] = row.get("sex", "")[:1].upper()
    return {patient: one for patient, one in sexes.items() if one in ("F", "M", "O")}


def _take(
    volume: Volume, patient: str, kind: str, cohort: AdaptedCohort, listed_sex: str
) -> list[CohortSlice]:
    study = uid_of(f"SPIDER {patient}".encode(), "study")
    cohort.studies.setdefault(patient, study)
    folder = cohort.folder / "studies" / patient / kind
    written = write_slices(volume, folder, (patient, study, f"SPIDER {kind}"))
    slices = [
        described(picture, file, patient, reference, contrast=kind[:2])
        for picture, file, reference in written
    ]
    return [replace(one, sex=listed_sex or sex(written[0][2])) for one in slices]


def _places(volume: Volume, mask: Volume, slices: list[CohortSlice]) -> dict[int, Place]:
    """Return disc -> the middle of its mask, on the slice nearest to it."""
    if mask.values.shape != volume.values.shape:
        raise CohortError(
            f"{mask.path}: has {mask.values.shape} voxels, its image {volume.values.shape}: "
            "unpack masks.zip and images.zip of the same version"
        )
    places = {}
    for label in np.unique(mask.values):
        disc = int(label) - FIRST_DISC_LABEL
        if not 1 <= disc < 100:
            continue
        middle = np.argwhere(mask.values == label).mean(axis=0)
        point = (mask.affine @ [*middle, 1.0])[:3]
        away = [one.geometry.to_pixel(point) for one in volume.slices]
        nearest = int(np.argmin([abs(distance) for _, _, distance in away]))
        column, row, _ = away[nearest]
        found = slices[nearest]
        x, y, z = (round(float(one), 3) for one in point)
        places[disc] = Place(
            found.series_instance_uid, found.sop_instance_uid, column, row, (x, y, z)
        )
    return places


def _labels(
    patient: str,
    discs: Mapping[int, Mapping[str, str]],
    places: Mapping[int, Place],
) -> Iterator[Label]:
    for disc, row in sorted(discs.items()):
        place = places.get(disc)
        for column, (system, _) in _COLUMNS.items():
            label = Label(
                patient=patient,
                level=_BY_DISC.get(disc),
                disc=disc,
                system=system,
                side="",
                grade=_grade(column, row[column]),
                original=f"{column}={row[column]}",
            )
            yield label if place is None else _placed(label, place)


def _placed(label: Label, place: Place) -> Label:
    x, y, z = place.point_mm
    return replace(
        label,
        series=place.series,
        sop=place.sop,
        x_px=round(place.x_px, 2),
        y_px=round(place.y_px, 2),
        x_mm=x,
        y_mm=y,
        z_mm=z,
    )
