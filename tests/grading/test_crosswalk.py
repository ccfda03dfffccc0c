"""Crosswalks: what a file must say, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.errors import GradingSystemError
from lumbargrade.grading.crosswalk import CROSSWALKS, GradeMap, load_crosswalk
from lumbargrade.grading.system import KNOWN_SYSTEMS

SPIDER = """
name = "spider"
title = "SPIDER"
source = "made up"
reach_mm = 6
reach_source = "made up"
[[maps]]
reference = "SPIDERHERNIATION"
model = "LDH"
merge = { "absent" = [0], "present" = [1, 2, 3] }
why = "any size"
differs = "read on sagittal series"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "crosswalk.toml"
    path.write_text(text, "utf-8")
    return path


def test_severities_of_rsna_are_set_beside_canal_and_root() -> None:
    crosswalk = load_crosswalk("rsna2024")
    canal, recess = crosswalk.maps
    assert (canal.name, recess.name) == ("RSNACANAL / LCCS", "RSNARECESS / LNRC")
    assert canal.merged == recess.merged == (0, 0, 1, 2)
    assert canal.merging == "LCCS 0, 1 -> normal or mild; 2 -> moderate; 3 -> severe"
    assert crosswalk.reach_mm == 6.0
    assert all(one.why and one.differs for one in crosswalk.maps)


def test_every_crosswalk_of_the_package_is_whole() -> None:
    assert [load_crosswalk(name).name for name in CROSSWALKS] == list(CROSSWALKS)


def test_a_file_of_the_user_is_read(tmp_path: Path) -> None:
    (only,) = load_crosswalk(written(tmp_path, SPIDER)).maps
    assert only.merged == (0, 1, 1, 1)
    assert only.cut(1) == "present"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"absent" = [0]', '"absent" = [1]', r"lists 1: list each grade of LDH, 0 to 3, once"),
        ('"absent" = [0]', '"absent" = [9]', r"'absent' lists 9"),
        ('"absent" = [0]', '"none" = [0]', r"give grades of LDH for each of 'absent', 'present'"),
        ("[1, 2, 3] }", "[1, 2] }", r"must keep the order of the 4 grades of LDH, and gives"),
        ("[0], ", "[3], ", r"lists 3"),
        ('[0], "present" = [1, 2, 3]', "[0, 1, 2, 3]", r"no grade of LDH becomes 'present': give"),
        ('"SPIDERHERNIATION"', '"X"', r"map number 1: no system 'X': name one of LDH, LCCS,"),
        ("reach_mm = 6", "reach_mm = 600", r"'reach_mm' is 600: give a distance in mm, below 100"),
        ('why = "any size"', "", r"map number 1 lacks \['why'\]: add it"),
        ('why = "any size"', "why = 3", r"map number 1: 'why' must be a text, not 3"),
        ('why = "any size"', 'why = "a"\nwho = "b"', r"unknown key \['who'\]: remove it"),
        ("[[maps]]", "[maps]", r"'maps' must be a list of tables, written \[\[maps\]\]"),
        ('title = "SPIDER"', "title =", r"crosswalk .*crosswalk\.toml: Invalid value"),
    ],
)
def test_a_file_says_what_is_wrong(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in SPIDER
    with pytest.raises(GradingSystemError, match=told):
        load_crosswalk(written(tmp_path, SPIDER.replace(old, new)))


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(GradingSystemError, match=r"no such file: give a TOML file, or one of rsna"):
        load_crosswalk(tmp_path / "none.toml")


def test_the_order_of_grades_is_kept_and_sides_meet_sides() -> None:
    recess, ldh, lnrc = (KNOWN_SYSTEMS[code] for code in ("RSNARECESS", "LDH", "LNRC"))
    with pytest.raises(GradingSystemError, match="must keep the order of the 4 grades"):
        GradeMap(recess, lnrc, (0, 2, 1, 2), "why", "differs")
    with pytest.raises(GradingSystemError, match="is graded per side and LDH is not: choose a sys"):
        GradeMap(recess, ldh, (0, 0, 1, 2), "why", "differs")
