"""What a mean hides: subgroups, and the external set beside the internal one."""

from __future__ import annotations

import numpy as np
from tests.evaluation.report.usual import rows_of, usual

from lumbargrade.evaluation.report.tables.groups import drop_table, subgroup_table
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL
from lumbargrade.su2022.published import article


def test_the_articles_own_drop() -> None:
    rows = {(row["system"], row["figure"]): row for row in rows_of(drop_table(usual()))}
    images = article().images
    told = [np.trace(images[key]["LDH"]) / images[key]["LDH"].sum() for key in images]
    assert rows["LDH", "accuracy"]["the same: Su et al. 2022"] == f"{told[1] - told[0]:+.2f}"
    assert rows["LNRC", "AUC 0-1 / 2-3"]["the same: Su et al. 2022"] == "-0.08"
    assert rows["LDH", "balanced accuracy"]["the same: Su et al. 2022"] == "-"


def test_subgroups_add_up_to_their_set() -> None:
    rows = [row for row in rows_of(subgroup_table(usual().subgroups)) if row["system"] == "LDH"]
    levels = [int(row["images"]) for row in rows if "/" in row["subgroup"]]
    assert len(levels) == 3 * 2
    assert all(row["subgroup"].startswith((INTERNAL, EXTERNAL)) for row in rows)
    assert sum(levels) == sum(usual().of_part(part)["LDH"].images for part in (INTERNAL, EXTERNAL))
