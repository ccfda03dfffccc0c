"""What is known of a file of which only the header was read, or why nothing is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lumbargrade.errors import StudyError
from lumbargrade.study.header import Header

FUNCTIONAL_GROUPS = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")
"""Shared and per-frame: in enhanced multi-frame objects only."""
UNDEFINED = 0xFFFFFFFF
ENCAPSULATED = -1


class Fault(StrEnum):
    """Why a file has no header that can be used."""

    EMPTY = "empty"
    ZIP = "zip"
    NOT_DICOM = "not DICOM"
    UNKNOWN_SYNTAX = "unknown transfer syntax"
    DAMAGED = "damaged header"
    TOO_LONG = "header too long"


class ScanError(StudyError):
    """A file has no header that can be used; ``fault`` says why, the file is not named."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.value}: export it again as DICOM")
        self.fault = fault


@dataclass(frozen=True)
class ScannedFile:
    """The wanted elements of a file, and what is known of its pixels.

    Attributes
    ----------
    header : of ``WANTED`` only; of an enhanced file also the functional groups.
    pixel_bytes : length of Pixel Data as stored; None if there is none, ``ENCAPSULATED`` if
        it is compressed, as the length is not said then.
    truncated : the file ends before its last element does.
    """

    header: Header
    syntax: str
    pixel_bytes: int | None
    truncated: bool
