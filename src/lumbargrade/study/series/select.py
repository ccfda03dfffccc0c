"""Choose the axial slices that a model may grade, and say why each other is refused.

Geometry decides first, sequence parameters second; names are hints. Slices stay single
slices in patient coordinates: nothing here builds a volume.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import NOTHING_SAID, NotGraded, SliceIdentity, UserWord
from lumbargrade.study.model import Series, Slice, Study
from lumbargrade.study.series.blocks import order_by_disc
from lumbargrade.study.series.judgement import Judgement, judge_slices
from lumbargrade.study.series.kind import AXIAL, THICKEST_MM, plane_of
from lumbargrade.study.series.labels import WITHOUT_HEADER, left_out, series_label
from lumbargrade.study.series.listing import (
    chosen_series,
    identifiers,
    nothing_left,
)
from lumbargrade.study.series.refusal import (
    COARSE_MM,
    Asked,
    refusals,
)
from lumbargrade.study.series.twice.places import one_per_place

NARROWEST_FIELD_MM = 75.0
"""Smaller fields do not hold the square that is graded."""


@dataclass(frozen=True)
class Selection:
    """The slices to grade, caudal to cranial.

    Attributes
    ----------
    blocks : per slice the disc that it belongs to, counted from the lowest (0); None
        for every slice where the slices do not tell discs apart (one parallel stack
        over several discs, several frames of reference, or slices without a place in the
        patient).
    refused : series and slices that are not graded, among them those that show a place
        again.
    stand_ins : slices that were chosen from several at their place.
    """

    slices: tuple[Slice, ...]
    blocks: tuple[int | None, ...]
    refused: tuple[NotGraded, ...]
    warnings: tuple[str, ...] = ()
    stand_ins: frozenset[SliceIdentity] = frozenset()


def select_axial(
    study: Study,
    contrasts: Sequence[str] = ("t2",),
    narrowest_mm: float = NARROWEST_FIELD_MM,
    word: UserWord = NOTHING_SAID,
) -> Selection:
    """Return the axial slices of the wanted contrasts.

    Raises StudyError if no slice is left (the message gives the reason of each series), if the
    user's word names no series of the study, or a contrast that the model does not grade.

    Parameters
    ----------
    contrasts : what the model was trained on, in the words of ``contrast_of``.
    narrowest_mm : slices with a smaller field of view are refused.
    word : of the user: it overrules what a header leaves out or only a name says.
    """
    asked = Asked(contrasts, narrowest_mm, word)
    if word.contrast and word.contrast not in contrasts:
        raise StudyError(f"--contrast {word.contrast}: the model grades {asked.wanted} only")
    chosen = chosen_series(study, word.series)
    taken: list[Slice] = []
    refused: list[NotGraded] = []
    warnings: list[str] = []
    names = identifiers(study.series)
    for series in study.series:
        if series.series_instance_uid not in chosen:
            reason = f"not the series that the user chose (--series {word.series})"
            refused += left_out(series, [reason] * len(series.slices))
            continue
        sifted = _sift(series, asked, names[series.series_instance_uid])
        taken += sifted.taken
        refused += left_out(series, sifted.reasons)
        warnings += [f"{series_label(series)}: {text}" for text in sifted.warnings]
    if not taken:
        raise StudyError(nothing_left(refused, asked.wanted))
    placed = all(item.acquisition.modality not in WITHOUT_HEADER for item in taken)
    chosen_slices = one_per_place(taken, study.series)
    slices, blocks = order_by_disc(chosen_slices.slices)
    if not placed:
        blocks = (None,) * len(slices)
    told = (*_warnings(slices, asked.wanted), *warnings)
    refused += chosen_slices.repeated
    return Selection(slices, blocks, tuple(refused), told, chosen_slices.stand_ins)


@dataclass(frozen=True)
class _Sifted:
    """The slices of a series to grade, why each is not (empty: it is), and what to say of it."""

    taken: list[Slice]
    reasons: list[str]
    warnings: list[str]


def _sift(series: Series, asked: Asked, name: str) -> _Sifted:
    """Return what is graded of a series that ``--series`` takes as ``name``."""
    taken, reasons = [], []
    said: dict[str, None] = {}
    for item, judgement in zip(series.slices, judge_slices(series.slices), strict=True):
        found = list(refusals(item, judgement, asked))
        standing = [one for one in found if not one.overruled(asked.given)]
        if standing:
            reasons.append(asked.listed(standing[0], name))
        else:
            taken.append(item)
            reasons.append("")
            said |= dict.fromkeys(_overruled([one.reason for one in found], asked))
            said |= dict.fromkeys(_taken_notes(item, judgement))
        if plane_of(item.geometry.normal) == AXIAL:
            said |= dict.fromkeys(judgement.contradictions)
    return _Sifted(taken, reasons, list(said))


def _overruled(reasons: Sequence[str], asked: Asked) -> Iterator[str]:
    if reasons:
        word = asked.word
        options = [f"--contrast {word.contrast}" if word.contrast else ""]
        options += [f"--series {word.series}" if word.series else ""]
        yield (
            f"graded as {asked.wanted} on the user's word ({' '.join(filter(None, options))}); "
            f"the header says: {'; '.join(reasons)}"
        )


def _taken_notes(item: Slice, judgement: Judgement) -> Iterator[str]:
    yield from judgement.notes
    rows, columns = item.geometry.pixel_spacing_mm
    if max(rows, columns) > COARSE_MM:
        yield f"pixels of {rows:.3g} x {columns:.3g} mm are coarser than {COARSE_MM:g} mm: doubtful"
    thick_mm = item.acquisition.slice_thickness_mm or 0.0
    if thick_mm > THICKEST_MM and item.acquisition.modality not in WITHOUT_HEADER:
        yield (
            f"slices of {thick_mm:g} mm, thicker than those through discs ({THICKEST_MM:g} mm at "
            "most): doubtful"
        )


def _warnings(slices: Sequence[Slice], wanted: str) -> tuple[str, ...]:
    warnings = [
        f"{what} does not identify its sequence: assumed to be axial {wanted} as given by the user"
        + (", with the patient's left on the right of the image" if modality == "PICTURE" else "")
        for modality, what in WITHOUT_HEADER.items()
        if any(item.acquisition.modality == modality for item in slices)
    ]
    return tuple(warnings)
