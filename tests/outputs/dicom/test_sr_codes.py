from __future__ import annotations

import pytest
from pydicom.sr.coding import Code

from lumbargrade.grading.finding import Side
from lumbargrade.grading.level import Level, LevelSource
from lumbargrade.grading.system import KNOWN_SYSTEMS, GradingSystem
from lumbargrade.outputs.dicom import sr_codes as codes


def test_the_scheme_never_changes() -> None:
    """Reports that are already in archives name it."""
    assert (codes.SCHEME, codes.SCHEME_UID) == (
        "99LUMBARGRADE",
        "2.25.5839213669867801928322816735175815564",
    )


def test_sides_and_levels_are_those_of_snomed() -> None:
    """Written out, not read from the tables: a swap of left and right must not pass."""
    assert {str(side): code.value for side, code in codes.SIDES.items()} == {
        "left": "7771000",
        "right": "24028007",
    }
    assert {str(level): code.value for level, code in codes.DISCS.items()} == {
        "L1/L2": "80064006",
        "L2/L3": "67459009",
        "L3/L4": "62551000",
        "L4/L5": "84020006",
        "L5/S1": "715056000",
    }


def test_meanings_agree_with_what_they_code() -> None:
    for side, code in codes.SIDES.items():
        assert code.meaning.lower() == str(side)
    for level, code in codes.DISCS.items():
        assert code.meaning == f"{level.replace('/', '-')} intervertebral disc"


@pytest.mark.parametrize("known", KNOWN_SYSTEMS.values(), ids=lambda known: known.code)
def test_every_code_fits_and_leads_back(known: GradingSystem) -> None:
    for grade in (None, *range(len(known.grades))):
        code = codes.grade_code(known, grade)
        assert codes.grade_of(code) == grade
        assert len(code.meaning) <= 64
    concept = codes.grade_concept(known)
    assert len(concept.value) <= 16
    assert len(concept.meaning) <= 64
    assert len(codes.finding_code(known).value) <= 16


def test_levels_and_sides_lead_back() -> None:
    assert [codes.level_of(codes.site_code(level)) for level in (*Level, None)] == [*Level, None]
    assert [codes.side_of(codes.SIDES[side]) for side in Side] == list(Side)
    assert codes.side_of(None) is None
    with pytest.raises(ValueError, match=r"\(24484000, SCT\) is not a grade"):
        codes.grade_of(codes.SEVERITIES[3])


def test_another_code_is_no_side_and_no_level() -> None:
    assert codes.side_of(Code("51440002", "SCT", "Right and left")) is None
    # "Disc of fifth lumbar vertebra" sounds like L5/S1 and is not.
    assert codes.level_of(Code("75782005", "SCT", "Disc of fifth lumbar vertebra")) is None


def test_every_source_of_levels_has_a_code_that_leads_back() -> None:
    """Written out: codes in archives must not change."""
    assert {str(source): code.value for source, code in codes.LEVEL_SOURCES.items()} == {
        "unknown": "UNKNOWN",
        "stack: lowest disc assumed to be L5/S1": "ASSUMED",
        "sagittal": "SAGITTAL",
        "user": "USER",
        "truth": "TRUTH",
    }
    for source in LevelSource:
        code = codes.LEVEL_SOURCES[source]
        assert codes.level_source_of(code) is source
        assert len(code.meaning) <= 64
