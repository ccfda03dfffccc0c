"""From the archive to the reference standard: what the files say beside what was put in."""

from __future__ import annotations

import csv
import json
from collections import Counter
from typing import Any

import numpy as np
from scipy.stats import chi2

from benchmarks.paper_chain.checks import Checks
from benchmarks.paper_chain.commands import BOX_SD_MM, ReadHospital
from benchmarks.paper_chain.noise import agreement_of_two, agreement_with_oneself
from benchmarks.paper_chain.reading import (
    OUTPUTS,
    Given,
    edge_errors_mm,
    grade_of,
    read_rows,
)
from lumbargrade.archive.pseudonym import Pseudonyms, read_key
from lumbargrade.cohort.read import read_cohort
from lumbargrade.grading.system import GRADING_SYSTEMS


def check_flow(read: ReadHospital, name: str, checks: Checks) -> None:
    """Check Figure 1 and Table 1 of the flow, and the cohort that is still to be read."""
    hospital, here = read.hospital, read.hospital.folder
    flow = json.loads((here / "FLOW" / "flow.json").read_text("utf-8"))
    people, included = hospital.people, hospital.included
    whole = {"patients": len(people), "images": sum(one.images for one in people)}
    checks.same(f"{name}, Figure 1, archive", flow["archive"], whole)
    out = Counter(one.reason for one in people if one.reason)
    found = {one["reason"]: one["patients_out"] for one in flow["counts"] if one["patients_out"]}
    checks.same(f"{name}, Figure 1, patients out by reason", found, dict(out))
    checks.same(f"{name}, Figure 1, each step is the one before less who left", _chain(flow), [])
    left = {"patients": len(included), "images": sum(one.axial for one in included)}
    checks.same(f"{name}, Figure 1, included", flow["included"], left)
    checks.same(f"{name}, files that are no picture or a copy", _beside(flow), 2)
    with (here / "FLOW" / "table-1.csv").open(newline="", encoding="utf-8") as stream:
        column = {row[""]: row["included: this run"] for row in csv.DictReader(stream)}
    checks.same(f"{name}, Table 1, patients", column["Patients"], str(len(included)))
    keyed = Pseudonyms(read_key(here / "INDEX.key"))
    slices = read_cohort(here / "UNREAD").slices
    names = {keyed.of("patient", one.name) for one in included}
    checks.same(f"{name}, those to be read are the included", {s.patient_id for s in slices}, names)
    checks.same(f"{name}, slices to be read", len(slices), left["images"])
    graded = sum(grade is not None for one in slices for grade in one.grades.values())
    checks.same(f"{name}, grades before anybody has read", graded, 0)


def _chain(flow: dict[str, Any]) -> list[str]:
    """Return the reasons at which the counts do not follow from those before."""
    patients, images = flow["archive"]["patients"], flow["archive"]["images"]
    wrong = []
    for one in flow["counts"]:
        patients, images = patients - one["patients_out"], images - one["images_out"]
        if (patients, images) != (one["patients_left"], one["images_left"]):
            wrong.append(one["reason"])
    return wrong


def _beside(flow: dict[str, Any]) -> int:
    return sum(flow["files_left_out"].values())


def check_reading(read: ReadHospital, name: str, checks: Checks) -> None:
    """Check disagreements, reference standard, boxes and agreement."""
    here = read.hospital.folder
    rows = read_rows(here / "READ" / "disagreements.csv")
    checks.same(f"{name}, disagreements", len(rows), read.waiting)
    reference = {
        (row["sop_instance_uid"], f"{row['system']}_{row['side']}".rstrip("_")): grade_of(
            row["grade"]
        )
        for row in read_rows(here / "READ" / "reference.csv")
    }
    checks.same(f"{name}, reference standard", _differing(reference, read.expected), 0)
    slices = read.slices
    kept = {(s.sop_instance_uid, o): s.grades.get(o) for s in slices for o in OUTPUTS}
    checks.same(f"{name}, reference in the cohort", _differing(kept, read.expected), 0)
    makers = sorted({maker for one in slices for maker in one.reference_by})
    checks.same(
        f"{name}, slices with a box", sum(s.box_px is not None for s in slices), len(slices)
    )
    checks.same(f"{name}, who made the reference", makers, ["Ann", "Bob", "Lee"])
    _check_boxes(edge_errors_mm(slices, read.hospital.truth), name, checks)
    data = json.loads((here / "AGREEMENT" / "agreement.json").read_text("utf-8"))
    for system in data["systems"]:
        _check_agreement(read, system, name, checks)
    repeats = json.loads((here / "REPEATS" / "repeats.json").read_text("utf-8"))
    for figure in repeats["figures"]:
        if figure["measure"] == "ac1":
            _check_repeats(read, figure, name, checks)


def _differing(found: Given, expected: Given) -> int:
    """Count the values that differ; one that is absent is like one that is not known."""
    items = {*found, *expected}
    return sum(found.get(item) != expected.get(item) for item in items)


def _check_boxes(errors_mm: list[float], name: str, checks: Checks) -> None:
    """The spread of the edges, with the interval of a standard deviation."""
    count, spread = len(errors_mm), float(np.std(errors_mm))
    low, high = (spread * float(np.sqrt(count / chi2.ppf(p, count))) for p in (0.975, 0.025))
    checks.within(f"{name}, edges of the boxes, mm", spread, low, high, BOX_SD_MM)


def _check_agreement(read: ReadHospital, found: dict[str, Any], name: str, checks: Checks) -> None:
    """AC1 of the two readers beside what their noise implies."""
    one, other = read.readers
    system = found["system"]
    pairs = {tuple(pair["readers"]): pair for pair in found["pairs"]}
    tables = [reader.noise.table(system) for reader in (one, other)]
    units = _both(one.first, other.first, system)
    pair = pairs[one.noise.name, other.noise.name]
    checks.same(f"{name}, {system}, images of both readers", pair["images"], len(units))
    truth = agreement_of_two(_truth(read, units), tables[0], tables[1])
    given = pair["coefficients"]["ac1"]
    # Of images where so few patients carry no interval over patients.
    interval = given["independent" if given["clustered"]["low"] is None else "clustered"]
    _within(f"{name}, {system}, AC1 of the readers", interval, truth, checks)


def _check_repeats(read: ReadHospital, figure: dict[str, Any], name: str, checks: Checks) -> None:
    """AC1 of a reader with themselves, beside what their noise implies."""
    reader = next((one for one in read.readers if one.noise.name == figure["of"]), None)
    if reader is None:  # the mean of the readers
        return
    system, who = figure["system"], figure["of"]
    units = _both(reader.first, reader.second, system)
    checks.same(f"{name}, {system}, read twice by {who}", figure["images"], len(units))
    table = reader.noise.table(system)
    truth = agreement_with_oneself(_truth(read, units), table, reader.noise.repeats)
    _within(f"{name}, {system}, AC1 of {who} with themselves", figure["estimate"], truth, checks)


def _both(one: Given, other: Given, system: str) -> list[tuple[str, str]]:
    outputs = GRADING_SYSTEMS[system].outputs
    return [
        item
        for item, grade in one.items()
        if item[1] in outputs and grade is not None and other.get(item) is not None
    ]


def _truth(read: ReadHospital, units: list[tuple[str, str]]) -> list[int]:
    grades = [read.hospital.truth[sop].grades[output] for sop, output in units]
    return [one for one in grades if one is not None]


def _within(name: str, interval: dict[str, Any], truth: float, checks: Checks) -> None:
    """Whether an interval holds the truth, if there is one."""
    if interval["low"] is None:
        print(f"-      {name}: {interval['value']}, without an interval, put in {truth:.3f}")
        return
    checks.within(name, interval["value"], interval["low"], interval["high"], truth)
