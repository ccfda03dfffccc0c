"""The notes on a study and on its slices, as warnings: each once a series, not once a slice."""

from __future__ import annotations

from collections.abc import Iterable

from lumbargrade.study.model import Slice, Study


def notes_on(study: Study, slices: Iterable[Slice]) -> tuple[str, ...]:
    """Return the notes of a study, then those of ``slices``: an example and how many share it."""
    sharing: dict[tuple[str, str], list[Slice]] = {}
    for one in slices:
        for note in one.notes:
            sharing.setdefault((one.series_instance_uid, note), []).append(one)
    return (*study.notes, *(_told(own, note) for (_, note), own in sharing.items()))


def _told(own: list[Slice], note: str) -> str:
    more = "" if len(own) == 1 else f" and {len(own) - 1} more of its series"
    return f"{own[0].source_file}{more}: {note}"
