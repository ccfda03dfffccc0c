"""The truth of one simulated patient, as a cohort holds it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.cohort.write import DECIMALS, SimulatedTruth, rounded, write_patient
from lumbargrade.phantom.dicom import WrittenInstance, WrittenStudy
from lumbargrade.phantom.simulated import SimulatedStudy, SliceTruth
from lumbargrade.study.likeness.perceptual_hash import picture_code


def write_truth(study: SimulatedStudy, written: WrittenStudy, folder: Path) -> None:
    """Write ``truth/<patient>.json`` of a study whose files lie in ``folder``, the cohort, already.

    The study has at least one slice with a truth.
    """
    graded = [
        (item, item.slice.truth) for item in written.instances if item.slice.truth is not None
    ]
    write_patient(
        folder,
        written.study_instance_uid,
        [_slice(study, item, truth, folder) for item, truth in graded],
        SimulatedTruth(
            scanner=_acquisition(graded[0][0]),
            discs=_discs(study),
            measures=[_measures(truth.measures) for _, truth in graded],
        ),
    )


def _slice(
    study: SimulatedStudy, item: WrittenInstance, truth: SliceTruth, folder: Path
) -> CohortSlice:
    column, row = truth.canal_center_px
    x, y, z = item.slice.geometry.to_patient(column, row)
    box, (between_rows, between_columns) = item.slice.box_px, item.slice.geometry.pixel_spacing_mm
    return CohortSlice(
        patient_id=study.patient_id,
        file=folder / "studies" / study.patient_id / item.file,
        series_instance_uid=item.series_instance_uid,
        sop_instance_uid=item.sop_instance_uid,
        contrast=item.series.contrast,
        level=truth.level,
        disc_in_plane=bool(truth.disc_in_plane),
        center_px=(column, row),
        grades=truth.grades,
        scanner=study.scanner.name,
        external=study.scanner.external,
        age_years=study.age_years,
        sex=study.sex,
        field_strength_t=study.scanner.magnetic_field_strength_t,
        picture_code=picture_code(item.slice.pixels),
        center_mm=(float(x), float(y), float(z)),
        box_px=box,
        size_mm=None if box is None else (box[2] * between_columns, box[3] * between_rows),
    )


def _acquisition(item: WrittenInstance) -> dict[str, Any]:
    return {
        "echo_time_ms": item.series.echo_time_ms,
        "repetition_time_ms": item.series.repetition_time_ms,
        "pixel_spacing_mm": rounded(item.slice.geometry.pixel_spacing_mm),
        "slice_thickness_mm": item.series.slice_thickness_mm,
    }


def _discs(study: SimulatedStudy) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "level": str(disc.level),
            "center_mm": rounded(disc.center_mm),
            "measures": _measures(disc.measures),
        }
        for disc in study.discs
    ]


def _measures(measures: Mapping[str, float]) -> dict[str, float | None]:
    """JSON has no NaN: a measurement that does not exist is null."""
    return {
        name: round(float(value), DECIMALS) if math.isfinite(value) else None
        for name, value in measures.items()
    }
