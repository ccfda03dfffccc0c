"""Keyed pseudonyms and the file that holds their key."""

from __future__ import annotations

import copy
import hashlib
import hmac
from pathlib import Path
from uuid import RFC_4122, UUID

import pytest

from lumbargrade.archive.pseudonym import Pseudonyms, key_of, make_key, read_key, uid_of_pseudonym
from lumbargrade.errors import CohortError, OutputError

KEY = bytes(range(32))


def test_a_copy_of_the_key_that_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "I.key"
    key = key_of(path)
    (left := tmp_path / ".I.key.0123456789abcdef.unfinished").write_bytes(path.read_bytes())
    assert key_of(path) == key
    assert not left.exists()


def test_a_pseudonym_is_an_hmac_of_kind_and_identifier() -> None:
    expected = hmac.new(KEY, b"patient\x00MRN1", hashlib.sha256).hexdigest()[:32]
    assert Pseudonyms(KEY).of("patient", "MRN1") == expected


def test_kinds_keys_and_identifiers_tell_apart() -> None:
    one, other = Pseudonyms(KEY), Pseudonyms(KEY[::-1])
    found = {
        one.of("patient", "1"),
        one.of("study", "1"),
        one.of("patient", "2"),
        one.of_slice("1"),
        other.of("patient", "1"),
        one.of_path(b"1").hex(),
        one.check,
        other.check,
    }
    assert len(found) == 8
    assert one.of("patient", "1") == Pseudonyms(KEY).of("patient", "1")


def test_days_of_patients_begin_anywhere_in_ten_years() -> None:
    origins = [Pseudonyms(KEY).origin_day(str(number)) for number in range(500)]
    assert 0 <= min(origins) < 100
    assert 3550 < max(origins) < 3650


def test_a_key_is_new_secret_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "key"
    key = make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path) == key != make_key(tmp_path / "other")


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    make_key(tmp_path / "key")
    with pytest.raises(OutputError, match=r"key: the key cannot be written \(File exists\)"):
        make_key(tmp_path / "key")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"hello", "is not a key of lumbargrade: give another file with --key"),
        (b"lumbargrade-key-1 abc\n", "is not a key of lumbargrade"),
        (b"\xff", r"the key cannot be read \(not text\): give the key that the index was made"),
    ],
)
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, text: bytes, message: str) -> None:
    path = tmp_path / "key"
    path.write_bytes(text)
    with pytest.raises(CohortError, match=message):
        read_key(path)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_key(path)
    path.chmod(0o644)
    with pytest.raises(CohortError, match=r"others can read this key: run  chmod 600 .*key"):
        read_key(path)


@pytest.mark.parametrize("identifier", ["", "000", "Anonymous", "n/a", "NO ID", "^", "patient"])
def test_who_has_no_id_is_known_by_the_study(identifier: str) -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    assert pseudonyms.of_patient(identifier, "1.2.3") == pseudonyms.of("patient of study", "1.2.3")
    assert pseudonyms.of_patient(identifier, "") == ""
    assert pseudonyms.of_patient("P1", "1.2.3") == pseudonyms.of("patient", "P1")


def test_a_pseudonym_as_a_uid_is_a_uuid_of_the_same_bits() -> None:
    pseudonym = Pseudonyms(b"k" * 32).of_slice("1.2.3")
    uid = uid_of_pseudonym(pseudonym)
    assert uid.startswith("2.25.")
    made = UUID(int=int(uid.removeprefix("2.25.")))
    assert (made.version, made.variant) == (8, RFC_4122)
    same = [a == b for a, b in zip(made.hex, pseudonym, strict=True)]
    assert [place for place, one in enumerate(same) if not one] in ([12], [16], [12, 16], [])


def test_the_key_alone_travels_to_another_process() -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    twin = copy.copy(pseudonyms)
    assert twin is not pseudonyms
    assert twin.of("patient", "P1") == pseudonyms.of("patient", "P1")
