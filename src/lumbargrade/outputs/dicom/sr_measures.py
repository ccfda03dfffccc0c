"""Measures of slices as the content of a structured report: TID 1501, a group a slice and side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highdicom as hd
from pydicom.dataset import Dataset

from lumbargrade.grading.finding import Measure, Plane, Side, SliceGrades
from lumbargrade.grading.level import Level
from lumbargrade.morphometry.kinds import KINDS
from lumbargrade.outputs.dicom import sr_codes as codes
from lumbargrade.outputs.dicom import sr_measure_codes as measure_codes
from lumbargrade.outputs.dicom.sr_content import site_of
from lumbargrade.outputs.dicom.sr_references import reference_of, source_of
from lumbargrade.study.graded import GradedStudy
from lumbargrade.study.uids import uid_of

DECIMALS = 3


@dataclass(frozen=True)
class SrMeasure:
    """One measure as a report holds it; ``value`` and ``error`` as in ``grading.finding``."""

    name: str
    value: float | None
    error: float | None = None


@dataclass(frozen=True)
class SrMeasures:
    """The measures of a slice and side as a report holds them.

    What the slice cuts stands in the group without a side; its ``cut_probability`` is that of
    ``cut``.
    """

    sop_instance_uid: str
    frame_number: int
    side: Side | None
    level: Level | None
    measures: tuple[SrMeasure, ...] = ()
    cut: Plane | None = None
    cut_probability: float | None = None


def measures_of(graded: GradedStudy) -> list[SrMeasures]:
    """Return the measures of a study that a report holds, slice by slice, without a side first."""
    return [
        group
        for item in graded.grades.slices
        for side in (None, *Side)
        if (group := _of_slice(item, side)) is not None
    ]


def groups(
    measures: Sequence[SrMeasures],
    evidence: Mapping[str, Dataset],
    algorithm: hd.sr.AlgorithmIdentification | None,
) -> Iterator[Any]:
    """Yield one measurement group of TID 1501 for each slice and side."""
    for one in measures:
        source = source_of(evidence[one.sop_instance_uid], one.frame_number)
        yield hd.sr.MeasurementsAndQualitativeEvaluations(
            tracking_identifier=_tracking(one),
            finding_type=measure_codes.MEASURES,
            algorithm_id=algorithm,
            finding_sites=[site_of(one.level, one.side)],
            measurements=list(_numbers(one)),
            qualitative_evaluations=list(_evaluations(one)),
            source_images=[hd.sr.SourceImageForMeasurementGroup(*source)],
        )


def is_measures(group: Any) -> bool:
    """Return whether a group of a report holds measures, and not a finding."""
    return bool(group.finding_type.value == measure_codes.MEASURES.value)


def read_group(group: Any) -> SrMeasures:
    """Return the measures of one group, as :func:`groups` wrote it.

    Raises ValueError if a code is not one of ours, or the group refers to no picture.
    """
    (site,) = group.finding_sites
    answers = {item.name.value: item.value.value for item in group.get_qualitative_evaluations()}
    cut = answers.get(measure_codes.CUT.value)
    numbers = {item.name.value: item for item in group.get_measurements()}
    chance = numbers.get(measure_codes.CUT_PROBABILITY.value)
    found = [
        _read(item)
        for item in group.get_measurements()
        if item.name.value != measure_codes.CUT_PROBABILITY.value
    ]
    found += [
        SrMeasure(measure_codes.measure_of(name, None), None)
        for name, answer in answers.items()
        if answer == measure_codes.NOT_MEASURED.value
    ]
    sop, frame = reference_of(group)
    return SrMeasures(
        sop,
        frame,
        codes.side_of(site.laterality),
        codes.level_of(site.value),
        tuple(sorted(found, key=_place)),
        None if cut is None else measure_codes.plane_of(cut),
        None if chance is None else float(chance.value),
    )


def _of_slice(item: SliceGrades, side: Side | None) -> SrMeasures | None:
    own = [_rounded(one) for one in item.measures if one.side == side]
    cut = item.cut if side is None else None
    if not own and cut is None:
        return None
    return SrMeasures(
        item.sop_instance_uid,
        item.frame_number,
        side,
        item.level.level,
        tuple(sorted(own, key=_place)),
        None if cut is None else cut.plane,
        None if cut is None else round(max(cut.probabilities), 4),
    )


def _place(one: SrMeasure) -> int:
    """In the catalogue: in a report, what was not measured stands elsewhere."""
    return list(KINDS).index(one.name)


def _rounded(one: Measure) -> SrMeasure:
    if one.value is None:
        return SrMeasure(one.name, None)
    error = None if one.error is None else round(one.error, DECIMALS)
    return SrMeasure(one.name, round(one.value, DECIMALS), error)


def _tracking(one: SrMeasures) -> hd.sr.TrackingIdentifier:
    name = "measures" if one.side is None else f"measures_{one.side}"
    what = f"{one.sop_instance_uid} {one.frame_number} {name}"
    return hd.sr.TrackingIdentifier(uid=uid_of(what.encode(), "tracking"), identifier=name)


def _site(place: Any, side: Side | None) -> hd.sr.FindingSite:
    return hd.sr.FindingSite(place, laterality=None if side is None else codes.SIDES[side])


def _numbers(one: SrMeasures) -> Iterator[hd.sr.Measurement]:
    if one.cut_probability is not None:
        yield hd.sr.Measurement(
            measure_codes.CUT_PROBABILITY, one.cut_probability, measure_codes.UNITS["1"]
        )
    for measure in one.measures:
        if measure.value is None:
            continue
        kind = KINDS[measure.name]
        unit = measure_codes.UNITS[kind.unit]
        concept, place = measure_codes.STANDARD.get(
            measure.name, (measure_codes.private_concept(kind), None)
        )
        yield hd.sr.Measurement(
            concept,
            measure.value,
            unit,
            finding_sites=None if place is None else [_site(place, one.side)],
            properties=None if measure.error is None else _uncertainty(measure.error, unit),
        )


def _uncertainty(error: float, unit: Any) -> hd.sr.MeasurementProperties:
    """The error in the unit of its measure; highdicom writes it without a unit."""
    found = hd.sr.MeasurementProperties(
        upper_measurement_uncertainty=error, lower_measurement_uncertainty=error
    )
    for item in found:
        (value,) = item.MeasuredValueSequence
        value.MeasurementUnitsCodeSequence = [hd.sr.CodedConcept.from_code(unit)]
    return found


def _evaluations(one: SrMeasures) -> Iterator[hd.sr.QualitativeEvaluation]:
    if one.cut is not None:
        yield hd.sr.QualitativeEvaluation(measure_codes.CUT, measure_codes.PLANES[one.cut])
    for measure in one.measures:
        if measure.value is None:
            concept = measure_codes.private_concept(KINDS[measure.name])
            yield hd.sr.QualitativeEvaluation(concept, measure_codes.NOT_MEASURED)


def _read(item: hd.sr.Measurement) -> SrMeasure:
    contents: Any = item[0].get("ContentSequence", ())
    named = {content.ConceptNameCodeSequence[0].CodeValue: content for content in contents}
    site, above = named.get(_FINDING_SITE), named.get(measure_codes.ABOVE)
    return SrMeasure(
        measure_codes.measure_of(
            item.name.value, None if site is None else site.ConceptCodeSequence[0].CodeValue
        ),
        float(item.value),
        None if above is None else float(above.MeasuredValueSequence[0].NumericValue),
    )


_FINDING_SITE = "363698007"
