"""The list of a bundle's files: nothing may be altered, added or lost, the list included."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.errors import BundleError
from lumbargrade.inference.integrity.sums import SUMS_FILE, check_sums, write_sums

FILES = {"bundle.json": b"{}", "grader.onnx": b"weights" * 9, "MODEL_CARD.md": b"# card\n"}


def folder_of(place: Path) -> Path:
    place.mkdir()
    for name, data in FILES.items():
        (place / name).write_bytes(data)
    write_sums(place)
    return place


def test_the_list_is_that_of_sha256sum(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "b")
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
    assert check_sums(folder) == digests
    lines = (folder / SUMS_FILE).read_text().splitlines()
    assert lines == [f"{digests[name]}  {name}" for name in sorted(FILES)]


@given(data=st.data())
def test_any_altered_byte_of_any_file_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = folder_of(tmp_path_factory.mktemp("sums") / "b")
    path = folder / data.draw(st.sampled_from([*FILES, SUMS_FILE]))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(content))
    with pytest.raises(BundleError):
        check_sums(folder)


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "b")
    (folder / "sub").mkdir()
    with pytest.raises(BundleError, match=r"holds sub, which is none of its files \(SHA256SUMS\)"):
        check_sums(folder)
    (folder / "sub").rmdir()
    (folder / "MODEL_CARD.md").unlink()
    with pytest.raises(BundleError, match=r"lacks .*MODEL_CARD\.md, which it lists: export it"):
        check_sums(folder)
    (folder / SUMS_FILE).write_text("")
    with pytest.raises(BundleError, match=r"SHA256SUMS is no list of SHA-256 and file names"):
        check_sums(folder)
    (folder / SUMS_FILE).unlink()
    with pytest.raises(BundleError, match=r"has no SHA256SUMS, as from an earlier version: check"):
        check_sums(folder)
