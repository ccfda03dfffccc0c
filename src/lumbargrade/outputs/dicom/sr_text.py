"""What a structured report says in sentences: doubts of its groups, and notes on the study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import highdicom as hd
from pydicom.sr.coding import Code

from lumbargrade.grading.finding import StudyGrades
from lumbargrade.outputs.dicom import sr_codes as codes

_CONTAINS = hd.sr.RelationshipTypeValues.CONTAINS


@dataclass(frozen=True)
class SrNotes:
    """What a report says of its study beside the groups; one sentence each."""

    warnings: tuple[str, ...] = ()
    user_word: tuple[str, ...] = ()
    not_graded: tuple[str, ...] = ()


NO_NOTES = SrNotes()


def notes_of(grades: StudyGrades) -> SrNotes:
    """Return the warnings of a study and its slices, the user's word, and what was not graded."""
    of_slices = [
        f"slice {number} ({item.sop_instance_uid}): {warning}"
        for number, item in enumerate(grades.slices, 1)
        for warning in item.warnings
    ]
    word = str(grades.user_word)
    return SrNotes(
        (*grades.warnings, *of_slices),
        (word,) if word else (),
        tuple(f"{one.what}: {one.reason}" for one in grades.not_graded),
    )


def containers(notes: SrNotes) -> Iterator[hd.sr.ContainerContentItem]:
    """Yield a container of texts for each kind of note that there is."""
    for concept, texts in (
        (codes.WARNINGS, notes.warnings),
        (codes.USER_WORD, notes.user_word),
        (codes.NOT_GRADED, notes.not_graded),
    ):
        if texts:
            one = hd.sr.ContainerContentItem(concept, relationship_type=_CONTAINS)
            one.ContentSequence = hd.sr.ContentSequence(_texts(texts))
            yield one


def with_comments(group: Any, comments: Sequence[str]) -> Any:
    """Return a measurement group that ends with ``comments``."""
    group[0].ContentSequence.extend(_texts(comments))
    return group


def comments_of(group: Any) -> tuple[str, ...]:
    """Return the comments of a group, as :func:`with_comments` wrote them."""
    return tuple(
        str(item.TextValue)
        for item in group[0].ContentSequence
        if item.ValueType == "TEXT" and _code(item) == codes.COMMENT.value
    )


def printable(text: str) -> str:
    """Return a text as DICOM can hold it: no control characters, nothing that is no character."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(letter if letter.isprintable() else " " for letter in whole)


def _texts(texts: Iterable[str]) -> list[hd.sr.TextContentItem]:
    comment: Code = codes.COMMENT
    return [hd.sr.TextContentItem(comment, printable(text) or "-", _CONTAINS) for text in texts]


def _code(item: Any) -> str:
    return str(item.ConceptNameCodeSequence[0].CodeValue)
