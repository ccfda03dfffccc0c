"""The region of the body from every element that names one."""

from __future__ import annotations

import pytest

from lumbargrade.study.model import Acquisition
from lumbargrade.study.series.region import Region, region_of, told_region


@pytest.mark.parametrize(
    ("part", "name", "region"),
    [
        ("LSPINE", "", Region.LUMBAR),
        ("ABDOMEN", "t2 tra lumbar", Region.LUMBAR),
        ("", "t2 lws", Region.LUMBAR),
        ("CSPINE", "", Region.OTHER_SPINE),
        ("", "t2 tra hws", Region.OTHER_SPINE),
        ("SPINE", "t2 tra", Region.SPINE),
        ("KNEE", "t2 tra", Region.OTHER),
        ("", "t2 tra", Region.UNKNOWN),
    ],
)
def test_regions(part: str, name: str, region: Region) -> None:
    said = Acquisition(body_part_examined=part, series_description=name)
    assert region_of(said) is region


@pytest.mark.parametrize(
    ("elements", "region", "said_by"),
    [
        (("SPINE", "MR CERVICAL SPINE WO", "AX T2 FSE", ""), Region.OTHER_SPINE, "Study"),
        (("LSPINE", "MR C-SPINE", "AX T2 C-SPINE", "C-SPINE"), Region.OTHER_SPINE, "Series"),
        (("LSPINE", "", "T2 BWS tra", ""), Region.OTHER_SPINE, "Series"),
        (("", "IRM rachis dorsal", "T2 ax", ""), Region.OTHER_SPINE, "Study"),
        (("CSPINE", "", "T2 tra LWS", "HWS"), Region.LUMBAR, "Series"),
        (("CSPINE", "RM columna lumbar", "T2", ""), Region.LUMBAR, "Study"),
        (("UNKNOWN", "MR LWS", "T2", ""), Region.LUMBAR, "Study"),
        (("", "MR ISG", "T2 tra", ""), Region.OTHER, "Study"),
        (("SPINE", "MR ABDOMEN", "T2", ""), Region.SPINE, "Body"),
        (("SACRUM", "", "T2", ""), Region.SACRUM, "Body"),
        (("LSPINE", "", "T2 sacrum", ""), Region.SACRUM, "Series"),
        (("SACRUM", "MR LWS", "T2", ""), Region.LUMBAR, "Study"),
        (("SPINE", "MR Sacral Spine", "T2", ""), Region.SACRUM, "Study"),
        (("UNKNOWN", "", "T2", ""), Region.UNKNOWN, ""),
    ],
)
def test_every_element_is_asked(
    elements: tuple[str, str, str, str], region: Region, said_by: str
) -> None:
    part, study, series, protocol = elements
    told = told_region(
        Acquisition(
            body_part_examined=part,
            study_description=study,
            series_description=series,
            protocol_name=protocol,
        )
    )
    assert told.region is region
    assert str(told.said_by or "").startswith(said_by)


def test_who_says_otherwise_is_named() -> None:
    said = Acquisition(body_part_examined="LSPINE", study_description="MR Thoracic Spine")
    assert list(told_region(said).contradictions()) == [
        "Study Description says 'thoracic' (other spine), Body Part Examined says 'LSPINE' "
        "(lumbar spine)"
    ]


def test_the_spine_as_a_whole_contradicts_no_part_of_it() -> None:
    said = Acquisition(body_part_examined="SPINE", series_description="t2 lumbar")
    assert told_region(said).against == ()
