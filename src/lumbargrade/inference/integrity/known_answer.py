"""Known answers: for each network of a bundle one picture, and what the network makes of it.

Hashes show that a network is the one that was exported, not that this machine computes with it
what was computed there. So each network is asked one picture whose answer lies in the bundle.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import BundleError
from lumbargrade.files.write import write_text
from lumbargrade.inference.integrity.picture import STEPS
from lumbargrade.inference.integrity.strict_json import parse_json

FloatArray = NDArray[np.float32]

KNOWN_FILE = "known_answer.json"
SCHEMA = "lumbargrade.known_answer/1"

CELLS = 8
"""Maps are compared as means over so many by so many parts."""

TOLERANCES: Mapping[str, float] = {"f32": 0.002, "bf16": 0.08}
"""Largest difference from the known answer, in parts of 1 + the largest value of the output.

f32: processors add in another order, which moves a sum of some thousand products by 1e-5 of its
size at most; 0.002 is what ``export`` allows between torch and ONNX. bf16 keeps 8 bits, 0.4 % a
product; the packaged networks' answers move by up to 0.008 with it, and a processor that rounds
elsewhere is given ten times that. Weights are told apart by their hash: this is for arithmetic
that is wrong, which is off by far more.
"""


@dataclass(frozen=True)
class Known:
    """A picture (channels, p, p) and, by output, the answer in float32 as :func:`condensed`."""

    picture: FloatArray
    answers: Mapping[str, FloatArray]


def condensed(values: FloatArray) -> FloatArray:
    """Return the answer of one picture as it is kept: logits (k,) as they are, and maps (k, h, w)
    as the means (k, c, c) over c x c parts, c = ``CELLS`` or fewer.
    """
    if values.ndim < 3:
        return values
    count = min(CELLS, *values.shape[-2:])
    rows = np.array_split(values, count, axis=-2)
    cells = [[part.mean(axis=(-2, -1)) for part in np.array_split(row, count, -1)] for row in rows]
    return np.asarray(np.moveaxis(np.array(cells), (0, 1), (-2, -1)), dtype=np.float32)


def farthest(known: Known, given: Mapping[str, FloatArray]) -> tuple[str, float]:
    """Return the output (k,) or (k, h, w) that is farthest from the known answer, and how far: in
    parts of 1 + the largest value of that output. Infinite for one of another shape.
    """
    apart = {name: _distance(wanted, given.get(name)) for name, wanted in known.answers.items()}
    name = max(apart, key=apart.__getitem__)
    return name, apart[name]


def _distance(wanted: FloatArray, given: FloatArray | None) -> float:
    found = None if given is None else condensed(given)
    if found is None or found.shape != wanted.shape or not np.all(np.isfinite(found)):
        return float("inf")
    return float(np.abs(found - wanted).max() / (1 + np.abs(wanted).max()))


def write_known(path: Path, known: Mapping[str, Known]) -> None:
    """Write the known answers of a bundle by the file names of its networks. Raises OSError."""
    content = {"schema": SCHEMA, "networks": {name: _entry(one) for name, one in known.items()}}
    write_text(path, json.dumps(content, allow_nan=False, separators=(",", ":")) + "\n")


def read_known(path: Path, needed: list[str]) -> dict[str, Known]:
    """Return the known answers of a bundle for the networks that are ``needed``.

    Raises BundleError if the file is no such list or lacks one of them; OSError if it cannot be
    read.
    """
    try:
        content = parse_json(path.read_bytes())
        if content["schema"] != SCHEMA:
            raise ValueError(f"schema {str(content['schema'])[:40]!r}, not {SCHEMA!r}")
        return {name: _known(content["networks"][name]) for name in needed}
    except (KeyError, TypeError, ValueError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise BundleError(
            f"{path} holds no known answers ({what}): export the model again"
        ) from error


def _entry(known: Known) -> dict[str, Any]:
    picture = np.rint(STEPS * known.picture).astype(np.uint8)
    return {
        "shape": list(picture.shape),
        "picture": base64.b64encode(picture.tobytes()).decode("ascii"),
        "answers": {
            # Six digits, as the float32 that they are: more would be another machine's rounding.
            name: [list(values.shape), [float(f"{value:.6g}") for value in values.ravel()]]
            for name, values in known.answers.items()
        },
    }


def _known(entry: Mapping[str, Any]) -> Known:
    pixels = np.frombuffer(base64.b64decode(entry["picture"], validate=True), dtype=np.uint8)
    answers = {
        str(name): np.array(values, dtype=np.float32).reshape(shape)
        for name, (shape, values) in entry["answers"].items()
    }
    if not answers:
        raise ValueError("an empty answer")
    picture = pixels.reshape(entry["shape"]) / STEPS
    return Known(picture.astype(np.float32), answers)
