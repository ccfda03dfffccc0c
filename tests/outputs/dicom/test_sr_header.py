"""What a report repeats of a header, in any character set and of any make."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from lumbargrade.outputs.dicom.sr_header import NO_DATE, NO_TIME, complete, content_moment


def stored(charset: str | list[str], name: bytes) -> Dataset:
    header = Dataset()
    header.SpecificCharacterSet = charset
    header.PatientName = name
    return header


@pytest.mark.parametrize(
    ("charset", "name", "said"),
    [
        (
            ["", "ISO 2022 IR 149"],
            b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
            "Hong^Gildong=洪^吉洞=홍^길동",
        ),
        ("ISO_IR 100", b"M\xfcller^Zo\xeb", "Müller^Zoë"),
        ("ISO_IR 192", "Đặng^An".encode(), "Đặng^An"),
        ("ISO_IR 144", "Иванов".encode("iso8859_5"), "Иванов"),
        ("GB18030", "王^小东".encode("gb18030"), "王^小东"),
        (["", "ISO 2022 IR 87"], b"Yamada=\x1b$B;3ED\x1b(B", "Yamada=山田"),
    ],
)
def test_a_name_survives_its_character_set(
    charset: str | list[str], name: bytes, said: str
) -> None:
    header = complete(stored(charset, name))
    assert header.SpecificCharacterSet == "ISO_IR 192"
    assert str(header.PatientName) == said
    assert said.encode() == header["PatientName"].value.encode(["utf-8"])


def test_what_is_missing_or_not_legal_is_empty() -> None:
    header = Dataset()
    header.PatientSex, header.StudyTime, header.PatientID = "X", "0830", "P1"
    header.add_new("StudyDate", "LO", "last Monday")
    whole = complete(header)
    assert (whole.PatientSex, whole.StudyTime, whole.PatientID) == ("", "0830", "P1")
    assert (whole.StudyDate, whole.PatientName, whole.AccessionNumber) == ("", "", "")
    assert "PatientName" not in header  # the header of the study is left alone


def test_the_moment_of_a_report_is_that_of_its_study() -> None:
    header = Dataset()
    header.StudyDate, header.StudyTime = "20200131", "083015"
    assert content_moment(complete(header)) == ("20200131", "083015")
    header.StudyTime = ""
    assert content_moment(complete(header)) == ("20200131", NO_TIME)
    header.StudyDate = ""
    assert content_moment(complete(header)) == (NO_DATE, NO_TIME)
