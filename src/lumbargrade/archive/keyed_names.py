"""Names of patients and UIDs of slices, and whether two are one: as they are, or as pseudonym."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lumbargrade.archive.pseudonym import Pseudonyms, read_key
from lumbargrade.readings.read import Reading


@dataclass(frozen=True)
class KeyedNames:
    """Compares names of which either may be the pseudonym of the other; without key, as they are.

    A kind is ``"patient"``, ``"study"``, ``"series"`` or ``"slice"``, as in an index.
    """

    pseudonyms: Pseudonyms | None = None

    def of(self, kind: str, name: str) -> frozenset[str]:
        """Return what a table may call this: its name in composed letters, and its pseudonym."""
        plain = unicodedata.normalize("NFC", name)
        if self.pseudonyms is None or not name:
            return frozenset((plain,))
        return frozenset((plain, self.pseudonyms.of(kind, name)))

    def same(self, kind: str, one: str, other: str) -> bool:
        """Return whether two names are one, or one of them is the other's pseudonym."""
        if not one or not other:
            return one == other
        return one == other or not self.of(kind, one).isdisjoint(self.of(kind, other))


NO_KEY = KeyedNames()
"""Names as they are."""


def keyed_readings(readings: Sequence[Reading], names: KeyedNames) -> list[Reading]:
    """Return the readings with pseudonyms for patients and images, so that one has one name.

    A name that is the pseudonym of another one of the table is left. Without key, as they are.
    """
    pseudonyms = names.pseudonyms
    if pseudonyms is None:
        return list(readings)
    patients = _renamed({one.key.patient for one in readings}, "patient", pseudonyms)
    slices = {one.key.image for one in readings} | {one.key.sop for one in readings}
    images = _renamed(slices, "slice", pseudonyms)
    return [
        replace(
            one,
            key=replace(
                one.key,
                patient=patients[one.key.patient],
                image=images[one.key.image],
                sop=images[one.key.sop],
            ),
        )
        for one in readings
    ]


def _renamed(names: set[str], kind: str, pseudonyms: Pseudonyms) -> dict[str, str]:
    known = {name: pseudonyms.of(kind, name) for name in names}
    back = set(known.values())
    return {
        name: name if not name or name in back else pseudonym for name, pseudonym in known.items()
    }


def keyed_names(key: Path | None) -> KeyedNames:
    """Return how names are compared with the key in this file; None: as they are.

    Raises CohortError if the key cannot be read.
    """
    return NO_KEY if key is None else KeyedNames(Pseudonyms(read_key(key)))
