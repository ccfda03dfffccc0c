"""From probability maps to outlines: where the probability falls below one half.

A map is (n, n), row by column; its centre is (0, 0) mm. The centre of the pixel in column ``c``
lies at ``x = (c + 0.5) * spacing_mm - n * spacing_mm / 2``; rows run along y in the same way.
Between pixels the map is taken as linear, so that an outline is finer than the pixels.
``drawing`` goes the other way.
"""

from __future__ import annotations

import numpy as np
from contourpy import LineType, contour_generator
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from lumbargrade.morphometry.lines import area, centroid, signed_area
from lumbargrade.morphometry.outlines import Line, Root

Probability = NDArray[np.floating]
"""(n, n) of 0..1."""

_HALF = 0.5
_SMALLEST_MM2 = 0.01
"""A smaller shape is a pixel that just reaches one half, and no file of outlines holds it."""
_FEWEST_SLICES = 4
_SMOOTH_SLICES = 1.5
"""Slices across a line are a pixel thick: their centres jump by less than a pixel."""
_NEIGHBOURS = ((0, 1), (1, 0), (1, 1), (1, -1))


def closed_outline(probability: Probability, spacing_mm: float) -> Line | None:
    """Return the outline of the largest shape, or None where no pixel reaches one half.

    Holes are not outlined. A shape that is cut by the edge of the picture is closed along it.
    """
    outlines = closed_outlines(probability, spacing_mm)
    return max(outlines, key=area, default=None)


def blobs(probability: Probability, spacing_mm: float) -> tuple[Root, ...]:
    """Return each shape as a round root: the centre and the diameter of a disk of its area."""
    return tuple(
        Root((float(x), float(y)), float(2 * np.sqrt(area(line) / np.pi)))
        for line in closed_outlines(probability, spacing_mm)
        for x, y in [centroid(line)]
    )


def centre_line(probability: Probability, spacing_mm: float) -> Line | None:
    """Return the middle of the largest thin shape as an open line, its medial end first.

    The shape is taken as a line drawn with round ends, as ``drawing.stroke`` draws it; the
    line ends half its width within them. None where no shape is longer than twice its width.
    """
    cells = np.argwhere(probability >= _HALF)
    if not len(cells):
        return None
    ways = _ways(cells, len(probability))
    _, shape = connected_components(ways, directed=False)
    largest = shape == np.bincount(shape).argmax()
    cells, ways = cells[largest], ways[largest][:, largest]
    slices = np.rint(_steps_from_an_end(ways)).astype(int)
    pixels = np.asarray((cells[:, ::-1] + 0.5 - len(probability) / 2) * spacing_mm, np.float64)
    extent = (slices.max() + 1) * spacing_mm
    width = _width(len(cells) * spacing_mm**2, extent)
    if extent < 2 * width or slices.max() < _FEWEST_SLICES:
        return None
    return _medial_first(_middle(pixels, slices, width, spacing_mm))


def closed_outlines(probability: Probability, spacing_mm: float) -> list[Line]:
    """Return the outlines of all shapes; no point comes twice in a row.

    Neither holes are outlined nor shapes of less than a hundredth of a mm2.
    """
    padded = np.pad(np.asarray(probability, np.float64), 1)
    found = contour_generator(z=padded, line_type=LineType.Separate).lines(_HALF)
    offset = len(probability) / 2 + 0.5  # one pixel was padded, half a pixel is its corner
    lines = [(_without_repeats(np.asarray(line)) - offset) * spacing_mm for line in found]
    # contourpy keeps the higher side on the left: the outline of a hole runs the other way
    return [line for line in lines if signed_area(line) > _SMALLEST_MM2]


def _without_repeats(line: Line) -> Line:
    """Its first point stands at its end again, and pixels of just one half give a point twice."""
    return line[1:][np.any(np.diff(line, axis=0) != 0, axis=1)]


def _ways(cells: NDArray[np.intp], edge: int) -> csr_array:
    """The steps between neighbouring pixels (n, 2: row, column), (n, n) in pixels."""
    number = np.full((edge + 2, edge + 2), -1)  # a frame of no pixels
    number[tuple(cells.T + 1)] = np.arange(len(cells))
    starts, ends, lengths = [], [], []
    for down, right in _NEIGHBOURS:
        other = number[cells[:, 0] + 1 + down, cells[:, 1] + 1 + right]
        there = np.flatnonzero(other >= 0)
        starts.append(there)
        ends.append(other[there])
        lengths.append(np.full(len(there), np.hypot(down, right)))
    places = (np.concatenate(starts), np.concatenate(ends))
    return coo_array((np.concatenate(lengths), places), shape=(len(cells), len(cells))).tocsr()


def _steps_from_an_end(ways: csr_array) -> NDArray[np.float64]:
    """The way through the shape from one of its ends to each of its pixels, in pixels: (n,)."""
    far = int(dijkstra(ways, directed=False, indices=0).argmax())
    return np.asarray(dijkstra(ways, directed=False, indices=far))


def _width(area_mm2: float, extent_mm: float) -> float:
    """The width of a line with round ends of so large an area, so long from tip to tip."""
    roundness = 1 - np.pi / 4  # what its round ends lack of square ones, in widths squared
    within = max(extent_mm**2 - 4 * roundness * area_mm2, 0.0)
    return float((extent_mm - np.sqrt(within)) / (2 * roundness))


def _middle(
    pixels: NDArray[np.float64], slices: NDArray[np.intp], width: float, spacing_mm: float
) -> Line:
    """The centres of the slices across a line, smoothed, and straight on at its two ends."""
    count = np.bincount(slices)
    sums = np.column_stack([np.bincount(slices, axis) for axis in pixels.T])
    there = count > 0  # where a shape is one pixel thin, a diagonal step leaves a slice out
    centres = sums[there] / count[there, None]
    smooth = _smoothed(centres)
    ends = min(int(np.ceil(width / spacing_mm)), (len(smooth) - 2) // 2)
    line: Line = np.asarray(smooth[ends : len(smooth) - ends])
    for _ in range(2):
        ahead = line[-1] - line[max(len(line) - 4, 0)]
        ahead /= np.hypot(*ahead)
        near = pixels[np.hypot(*(pixels - line[-1]).T) < 2.5 * width]
        # the last pixel's centre lies up to half a pixel within the tip, a quarter in the mean
        reach = ((near - line[-1]) @ ahead).max() + spacing_mm / 4 - width / 2
        if reach > 0:
            line = np.vstack([line, line[-1] + reach * ahead])
        line = line[::-1]
    return line


def _smoothed(points: Line) -> Line:
    """Points along a line, each the mean of its neighbours by a Gaussian; ends count on."""
    reach = int(4 * _SMOOTH_SLICES)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / _SMOOTH_SLICES) ** 2)
    padded = np.pad(points, ((reach, reach), (0, 0)), mode="edge")
    columns = [np.convolve(axis, kernel / kernel.sum(), mode="valid") for axis in padded.T]
    return np.column_stack(columns)


def _medial_first(line: Line) -> Line:
    return line if abs(line[0, 0]) <= abs(line[-1, 0]) else line[::-1].copy()
