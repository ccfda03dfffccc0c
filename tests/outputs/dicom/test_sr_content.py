"""What each group of a report says, read with pydicom alone and against literal codes."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from lumbargrade.grading.finding import Side
from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.grading.system import GRADING_SYSTEMS, SAGITTAL_SYSTEMS, GradingSystem
from lumbargrade.outputs.dicom import sr as dicom_sr
from lumbargrade.outputs.dicom import sr_codes as codes
from lumbargrade.outputs.dicom.sr_content import clipped, evaluations, findings_of
from lumbargrade.study.graded import GradedStudy

LEVELS = {
    "L1/L2": ("80064006", "SCT"),
    "L2/L3": ("67459009", "SCT"),
    "L3/L4": ("62551000", "SCT"),
    "L4/L5": ("84020006", "SCT"),
    "L5/S1": ("715056000", "SCT"),
    None: ("122496007", "SCT"),  # lumbar spine
}
"""Level -> finding site as other software reads it (PS3.16, CID 7604)."""

SIDES = {
    "LDH": [],
    "LCCS": [],
    "LNRC_left": [("7771000", "SCT")],
    "LNRC_right": [("24028007", "SCT")],
}
"""Output -> laterality of its site as other software reads it (PS3.16, CID 244)."""

SEVERITY = ("260413007", "255604002", "6736007", "24484000")
"""SNOMED CT none, mild, moderate, severe: of grades 0 to 3 (PS3.16, CID 3716)."""


def _code(item: Dataset) -> tuple[str, str]:
    return item.CodeValue, item.CodingSchemeDesignator


def _named(group: Dataset, value: str) -> list[Dataset]:
    """Return the items of a group (or of a site) under the concept of this code value."""
    return [
        item
        for item in group.get("ContentSequence", ())
        if "ConceptNameCodeSequence" in item and item.ConceptNameCodeSequence[0].CodeValue == value
    ]


def _groups(path: Path) -> Iterator[tuple[str, Dataset]]:
    """Yield (tracking identifier, measurement group of a slice) of a report, in its order."""
    todo = list(pydicom.dcmread(path).ContentSequence)
    while todo:
        item = todo.pop(0)
        name = item.get("ConceptNameCodeSequence", [Dataset()])[0].get("CodeValue")
        if name == "125007":  # Measurement Group
            (identifier,) = _named(item, "112039")  # Tracking Identifier
            if not _named(item, codes.SCOPE.value):
                yield identifier.TextValue, item
        else:
            todo = [*item.get("ContentSequence", ()), *todo]


@pytest.fixture
def all_levels(graded: GradedStudy) -> GradedStudy:
    """The study with one slice of each level, and one of unknown level."""
    first, header = graded.grades.slices[0], next(iter(graded.references.values()))
    slices, references = [], {}
    for number, level in enumerate((*Level, None)):
        uid = f"1.2.3.{number}"
        known = LevelAssignment() if level is None else LevelAssignment(level, LevelSource.TRUTH, 0)
        slices.append(replace(first, sop_instance_uid=uid, level=known))
        references[uid] = deepcopy(header)
        references[uid].SOPInstanceUID = uid
    return replace(
        graded, grades=replace(graded.grades, slices=tuple(slices)), references=references
    )


def test_each_level_and_side_has_its_snomed_code(all_levels: GradedStudy, tmp_path: Path) -> None:
    said = []
    for output, group in _groups(dicom_sr.write(all_levels, tmp_path)):
        (site,) = _named(group, "363698007")  # Finding Site
        sides = [_code(one.ConceptCodeSequence[0]) for one in _named(site, "272741003")]
        said.append((output, _code(site.ConceptCodeSequence[0]), sides))
    assert said == [
        (output, level, sides) for level in LEVELS.values() for output, sides in SIDES.items()
    ]


def test_each_grade_has_its_code_and_its_severity(graded: GradedStudy, report: Path) -> None:
    found = [
        (one.system, one.grade)
        for item in graded.grades.slices
        for one in item.findings
        if one.system != "LNRC" or one.side is not None
    ]
    written = sorted(_groups(report), key=lambda pair: _place(pair[1], graded))
    assert len({grade for _, grade in found}) == 5  # 0 to 3, and not known
    for (system, grade), (output, group) in zip(found, written, strict=True):
        (answer,) = _named(group, f"{system}_G")
        severities = [_code(one.ConceptCodeSequence[0]) for one in _named(group, "246112005")]
        assert output.startswith(system)
        if grade is None:
            assert _code(answer.ConceptCodeSequence[0]) == ("NOTKNOWN", "99LUMBARGRADE")
            assert severities == []
        else:
            assert _code(answer.ConceptCodeSequence[0]) == (f"G{grade}", "99LUMBARGRADE")
            assert severities == [(SEVERITY[grade], "SCT")]


def test_types_are_no_severities() -> None:
    def told(system: GradingSystem) -> list[str]:
        return [str(one.name.value) for one in evaluations(system, 2, None, None)]

    assert told(SAGITTAL_SYSTEMS["MODIC"]) == ["MODIC_G"]
    assert told(GRADING_SYSTEMS["LDH"]) == ["LDH_G", "246112005"]


def _place(group: Dataset, graded: GradedStudy) -> int:
    """The number of the slice to which a group refers."""
    (region,) = _named(group, "111030")
    uid = region.ContentSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID
    return [item.sop_instance_uid for item in graded.grades.slices].index(uid)


def test_the_region_is_outlined_from_the_corner_of_the_picture(
    graded: GradedStudy, report: Path
) -> None:
    """(0, 0) of a report is the outer corner of the first pixel, ours is its centre."""
    x, y, width, height = graded.grades.slices[0].region.box_px
    _, group = next(_groups(report))
    (region,) = _named(group, "111030")
    points = list(region.GraphicData)
    left, top, right, bottom = x + 0.5, y + 0.5, x + width + 0.5, y + height + 0.5
    outline = [left, top, right, top, right, bottom, left, bottom, left, top]
    assert points == pytest.approx(outline, abs=0.001)


def test_the_worse_side_is_not_repeated(graded: GradedStudy, evidence: dict[str, Dataset]) -> None:
    found = findings_of(graded, evidence)
    assert {one.side for one in found if one.system == "LNRC"} == {Side.LEFT, Side.RIGHT}


def test_a_box_is_clipped_to_its_picture(evidence: dict[str, Dataset]) -> None:
    picture = next(iter(evidence.values()))
    assert clipped((-10, 290, 40, 40), picture) == (-0.5, 290, 30.5, 9.5)
    assert clipped((400, 10, 5, 5), picture) is None


def test_a_region_outside_its_picture_is_left_out(graded: GradedStudy, tmp_path: Path) -> None:
    first = graded.grades.slices[0]
    away = replace(first, region=replace(first.region, box_px=(900.0, 900.0, 9.0, 9.0)))
    study = replace(graded, grades=replace(graded.grades, slices=(away,)))
    found = dicom_sr.read(dicom_sr.write(study, tmp_path))
    assert [(one.box, one.sop_instance_uid) for one in found] == [(None, "1.2.3.1")] * 4


def test_a_region_that_is_turned_is_outlined_turned(graded: GradedStudy, tmp_path: Path) -> None:
    first = graded.grades.slices[0]
    askew = replace(first, region=replace(first.region, angle_deg=-23.0))
    study = replace(graded, grades=replace(graded.grades, slices=(askew,)))
    written = dicom_sr.write(study, tmp_path)
    expected = tuple((round(x, 3), round(y, 3)) for x, y in askew.region.corners_px)
    for one in dicom_sr.read(written):
        assert one.box is None
        assert one.corners is not None
        assert np.array(one.corners) == pytest.approx(np.array(expected), abs=0.0011)
    _, group = next(_groups(written))
    (region,) = _named(group, "111030")
    assert list(region.GraphicData[:2]) == pytest.approx(
        [one + 0.5 for one in expected[0]], abs=0.001
    )
