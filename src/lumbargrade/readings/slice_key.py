"""How a row of a table names the slice that it speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from lumbargrade.grading.level import Level

_COLUMNS = {
    "patient": ("patient", "patient_id"),
    "study": ("study", "study_instance_uid"),
    "series": ("series", "series_instance_uid"),
    "sop": ("sop", "sop_uid", "sop_instance_uid"),
    "number": ("slice", "instance_number"),
    "file": ("file", "file_name"),
    "image": ("image",),
}
"""What a row may say -> names that its column may have."""

_PICTURE_ENDINGS = frozenset({"dcm", "ima", "png", "jpg", "jpeg", "tif", "tiff"})


@dataclass(frozen=True)
class SliceKey:
    """What a row says of its slice; an empty text says nothing.

    Attributes
    ----------
    patient : name of the patient (its folder) or Patient ID.
    study : name of the study's folder or Study Instance UID.
    series : Series Instance UID.
    sop : SOP Instance UID.
    number : Instance Number as the header says it; never the place in a list.
    file : path of the picture, or its end; the ending of the name may differ.
    image : a SOP Instance UID, a path as ``file``, or the readers' own name for the picture.
    frame : number of the frame in an object of several, from 1.
    """

    patient: str = ""
    study: str = ""
    series: str = ""
    sop: str = ""
    number: int | None = None
    file: str = ""
    image: str = ""
    frame: int = 1

    @property
    def names_slice(self) -> bool:
        """Whether this can lead to one slice; a patient or study alone cannot."""
        return bool(
            self.sop or self.file or self.image or (self.series and self.number is not None)
        )

    def __str__(self) -> str:
        parts = {"patient": self.patient, "series": self.series, "SOP": self.sop}
        parts |= {"": self.file, "image": self.image}
        if self.number is not None:
            parts["slice"] = str(self.number)
        if self.frame > 1:
            parts["frame"] = str(self.frame)
        return " ".join(f"{name} {value}".strip() for name, value in parts.items() if value)


def read_key(row: Mapping[str, str]) -> tuple[SliceKey, str]:
    """Return the key of a row (columns in lower case), and what is wrong with it (or nothing)."""
    found = {
        name: next((row[column] for column in columns if row.get(column)), "")
        for name, columns in _COLUMNS.items()
    }
    number = found.pop("number")
    if number and not number.isdecimal():
        return SliceKey(), f"slice {number!r} is no Instance Number: give a whole number"
    frame = row.get("frame_number", "") or "1"
    if not frame.isdecimal() or int(frame) < 1:
        return SliceKey(), f"frame_number {frame!r} is no frame: frames count from 1"
    if found["sop"]:  # a file may have had another name when the table was made, a UID not
        found["file"] = found["image"] = ""
    return SliceKey(**found, number=int(number) if number else None, frame=int(frame)), ""


def read_level(text: str) -> tuple[Level | None, str]:
    """Return the level that a cell names (``L4/L5``, ``L4-5``, ``l4-l5``), and what is wrong.

    Examples
    --------
    >>> read_level("L5-S1")[0]
    <Level.L5_S1: 'L5/S1'>
    """
    if not text:
        return None, ""
    bare = "".join(char for char in text.upper() if char.isalnum())
    for level in Level:
        upper, lower = level.value.split("/")
        if bare in (upper + lower, upper + lower[1:]):
            return level, ""
    return None, f"level {text!r} is unknown: use {', '.join(Level)}"


def same_file(candidate: str, named: str) -> bool:
    """Whether ``named`` is the end of the path ``candidate``, whatever the ending of the name.

    Examples
    --------
    >>> same_file("0001/axial/0004.dcm", "axial/0004.png")
    True
    """
    whole, part = _parts(candidate), _parts(named)
    if not part or len(part) > len(whole):
        return False
    *folders, name = whole[-len(part) :]
    return _stem(part[-1]) == _stem(name) and folders == list(part[:-1])


def _parts(path: str) -> Sequence[str]:
    return PurePosixPath(path.replace("\\", "/")).parts


def _stem(name: str) -> str:
    """Without an ending of pictures; a UID as a name has dots but no ending."""
    stem, _, ending = name.rpartition(".")
    return stem if stem and ending.lower() in _PICTURE_ENDINGS else name
