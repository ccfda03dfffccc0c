"""Zips that are fine, and zips made to harm."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from lumbargrade.files import unzip
from lumbargrade.files.unzip import UnzipError, ZipCaps, ZipMember, flat_names, opened_zip

CAPS = ZipCaps(files=3, file_bytes=3_000_000, total_bytes=4_000_000)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytearray:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return bytearray(stream.getvalue())


def read(data: bytes | bytearray, caps: ZipCaps = CAPS) -> dict[str, bytes]:
    with opened_zip(io.BytesIO(data), caps) as members:
        return {member.name: member.read() for member in members}


def refused(data: bytes | bytearray, caps: ZipCaps = CAPS) -> str:
    with pytest.raises(UnzipError) as raised:
        read(data, caps)
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=str)
def test_files_come_in_the_order_of_names_and_folders_do_not(tmp_path: Path, method: int) -> None:
    data = zipped({"b": b"2", "a/": b"", "a/x": b"1", "../c": b""}, method)
    assert list(read(data).items()) == [("../c", b""), ("a/x", b"1"), ("b", b"2")]
    (tmp_path / "x.zip").write_bytes(data)
    with opened_zip(tmp_path / "x.zip", CAPS) as members:
        assert members[1].read() == b"1"


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\3\4 no", bytes(zipped({"a": b"x"})[:-5])],
    ids=["empty", "no zip", "cut short"],
)
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    assert refused(data).startswith("not a readable zip (")


def test_files_that_share_their_bytes_are_refused() -> None:
    data = zipped({"a": bytes(range(256)) * 20}, zipfile.ZIP_STORED)
    place = data.index(b"PK\1\2")
    listed, end = data[place:-22], data[-22:]
    end[8:12] = b"\2\0\2\0"
    end[12:16] = (2 * len(listed)).to_bytes(4, "little")
    shared = data[:place] + listed * 2 + end
    assert refused(shared) == "the files of the zip overlap, like those of a zip bomb"


def test_caps_on_number_and_sizes() -> None:
    four = {str(number): b"x" for number in range(4)}
    assert refused(zipped(four)) == "the zip holds 4 files (3 is allowed)"
    large = bytes(2_500_000)
    assert refused(zipped({"a": large, "b": large})) == "the zip unpacks to 5 MB (4 MB is allowed)"
    caps = ZipCaps(files=1, file_bytes=2_000_000, total_bytes=4_000_000)
    expected = "unpacks to 2 MB (2 MB is allowed): pack smaller files"
    assert refused(zipped({"a": large}), caps) == expected


def test_a_bomb_is_not_unpacked() -> None:
    words = "times (200 is allowed), like a zip bomb: give the unpacked folder"
    assert words in refused(zipped({"a": bytes(2_500_000)}))
    assert read(zipped({"a": bytes(1_000_000)}))["a"] == bytes(1_000_000)  # too small to hurt


def test_a_file_is_no_longer_than_it_declares() -> None:
    data = zipped({"a": bytes(2_000_000)})
    place = data.rindex(b"PK\1\2") + 24  # the unpacked size in the list at the end
    data[place : place + 4] = (10).to_bytes(4, "little")
    assert refused(data).startswith("damaged inside the zip (Bad CRC-32")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=str)
def test_what_cannot_be_unpacked_within_a_cap_is_refused(method: int) -> None:
    message = "packed by another method than deflate: pack the zip again"
    assert refused(zipped({"a": b"x"}, method)) == message


def test_damaged_and_encrypted_files_are_said_one_by_one() -> None:
    data = zipped({"a": b"good", "b": bytes(range(250))}, zipfile.ZIP_STORED)
    data[data.index(bytes(range(250)))] ^= 1
    with opened_zip(io.BytesIO(data), CAPS) as (first, second):
        with pytest.raises(UnzipError, match=r"damaged inside the zip \(Bad CRC-32.*pack it ag"):
            second.read()
        assert first.read() == b"good"
    data = zipped({"a": b"x"})
    data[data.rindex(b"PK\1\2") + 8] |= 1
    assert refused(data) == "encrypted: unpack the zip with its password first"


def names(*paths: str) -> list[ZipMember]:
    return [ZipMember(path, bytes) for path in paths]


def test_one_folder_around_the_files_is_left_out() -> None:
    assert list(flat_names(names("a", "m/b"))) == ["a", "b"]


@pytest.mark.parametrize("path", ["/a", "../a", "a/..", "a/b/c", ".", "..\\a", "a\\b", "x/../a"])
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(UnzipError, match=r"^it holds the path "):
        flat_names(names("fine", path))


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.raises(UnzipError, match=r"^it holds 'b' twice$"):
        flat_names(names("m/b", "b"))


def test_a_whole_zip_is_compressed_no_further_than_is_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = zipped({"a": bytes(900_000), "b": bytes(900_000)})
    assert set(read(data)) == {"a", "b"}
    monkeypatch.setattr(unzip, "SMALL_ZIP_BYTES", 1_000_000)
    words = r"the zip is compressed \d+ times \(20 is allowed\), like a zip bomb"
    assert re.fullmatch(words, refused(data))


@pytest.mark.parametrize("path", [False, True], ids=["stream", "path"])
def test_a_list_of_a_million_files_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: bool
) -> None:
    data = zipped({str(number): b"" for number in range(100)}, zipfile.ZIP_STORED)
    monkeypatch.setattr(unzip, "_ENTRY_BYTES", 1000)
    with opened_zip(io.BytesIO(data), ZipCaps(100, 10, 10)) as members:
        assert len(members) == 100
    monkeypatch.setattr(unzip, "_ENTRY_BYTES", 40)
    (tmp_path / "x.zip").write_bytes(data)
    source = tmp_path / "x.zip" if path else io.BytesIO(data)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # not even asked
    with pytest.raises(UnzipError, match=r"^the zip lists more than 100 files$"):
        opened_zip(source, ZipCaps(100, 10, 10)).__enter__()
