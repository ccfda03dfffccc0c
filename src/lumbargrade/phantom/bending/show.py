"""Bends of a cohort to look at: sheets of pictures, and a table of what was done to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.errors import BundleError, CohortError, StudyError
from lumbargrade.files.staging import staged
from lumbargrade.files.table import write_rows
from lumbargrade.grading.level import Level
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.outline import Drawn, draw_slices
from lumbargrade.phantom.bending.bend import (
    Bent,
    Material,
    bend_at_random,
    bendable,
    material_of,
)
from lumbargrade.phantom.bending.paint import FloatImage
from lumbargrade.study.patch import PatchSpec, extract_patch
from lumbargrade.study.read import read_study

SQUARE, MARGIN_PX = PatchSpec(75.0, 128), 28
"""What is bent is a little more than the square that is graded."""
TILE_PX, LABEL_PX, ROWS = 256, 18, 6
WHITE = 1.3
"""Shown white; fat and CSF are near 1."""
OUTLINE_COLOUR = (255, 90, 60)

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class ShowOptions:
    """How many slices, how many bends of each, whether the sac is painted as on T2."""

    slices: int = 24
    bends: int = 3
    as_t2: bool = False
    seed: int = 7


def show_bends(cohort: Cohort, engine: Engine, out: Path, options: ShowOptions, tell: Tell) -> int:
    """Bend slices without findings; write ``bends.csv`` and ``sheet-*.png``; return their number.

    Raises CohortError if no slice can be bent, BundleError if the model draws no outlines,
    OutputError if ``out`` cannot be written.
    """
    manifest = engine.bundle.manifest
    if manifest.outliner is None:
        raise BundleError(
            f"model {manifest.name} draws no outlines, from which slices are bent: name a bundle "
            "with an outline network"
        )
    chosen = [item for item in cohort.slices if bendable(item)]
    rng = np.random.default_rng(options.seed)
    order = rng.permutation(len(chosen))[: options.slices]
    rows: list[list[object]] = []
    tiles: list[Image.Image] = []
    with staged(out, [cohort.folder]) as folder:
        for done, index in enumerate(order, start=1):
            item = chosen[index]
            made = material(item, engine)
            if made is not None:
                level = _level(item) if options.as_t2 else None
                bends = [bend_at_random(made, rng, level) for _ in range(options.bends)]
                tiles.append(_strip(item, made, bends))
                rows += [_row(item, number, one) for number, one in enumerate(bends, start=1)]
            tell(done, len(order))
        if not rows:
            raise CohortError(
                f"{cohort.folder}: has no slice that can be bent: slices without findings "
                "(all known grades 0) on which disc, sac, canal and joints can be drawn are needed"
            )
        write_rows(folder / "bends.csv", COLUMNS, rows)
        for number, sheet in enumerate(_sheets(tiles), start=1):
            sheet.save(folder / f"sheet-{number:02d}.png")
    return len(rows)


def material(item: CohortSlice, engine: Engine) -> Material | None:
    """Return a cohort's slice as what can be bent; None where it cannot."""
    if item.center_px is None:
        return None
    for series in read_study([item.file]).series:
        for one in series.slices:
            if one.sop_instance_uid == item.sop_instance_uid:
                pixels = one.load_pixels()
                try:
                    patch = extract_patch(pixels, one.geometry, item.center_px, SQUARE, MARGIN_PX)
                except StudyError:
                    return None
                drawn = draw_slices(engine, [(pixels, one.geometry, item.center_px)])
                if not drawn or not isinstance(drawn[0], Drawn):
                    return None
                return material_of(patch, SQUARE.spacing_mm, drawn[0].outlines)
    return None


COLUMNS = (
    "patient_id",
    "sop_instance_uid",
    "level",
    "bend",
    "height_mm",
    "apex_mm",
    "bulge_mm",
    "narrowing_right_mm",
    "narrowing_left_mm",
    "LDH",
    "LCCS",
    "LNRC_left",
    "LNRC_right",
    "herniation_ratio",
    "sac_area_mm2",
)


def _row(item: CohortSlice, number: int, bent: Bent) -> list[object]:
    plan, grades, measures = bent.bend, bent.truth.grades, bent.truth.measures
    lengths = (plan.height, plan.apex, plan.bulge, *plan.narrowing)
    return [
        item.patient_id,
        item.sop_instance_uid,
        str(item.level or ""),
        number,
        *(round(value, 2) for value in lengths),
        *(grades.get(name) for name in COLUMNS[9:13]),
        *(round(measures[name], 3) for name in COLUMNS[13:]),
    ]


def _level(item: CohortSlice) -> int:
    """A level that is not known is taken for L4/L5: it says how many roots are in the sac."""
    return list(Level).index(item.level) if item.level is not None else 3


def _strip(item: CohortSlice, made: Material, bends: Sequence[Bent]) -> Image.Image:
    """The slice as it was, and each bend of it with its new disc outlined in half of its width."""
    strip = Image.new("RGB", (TILE_PX * (len(bends) + 1), TILE_PX + LABEL_PX))
    pen = ImageDraw.Draw(strip)
    strip.paste(_tile(made.picture), (0, LABEL_PX))
    pen.text((4, 3), f"{item.patient_id} {item.level or ''}", fill="white")
    for place, one in enumerate(bends, start=1):
        tile = _tile(one.picture)
        points = (one.moved.disc / SQUARE.spacing_mm + SQUARE.pixels / 2) * _zoom()
        right = [tuple(point) for point in points if point[0] < TILE_PX / 2]
        ImageDraw.Draw(tile).point(right, fill=OUTLINE_COLOUR)
        strip.paste(tile, (place * TILE_PX, LABEL_PX))
        pen.text((place * TILE_PX + 4, 3), _words(one), fill="white")
    return strip


def _words(bent: Bent) -> str:
    grades = bent.truth.grades
    said = [f"LDH {grades['LDH']}", f"LNRC R {_or_dash(grades['LNRC_right'])}"]
    said.append(f"L {_or_dash(grades['LNRC_left'])}")
    if grades["LCCS"] is not None:
        said.append(f"LCCS {grades['LCCS']}")
    return "  ".join(said)


def _or_dash(grade: int | None) -> str:
    return "-" if grade is None else str(grade)


def _zoom() -> float:
    return TILE_PX / SQUARE.pixels


def _tile(picture: FloatImage) -> Image.Image:
    inner = picture[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX]
    grey = np.clip(inner / WHITE * 255, 0, 255).astype(np.uint8)
    return Image.fromarray(grey).resize((TILE_PX, TILE_PX), Image.Resampling.BICUBIC).convert("RGB")


def _sheets(strips: Sequence[Image.Image]) -> Iterator[Image.Image]:
    for start in range(0, len(strips), ROWS):
        some = strips[start : start + ROWS]
        sheet = Image.new("RGB", (some[0].width, sum(one.height for one in some)))
        for place, one in enumerate(some):
            sheet.paste(one, (0, place * one.height))
        yield sheet
