"""What a report repeats of a header, in any character set and of any make."""

from __future__ import annotations

from io import BytesIO

import pydicom
import pytest
from pydicom.dataset import Dataset

from lumbargrade.outputs.dicom.sr_header import NO_DATE, NO_TIME, complete, content_moment
from lumbargrade.study.dicom.references import decoded


def stored(charset: str | list[str], name: str) -> Dataset:
    """A header as it is read from a file: the name is the bytes of its character set."""
    header = Dataset()
    header.SpecificCharacterSet = charset
    header.PatientName = name
    stream = BytesIO()
    pydicom.dcmwrite(stream, header, implicit_vr=True, little_endian=True)
    stream.seek(0)
    return pydicom.dcmread(stream, force=True)


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        (["", "ISO 2022 IR 149"], "Hong^Gildong=洪^吉洞=홍^길동"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("ISO_IR 100", "Müller^Zoë"),
        ("ISO_IR 144", "Иванов^Иван"),
        ("ISO_IR 192", "Đặng^An"),
        ("GB18030", "Wang^XiaoDong=王^小东"),
    ],
)
def test_a_name_survives_its_character_set(charset: str | list[str], name: str) -> None:
    header = complete(decoded(stored(charset, name)))
    assert header.SpecificCharacterSet == "ISO_IR 192"
    stream = BytesIO()
    pydicom.dcmwrite(stream, header, implicit_vr=True, little_endian=True)
    assert name.encode() in stream.getvalue()


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
