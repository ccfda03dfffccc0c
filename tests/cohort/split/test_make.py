"""From a cohort folder to a locked split that train and evaluate follow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cohort.split.cohorts import PATIENTS, drop_picture, share_picture, write_cohort

from lumbargrade.cohort.read import read_cohort
from lumbargrade.cohort.split.file import read_split
from lumbargrade.cohort.split.leakage import as_marked
from lumbargrade.cohort.split.make import (
    SplitOptions,
    make_split,
    parse_shares,
    remarks,
    summary_table,
)
from lumbargrade.errors import CohortError, OutputError


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    return write_cohort(tmp_path / "cohort")


def test_a_cohort_is_split_and_locked(cohort: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "split.json"
    stages: list[str] = []
    result = make_split(
        cohort, out, SplitOptions("60/20/20"), lambda stage, *_: stages.append(stage)
    )
    assert set(stages) == {"comparing images"}
    assert result.assigned.parts == read_split(out)
    parts = list(read_split(out).values())
    assert [parts.count(part) for part in ("train", "validation", "test")] == [12, 4, 4]
    data = json.loads(out.read_text())
    assert data["made"] == {
        "cohort": "cohort",
        "seed": 7,
        "shares": [0.6, 0.2, 0.2],
        "pictures_compared": PATIENTS,
        "alike": [],
    }
    assert len(data["learnt"]["picture_codes"]) == 16
    before = out.read_bytes()
    make_split(cohort, out, SplitOptions("60/20/20"))
    assert out.read_bytes() == before


def test_another_split_over_a_lock_names_who_would_be_moved(cohort: Path, tmp_path: Path) -> None:
    out = tmp_path / "split.json"
    make_split(cohort, out, SplitOptions())
    before = out.read_bytes()
    with pytest.raises(CohortError, match=r"patients would be moved: P000\d\d \(from \w+ to \w+\)"):
        make_split(cohort, out, SplitOptions(seed=8))
    with pytest.raises(CohortError, match=r"would be moved: .* to external\)"):
        make_split(cohort, out, SplitOptions(external=True))
    assert out.read_bytes() == before


def test_a_cohort_that_grew_extends_its_lock(cohort: Path, tmp_path: Path) -> None:
    out = tmp_path / "split.json"
    make_split(cohort, out, SplitOptions())
    old, learnt = read_split(out), json.loads(out.read_text())["learnt"]
    grown = write_cohort(tmp_path / "later", 30, first=11)
    with pytest.raises(CohortError, match=r"is locked for other patients \(P00021.* and 10 more w"):
        make_split(grown, out, SplitOptions())
    make_split(grown, out, SplitOptions(extend=True))
    new = read_split(out)
    assert {one: new[one] for one in old} == old
    assert len(new) == 40
    codes = json.loads(out.read_text())["learnt"]["picture_codes"]
    assert set(learnt["picture_codes"]) < set(codes)


def test_a_cohort_that_shrank_is_told(cohort: Path, tmp_path: Path) -> None:
    out = tmp_path / "split.json"
    make_split(cohort, out, SplitOptions("100/0/0"))
    smaller = write_cohort(tmp_path / "smaller", 19)
    with pytest.raises(
        CohortError, match=r"other patients \(P00020 would be removed\): add --extend"
    ):
        make_split(smaller, out, SplitOptions("100/0/0"))


def test_an_external_set_is_marked_in_its_folder(cohort: Path) -> None:
    make_split(cohort, cohort / "split.json", SplitOptions(external=True))
    assert all(one.external for one in as_marked(read_cohort(cohort)).slices)


def test_following_leaves_nothing_to_choose(cohort: Path, tmp_path: Path) -> None:
    for options in (
        SplitOptions(follow=tmp_path, external=True),
        SplitOptions(follow=tmp_path, extend=True),
    ):
        with pytest.raises(CohortError, match="--follow takes every part from its file: leave out"):
            make_split(cohort, tmp_path / "split.json", options)


@pytest.mark.parametrize("shares", ["70/30", "70/20/20", "a/b/c", "-10/60/50", "nan/50/50", ""])
def test_impossible_shares_are_refused(shares: str) -> None:
    with pytest.raises(
        CohortError, match=rf"--shares {shares}: give percentages for training, vali"
    ):
        parse_shares(shares)


def test_a_place_that_cannot_be_written_is_told(cohort: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"cannot be written .*choose another file with -o"):
        make_split(cohort, tmp_path / "file" / "split.json", SplitOptions())


def test_there_must_be_a_split_to_extend(cohort: Path, tmp_path: Path) -> None:
    with pytest.raises(CohortError, match="there is no split to extend: leave out --extend"):
        make_split(cohort, tmp_path / "split.json", SplitOptions(extend=True))


def test_patients_are_counted_by_part_and_worst_grade(cohort: Path, tmp_path: Path) -> None:
    result = make_split(cohort, tmp_path / "split.json", SplitOptions("60/20/20"))
    table = summary_table(result)
    assert table.columns == ("part", "patients", *(f"grade {one}" for one in range(4)), "no grade")
    assert [row[:2] for row in table.rows] == [("train", "12"), ("validation", "4"), ("test", "4")]
    assert table.rows[0][2:] == ("3", "3", "3", "3", "0")
    assert remarks(result) == []


def test_an_external_set_has_one_part(cohort: Path, tmp_path: Path) -> None:
    result = make_split(cohort, tmp_path / "split.json", SplitOptions(external=True))
    assert [row[:2] for row in summary_table(result).rows] == [("external", "20")]


def test_one_person_under_two_names_is_said(cohort: Path, tmp_path: Path) -> None:
    share_picture(cohort, "P00003", "P00020")
    result = make_split(cohort, tmp_path / "split.json", SplitOptions())
    (said,) = remarks(result)
    assert (
        said
        == "Kept together because of near-identical images or a common series: P00003 and P00020."
    )
    assert result.assigned.parts["P00003"] == result.assigned.parts["P00020"]


def test_pictures_that_were_not_compared_are_said(cohort: Path, tmp_path: Path) -> None:
    drop_picture(cohort, "P00020")
    (said,) = remarks(make_split(cohort, tmp_path / "split.json", SplitOptions()))
    assert said.startswith(
        "1 of 20 images were not compared (no image hash; for an archive give --index)"
    )
