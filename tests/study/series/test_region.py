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
