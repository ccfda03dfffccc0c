"""What a structured report repeats of the headers of its study, made legal first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.valuerep import DA, TM

UTF_8 = "ISO_IR 192"
"""Character set of every report, whatever that of the pictures: it holds every name."""

NO_DATE, NO_TIME = "19000101", "000000"
"""Content Date and Time may not be empty (Type 1): of a study that gives no date."""

_REPEATED = (
    *("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "AccessionNumber"),
    *("StudyID", "StudyDate", "StudyTime", "ReferringPhysicianName"),
)

OF_A_COPY = ("PatientAge", "PatientIdentityRemoved", "DeidentificationMethod")
"""Repeated where the header has them: a pseudonymised one says so, and an age for a birth date."""


def complete(reference: Dataset) -> Dataset:
    """Return a header in which every element that a report repeats is there and legal, if empty.

    Text that was stored in another character set becomes :data:`UTF_8`.
    """
    whole = Dataset()
    whole.update(reference)  # a Dataset made of another shares what it holds
    for element in reference:
        if element.VR == "PN" and not isinstance(element.value, MultiValue):
            # As text, and no longer as the bytes of its first character set.
            _set(whole, element.keyword, str(element.value))
    _set(whole, "SpecificCharacterSet", UTF_8)
    for keyword in _REPEATED:
        if keyword not in whole:
            _set(whole, keyword, "")
    for keyword, is_legal in _LEGAL.items():
        value = str(whole.get(keyword) or "")
        _set(whole, keyword, value if is_legal(value) else "")
    return whole


def _set(header: Dataset, keyword: str, value: str) -> None:
    """Replace an element; one that is shared with another header stays as it is there."""
    if keyword in header:
        del header[keyword]
    setattr(header, keyword, value)


def content_moment(reference: Dataset) -> tuple[str, str]:
    """Return (Content Date, Content Time) of the report on a study: those of the study.

    The clock is not asked: the same study gives the same report.
    """
    date, time = str(reference.StudyDate or ""), str(reference.StudyTime or "")
    return (date, time or NO_TIME) if date else (NO_DATE, NO_TIME)


def _parses(kind: Callable[[str], object]) -> Callable[[str], bool]:
    def parses(text: str) -> bool:
        try:
            kind(text)
        except (ValueError, TypeError):
            return False
        return True

    return parses


_LEGAL: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "PatientSex": lambda text: text in ("F", "M", "O"),
        "PatientBirthDate": _parses(DA),
        "StudyDate": _parses(DA),
        "StudyTime": _parses(TM),
    }
)
