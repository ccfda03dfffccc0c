"""The truth file of one simulated patient, as plain JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lumbargrade.files import write
from lumbargrade.phantom.dicom import WrittenInstance, WrittenStudy
from lumbargrade.phantom.simulated import SimulatedStudy, SliceTruth
from lumbargrade.study.perceptual_hash import picture_code

TRUTH_SCHEMA = "lumbargrade.truth/1"
DECIMALS = 4


def truth_of(study: SimulatedStudy, written: WrittenStudy) -> dict[str, Any]:
    """Return the truth of ``study`` as it is written to ``truth/<patient>.json``.

    Positions are (x, y, z) in mm or (column, row) in pixels; a grade that is not
    known is null.
    """
    graded = [item for item in written.instances if item.slice.truth is not None]
    return {
        "schema": TRUTH_SCHEMA,
        "patient_id": study.patient_id,
        "simulated": True,
        "age_years": study.age_years,
        "sex": study.sex,
        "scanner": _scanner(study, graded),
        "study_instance_uid": written.study_instance_uid,
        "discs": [
            {
                "level": str(disc.level),
                "center_mm": _rounded(disc.center_mm),
                "measures": _measures(disc.measures),
            }
            for disc in study.discs
        ],
        "slices": [
            _slice(study.patient_id, item, item.slice.truth)
            for item in graded
            if item.slice.truth is not None
        ],
    }


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write ``content`` so that ``path`` is either whole or absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write.write_json(path, content)


def _scanner(study: SimulatedStudy, graded: list[WrittenInstance]) -> dict[str, Any]:
    scanner = study.scanner
    entry: dict[str, Any] = {
        "name": scanner.name,
        "external": scanner.external,
        "magnetic_field_strength_t": scanner.magnetic_field_strength_t,
    }
    if graded:
        series, first = graded[0].series, graded[0].slice
        entry |= {
            "echo_time_ms": series.echo_time_ms,
            "repetition_time_ms": series.repetition_time_ms,
            "pixel_spacing_mm": _rounded(first.geometry.pixel_spacing_mm),
            "slice_thickness_mm": series.slice_thickness_mm,
        }
    return entry


def _slice(patient_id: str, item: WrittenInstance, truth: SliceTruth) -> dict[str, Any]:
    column, row = truth.canal_center_px
    return {
        "file": f"studies/{patient_id}/{item.file}",
        "series_instance_uid": item.series_instance_uid,
        "sop_instance_uid": item.sop_instance_uid,
        "picture_code": picture_code(item.slice.pixels),
        "contrast": item.series.contrast,
        "level": str(truth.level),
        "disc_in_plane": bool(truth.disc_in_plane),
        "region": {
            "center_mm": _rounded(item.slice.geometry.to_patient(column, row)),
            "center_px": _rounded((column, row)),
        },
        "grades": {
            name: None if grade is None else int(grade) for name, grade in truth.grades.items()
        },
        "measures": _measures(truth.measures),
    }


def _rounded(values: Any) -> list[float]:
    return [round(float(value), DECIMALS) for value in values]


def _measures(measures: Mapping[str, float]) -> dict[str, float | None]:
    """JSON has no NaN: a measurement that does not exist is null."""
    return {
        name: round(float(value), DECIMALS) if math.isfinite(value) else None
        for name, value in measures.items()
    }
