"""A change of a study: the files go in, the changed files come out."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

Files = Mapping[str, Dataset]
"""Name -> header and pixels. Names begin with four digits, the slice of the unchanged study that
the file shows; copies carry more after them ("0007-copy.dcm")."""

Changed = Callable[[Files], Files]


@dataclass(frozen=True)
class Change:
    """One kind of change; ``kind`` is the table's group."""

    name: str
    kind: str
    apply: Changed


CHANGES: list[Change] = []

LEAST_BLOCKS = 4
"""Angled blocks of a study whose discs are told apart by their angle."""


def change(name: str, kind: str) -> Callable[[Changed], Changed]:
    """Add a function to the table of changes."""

    def add(function: Changed) -> Changed:
        CHANGES.append(Change(name, kind, function))
        return function

    return add


def store(files: Files, folder: Path) -> Files:
    """Write the files into a new folder, and return them."""
    folder.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, one in files.items():
            one.save_as(folder / name)
    return files


def with_elements(files: Files, **elements: object) -> Files:
    """Return copies with these elements set, by keyword; None takes an element away."""
    out = {}
    for name, one in files.items():
        changed = copy.deepcopy(one)
        for keyword, value in elements.items():
            if value is not None:
                _set(changed, keyword, value)
            elif keyword in changed:
                delattr(changed, keyword)
        out[name] = changed
    return out


def _set(one: Dataset, keyword: str, value: object) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # values that are too long are part of the trial
        setattr(one, keyword, value)


def copied(files: Files, mark: str, new_series: bool = True) -> Files:
    """Return copies under new names and new UIDs."""
    series = generate_uid()
    out = {}
    for name, one in files.items():
        twin = copy.deepcopy(one)
        twin.SOPInstanceUID = twin.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        if new_series:
            twin.SeriesInstanceUID = series
        out[name.replace(".dcm", f"-{mark}.dcm")] = twin
    return out


def vector(one: Dataset, keyword: str) -> NDArray[np.float64]:
    """Return a decimal element as numbers."""
    return np.array([float(value) for value in one[keyword].value])


def decimals(values: NDArray[np.float64]) -> list[str]:
    """Return numbers as a DS element holds them."""
    return [f"{value:.6f}" for value in values]


class NotApplicableError(Exception):
    """The study has not what the change would change."""


def blocks(files: Files) -> list[list[str]]:
    """Return the names of the files of each disc, caudal to cranial: they share their angle.

    Raises NotApplicableError for a straight stack through all discs.
    """
    groups: list[list[str]] = []
    for name in sorted(files, key=lambda one: vector(files[one], "ImagePositionPatient")[2]):
        angle = vector(files[name], "ImageOrientationPatient")
        last = groups and vector(files[groups[-1][0]], "ImageOrientationPatient")
        if groups and np.allclose(angle, last, atol=1e-3):
            groups[-1].append(name)
        else:
            groups.append([name])
    if len(groups) < LEAST_BLOCKS:
        raise NotApplicableError
    return groups


def set_pixels(one: Dataset, pixels: NDArray[np.generic]) -> None:
    """Put 16-bit pixels (rows, columns) into a file, with their size."""
    one.Rows, one.Columns = pixels.shape
    one.PixelData = (
        np.ascontiguousarray(pixels).astype("<i2" if one.PixelRepresentation else "<u2").tobytes()
    )
