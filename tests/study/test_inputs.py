"""Which files and folders make a study, and its name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lumbargrade.errors import StudyError
from lumbargrade.study.inputs import list_studies, numbered


def test_studies_are_files_of_one_folder_a_folder_a_picture(tmp_path: Path) -> None:
    for name in ("a/1.dcm", "a/2.dcm", "b/1.dcm", "p.png", "q.png", "z/study/0.dcm", "study/0.dcm"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    files = [tmp_path / name for name in ("a/1.dcm", "a/2.dcm", "b/1.dcm", "p.png", "q.png")]
    folders = [tmp_path / "study", tmp_path / "z" / "study"]
    found = {item.name: item.paths for item in list_studies([*files, *folders])}
    assert found == {
        "p": (files[3],),
        "q": (files[4],),
        "study": (folders[0],),
        "study-2": (folders[1],),
        "a": (files[0], files[1]),
        "1": (files[2],),
    }


def test_a_cohort_without_studies(tmp_path: Path) -> None:
    (tmp_path / "cohort.json").write_text("{}")
    with pytest.raises(StudyError) as caught:
        list_studies([tmp_path])
    assert str(caught.value) == (
        f"cohort {tmp_path} has no study folders in {tmp_path / 'studies'}: make it again with "
        "'lumbargrade phantom'"
    )


def test_each_folder_of_a_cohort_is_a_study(tmp_path: Path) -> None:
    (tmp_path / "cohort.json").write_text("{}")
    for name in ("studies/b", "studies/a", "truth"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "studies" / "note.txt").write_text("")
    found = [(item.name, item.paths) for item in list_studies([tmp_path])]
    assert found == [(name, (tmp_path / "studies" / name,)) for name in ("a", "b")]


def test_names_are_printable(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff"))
    odd.mkdir()
    assert list_studies([odd])[0].name == "a_"
    assert list_studies([Path("/")])[0].name == "study"


def test_studies_of_one_input_are_numbered_without_taking_another_name() -> None:
    taken = {"a", "a-1", "b"}
    assert numbered("a", 1, taken) == ["a"]
    assert numbered("a", 2, taken) == ["a-2", "a-3"]
    assert numbered("b", 2, taken) == ["b-1", "b-2"]
    assert numbered("a-2", 1, taken) == ["a-2"]
    assert taken == {"a", "a-1", "a-2", "a-3", "b", "b-1", "b-2"}
