"""``cohort split``: from a cohort folder to a lock that train and evaluate honour."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.cohort.test_read import truth, write
from typer.testing import CliRunner

from lumbargrade.archive.pseudonym import Pseudonyms, make_key
from lumbargrade.cli.cohort.split import Wanted, parse_shares, run
from lumbargrade.cli.main import app
from lumbargrade.cohort.read import read_cohort
from lumbargrade.cohort.split.file import read_split, write_split
from lumbargrade.cohort.split.leakage import as_marked
from lumbargrade.errors import CohortError, OutputError

PATIENTS = 20


def write_cohort(folder: Path, patients: int = PATIENTS, first: int = 1) -> Path:
    write(folder / "cohort.json", {"schema": "lumbargrade.cohort/1", "simulated": False})
    for number in range(first, first + patients):
        content = truth(f"P{number:05}", 1)
        entry: dict[str, Any] = content["slices"][0]
        entry["grades"] = {"LCCS": number % 4}
        entry["picture_code"] = hashlib.sha256(str(number).encode()).hexdigest()
        write(folder / "truth" / f"P{number:05}.json", content)
        write(folder / entry["file"], "")
    return folder


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    return write_cohort(tmp_path / "cohort")


def test_a_cohort_is_split_and_locked(
    cohort: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "split.json"
    run(cohort, out, Wanted("60/20/20"))
    parts = list(read_split(out).values())
    assert [parts.count(part) for part in ("train", "validation", "test")] == [12, 4, 4]
    shown = capsys.readouterr().out
    assert "Locked: " in shown
    assert "not compared" not in shown
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
    run(cohort, out, Wanted("60/20/20"))
    assert out.read_bytes() == before


def test_another_split_over_a_lock_names_who_would_be_moved(cohort: Path, tmp_path: Path) -> None:
    out = tmp_path / "split.json"
    run(cohort, out, Wanted())
    before = out.read_bytes()
    with pytest.raises(CohortError, match=r"patients would be moved: P000\d\d \(from \w+ to \w+\)"):
        run(cohort, out, Wanted(seed=8))
    with pytest.raises(CohortError, match=r"would be moved: .* to external\)"):
        run(cohort, out, Wanted(external=True))
    assert out.read_bytes() == before


def test_a_cohort_that_grew_extends_its_lock(cohort: Path, tmp_path: Path) -> None:
    out = tmp_path / "split.json"
    run(cohort, out, Wanted())
    old, learnt = read_split(out), json.loads(out.read_text())["learnt"]
    grown = write_cohort(tmp_path / "later", 30, first=11)
    with pytest.raises(CohortError, match=r"is locked for other patients \(P00021.* and 10 more w"):
        run(grown, out, Wanted())
    run(grown, out, Wanted(extend=True))
    new = read_split(out)
    assert {one: new[one] for one in old} == old
    assert len(new) == 40
    codes = json.loads(out.read_text())["learnt"]["picture_codes"]
    assert set(learnt["picture_codes"]) < set(codes)


def test_a_cohort_that_shrank_is_told(cohort: Path, tmp_path: Path) -> None:
    out = tmp_path / "split.json"
    run(cohort, out, Wanted("100/0/0"))
    smaller = write_cohort(tmp_path / "smaller", 19)
    with pytest.raises(
        CohortError, match=r"other patients \(P00020 would be removed\): add --extend"
    ):
        run(smaller, out, Wanted("100/0/0"))


def test_an_external_set_is_marked_in_its_folder(cohort: Path) -> None:
    run(cohort, cohort / "split.json", Wanted(external=True))
    assert all(one.external for one in as_marked(read_cohort(cohort)).slices)


def test_one_person_under_two_names_is_told(
    cohort: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = cohort / "truth" / "P00020.json"
    code = json.loads((cohort / "truth" / "P00003.json").read_text())["slices"][0]["picture_code"]
    content = json.loads(path.read_text())
    content["slices"][0]["picture_code"] = code
    write(path, content)
    run(cohort, tmp_path / "split.json", Wanted())
    shown = " ".join(capsys.readouterr().out.split())
    assert (
        "Kept together because of near-identical images or a common series: P00003 and P00020."
        in shown
    )
    parts = read_split(tmp_path / "split.json")
    assert parts["P00003"] == parts["P00020"]


def test_pictures_that_were_not_compared_are_told(
    cohort: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = cohort / "truth" / "P00020.json"
    content = json.loads(path.read_text())
    del content["slices"][0]["picture_code"]
    write(path, content)
    run(cohort, tmp_path / "split.json", Wanted())
    shown = " ".join(capsys.readouterr().out.split())
    assert "1 of 20 images were not compared (no image hash; for an archive give --index)" in shown


def test_a_split_of_pseudonyms_is_followed_with_the_key(cohort: Path, tmp_path: Path) -> None:
    key = tmp_path / "I.key"
    pseudonyms = Pseudonyms(make_key(key))
    run(cohort, tmp_path / "own.json", Wanted(seed=3))
    parts = read_split(tmp_path / "own.json")
    other = tmp_path / "other.json"
    write_split(other, {pseudonyms.of("patient", name): part for name, part in parts.items()})
    with pytest.raises(
        CohortError, match=r"does not contain 20 patients of cohort \(P00001, .* 10"
    ):
        run(cohort, tmp_path / "new.json", Wanted(follow=other))
    run(cohort, tmp_path / "new.json", Wanted(follow=other, key=key))
    assert read_split(tmp_path / "new.json") == parts
    run(cohort, tmp_path / "new.json", Wanted(follow=tmp_path / "own.json"))
    with pytest.raises(CohortError, match=r"would be moved: P000\d\d \(from"):
        run(cohort, tmp_path / "new.json", Wanted(seed=4))


def test_following_leaves_nothing_to_choose(cohort: Path, tmp_path: Path) -> None:
    for wanted in (Wanted(follow=tmp_path, external=True), Wanted(follow=tmp_path, extend=True)):
        with pytest.raises(CohortError, match="--follow takes every part from its file: leave out"):
            run(cohort, tmp_path / "split.json", wanted)


@pytest.mark.parametrize("shares", ["70/30", "70/20/20", "a/b/c", "-10/60/50", "nan/50/50", ""])
def test_impossible_shares_are_refused(shares: str) -> None:
    with pytest.raises(
        CohortError, match=rf"--shares {shares}: give percentages for training, vali"
    ):
        parse_shares(shares)


def test_a_place_that_cannot_be_written_is_told(cohort: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"cannot be written .*choose another file with -o"):
        run(cohort, tmp_path / "file" / "split.json", Wanted())


def test_there_must_be_a_split_to_extend(cohort: Path, tmp_path: Path) -> None:
    with pytest.raises(CohortError, match="there is no split to extend: leave out --extend"):
        run(cohort, tmp_path / "split.json", Wanted(extend=True))


def test_a_fault_is_one_line(cohort: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["cohort", "split", str(cohort), "-o", str(tmp_path / "s.json"), "--shares", "1/2/3"]
    )
    assert done.exit_code == 2
    assert done.stderr.startswith("error: --shares 1/2/3: give percentages")
    assert not (tmp_path / "s.json").exists()
