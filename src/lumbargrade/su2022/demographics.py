"""Table 1: the demographics of the article's patients beside those of any others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from lumbargrade.files.table import TextTable
from lumbargrade.statistics.patients import CohortImage, demographics
from lumbargrade.su2022.published import PAPER, RUN, article

_SEXES = {"M": "Men", "F": "Women", "O": "Other sex", "": "Sex not known"}


def table_1(groups: Mapping[str, Sequence[CohortImage]]) -> TextTable:
    """Return the demographics of each group; the article's internal set includes training."""
    told = article().demographics
    columns = [_printed_demographics(told[name]) for name in ("internal", "external")]
    heads = [f"internal, all: {PAPER}", f"external: {PAPER}"]
    for part, some in groups.items():
        heads.append(f"{part}: {RUN}")
        columns.append(_demographics(some))
    names = list(dict.fromkeys(name for column in columns for name in column))
    rows = tuple((name, *(column.get(name, "-") for column in columns)) for name in names)
    return TextTable(
        "table-1",
        "Table 1. Patients",
        ("", *heads),
        rows,
        "Age in years: mean +/- standard deviation (range).",
    )


def _demographics(images: Sequence[CohortImage]) -> dict[str, str]:
    found = demographics(images)
    column = {"Patients": str(found.patients), "Age": _age(found.age)}
    for sex in [*(sex for sex in _SEXES if sex in found.by_sex), *(found.by_sex.keys() - _SEXES)]:
        count, age = found.by_sex[sex]
        name = _SEXES.get(sex, f"Sex {sex}")
        column[name] = f"{count} ({100 * count / found.patients:.1f} %)"
        column[f"{name}, age"] = _age(age)
    if found.ages < found.patients:
        column["Age not known"] = str(found.patients - found.ages)
    return column


def _printed_demographics(told: Mapping[str, Any]) -> dict[str, str]:
    low, high = told["age_range"]
    return {
        "Patients": str(told["n"]),
        "Age": f"{told['age_mean']} +/- {told['age_sd']} ({low}-{high})",
        "Men": f"{told['men']} ({told['men_pct']} %)",
        "Women": f"{told['women']} ({told['women_pct']} %)",
        "Women, age": told["women_age"],
    }


def _age(age: tuple[float, float, float, float] | None) -> str:
    if age is None:
        return "-"
    mean, deviation, low, high = age
    spread = f" +/- {deviation:.0f}" if math.isfinite(deviation) else ""
    return f"{mean:.0f}{spread} ({low:.0f}-{high:.0f})"
