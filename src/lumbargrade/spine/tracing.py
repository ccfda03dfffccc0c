"""Discs whose corners were marked on sagittal slices: read from a JSON file, and written to one.

The file is a list of records, one a slice: ``file``; ``discs``, by name the four corners of the
disc space as ``[column, row]`` of the picture; ``sacrum_seen``; for a PNG, TIFF or JPEG, which
shows the front of the patient on its left and the head at its top, ``pixel_spacing_mm``; and, if
the tracer likes, ``patient``, ``note``, and ``grades``: by disc and system the grade by its name,
such as ``{"L4/L5": {"PFIRRMANN": 3}}``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import OutlineError
from lumbargrade.files.write import write_json
from lumbargrade.grading.system import SAGITTAL_SYSTEMS

CORNERS = ("anterior_upper", "posterior_upper", "posterior_lower", "anterior_lower")
"""Of a disc space in the sagittal plane: the end-plate corners of the vertebra above, then of the
one below."""

LUMBOSACRAL = "L5/S1"
NAMES = (
    *(LUMBOSACRAL, "L4/L5", "L3/L4", "L2/L3", "L1/L2", "T12/L1"),
    *(f"T{upper}/T{upper + 1}" for upper in range(11, 0, -1)),
)
"""Names of discs, caudal to cranial."""

_KEYS = {"file", "discs", "sacrum_seen", "pixel_spacing_mm", "patient", "simulated", "note"}
_KEYS |= {"numbering", "grades"}
_SHOWN = 20
"""Faults that the error spells out; the others are counted."""
_FARTHEST_PX = 100_000.0


@dataclass(frozen=True, eq=False)
class DiscTracing:
    """The discs of one sagittal slice, and the slice.

    Attributes
    ----------
    file : the slice, as a path from the folder of the file of tracings.
    discs : by name, as in ``NAMES``, the corners (4, 2: column, row) in the order of ``CORNERS``.
    sacrum_seen : whether the lowest disc is known to lie on the sacrum.
    patient : who must not be learned from and tested on at once.
    pixel_spacing_mm : of a picture without header; None for DICOM, whose header says it.
    simulated : whether no person saw it.
    grades : by disc and code of a sagittal grading system, the value 0 to n - 1; a disc that no one
        graded is absent.
    """

    file: str
    discs: Mapping[str, NDArray[np.float64]]
    sacrum_seen: bool
    patient: str
    pixel_spacing_mm: float | None = None
    simulated: bool = False
    grades: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def read_disc_tracings(path: Path) -> tuple[DiscTracing, ...]:
    """Read a file of traced discs, in its order.

    A record without ``patient`` has as its patient what stands before the first ``_`` in the
    name of its file. Raises OutlineError if the file cannot be read or a record has a fault; it
    names each fault with its record, what is wrong and what to do.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise OutlineError(f"{path}: the traced discs cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise OutlineError(f"{path}: no JSON: write a list of records, one a slice") from None
    if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
        raise OutlineError(f"{path}: traced discs are a list of records, one a slice")
    faults = [
        f"record {number}: {fault}"
        for number, one in enumerate(data, start=1)
        for fault in _faults(one)
    ]
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise OutlineError(f"{path}: {'; '.join(faults[:_SHOWN])}{more}")
    return tuple(_tracing(one) for one in data)


def write_disc_tracings(path: Path, tracings: Sequence[DiscTracing]) -> None:
    """Write a file that :func:`read_disc_tracings` reads back, to a hundredth of a pixel.

    Raises OutlineError if it cannot be written.
    """
    try:
        write_json(path, [_record(one) for one in tracings])
    except OSError as error:
        raise OutlineError(f"{path}: the discs cannot be written: {error.strerror}") from None


def _faults(record: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(set(record) - _KEYS):
        yield f"{key!r} is not known: correct its name or take it out"
    if not isinstance(record.get("file"), str):
        yield "'file' must name the slice"
    if not isinstance(record.get("sacrum_seen"), bool):
        yield "'sacrum_seen' must be true or false"
    spacing = record.get("pixel_spacing_mm")
    if spacing is not None and not (_is_number(spacing) and 0 < spacing < 10):
        yield "'pixel_spacing_mm' must be a length in mm"
    discs = record.get("discs")
    if not isinstance(discs, dict) or not discs:
        yield "'discs' must name at least one disc"
        return
    for name, corners in discs.items():
        if name not in NAMES:
            yield f"disc {name!r} is not known: write it as {LUMBOSACRAL} or T12/L1"
        elif not isinstance(corners, dict) or set(corners) != set(CORNERS):
            yield f"disc {name} needs the corners {', '.join(CORNERS)}, and no others"
        elif not all(map(_is_place, corners.values())):
            yield f"disc {name}: a corner must be [column, row] in pixels"
    yield from _grade_faults(record.get("grades", {}), discs)


def _grade_faults(given: Any, discs: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(given, dict) or not all(isinstance(one, dict) for one in given.values()):
        yield "'grades' must give each graded disc its grades by system"
        return
    for disc, by_system in given.items():
        if disc not in discs:
            yield f"grades of disc {disc!r}: it has no corners: add them, or take the grades out"
        for code, grade in by_system.items():
            if code not in SAGITTAL_SYSTEMS:
                known = ", ".join(SAGITTAL_SYSTEMS)
                yield f"disc {disc}: system {code!r} is unknown: use {known}"
            elif str(grade) not in (names := _grade_names(code)):
                yield f"disc {disc}: {code} is {grade!r}: use {', '.join(names)}"


def _grade_names(code: str) -> list[str]:
    return [one.name for one in SAGITTAL_SYSTEMS[code].grades]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_place(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(_is_number(one) and abs(one) < _FARTHEST_PX for one in value)
    )


def _tracing(record: Mapping[str, Any]) -> DiscTracing:
    stem = record["file"].replace("\\", "/").rsplit("/", 1)[-1]
    spacing = record.get("pixel_spacing_mm")
    return DiscTracing(
        file=record["file"],
        discs={
            name: np.array([corners[key] for key in CORNERS], dtype=np.float64)
            for name, corners in record["discs"].items()
        },
        sacrum_seen=record["sacrum_seen"],
        patient=str(record.get("patient") or stem.partition("_")[0]),
        pixel_spacing_mm=None if spacing is None else float(spacing),
        simulated=bool(record.get("simulated", False)),
        grades={
            disc: {code: _grade_names(code).index(str(grade)) for code, grade in own.items()}
            for disc, own in record.get("grades", {}).items()
        },
    )


def _record(tracing: DiscTracing) -> dict[str, Any]:
    spacing = tracing.pixel_spacing_mm
    return {
        "file": tracing.file,
        "patient": tracing.patient,
        "sacrum_seen": tracing.sacrum_seen,
        **({} if spacing is None else {"pixel_spacing_mm": spacing}),
        **({"simulated": True} if tracing.simulated else {}),
        "discs": {
            name: {
                key: [round(float(value), 2) for value in corner]
                for key, corner in zip(CORNERS, corners, strict=True)
            }
            for name, corners in tracing.discs.items()
        },
        **({"grades": grades} if (grades := _named(tracing.grades)) else {}),
    }


def _named(grades: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, str]]:
    return {
        disc: {code: _grade_names(code)[value] for code, value in own.items()}
        for disc, own in grades.items()
    }
