"""A split on disk: reads back, and names whoever was moved after it was locked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.cohort.split.file import (
    ALL_PARTS,
    named,
    read_split,
    refuse_moved,
    write_split,
)
from lumbargrade.cohort.split.stratify import split_patients
from lumbargrade.errors import CohortError

PARTS_OF = {"P9": "train", "P2": "validation", "P1": "test", "E": "external"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "split.json"
    write_split(file, PARTS_OF)
    return file


def change(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_split_reads_back(tmp_path: Path) -> None:
    parts = split_patients([f"P{number}" for number in range(40)], {}, 3)
    write_split(tmp_path / "split.json", parts)
    assert read_split(tmp_path / "split.json") == parts


def test_the_file_is_whole_or_absent(path: Path) -> None:
    assert [one.name for one in path.parent.iterdir()] == ["split.json"]


@given(st.dictionaries(st.text(max_size=4), st.sampled_from(ALL_PARTS)))
def test_any_names_read_back(
    tmp_path_factory: pytest.TempPathFactory, parts: dict[str, str]
) -> None:
    file = tmp_path_factory.mktemp("split") / "split.json"
    write_split(file, parts)
    assert read_split(file) == parts


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"test": ["P1", "P9"]}, "patient P9 is in train and in test: split again"),
        ({"validation": "P2"}, "'validation' is not a list of patients"),
        ({"schema": "other/1"}, "is not a split of the schema"),
        ({"train": [], "test": ["P1", "P9"]}, "P9 was locked in train and is now in test: restore"),
        ({"external": []}, "E was locked in external and is gone: restore"),
        ({"test": ["P1", "Q"]}, "Q was never locked and is now in test"),
        ({"seals": {}}, "E was never locked and is now in external, P1 was never"),
        ({"seals": None}, "has no seals: use the file as written by 'cohort split'"),
        ({"made": {"seed": 8}}, r"its checksum differs\): restore the original file"),
        ({"checksum": "0"}, r"its checksum differs\): restore the original file"),
    ],
)
def test_a_changed_split_is_refused(path: Path, changes: dict[str, Any], message: str) -> None:
    change(path, **changes)
    with pytest.raises(CohortError, match=rf"split\.json: .*{message}"):
        read_split(path)


def test_a_split_of_an_earlier_version_has_no_seals(path: Path) -> None:
    old = {"train": ["A"], "validation": [], "test": ["B"]}
    path.write_text(json.dumps({"schema": "lumbargrade.split/1", **old}))
    assert read_split(path) == {"A": "train", "B": "test"}


@pytest.mark.parametrize("content", [None, "{"])
def test_an_unreadable_split_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "split.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(CohortError, match=r"split\.json: the split cannot be read"):
        read_split(file)


def test_who_would_be_moved_is_named() -> None:
    refuse_moved(PARTS_OF, {"P9": "train", "NEW": "test"}, Path("f"))
    text = "f: locked patients would be moved: P1 (from test to train), P9 (from train to test): a"
    with pytest.raises(CohortError, match=re.escape(text)):
        refuse_moved(PARTS_OF, {"P9": "test", "P1": "train"}, Path("f"))


def test_a_long_list_is_cut() -> None:
    assert named([str(number) for number in range(12)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"


def test_a_folder_is_no_split(tmp_path: Path) -> None:
    with pytest.raises(
        CohortError, match=r"cannot be read \(Is a directory\): name the file of the"
    ):
        read_split(tmp_path)
