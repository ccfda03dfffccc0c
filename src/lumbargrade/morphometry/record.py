"""One record of a file of outlines: which keys it has, and what can be wrong with them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lumbargrade.grading.finding import Plane, Side
from lumbargrade.morphometry.outlines import Line, Root

CLOSED = {"disc": 3, "sac": 3, "bone_left": 3, "bone_right": 3, "spinous": 3}
OPEN = {"canal_back": 3, "joint_left": 1, "joint_right": 1}
FEWEST = {**CLOSED, **OPEN}
"""Key of a line -> the fewest points that make one."""
ROOTS = ("root_left", "root_right", "exit_left", "exit_right")
TEXTS = ("file", "patient", "level", "contrast", "note")
FLAGS = ("facet_sure", "sac_sure")
REQUIRED = ("file", "centre_px", "pixel_spacing_mm")
KEYS = {
    *FEWEST,
    *ROOTS,
    *TEXTS,
    *FLAGS,
    *("centre_px", "pixel_spacing_mm", "plane", "quality", "roots_in_sac", "clusters"),
}
FARTHEST_MM = 150.0
"""Nothing that is outlined lies farther from the centre of the region."""
LARGEST_ROOT_MM = 20.0

Tell = Callable[[str, str], None]
"""Takes the key at fault, and what is wrong and what to do."""


def check(record: Mapping[str, Any], tell: Tell) -> None:
    """Tell each fault of a record: a key that is missing or unknown, a value that cannot be."""
    for key in REQUIRED:
        if key not in record:
            tell(key, "is missing: add it")
    for key in sorted(set(record) - KEYS):
        tell(key, "is not known: correct its name or take it out")
    for key, value in record.items():
        wrong = _wrong(key, value)
        if wrong:
            tell(key, wrong)


def check_sides(record: Mapping[str, Any], tell: Tell) -> None:
    """Tell where left and right are swapped; for a record without other faults."""
    for stem in ("bone", "joint", "root", "exit"):
        left, right = (_x(record.get(f"{stem}_{side.value}")) for side in Side)
        if left is not None and right is not None and left <= right:
            tell(
                f"{stem}_left",
                f"lies on the right of {stem}_right: x grows to the patient's left; swap the two",
            )


def line(points: Any) -> Line:
    """Return checked points as (n, 2); a closed line loses a last point that is its first."""
    found = np.asarray(points, np.float64)
    return found[:-1] if len(found) > 2 and np.array_equal(found[0], found[-1]) else found


def root(data: Mapping[str, Any]) -> Root:
    """Return a checked root."""
    x, y = data["centre"]
    return Root((float(x), float(y)), float(data["diameter"]))


def _x(value: Any) -> float | None:
    """How far to the left a line or a root lies in the mean."""
    if value is None:
        return None
    return float(value["centre"][0] if isinstance(value, Mapping) else np.mean(value, axis=0)[0])


def _wrong(key: str, value: Any) -> str:
    """What is wrong with the value of a known key, or nothing."""
    if key in FEWEST:
        return _wrong_line(value, FEWEST[key])
    if key in ROOTS:
        return _wrong_root(value)
    if key in ("roots_in_sac", "clusters"):
        return _wrong_list(key, value)
    if key in TEXTS:
        good = isinstance(value, str) and (bool(value.strip()) or key not in REQUIRED)
        return "" if good else f"must be a text, not {_shown(value)}"
    if key in FLAGS:
        return "" if isinstance(value, bool) else f"must be true or false, not {_shown(value)}"
    return _wrong_number(key, value)


def _wrong_number(key: str, value: Any) -> str:
    if key == "centre_px" and not _is_point(value):
        return f"must be [column, row] in pixels, not {_shown(value)}"
    if key == "pixel_spacing_mm" and not (_is_number(value) and 0.05 <= value <= 5):
        return f"must be a number of mm from 0.05 to 5, not {_shown(value)}"
    if key == "quality" and not (type(value) is int and 1 <= value <= 3):
        return f"must be 1, 2 or 3, not {_shown(value)}"
    if key == "plane" and value not in tuple(Plane):
        return f"must be one of {', '.join(Plane)}, not {_shown(value)}"
    return ""


def _wrong_line(value: Any, fewest: int) -> str:
    if not isinstance(value, list) or not all(_is_point(point) for point in value):
        return "must be a list of points [x, y] in mm: correct it or take the key out"
    if len({tuple(point) for point in value}) < fewest:
        return f"has fewer than {fewest} different points: draw it finer or take the key out"
    if any(abs(number) > FARTHEST_MM for point in value for number in point):
        return (
            f"lies more than {FARTHEST_MM:.0f} mm from the centre of the region: give mm from "
            "'centre_px', not pixels"
        )
    return ""


def _wrong_root(value: Any) -> str:
    good = (
        isinstance(value, Mapping)
        and set(value) == {"centre", "diameter"}
        and _is_point(value["centre"])
        and _is_number(value["diameter"])
        and 0 < value["diameter"] <= LARGEST_ROOT_MM
        and max(map(abs, value["centre"])) <= FARTHEST_MM
    )
    if good:
        return ""
    return (
        'must be a root such as {"centre": [-9.5, 1.0], "diameter": 4.0} in mm, '
        f"not {_shown(value)}"
    )


def _wrong_list(key: str, value: Any) -> str:
    if not isinstance(value, list):
        return f"must be a list, not {_shown(value)}"
    for number, one in enumerate(value, start=1):
        wrong = _wrong_root(one) if key == "roots_in_sac" else _wrong_line(one, 3)
        if wrong:
            return f"number {number} {wrong}"
    return ""


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e9 and math.isfinite(value)


def _is_point(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
