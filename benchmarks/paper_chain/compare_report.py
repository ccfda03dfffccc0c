"""Figure 1 and Tables 1 to 4 of the report: consistent among themselves and with the files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.paper_chain.checks import Checks
from benchmarks.paper_chain.commands import ReadHospital
from benchmarks.paper_chain.reading import read_rows
from lumbargrade.cohort.read import CohortSlice
from lumbargrade.cohort.split.file import read_split
from lumbargrade.evaluation.predictions import read_predictions
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL, TRAINING

TABLE_OF = {INTERNAL: "table-3", EXTERNAL: "table-4"}
RUN = "this run"
Parts = Mapping[str, Sequence[CohortSlice]]


def check_report(
    report: Path, graded: Path, read: tuple[ReadHospital, ReadHospital], checks: Checks
) -> None:
    """Check the report in a folder against the cohorts, the split and the grades.

    ``graded`` holds the grades that were evaluated.
    """
    data = json.loads((report / "evaluation.json").read_text("utf-8"))
    internal, external = read
    split = read_split(internal.cohort / "split.json")
    known = {name for name, part in split.items() if part != "test"}
    parts = {
        TRAINING: [one for one in internal.slices if one.patient_id in known],
        INTERNAL: [one for one in internal.slices if one.patient_id not in known],
        EXTERNAL: external.slices,
    }
    _check_figure_1(data["flow"], read, parts, checks)
    page = (report / "report.html").read_text("utf-8")
    checks.same(
        "Figure 1 of the page begins with the archives", "From the archive to" in page, True
    )
    tables = report / "tables"
    _check_table_1(read_rows(tables / "table-1.csv"), parts, checks)
    _check_table_2(read_rows(tables / "table-2.csv"), parts, checks)
    given = {
        one.sop_instance_uid: {
            code: finding.grade
            for code in GRADING_SYSTEMS
            if (finding := one.finding(code)) is not None
        }
        for study in read_predictions(graded)
        for one in study.slices
    }
    for one in data["systems"]:
        _check_system(one, parts[one["group"]], given, tables, checks)
    checks.same("drawn and located regions are compared", bool(data["comparisons"]), True)


def _check_figure_1(
    flow: Mapping[str, Any],
    read: tuple[ReadHospital, ReadHospital],
    parts: Parts,
    checks: Checks,
) -> None:
    for one, origin in zip(read, flow["origins"], strict=True):
        people = one.hospital.people
        start = (origin["start"]["patients"], origin["start"]["images"])
        whole = (len(people), sum(each.images for each in people))
        name = f"Figure 1, {one.hospital.folder.name}"
        checks.same(f"{name}, archive", start, whole)
        out = Counter(each.reason for each in people if each.reason)
        dropped = {
            each["name"]: each["patients"] for s in origin["stages"] for each in s["dropped"]
        }
        checks.same(f"{name}, patients out by reason", dropped, dict(out))
        last = origin["stages"][-1]["left"]
        checks.same(f"{name}, last box", (last["patients"], last["images"]), _size(one.slices))
    everything = [one for some in parts.values() for one in some]
    cohort = (flow["cohort"]["patients"], flow["cohort"]["images"])
    checks.same("Figure 1, both cohorts", cohort, _size(everything))
    found = {one["name"]: (one["patients"], one["images"]) for one in flow["parts"]}
    checks.same("Figure 1, parts", found, {part: _size(some) for part, some in parts.items()})
    sums = tuple(sum(one) for one in zip(*found.values(), strict=True))
    checks.same("Figure 1, parts add up to the cohorts", sums, cohort)


def _check_table_1(rows: list[dict[str, str]], parts: Parts, checks: Checks) -> None:
    by_name = {row[""]: row for row in rows}
    for part, slices in parts.items():
        column = f"{part}: {RUN}"
        patients = {one.patient_id: one for one in slices}
        checks.same(f"Table 1, {part}, patients", by_name["Patients"][column], str(len(patients)))
        counted = [by_name.get(name, {}).get(column, "-") for name in ("Men", "Women")]
        sexes = Counter(one.sex for one in patients.values())
        found = [0 if cell == "-" else int(cell.split()[0]) for cell in counted]
        checks.same(f"Table 1, {part}, men and women", found, [sexes["M"], sexes["F"]])


def _check_table_2(rows: list[dict[str, str]], parts: Parts, checks: Checks) -> None:
    for part, slices in parts.items():
        for system in GRADING_SYSTEMS:
            counts = Counter(
                reference for one in slices if (reference := _worst(one, system)) is not None
            )
            found = {
                int(row["grade"]): int(row[f"{part}: {RUN}"].split()[0])
                for row in rows
                if row["system"] == system
            }
            name = f"Table 2, {part}, {system}"
            checks.same(f"{name}, images of each grade", _filled(found), _filled(counts))


def _check_system(
    one: Mapping[str, Any],
    slices: Sequence[CohortSlice],
    given: Mapping[str, Mapping[str, int | None]],
    tables: Path,
    checks: Checks,
) -> None:
    """The matrix of a system and part against the files, and the figures against the matrix."""
    system, part = one["system"], one["group"]
    counts = np.array(one["table"]["counts"])
    expected = np.zeros_like(counts)
    missed: Counter[int] = Counter()
    for item in slices:
        true = _worst(item, system)
        answer = given.get(item.sop_instance_uid, {}).get(system)
        if true is not None and answer is not None:
            expected[true, answer] += 1
        elif true is not None:
            missed[true] += 1
    name = f"{TABLE_OF[part].replace('-', ' ').capitalize()}, {system}"
    checks.same(f"{name}, confusion matrix", counts.tolist(), expected.tolist())
    references = Counter(true for item in slices if (true := _worst(item, system)) is not None)
    margins = {grade: int(row) + missed[grade] for grade, row in enumerate(counts.sum(1))}
    checks.same(f"{name}, margins and not graded", _filled(margins), _filled(references))
    checks.same(f"{name}, n", one["images"], int(counts.sum()))
    accuracy = float(np.trace(counts) / counts.sum())
    found = one["figures"]["accuracy"]["value"]
    checks.same(f"{name}, accuracy is trace / n", found, round(accuracy, 6))
    (row,) = [
        row
        for row in read_rows(tables / f"{TABLE_OF[part]}.csv")
        if (row["system"], row["grade"]) == (system, "all")
    ]
    checks.same(f"{name}, accuracy as printed", row[f"accuracy: {RUN}"], f"{100 * accuracy:.1f}")
    checks.same(
        f"{name}, AC1 of the matrix", one["figures"]["ac1"]["value"], round(_ac1(counts), 6)
    )


def _worst(one: CohortSlice, system: str) -> int | None:
    """The reference of an image: of two sides the worse one; 3 on one side is enough."""
    sides = [one.grades.get(output) for output in GRADING_SYSTEMS[system].outputs]
    known = [grade for grade in sides if grade is not None]
    top = GRADING_SYSTEMS[system].grades[-1].value
    return max(known) if known and (len(known) == len(sides) or top in known) else None


def _ac1(counts: Any) -> float:
    shares = counts / counts.sum()
    used = (shares.sum(0) + shares.sum(1)) / 2
    chance = float((used * (1 - used)).sum()) / (len(counts) - 1)
    return float((np.trace(shares) - chance) / (1 - chance))


def _size(slices: Sequence[CohortSlice]) -> tuple[int, int]:
    return len({one.patient_id for one in slices}), len(slices)


def _filled(counts: Mapping[int, int]) -> list[int]:
    return [counts.get(grade, 0) for grade in range(4)]
