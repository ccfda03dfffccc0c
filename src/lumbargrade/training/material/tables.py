"""The tables of a run: which packed slices it learns from, and what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.files.write import whole
from lumbargrade.training.cache import DONE, MAPS_FILE
from lumbargrade.training.data import SliceTable, label_table
from lumbargrade.training.recipe import Recipe
from lumbargrade.training.run_folder import RunFolder
from lumbargrade.training.tasks.measures import measure_table, scale_of
from lumbargrade.training.tasks.specs import recipe_specs

Rows = NDArray[np.int64]


def part_rows(
    slices: tuple[CohortSlice, ...], parts: Mapping[str, str], state: NDArray[np.uint8]
) -> dict[str, Rows]:
    """Return part -> rows of the cache that belong to it and could be packed."""
    owner = np.array([parts[item.patient_id] for item in slices])
    usable = state[: len(slices)] == DONE
    return {part: np.flatnonzero((owner == part) & usable) for part in sorted(set(owner))}


def slice_table(run: RunFolder, rows: Rows, labels: NDArray[np.int64]) -> SliceTable:
    """Return packed slices of a run, by their rows, with the labels (n, outputs) of each."""
    maps = run.cache / MAPS_FILE
    return SliceTable(run.cache / "patches.npy", rows, labels, maps if maps.is_file() else None)


def known_table(
    run: RunFolder, recipe: Recipe, rows: Rows, slices: tuple[CohortSlice, ...]
) -> SliceTable:
    """Return packed slices of a run, by their rows, with what is known of each (in their order)."""
    return replace(
        slice_table(run, rows, label_table(slices, recipe_specs(recipe))),
        measures=measure_table(slices, recipe.outputs.measures),
        sites=np.array([item.site for item in slices]),
    )


def write_tables(
    run: RunFolder, recipe: Recipe, slices: tuple[CohortSlice, ...], rows: Mapping[str, Rows]
) -> None:
    """Write what the export reads: labels and measures of all slices, and their parts."""
    measures = measure_table(slices, recipe.outputs.measures)
    mean, spread = scale_of(measures[rows["train"]])
    with whole(run.tables) as draft, draft.open("wb") as stream:
        np.savez(
            stream,
            allow_pickle=False,
            labels=label_table(slices, recipe_specs(recipe)),
            patients=np.array([item.patient_id for item in slices]),
            measures=measures,
            measure_mean=mean,
            measure_spread=spread,
            **rows,
        )
