"""Changes of where the slices lie, and of which there are."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from scipy.ndimage import map_coordinates
from scipy.spatial.transform import Rotation

from benchmarks.changed.change import (
    Files,
    blocks,
    change,
    copied,
    decimals,
    set_pixels,
    vector,
    with_elements,
)

WHICH, WHERE, SIDES = "which slices there are", "where they lie", "how they are stored"


def _without(files: Files, names: list[str]) -> Files:
    return {name: one for name, one in files.items() if name not in names}


@change("the lowest disc is missing", WHICH)
def _(files: Files) -> Files:
    return _without(files, blocks(files)[0])


@change("the second disc is missing", WHICH)
def _(files: Files) -> Files:
    return _without(files, blocks(files)[1])


@change("a middle disc is missing", WHICH)
def _(files: Files) -> Files:
    return _without(files, blocks(files)[2])


@change("two discs are missing", WHICH)
def _(files: Files) -> Files:
    return _without(files, blocks(files)[1] + blocks(files)[2])


@change("the middle slice of a disc is missing", WHICH)
def _(files: Files) -> Files:
    return _without(files, [blocks(files)[1][1]])


@change("the lowest disc alone", WHICH)
def _(files: Files) -> Files:
    return {name: files[name] for name in blocks(files)[0]}


@change("every slice twice, same series", WHICH)
def _(files: Files) -> Files:
    return {**files, **copied(files, "copy", new_series=False)}


@change("every slice twice, another series", WHICH)
def _(files: Files) -> Files:
    return {**files, **copied(files, "copy")}


@change("one disc twice", WHICH)
def _(files: Files) -> Files:
    return {**files, **copied({name: files[name] for name in blocks(files)[1]}, "copy")}


@change("every file twice, byte for byte", WHICH)
def _(files: Files) -> Files:
    return {**files, **{name.replace(".dcm", "-same.dcm"): one for name, one in files.items()}}


@change("a first echo beside", WHICH)
def _(files: Files) -> Files:
    return {**files, **with_elements(copied(files, "echo"), EchoTime="20", EchoNumbers="1")}


@change("a second T2 echo beside", WHICH)
def _(files: Files) -> Files:
    echo = with_elements(copied(files, "echo", new_series=False), EchoTime="140", EchoNumbers="2")
    return {**files, **echo}


@change("a straight stack beside", WHICH)
def _(files: Files) -> Files:
    return {**files, **_straight(files)}


@change("a straight stack alone", WHICH)
def _(files: Files) -> Files:
    return _straight(files)


def _straight(files: Files) -> Files:
    """Slices without an angle, 5 mm apart, each with the nearest picture: nothing to compare."""
    names = [name for group in blocks(files) for name in group]
    heights = np.array([vector(files[name], "ImagePositionPatient")[2] for name in names])
    series = generate_uid()
    out: dict[str, Dataset] = {}
    for number, z in enumerate(np.arange(heights.min(), heights.max(), 5.0)):
        nearest = names[int(np.abs(heights - z).argmin())]
        one = copy.deepcopy(files[nearest])
        one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        one.SeriesInstanceUID, one.SeriesDescription = series, "T2 TRA stack"
        one.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
        position = vector(one, "ImagePositionPatient")
        one.ImagePositionPatient = decimals(np.array([position[0], position[1], z]))
        out[f"9{number:03d}.dcm"] = one
    return out


@change("every disc a series of its own", WHICH)
def _(files: Files) -> Files:
    out: dict[str, Dataset] = {}
    for number, group in enumerate(blocks(files)):
        part = {name: files[name] for name in group}
        out |= with_elements(part, SeriesInstanceUID=generate_uid(), SeriesNumber=str(20 + number))
    return out


@change("another study of the patient beside", WHICH)
def _(files: Files) -> Files:
    other = with_elements(
        copied(files, "other"), StudyInstanceUID=generate_uid(), StudyDate="20240101"
    )
    return {**files, **other}


@change("two frames of reference", WHERE)
def _(files: Files) -> Files:
    upper = [name for group in blocks(files)[3:] for name in group]
    other = with_elements(
        {name: files[name] for name in upper},
        FrameOfReferenceUID=generate_uid(),
        SeriesInstanceUID=generate_uid(),
    )
    return {**files, **_moved(other, lambda place: place - np.array([0.0, 0.0, 105.0]))}


@change("the patient lies 300 mm higher", WHERE)
def _(files: Files) -> Files:
    return _moved(files, lambda place: place + np.array([0.0, 0.0, 300.0]))


def _moved(files: Files, place: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Files:
    out = {name: copy.deepcopy(one) for name, one in files.items()}
    for one in out.values():
        one.ImagePositionPatient = decimals(place(vector(one, "ImagePositionPatient")))
    return out


@change("the image axes are turned by 10 degrees", WHERE)
def _(files: Files) -> Files:
    return _oblique(files, 10.0)


@change("the image axes are turned by 45 degrees", WHERE)
def _(files: Files) -> Files:
    return _oblique(files, 45.0)


def _oblique(files: Files, degrees: float) -> Files:
    """The slice is resampled along axes that are turned about its middle; the header says so."""
    out = {}
    for name, source in files.items():
        one = copy.deepcopy(source)
        row, column = np.split(vector(one, "ImageOrientationPatient"), 2)
        down, across = vector(one, "PixelSpacing")
        half = np.array([(one.Columns - 1) / 2 * across, (one.Rows - 1) / 2 * down])
        middle = vector(one, "ImagePositionPatient") + row * half[0] + column * half[1]
        turn = Rotation.from_rotvec(np.deg2rad(degrees) * np.cross(row, column))
        along, below = turn.apply(row), turn.apply(column)
        rows, columns = np.mgrid[: one.Rows, : one.Columns]
        x, y = columns * across - half[0], rows * down - half[1]
        # Where each new pixel lies in the old picture, in mm from the middle.
        old_x = x * float(along @ row) + y * float(below @ row)
        old_y = x * float(along @ column) + y * float(below @ column)
        places = [(old_y + half[1]) / down, (old_x + half[0]) / across]
        pixels = map_coordinates(one.pixel_array.astype(np.float64), places, order=1)
        one.ImageOrientationPatient = decimals(np.concatenate([along, below]))
        one.ImagePositionPatient = decimals(middle - along * half[0] - below * half[1])
        set_pixels(one, np.clip(pixels, 0, None).round())
        out[name] = one
    return out


@change("orientation with two decimals", WHERE)
def _(files: Files) -> Files:
    out = {name: copy.deepcopy(one) for name, one in files.items()}
    for one in out.values():
        one.ImageOrientationPatient = [f"{v:.2f}" for v in vector(one, "ImageOrientationPatient")]
    return out


@change("positions with one decimal", WHERE)
def _(files: Files) -> Files:
    out = {name: copy.deepcopy(one) for name, one in files.items()}
    for one in out.values():
        one.ImagePositionPatient = [f"{v:.1f}" for v in vector(one, "ImagePositionPatient")]
    return out


@change("no pixel spacing", WHERE)
def _(files: Files) -> Files:
    return with_elements(files, PixelSpacing=None)


@change("spacing of 1 mm against the reconstruction diameter", WHERE)
def _(files: Files) -> Files:
    out = {name: copy.deepcopy(one) for name, one in files.items()}
    for one in out.values():
        one.ReconstructionDiameter = f"{float(one.PixelSpacing[0]) * one.Rows:.1f}"
        one.PixelSpacing = ["1", "1"]
    return out


@change("no position in one file", WHERE)
def _(files: Files) -> Files:
    first = sorted(files)[3]
    return {**files, **with_elements({first: files[first]}, ImagePositionPatient=None)}


@change("files in another order", SIDES)
def _(files: Files) -> Files:
    ordered = sorted(files)
    numbers = list(reversed(range(1, len(ordered) + 1)))
    out = {name: copy.deepcopy(files[name]) for name in reversed(ordered)}
    for name, number in zip(ordered, numbers, strict=True):
        out[name].InstanceNumber = str(number)
    return out


@change("stored from right to left, header true", SIDES)
def _(files: Files) -> Files:
    return _stored(files, lambda pixels: pixels[:, ::-1], flip_row=True)


@change("stored from below, header true", SIDES)
def _(files: Files) -> Files:
    return _stored(files, lambda pixels: pixels[::-1], flip_column=True)


def _stored(
    files: Files,
    flip: Callable[[NDArray[np.generic]], NDArray[np.generic]],
    flip_row: bool = False,
    flip_column: bool = False,
) -> Files:
    out = {name: copy.deepcopy(one) for name, one in files.items()}
    for one in out.values():
        row, column = np.split(vector(one, "ImageOrientationPatient"), 2)
        spacing, place = vector(one, "PixelSpacing"), vector(one, "ImagePositionPatient")
        if flip_row:
            place, row = place + row * (one.Columns - 1) * spacing[1], -row
        if flip_column:
            place, column = place + column * (one.Rows - 1) * spacing[0], -column
        one.ImagePositionPatient = decimals(place)
        one.ImageOrientationPatient = decimals(np.concatenate([row, column]))
        set_pixels(one, flip(one.pixel_array))
    return out


@change("stored by columns, header true", SIDES)
def _(files: Files) -> Files:
    out = {name: copy.deepcopy(one) for name, one in files.items()}
    for one in out.values():
        row, column = np.split(vector(one, "ImageOrientationPatient"), 2)
        one.ImageOrientationPatient = decimals(np.concatenate([column, row]))
        one.PixelSpacing = list(reversed(one.PixelSpacing))
        set_pixels(one, one.pixel_array.T)
    return out


@change("turned by 180 degrees, header as before", SIDES)
def _(files: Files) -> Files:
    return _turned(files, 2)


@change("turned by 90 degrees, header as before", SIDES)
def _(files: Files) -> Files:
    return _turned(files, 1)


def _turned(files: Files, quarters: int) -> Files:
    out = {name: copy.deepcopy(one) for name, one in files.items()}
    for one in out.values():
        set_pixels(one, np.rot90(one.pixel_array, quarters))
    return out
