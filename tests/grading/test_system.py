"""Grading systems: what the files say, what is refused, and a fourth one as a file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import lumbargrade.grading.system as system_module
from lumbargrade.errors import GradingSystemError
from lumbargrade.grading.finding import (
    Finding,
    ModelIdentity,
    Region,
    SliceGrades,
    StudyGrades,
)
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.grading.summary import level_summaries, study_summary
from lumbargrade.grading.system import (
    DICHOTOMIES,
    GRADING_SYSTEMS,
    READ_SYSTEMS,
    SAGITTAL_SYSTEMS,
    Unit,
    grading_system_from_dict,
    load_grading_system,
    load_grading_systems,
    positive,
    written_grade,
)

PACKAGED = Path(system_module.__file__).parent / "systems"

FOURTH = """
order = 4
code = "SCHIZAS"
name = "lumbar central stenosis by sac morphology"
source = "Schizas et al., Spine 2010;35:1919-1924"
per_side = true
needs_disc = false
[[grades]]
value = 0
name = "A"
help = "Fluid is clearly visible inside the sac."
[[grades]]
value = 1
name = "B"
help = "The roots fill the sac; grains of CSF remain."
[[grades]]
value = 2
name = "C or D"
help = "Individual rootlets cannot be distinguished."
"""


def test_what_is_graded_on_the_sagittal_series_is_a_disc() -> None:
    for code, system in READ_SYSTEMS.items():
        assert (system.unit is Unit.DISC) == (code in SAGITTAL_SYSTEMS)
        assert grading_system_from_dict(system.to_dict()) == system
    assert "unit" not in GRADING_SYSTEMS["LDH"].to_dict()
    with pytest.raises(GradingSystemError, match="'unit' must be slice or disc, not 'spine'"):
        grading_system_from_dict({**GRADING_SYSTEMS["LDH"].to_dict(), "unit": "spine"})


def test_pfirrmanns_grades_are_written_from_one() -> None:
    assert SAGITTAL_SYSTEMS["PFIRRMANN"].written == ("1", "2", "3", "4", "5")
    assert [written_grade("LDH", value) for value in range(4)] == ["0", "1", "2", "3"]
    assert written_grade("OWN", 1) == "1"


def test_the_three_systems_come_in_their_order() -> None:
    assert list(GRADING_SYSTEMS) == ["LDH", "LCCS", "LNRC"]


@pytest.mark.parametrize(
    ("code", "per_side", "needs_disc", "author", "outputs"),
    [
        ("LDH", False, True, "Mysliwiec", ("LDH",)),
        ("LCCS", False, False, "Lee", ("LCCS",)),
        ("LNRC", True, True, "Pfirrmann", ("LNRC_left", "LNRC_right")),
    ],
)
def test_each_system_says_what_the_paper_says(
    code: str, per_side: bool, needs_disc: bool, author: str, outputs: tuple[str, ...]
) -> None:
    system = GRADING_SYSTEMS[code]
    assert (system.per_side, system.needs_disc) == (per_side, needs_disc)
    assert system.outputs == outputs
    assert author in system.source
    assert "10.3389/fendo.2022.890371" in system.source
    assert system.summary == "worst"


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("LDH", 0, "normal contour"),
        ("LDH", 1, "at most half-way"),
        ("LDH", 2, "more than half-way"),
        ("LDH", 3, "beyond the intra-facet line"),
        ("LCCS", 0, "anterior to the cauda equina is preserved"),
        ("LCCS", 1, "all roots can still be distinguished"),
        ("LCCS", 2, "some roots are aggregated"),
        ("LCCS", 3, "a single bundle"),
        ("LNRC", 0, "there is no contact"),
        ("LNRC", 1, "in contact with the root"),
        ("LNRC", 2, "displaces the root dorsally"),
        ("LNRC", 3, "compressed between disc material and the wall"),
    ],
)
def test_each_grade_has_the_reader_s_wording(code: str, value: int, words: str) -> None:
    grade = GRADING_SYSTEMS[code].grades[value]
    assert grade.value == value
    assert words in grade.help_text
    assert grade.name


def test_dichotomies_cut_below_1_and_below_2() -> None:
    assert dict(DICHOTOMIES) == {"any": 1, "marked": 2}
    assert [positive(grade, "any") for grade in range(4)] == [False, True, True, True]
    assert [positive(grade, "marked") for grade in range(4)] == [False, False, True, True]
    assert positive(None, "any") is None


@pytest.mark.parametrize("system", GRADING_SYSTEMS.values(), ids=lambda system: system.code)
def test_to_dict_reads_back(system: system_module.GradingSystem) -> None:
    assert grading_system_from_dict(system.to_dict()) == system


def test_a_fourth_system_is_a_file_and_nothing_else(tmp_path: Path) -> None:
    """From the file to outputs, bundle data, findings, level and patient grades."""
    for path in PACKAGED.glob("*.toml"):
        shutil.copy(path, tmp_path)
    (tmp_path / "schizas.toml").write_text(FOURTH, encoding="utf-8")

    systems = load_grading_systems(tmp_path)

    assert list(systems) == ["LDH", "LCCS", "LNRC", "SCHIZAS"]
    fourth = systems["SCHIZAS"]
    assert fourth.outputs == ("SCHIZAS_left", "SCHIZAS_right")
    assert grading_system_from_dict(fourth.to_dict()) == fourth
    region = Region((0, 0, 0), (0, 0), 75.0, (0, 0, 1, 1), "truth")
    slices = tuple(
        SliceGrades(
            "1",
            f"1.{number}",
            1,
            "a.dcm",
            LevelAssignment(block=block),
            region,
            tuple(Finding("SCHIZAS", side, grade) for side in fourth.sides),
        )
        for number, (block, grade) in enumerate([(0, 2), (0, 0), (1, 1), (1, None)])
    )
    study = StudyGrades("1", "P", ModelIdentity("m", "1", "0" * 64, "nothing"), "0", slices)
    summaries = [(one.side, one.grade) for level in level_summaries(study) for one in level.worst]
    assert summaries == [(side, grade) for grade in (2, 1) for side in fourth.sides]
    assert [(one.side, one.grade) for one in study_summary(study)] == summaries[:2]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('code = "SCHIZAS"', "", r"lacks \['code'\]"),
        ('code = "SCHIZAS"', 'code = "schizas"', "must be capitals"),
        ("order = 4", "colour = 4", r"has the unknown key \['colour'\]: remove it"),
        ("per_side = true", 'per_side = "yes"', "'per_side' must be a bool"),
        ("value = 2", "value = 3", r"values \[0, 1, 3\]: number them 0, 1, 2"),
        ('name = "B"', 'name = " "', "grade 1 needs a name and a help text"),
        (
            'help = "Individual rootlets cannot be distinguished."',
            "",
            r"grade number 2 lacks \['help'\]",
        ),
        ("value = 1", "value = 1.0", "a grade needs a whole 'value'"),
        ("order = 4", 'summary = "best"', "summary 'best' is not known"),
        (
            'source = "Schizas et al., Spine 2010;35:1919-1924"',
            'source = ""',
            "is empty: give a text",
        ),
        ("order = 4", "order = = 4", "Invalid value"),
    ],
)
def test_a_faulty_file_is_refused_by_name(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in FOURTH
    path = tmp_path / "faulty.toml"
    path.write_text(FOURTH.replace(old, new), encoding="utf-8")
    with pytest.raises(GradingSystemError, match=message) as caught:
        load_grading_system(path)
    assert "faulty.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(GradingSystemError, match=r"none\.toml"):
        load_grading_system(tmp_path / "none.toml")


def test_two_files_with_one_code_are_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(FOURTH, encoding="utf-8")
    with pytest.raises(GradingSystemError, match=r"code SCHIZAS is taken: choose another one"):
        load_grading_systems(tmp_path)


def test_grades_that_are_no_list_are_refused() -> None:
    data = GRADING_SYSTEMS["LDH"].to_dict() | {"grades": "four"}
    with pytest.raises(GradingSystemError, match="'grades' must be a list of tables"):
        grading_system_from_dict(data)


def test_discs_are_graded_one_to_five_by_pfirrmann() -> None:
    system = SAGITTAL_SYSTEMS["PFIRRMANN"]
    assert [grade.name for grade in system.grades] == ["1", "2", "3", "4", "5"]
    assert "Spine 2001;26:1873" in system.source
    assert "collapsed" in system.grades[-1].help_text
    assert not set(SAGITTAL_SYSTEMS) & set(GRADING_SYSTEMS)
