"""The sets that are compared: real slices traced and drawn, simulated ones drawn and as they are.

Only real patients of the half to tune on are looked at.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.real.data import LEVELS
from benchmarks.real.drawing.cache import drawn_set
from benchmarks.real.drawing.draw import SAC_MM
from benchmarks.real.drawing.places import geometry_of
from benchmarks.real.drawing.slices import RealSlice
from benchmarks.real.halves import Half, half_of, traced, trained_patients
from benchmarks.real.realism.seen import Seen
from lumbargrade.cohort.read import CohortSlice, read_cohort
from lumbargrade.errors import CohortError
from lumbargrade.grading.finding import Plane
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.outline import Drawn, Placed, draw_slices
from lumbargrade.morphometry.lines import centroid
from lumbargrade.morphometry.outlines import Outlines
from lumbargrade.morphometry.tracing import Tracing, read_tracings
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.phantom.outlines import FOLDER
from lumbargrade.study.read import read_study


def traced_real(folder: Path) -> list[Seen]:
    """Return the real slices that a person traced well, through a disc or its end-plate."""
    tracings = traced(folder)
    learned = trained_patients(tracings)
    return [
        _of_tracing(one, folder)
        for one in tracings
        if one.plane in (Plane.DISC, Plane.ENDPLATE)
        and (one.quality or 0) >= 2
        and half_of(one.patient, learned) is Half.TUNE
    ]


def drawn_real(engine: Engine, folder: Path, slices: Sequence[RealSlice], out: Path) -> list[Seen]:
    """Return the real slices of one contrast as the network draws them, bodies left out."""
    drawn = drawn_set(engine, folder, slices, out)
    learned = trained_patients(traced(folder))
    return [
        _real(one, folder, drawn.masks.centres[row], drawn.masks.drawn(row, one.contrast))
        for row, one in enumerate(drawn.slices)
        if half_of(one.patient, learned) is Half.TUNE
        and list(Plane)[int(drawn.masks.planes[row].argmax())] is not Plane.BODY
    ]


@contextmanager
def simulated_cohort(given: Path | None, options: CohortOptions) -> Iterator[Path]:
    """Give the folder of a cohort: the one that was named, or one made for as long as it is used.

    Raises CohortError if the one that was named does not exist.
    """
    if given is not None:
        if not given.is_dir():
            raise CohortError(f"{given}: is no folder: name a cohort that 'phantom' made")
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        generate_cohort(Path(folder) / "cohort", options)
        yield Path(folder) / "cohort"


def drawn_simulated(engine: Engine, cohort: Path) -> list[Seen]:
    """Return simulated slices of L3-S1 as the network draws them, those that cut a disc.

    Which do is taken from the simulation, since the network may not know a disc of it.

    As on real slices, the square is moved once to where the sac was drawn.
    """
    slices = [
        one for one in read_cohort(cohort).slices if one.disc_in_plane and level_of(one) in LEVELS
    ]
    views = [_view(cohort, one) for one in slices]
    first = draw_slices(engine, views)
    moved = [_at_sac(view, one) for view, one in zip(views, first, strict=True)]
    return [
        _seen(one, view, found.outlines)
        for one, view, found in zip(slices, moved, draw_slices(engine, moved), strict=True)
        if isinstance(found, Drawn)
    ]


def true_simulated(cohort: Path) -> list[Seen]:
    """Return simulated slices of L3-S1 through a disc with the outlines of the simulation."""
    found: dict[Path, Tracing] = {}
    for file in sorted((cohort / FOLDER).glob("*.json")):
        found |= {(file.parent / one.file).resolve(): one for one in read_tracings(file)}
    seen = []
    for one in read_cohort(cohort).slices:
        tracing = found.get((cohort / one.file).resolve())
        if tracing is None or not one.disc_in_plane or level_of(one) not in LEVELS:
            continue
        pixels, geometry, _ = _view(cohort, one)
        seen.append(_seen(one, (pixels, geometry, tracing.centre_px), tracing.outlines))
    return seen


def _seen(one: CohortSlice, view: Placed, outlines: Outlines) -> Seen:
    pixels, geometry, centre = view
    return Seen(
        one.patient_id,
        level_of(one),
        one.contrast,
        pixels.astype(np.uint16),
        geometry,
        centre,
        outlines,
        dict(one.grades),
    )


def level_of(one: CohortSlice) -> str:
    """Return the level of a simulated slice as the real ones are named: ``"L4-L5"``."""
    return "" if one.level is None else str(one.level).replace("/", "-")


def _view(cohort: Path, one: CohortSlice) -> Placed:
    (series,) = read_study(cohort / one.file).series
    (image,) = series.slices
    if one.center_px is None:
        raise CohortError(f"{cohort}: {one.file} has no centre: name a cohort that 'phantom' made")
    return image.load_pixels(), image.geometry, one.center_px


def _at_sac(view: Placed, found: Drawn | str) -> Placed:
    pixels, geometry, (column, row) = view
    if isinstance(found, str) or found.outlines.sac is None:
        return view
    x, y = (centroid(found.outlines.sac) - SAC_MM) / geometry.pixel_spacing_mm[0]
    return pixels, geometry, (float(column + x), float(row + y))


def _real(one: RealSlice, folder: Path, centre: np.ndarray, found: Drawn) -> Seen:
    picture = one.picture(folder)
    place = (float(centre[0]), float(centre[1]))
    return Seen(
        one.patient,
        one.level,
        one.contrast,
        picture,
        geometry_of(picture),
        place,
        found.outlines,
        {},
    )


def _of_tracing(one: Tracing, folder: Path) -> Seen:
    picture = RealSlice(one.file, one.patient, one.level, one.contrast).picture(folder)
    geometry = geometry_of(picture, one.pixel_spacing_mm)
    return Seen(
        one.patient, one.level, one.contrast, picture, geometry, one.centre_px, one.outlines, {}
    )
