"""Outlines drawn by the network as a tracing file: a draft that a person corrects, which is
quicker than to trace, and that a network may be trained on beside tracings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from lumbargrade.errors import BundleError, StudyError
from lumbargrade.grading.finding import NotGraded
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.outline import Drawn, draw_slices
from lumbargrade.inference.regions import find_regions, refusal
from lumbargrade.morphometry.tracing import DRAFT_QUALITY, Tracing
from lumbargrade.study.limits import ReadOptions
from lumbargrade.study.model import Slice
from lumbargrade.study.read import read_study

SQUARE_PIXELS = 0.02
"""Tracing files have one pixel spacing: rows and columns may differ by this share."""

NOTE = "drawn by {model}, not by a person"


def draw_drafts(
    engine: Engine,
    files: Sequence[Path],
    folder: Path,
    spacing_mm: float | None,
    at: Callable[[int, int], None],
) -> tuple[tuple[Tracing, ...], tuple[NotGraded, ...]]:
    """Draw single slices (DICOM or pictures); ``folder`` is what their names are relative to.

    ``spacing_mm`` is of pictures, which carry none; ``at`` is told how many are done, of how
    many. Returns the drafts, and what was not drawn and why. Raises BundleError if the bundle
    draws no outlines.
    """
    if engine.bundle.manifest.outliner is None:
        raise BundleError(
            f"model {engine.bundle.manifest.name} draws no outlines: choose another with --model"
        )
    drafts: list[Tracing] = []
    left_out: list[NotGraded] = []
    for number, file in enumerate(files):
        try:
            drafts.append(_draft(engine, file, folder, spacing_mm))
        except StudyError as error:
            left_out.append(NotGraded(str(file), str(error)))
        at(number + 1, len(files))
    return tuple(drafts), tuple(left_out)


def _draft(engine: Engine, file: Path, folder: Path, spacing_mm: float | None) -> Tracing:
    if not file.resolve().is_relative_to(folder.resolve()):
        raise StudyError(f"{file}: does not lie in {folder}, the folder of the file of outlines")
    spacing = None if spacing_mm is None else (spacing_mm, spacing_mm)
    patient, item = _only_slice(file, ReadOptions(pixel_spacing_mm=spacing))
    one_spacing_mm = _one_spacing(item)
    center_px, drawn = _drawn(engine, item)
    return Tracing(
        file=file.resolve().relative_to(folder.resolve()).as_posix(),
        # Roots in the sac are drawn too badly for a draft, and T1 does not show them.
        outlines=replace(drawn.outlines, roots_in_sac=None, clusters=None),
        centre_px=center_px,
        pixel_spacing_mm=one_spacing_mm,
        patient=patient or file.name.partition("_")[0],
        plane=drawn.cut.plane,
        quality=DRAFT_QUALITY,
        note=NOTE.format(model=engine.bundle.manifest.name),
    )


def _drawn(engine: Engine, item: Slice) -> tuple[tuple[float, float], Drawn]:
    """Return where on the slice (column, row) the canal lies, and what was drawn around it."""
    pixels = item.load_pixels()
    (located,) = find_regions(engine, [item.geometry], [pixels])
    if reason := refusal(located):
        raise StudyError(reason)
    (found,) = draw_slices(engine, [(pixels, item.geometry, located.center_px)])
    if isinstance(found, str):
        raise StudyError(found)
    return located.center_px, found


def _only_slice(file: Path, options: ReadOptions) -> tuple[str, Slice]:
    study = read_study(file, options)
    slices = [one for series in study.series for one in series.slices]
    if len(slices) != 1:
        raise StudyError(f"{file}: has {len(slices)} slices, and outlines are of one: split it")
    return study.patient_id, slices[0]


def _one_spacing(item: Slice) -> float:
    rows, columns = item.geometry.pixel_spacing_mm
    if abs(rows - columns) > SQUARE_PIXELS * columns:
        raise StudyError(f"{item.source_file}: pixels of {rows:g} x {columns:g} mm are not square")
    return columns
