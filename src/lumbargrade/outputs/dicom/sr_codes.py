"""The codes of our structured reports, and their way back.

Only codes of PS3.16 and its context groups are taken from SNOMED CT and DCM. What is
graded and its grades are of a private scheme, which loses nothing; severity in SNOMED CT
stands beside it for other people's software.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pydicom.sr.coding import Code

from lumbargrade.grading.finding import Side
from lumbargrade.grading.level import Level, LevelSource
from lumbargrade.grading.system import GradingSystem

SCHEME = "99LUMBARGRADE"
SCHEME_UID = "2.25.5839213669867801928322816735175815564"
"""Chosen once; it names the scheme for ever."""

DISCS: Mapping[Level, Code] = MappingProxyType(
    {
        Level.L1_L2: Code("80064006", "SCT", "L1-L2 intervertebral disc"),
        Level.L2_L3: Code("67459009", "SCT", "L2-L3 intervertebral disc"),
        Level.L3_L4: Code("62551000", "SCT", "L3-L4 intervertebral disc"),
        Level.L4_L5: Code("84020006", "SCT", "L4-L5 intervertebral disc"),
        Level.L5_S1: Code("715056000", "SCT", "L5-S1 intervertebral disc"),
    }
)
"""CID 7604. Not 75782005, "disc of fifth lumbar vertebra", which is not L5/S1."""

LUMBAR_SPINE = Code("122496007", "SCT", "Lumbar spine")
"""The site where the level is not known."""

SIDES: Mapping[Side, Code] = MappingProxyType(
    {Side.RIGHT: Code("24028007", "SCT", "Right"), Side.LEFT: Code("7771000", "SCT", "Left")}
)
SEVERITY = Code("246112005", "SCT", "Severity")
SEVERITIES = (
    Code("260413007", "SCT", "None"),
    Code("255604002", "SCT", "Mild"),
    Code("6736007", "SCT", "Moderate"),
    Code("24484000", "SCT", "Severe"),
)
"""CID 3716, of grades 0 to 3; only for systems of four grades."""

PROCEDURE = Code("25056-3", "LN", "MRI unspecified body region")
"""Of CID 100, as TID 1500 wants it."""

AI = Code("123110", "DCM", "Artificial Intelligence")
PROBABILITY = Code("PROBABILITY", SCHEME, "Probability of the grade")
NO_UNITS = Code("1", "UCUM", "no units")
NOT_KNOWN = Code("NOTKNOWN", SCHEME, "Not known; this is not grade 0")
SET_LOW = Code("SETLOW", SCHEME, "Lowest grade of the set")
SET_HIGH = Code("SETHIGH", SCHEME, "Highest grade of the set")
COMMENT = Code("121106", "DCM", "Comment")
WARNINGS = Code("WARNINGS", SCHEME, "Warnings")
USER_WORD = Code("USERWORD", SCHEME, "Said by the user")
NOT_GRADED = Code("NOTGRADED", SCHEME, "Not graded, and why")
SCOPE = Code("SCOPE", SCHEME, "The worst grade of what")
LEVEL_SCOPE = Code("LEVEL", SCHEME, "Disc level")
STUDY_SCOPE = Code("STUDY", SCHEME, "Whole study")
LEVEL_SOURCE = Code("LEVELSRC", SCHEME, "How the disc level is known")
LEVEL_SOURCES: Mapping[LevelSource, Code] = MappingProxyType(
    {
        LevelSource.UNKNOWN: Code("UNKNOWN", SCHEME, "Not known"),
        LevelSource.STACK: Code("ASSUMED", SCHEME, "Assumed: most caudal disc is L5-S1"),
        LevelSource.SAGITTAL: Code("SAGITTAL", SCHEME, "Counted on a sagittal series"),
        LevelSource.USER: Code("USER", SCHEME, "Lowest disc named by the user"),
        LevelSource.TRUTH: Code("TRUTH", SCHEME, "Simulated: known"),
    }
)
LONGEST_VALUE, LONGEST_MEANING = 16, 64


def finding_code(system: GradingSystem) -> Code:
    """Return the code of what is graded, such as ``(LDH, 99LUMBARGRADE)``."""
    return Code(system.code[:LONGEST_VALUE], SCHEME, system.name[:LONGEST_MEANING])


def grade_concept_value(code: str) -> str:
    """Return the value of :func:`grade_concept` of the system with this code."""
    return f"{code[: LONGEST_VALUE - 2]}_G"


def grade_concept(system: GradingSystem) -> Code:
    """Return the code of the question "which grade?"."""
    return Code(grade_concept_value(system.code), SCHEME, f"Grade: {system.name}"[:LONGEST_MEANING])


def grade_code(system: GradingSystem, grade: int | None) -> Code:
    """Return the code of a grade; :data:`NOT_KNOWN` for None."""
    if grade is None:
        return NOT_KNOWN
    name = system.grades[grade].name
    # Of a grade that is called by a number, its value would be read as another grade.
    meaning = f"Grade {name}" if name.isdigit() else f"Grade {grade}: {name}"[:LONGEST_MEANING]
    return Code(f"G{grade}", SCHEME, meaning)


def grade_of(code: Code) -> int | None:
    """Return the grade that :func:`grade_code` coded. Raises ValueError if it is another code."""
    if (code.value, code.scheme_designator) == (NOT_KNOWN.value, SCHEME):
        return None
    if code.scheme_designator != SCHEME or not code.value[:1] == "G":
        raise ValueError(f"({code.value}, {code.scheme_designator}) is not a grade")
    return int(code.value[1:])


def site_code(level: Level | None) -> Code:
    """Return the disc of a level; the lumbar spine where it is not known."""
    return LUMBAR_SPINE if level is None else DISCS[level]


def level_of(code: Code) -> Level | None:
    """Return the level that :func:`site_code` coded; None for any other site."""
    return next((level for level, disc in DISCS.items() if disc.value == code.value), None)


def level_source_of(code: Code) -> LevelSource:
    """Return the source of a level from its code. Raises ValueError if it is another code."""
    for source, known in LEVEL_SOURCES.items():
        if (code.value, code.scheme_designator) == (known.value, SCHEME):
            return source
    raise ValueError(f"({code.value}, {code.scheme_designator}) is not a source of levels")


def side_of(code: Code | None) -> Side | None:
    """Return the side that a laterality means; None for none."""
    if code is None:
        return None
    return next((side for side, known in SIDES.items() if known.value == code.value), None)
