"""What an index holds, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pyarrow.compute as pc

from lumbargrade.archive.index.index_paths import IndexPaths, describe
from lumbargrade.archive.index.shards import batches

_COUNTED = ("patient_id", "study_id", "series_id")


@dataclass(frozen=True)
class IndexSummary:
    """Files, and what the usable ones belong to; ``reasons`` counts the others."""

    files: int
    usable: int
    patients: int
    studies: int
    series: int
    reasons: Counter[str]


def summarise(places: IndexPaths) -> IndexSummary:
    """Count what is in the table, and write the counts into the description."""
    files = usable = 0
    reasons: Counter[str] = Counter()
    distinct: dict[str, set[bytes]] = {name: set() for name in _COUNTED}
    for batch in batches(places.table, ("usable", "reason", *_COUNTED)):
        files += len(batch)
        good = batch.filter(batch.column("usable"))
        usable += len(good)
        for pair in pc.value_counts(batch.column("reason").drop_null()).to_pylist():
            reasons[pair["values"]] += pair["counts"]
        for name, found in distinct.items():
            found |= {bytes.fromhex(one) for one in good.column(name).unique().to_pylist()}
    patients, studies, series = (len(distinct[name]) for name in _COUNTED)
    describe(places, {"files": files, "usable": usable, "patients": patients})
    return IndexSummary(files, usable, patients, studies, series, reasons)
