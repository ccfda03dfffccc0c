"""What ``cohort flow`` writes: Figure 1, Table 1, everybody, and the slices that are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lumbargrade.archive.flow.counts import (
    EXCLUSION,
    FLOW_FILE,
    FLOW_SCHEMA,
    stages_of,
    start_of,
)
from lumbargrade.archive.flow.flow import PatientFlow, Person
from lumbargrade.archive.flow.included import INCLUDED_FILE, WORST_GRADE
from lumbargrade.archive.flow.rules import Rules
from lumbargrade.figures.stages import stages_figure
from lumbargrade.figures.style import Figure, svg
from lumbargrade.files.table import TextTable, write_csv, write_rows
from lumbargrade.files.write import write_json, write_text
from lumbargrade.statistics.patients import CohortImage
from lumbargrade.su2022.demographics import table_1

INCLUDED, EXCLUDED = "included", "excluded"

_FLOW_COLUMNS = ("step", "reason", "patients out", "images out", "patients left", "images left")


def write_flow(
    flow: PatientFlow, rules: Rules, worst_grades: Mapping[str, int | None], folder: Path
) -> None:
    """Write all files into an existing folder.

    ``worst_grades`` is by patient; a patient without an entry has no known grade.
    """
    write_csv(flow_table(flow), folder)
    write_csv(demographics_table(flow), folder)
    write_text(folder / "figure-1.svg", svg(figure_1(flow)))
    write_text(folder / "rules.toml", rules.text)
    _write_people(flow, worst_grades, folder / "patients.csv")
    owners = flow.included["patient_id"].to_pylist()
    grades = pa.array([worst_grades.get(one) for one in owners], pa.int8())
    pq.write_table(
        flow.included.append_column(WORST_GRADE, grades), folder / INCLUDED_FILE, compression="zstd"
    )
    write_json(folder / FLOW_FILE, as_json(flow, rules))


def as_json(flow: PatientFlow, rules: Rules) -> dict[str, Any]:
    """Return the flow as plain data."""
    return {
        "schema": FLOW_SCHEMA,
        "rules": rules.name,
        "archive": {"patients": flow.patients, "images": flow.images},
        "counts": [asdict(count) for count in flow.counts],
        "included": {
            "patients": flow.counts[-1].patients_left,
            "images": flow.counts[-1].images_left,
        },
        "files_left_out": dict(flow.left_out),
        "notes": list(flow.notes),
        "table_1": asdict(demographics_table(flow)),
    }


def figure_1(flow: PatientFlow) -> Figure:
    """Return the boxes from the archive to who is included."""
    start = start_of(flow.patients, flow.images)
    return stages_figure(start, stages_of(flow.counts))


def flow_table(flow: PatientFlow) -> TextTable:
    """Return the flow as a table: one rule a row."""
    start = ("", "in the archive", "", "", str(flow.patients), str(flow.images))
    rows = [tuple(str(value) for value in asdict(count).values()) for count in flow.counts]
    return TextTable("flow", "Patient flow", _FLOW_COLUMNS, (start, *rows))


def demographics_table(flow: PatientFlow) -> TextTable:
    """Return Table 1: who is included, and who met inclusion and was excluded."""
    groups = {
        INCLUDED: [_image(one) for one in flow.people if not one.out_at],
        EXCLUDED: [_image(one) for one in flow.people if one.step == EXCLUSION],
    }
    return table_1({name: some for name, some in groups.items() if some})


def _image(person: Person) -> CohortImage:
    """A patient as in Table 1, which uses age and sex alone."""
    return CohortImage(
        image=person.patient_id,
        patient=person.patient_id,
        part=INCLUDED,
        level="",
        sex=person.sex,
        age_years=person.age_years,
        scanner="",
        field_strength_t=None,
        grades={},
    )


def _write_people(flow: PatientFlow, worst: Mapping[str, int | None], path: Path) -> None:
    columns = ("patient", "included", "step", "reason", "images", "sex", "age_years", WORST_GRADE)
    rows = (
        (
            *(one.patient_id, "no" if one.out_at else "yes", one.step, one.out_at),
            *(one.images, one.sex, one.age_years, worst.get(one.patient_id)),
        )
        for one in flow.people
    )
    write_rows(path, columns, rows)
