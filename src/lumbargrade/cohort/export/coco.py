"""A cohort as COCO JSON: slices are images, regions annotations, grades their attributes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lumbargrade.cohort.export.table import CORNER_PX, corner_box
from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.errors import CohortError, StudyError
from lumbargrade.files.write import write_json
from lumbargrade.study.dicom.references import read_references
from lumbargrade.study.patch import PatchSpec

FILE_NAME = "coco.json"
CATEGORY = {"id": 1, "name": "spinal canal region", "supercategory": "lumbar spine"}
DRAWN, AROUND_CENTRE = "drawn by a reader", "square that is graded, around the centre"


def write(cohort: Cohort, folder: Path) -> Path:
    """Write ``coco.json`` into an existing folder and return its path.

    A slice of which only the centre is known gets the square that the network reads, and its
    ``box_source`` says so; a slice without a region is an image without annotation. Raises
    CohortError if a file of the cohort cannot be read.
    """
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, one in enumerate(cohort.slices, start=1):
        columns, rows, spacing = _size(one)
        images.append(
            {
                "id": number,
                "file_name": one.file.relative_to(cohort.folder).as_posix(),
                "width": columns,
                "height": rows,
                "sop_instance_uid": one.sop_instance_uid,
                "series_instance_uid": one.series_instance_uid,
                "patient": one.patient_id,
                "contrast": one.contrast,
            }
        )
        box = corner_box(one) or _square(one, spacing)
        if box is not None:
            annotations.append(_annotation(number, len(annotations) + 1, one, box))
    content = {
        "info": {"description": f"lumbargrade cohort {cohort.folder.name}"},
        "images": images,
        "annotations": annotations,
        "categories": [CATEGORY],
    }
    path = folder / FILE_NAME
    write_json(path, content)
    return path


def _annotation(
    image: int, number: int, one: CohortSlice, box: tuple[float, float, float, float]
) -> dict[str, Any]:
    return {
        "id": number,
        "image_id": image,
        "category_id": CATEGORY["id"],
        "bbox": [round(value, 4) for value in box],
        "area": round(box[2] * box[3], 4),
        "iscrowd": 0,
        "attributes": {
            "level": None if one.level is None else str(one.level),
            "box_source": AROUND_CENTRE if one.box_px is None else DRAWN,
            "disc_in_plane": one.disc_in_plane,
            **one.grades,
        },
    }


def _size(one: CohortSlice) -> tuple[int, int, tuple[float, float]]:
    """Return (columns, rows, (between rows, between columns) in mm) of the picture."""
    try:
        reference = read_references([one.file])[one.sop_instance_uid]
        spacing = [float(value) for value in reference.PixelSpacing]
        return int(reference.Columns), int(reference.Rows), (spacing[0], spacing[1])
    except (StudyError, KeyError, AttributeError, IndexError, TypeError, ValueError):
        raise CohortError(
            f"{one.file}: does not have the size or UID given in the cohort: make the cohort again"
        ) from None


def _square(
    one: CohortSlice, spacing_mm: tuple[float, float]
) -> tuple[float, float, float, float] | None:
    if one.center_px is None:
        return None
    width, height = PatchSpec().size_mm / spacing_mm[1], PatchSpec().size_mm / spacing_mm[0]
    column, row = (value + CORNER_PX for value in one.center_px)
    return column - width / 2, row - height / 2, width, height
