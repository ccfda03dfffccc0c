"""Boxes out of tables: CSV with one box a row, and COCO JSON.

In both a box is (x, y, width, height) in pixels from the upper left corner of the
picture. Inside, (0, 0) is the centre of the first pixel, half a pixel further.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lumbargrade.errors import CohortError
from lumbargrade.files.read_table import table_rows
from lumbargrade.grading.level import Level
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.slice_key import SliceKey, read_key, read_level

Box = tuple[float, float, float, float]
"""(x, y, width, height); (0, 0) is the centre of the first pixel."""

HALF_PIXEL = 0.5
LARGEST_COCO_BYTES = 256 * 1024 * 1024
_EDGES = ("x", "y", "w", "h")
_SYNONYMS = {"w": "width", "h": "height"}


@dataclass(frozen=True)
class BoxRow:
    """A box, the slice that it belongs to, and where that was read (file and row).

    ``size_px`` is (columns, rows) of the picture on which it was drawn, if that is known.
    """

    where: str
    key: SliceKey
    box: Box
    level: Level | None = None
    size_px: tuple[int, int] | None = None


def read_boxes(path: Path, faults: Faults) -> list[BoxRow]:
    """Read a .csv or a COCO .json; what is wrong with single rows goes into ``faults``.

    Raises CohortError if the file as a whole cannot be read or is something else.
    """
    read = _coco_boxes if path.suffix.lower() == ".json" else _csv_boxes
    return list(read(path, faults))


def _csv_boxes(path: Path, faults: Faults) -> Iterator[BoxRow]:
    for line, cells in table_rows(path, (), CohortError):
        row = {**cells, **{a: cells[b] for a, b in _SYNONYMS.items() if b in cells}}
        where = f"{path.name} row {line}"
        missing = [name for name in _EDGES if name not in row]
        if missing:
            raise CohortError(
                f"{path}: no column {', '.join(missing)}: the first line must name x, y, w, h and "
                "the slice (sop, or file, or series and slice)"
            )
        if not any(row[name] for name in _EDGES):
            continue  # a slice that has grades and no box
        key, key_fault = read_key(row)
        level, level_fault = read_level(row.get("level", ""))
        box = _box([row[name] for name in _EDGES])
        if not key_fault and not key.names_slice:
            key_fault = "names no slice: fill in sop, or file, or series and slice"
        if box is None:
            given = ",".join(row[name] for name in _EDGES)
            faults.add(where, f"box {given!r} is not x,y,w,h in pixels with a size above 0")
        for fault in filter(None, (key_fault, level_fault)):
            faults.add(where, fault)
        if box is not None and not key_fault and not level_fault:
            yield BoxRow(where, key, box, level)


def _box(values: Any) -> Box | None:
    """Return the box in the coordinates of pixel centres; None if it is none."""
    try:
        x, y, width, height = (float(value) for value in values)
    except (TypeError, ValueError):
        return None
    if not all(map(math.isfinite, (x, y, width, height))) or min(width, height) <= 0:
        return None
    return x - HALF_PIXEL, y - HALF_PIXEL, width, height


def _coco_boxes(path: Path, faults: Faults) -> Iterator[BoxRow]:
    images, annotations = _coco(path)
    for number, entry in enumerate(annotations):
        where = f"{path.name} annotation {number}"
        image = images.get(entry.get("image_id")) if isinstance(entry, Mapping) else None
        box = _box(entry.get("bbox")) if isinstance(entry, Mapping) else None
        if image is None or box is None:
            faults.add(where, "has no bbox of a size above 0, or an image_id that no image has")
            continue
        attributes = entry.get("attributes")
        named = attributes.get("level") if isinstance(attributes, Mapping) else None
        level, fault = read_level(str(named or ""))
        texts = {name: str(value) for name, value in image.items() if value not in (None, "")}
        key, key_fault = read_key({name.lower(): value for name, value in texts.items()})
        if key.sop:  # the file may have had any name where the UID is given
            key = SliceKey(sop=key.sop)
        for each in filter(None, (fault, key_fault)):
            faults.add(where, each)
        if not fault and not key_fault:
            yield BoxRow(where, key, box, level, _size(image))


def _coco(path: Path) -> tuple[dict[Any, Mapping[str, Any]], list[Any]]:
    try:
        if path.stat().st_size > LARGEST_COCO_BYTES:
            raise CohortError(f"{path}: is too large for COCO JSON: split it")
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CohortError(f"{path}: cannot be read as COCO JSON ({error}): save it again") from None
    images = data.get("images") if isinstance(data, dict) else None
    annotations = data.get("annotations") if isinstance(data, dict) else None
    if not isinstance(images, list) or not isinstance(annotations, list):
        raise CohortError(f"{path}: has no lists 'images' and 'annotations': is it COCO JSON?")
    named = {
        one["id"]: one
        for one in images
        if isinstance(one, Mapping)
        and isinstance(one.get("id"), int | str)
        and (one.get("file_name") or one.get("sop_instance_uid"))
    }
    return named, annotations


def _size(image: Mapping[str, Any]) -> tuple[int, int] | None:
    width, height = image.get("width"), image.get("height")
    if isinstance(width, int) and isinstance(height, int):
        return width, height
    return None
