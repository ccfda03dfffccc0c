"""What the groups of measures say, read with pydicom alone and against literal codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset

from lumbargrade.errors import OutputError
from lumbargrade.grading.finding import Plane, Side
from lumbargrade.outputs.dicom import sr as dicom_sr
from lumbargrade.outputs.dicom.sr_measures import SrMeasure, measures_of
from lumbargrade.study.graded import GradedStudy


def _name(item: Dataset) -> str:
    return str(item.get("ConceptNameCodeSequence", [Dataset()])[0].get("CodeValue", ""))


def _named(group: Dataset, value: str) -> list[Dataset]:
    return [item for item in group.get("ContentSequence", ()) if _name(item) == value]


def _groups(path: Path) -> Iterator[tuple[str, Dataset]]:
    """Yield (tracking identifier, measurement group) of a report, in its order."""
    todo = list(pydicom.dcmread(path).ContentSequence)
    while todo:
        item = todo.pop(0)
        if _name(item) == "125007":  # Measurement Group
            (identifier,) = _named(item, "112039")  # Tracking Identifier
            yield identifier.TextValue, item
        else:
            todo = [*item.get("ContentSequence", ()), *todo]


def _group(path: Path, name: str) -> Dataset:
    return next(group for identifier, group in _groups(path) if identifier == name)


def _number(item: Dataset) -> tuple[float, str]:
    (value,) = item.MeasuredValueSequence
    return float(value.NumericValue), value.MeasurementUnitsCodeSequence[0].CodeValue


def _site(item: Dataset) -> tuple[str, list[str]]:
    (site,) = _named(item, "363698007")  # Finding Site
    sides = [one.ConceptCodeSequence[0].CodeValue for one in _named(site, "272741003")]
    return site.ConceptCodeSequence[0].CodeValue, sides


def test_a_measure_with_a_standard_code_has_its_site(measured_report: Path) -> None:
    group = _group(measured_report, "measures")
    areas = {_site(item)[0]: _number(item) for item in _named(group, "42798000")}  # Area
    assert areas == {"DURALSAC": (92.4, "mm2"), "61853006": (240.0, "mm2")}
    (sac,) = (item for item in _named(group, "42798000") if _site(item)[0] == "DURALSAC")
    assert [_number(_named(sac, code)[0]) for code in ("371886008", "371885007")] == [
        (6.0, "mm2"),
        (6.0, "mm2"),
    ]
    (shift,) = _named(group, "DISCSHIFT")
    assert _number(shift) == (4.2, "mm")


def test_each_side_has_its_group(measured_report: Path) -> None:
    for name, code, depth, angle in (
        ("measures_left", "7771000", 5.5, 42.0),
        ("measures_right", "24028007", 2.9, 47.0),
    ):
        group = _group(measured_report, name)
        assert _site(group) == ("715056000", [code])  # L5/S1
        (recess,), (facet,) = _named(group, "131197000"), _named(group, "1483009")
        assert (_number(recess), _site(recess)) == ((depth, "mm"), ("LATERALRECESS", [code]))
        assert (_number(facet), _site(facet)) == ((angle, "deg"), ("FACETJOINT", [code]))


def test_what_was_not_measured_is_said(measured_report: Path) -> None:
    (clusters,) = _named(_group(measured_report, "measures"), "ROOTCLUSTERS")
    assert clusters.ConceptCodeSequence[0].CodeValue == "114006"  # Measurement failure
    (flavum,) = _named(_group(measured_report, "measures_right"), "FLAVUMTHICKNESS")
    assert flavum.ConceptCodeSequence[0].CodeValue == "114006"


def test_what_each_slice_cuts_is_said(measured_report: Path) -> None:
    groups = [group for name, group in _groups(measured_report) if name == "measures"]
    said = [_named(group, "CUT")[0].ConceptCodeSequence[0].CodeValue for group in groups]
    assert said == ["DISC", "ENDPLATE", "BODY", "DISC", "ENDPLATE"]
    chances = [_number(_named(group, "CUTPROBABILITY")[0])[0] for group in groups]
    assert chances == [0.97, 0.6, 0.8, 0.97, 0.6]


def test_a_slice_of_which_only_the_cut_is_known(measured: GradedStudy, tmp_path: Path) -> None:
    slices = tuple(replace(item, measures=()) for item in measured.grades.slices[:1])
    study = replace(measured, grades=replace(measured.grades, slices=slices))
    (first,) = dicom_sr.read_measures(dicom_sr.write(study, tmp_path))
    assert (first.measures, first.cut, first.cut_probability) == ((), Plane.DISC, 0.97)
    assert measures_of(replace(study, grades=replace(study.grades, slices=()))) == []


def test_measures_are_rounded_to_what_a_report_holds(measured: GradedStudy) -> None:
    first = measured.grades.slices[0]
    one = replace(first.measures[0], value=1 / 3, error=0.12345)
    sides = [m for m in first.measures if m.side is Side.LEFT]
    item = replace(first, measures=(*sides, one))
    whole, left = measures_of(replace(measured, grades=replace(measured.grades, slices=(item,))))
    assert whole.measures == (SrMeasure("disc_displacement_mm", 0.333, 0.123),)
    assert (left.side, len(left.measures)) == (Side.LEFT, len(sides))


def test_a_group_that_is_none_of_ours_is_refused(measured: GradedStudy, tmp_path: Path) -> None:
    one = replace(measured, grades=replace(measured.grades, slices=measured.grades.slices[:1]))
    report = pydicom.dcmread(dicom_sr.write(one, tmp_path))
    path = tmp_path / "other.dcm"
    todo = list(report.ContentSequence)
    while todo:
        item = todo.pop()
        todo += item.get("ContentSequence", ())
        if _name(item) == "DISCSHIFT":
            item.ConceptNameCodeSequence[0].CodeValue = "OTHER"
    report.save_as(path)
    with pytest.raises(OutputError, match="cannot be read as a structured report"):
        dicom_sr.read_measures(path)
