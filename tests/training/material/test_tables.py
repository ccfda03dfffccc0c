from dataclasses import replace
from pathlib import Path

import numpy as np

from lumbargrade.cohort.read import read_cohort
from lumbargrade.training.cache import DONE, REFUSED
from lumbargrade.training.material.tables import known_table, part_rows, write_tables
from lumbargrade.training.recipe import OutputSettings, Recipe
from lumbargrade.training.run_folder import RunFolder


def test_only_packed_slices_have_a_part(tiny_cohort: Path) -> None:
    slices = read_cohort(tiny_cohort).slices[:4]
    parts = {one.patient_id: "train" for one in slices}
    state = np.array([DONE, REFUSED, DONE, DONE, DONE, DONE], dtype=np.uint8)  # two bent rows
    assert part_rows(slices, parts, state)["train"].tolist() == [0, 2, 3]


def test_what_is_known_stands_in_the_order_of_the_rows(tiny_cohort: Path, tmp_path: Path) -> None:
    slices = read_cohort(tiny_cohort).slices[:3]
    recipe = Recipe(outputs=OutputSettings(measures=("bulge_mm",)))
    bent = replace(slices[0], site="bends", measures={"bulge_mm": 2.0}, grades={"LDH": 3})
    rows = np.array([0, 2, 9])
    table = known_table(RunFolder(tmp_path), recipe, rows, (slices[0], slices[2], bent))
    assert table.rows.tolist() == [0, 2, 9]
    assert table.labels[2, 0] == 3
    assert table.measures is not None
    assert table.sites is not None
    assert table.measures[2, 0] == 2.0
    assert table.sites.tolist()[-1] == "bends"


def test_the_export_reads_all_slices(tiny_cohort: Path, tmp_path: Path) -> None:
    slices, run = read_cohort(tiny_cohort).slices[:3], RunFolder(tmp_path)
    write_tables(run, Recipe(), slices, {"train": np.array([0, 1]), "validation": np.array([2])})
    with np.load(run.tables) as tables:
        assert len(tables["labels"]) == 3
        assert tables["train"].tolist() == [0, 1]
