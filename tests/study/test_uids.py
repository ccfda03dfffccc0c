"""UIDs that follow from bytes are valid and differ by role."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import UID

from lumbargrade.study.uids import is_uid, shared_uid, uid_of


@given(st.binary(), st.text(st.characters(codec="utf-8")))
def test_every_uid_is_the_integer_of_a_valid_uuid(data: bytes, role: str) -> None:
    uid = UID(uid_of(data, role))
    assert uid.is_valid
    assert len(uid) <= 64
    root, number = uid.rsplit(".", 1)
    assert root == "2.25"
    made = uuid.UUID(int=int(number))
    assert (made.version, made.variant) == (4, uuid.RFC_4122)


def test_a_uid_follows_from_bytes_and_role() -> None:
    assert uid_of(b"a", "study") == uid_of(b"a", "study")
    assert len({uid_of(b"a", "study"), uid_of(b"a", "series"), uid_of(b"b", "study")}) == 3


def test_the_uids_of_simulated_studies_stay() -> None:
    assert uid_of(b"cohort\x1f7\x1fstudy") == "2.25.173248002526278185765311297289149598557"


@pytest.mark.parametrize("text", ["", "1.2x", "1" * 65, "1.2\n", "\N{ARABIC-INDIC DIGIT ONE}"])
def test_what_is_no_uid(text: str) -> None:
    assert not is_uid(text)
    assert is_uid("1" * 64)


def test_frames_of_one_file_share_no_uid() -> None:
    assert shared_uid([("s", "u", "file"), ("s", "u", "file")]) == ""
    assert shared_uid([]) == ""
    assert shared_uid([("s", "b", "1"), ("s", "a", "2"), ("t", "b", "3"), ("s", "a", "4")]) == "a"
