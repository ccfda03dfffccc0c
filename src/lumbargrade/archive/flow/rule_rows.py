"""The rows of an archive as rules see them: whose each is, and whether it holds to a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lumbargrade.archive.flow.rules import COUNTS, ColumnRule, ListRule, Rule
from lumbargrade.archive.index.columns import Reason

Mask = NDArray[np.bool_]


def rows_of_patients(table: pa.Table) -> tuple[pa.Table, dict[str, int]]:
    """Return the rows that are a patient's, each picture once, and what the others are."""
    gone = pc.fill_null(pc.equal(table["reason"], Reason.MISSING.value), False)
    left_out: Counter[str] = Counter()
    if removed := pc.sum(gone).as_py():
        left_out[Reason.MISSING.value] = removed
    table = table.filter(pc.invert(gone))
    nobody = pc.is_null(table["patient_id"])
    left_out.update(
        {
            pair["values"] or "no patient": pair["counts"]
            for pair in pc.value_counts(table.filter(nobody)["reason"]).to_pylist()
        }
    )
    table = table.filter(pc.invert(nobody))
    # A usable file goes before its broken copies; the order of the files decides the rest.
    table = table.take(pc.sort_indices(table, [("usable", "descending"), ("file_id", "ascending")]))
    named = table["slice_id"].is_valid().to_numpy()
    owners = table["patient_id"].to_numpy(zero_copy_only=False)
    slices = table["slice_id"].to_numpy(zero_copy_only=False)
    seen: set[tuple[str, str]] = set()
    first = np.ones(len(table), dtype=np.bool_)
    for row, (patient, one) in enumerate(zip(owners, slices, strict=True)):
        first[row] = not named[row] or (patient, one) not in seen
        seen.add((patient, one))
    if copies := int((~first).sum()):
        left_out["a copy of another file"] = copies
    return table.filter(pa.array(first)), dict(left_out)


class ArchiveRows:
    """The rows of patients, with whose each is as a number."""

    def __init__(self, rows: pa.Table) -> None:
        self.rows = rows
        self.names, self.patients = np.unique(
            rows["patient_id"].to_numpy(zero_copy_only=False).astype(str), return_inverse=True
        )
        frames = pc.fill_null(rows["number_of_frames"], 1).to_numpy()
        self.images = np.maximum(frames, 1)

    def present(self, inside: Mask) -> Mask:
        """Return which patients have a row inside."""
        return np.bincount(self.patients[inside], minlength=len(self.names)) > 0

    def count(self, inside: Mask) -> int:
        """Return the pictures inside."""
        return int(self.images[inside].sum())

    def holds(self, rule: Rule, inside: Mask, listed: Mapping[str, frozenset[str]]) -> Mask:
        """Return which rows hold to a rule."""
        if isinstance(rule, ListRule):
            out = frozenset[str]().union(*(listed.get(one, frozenset()) for one in rule.listed_for))
            return ~np.isin(self.names, sorted(out))[self.patients]
        values = (
            self._counted(rule.column, inside) if rule.column in COUNTS else self.rows[rule.column]
        )
        held: Mask = np.array(pc.fill_null(_compare(values, rule), rule.keeps_unknown))
        return held

    def _counted(self, column: str, inside: Mask) -> pa.Array:
        """Return of each row how many pictures (or studies) its series, study or patient has."""
        counted, _, group = column.split("_")
        groups = self.patients if group == "patient" else self._codes(f"{group}_id")
        if counted == "studies":
            pairs = np.stack([groups, self._codes("study_id")], 1)[inside]
            found = np.bincount(np.unique(pairs, axis=0)[:, 0], minlength=groups.max() + 1)
        else:
            weights = self.images[inside]
            found = np.bincount(groups[inside], weights, minlength=groups.max() + 1)
        return pa.array(found[groups])

    def _codes(self, column: str) -> NDArray[np.intp]:
        names = pc.fill_null(self.rows[column], "").to_numpy(zero_copy_only=False).astype(str)
        return np.unique(names, return_inverse=True)[1]


def _compare(values: pa.Array, rule: ColumnRule) -> pa.Array:
    """Return true, false, or null where the value is unknown."""
    if rule.operator in ("one of", "none of"):
        numbers = isinstance(rule.value[0], int | float) and not isinstance(rule.value[0], bool)
        values = values.cast(pa.float64()) if numbers else values
        wanted = pa.array(list(rule.value), values.type)
        among = pc.is_in(values, value_set=wanted)
        among = pc.if_else(pc.is_valid(values), among, pa.scalar(None, pa.bool_()))
        return among if rule.operator == "one of" else pc.invert(among)
    if rule.operator == "between":
        low, high = rule.value
        return pc.and_(pc.greater_equal(values, low), pc.less_equal(values, high))
    compare = {
        "is": pc.equal,
        "is not": pc.not_equal,
        "at least": pc.greater_equal,
        "at most": pc.less_equal,
    }
    return compare[rule.operator](values, rule.value)
