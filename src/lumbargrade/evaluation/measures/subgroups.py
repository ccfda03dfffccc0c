"""The same figures for parts of the patients: a mean can hide whom a model serves badly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.statistics.patients import CohortImage

AGE_BANDS = ((40, "under 40"), (60, "40 to 59"))
"""(first year of the next band, name): before, in and after the years in which most discs
degenerate. The last band has no end."""
OLDEST = "60 and older"


def _age(image: CohortImage) -> str:
    if image.age_years is None:
        return ""
    return next((name for end, name in AGE_BANDS if image.age_years < end), OLDEST)


def _field(image: CohortImage) -> str:
    return "" if image.field_strength_t is None else f"{image.field_strength_t:g} T"


SEXES = {"F": "women", "M": "men"}

DIMENSIONS: Mapping[str, Callable[[CohortImage], str]] = MappingProxyType(
    {
        "sex": lambda image: SEXES.get(image.sex, image.sex),
        "age": _age,
        "level": lambda image: image.level,
        "scanner": lambda image: image.scanner,
        "field strength": _field,
        "site": lambda image: image.site,
    }
)
"""Name -> which group an image is in; empty where that is not known."""


def subgroups(
    records: Sequence[ImageRecord], images: Mapping[str, CohortImage]
) -> dict[str, list[ImageRecord]]:
    """Return the records of each group, under names such as ``"sex: women"``.

    A dimension in which all images are alike is left out: it would repeat the whole.
    """
    found: dict[str, list[ImageRecord]] = {}
    for dimension, group_of in DIMENSIONS.items():
        groups: dict[str, list[ImageRecord]] = {}
        for one in records:
            groups.setdefault(group_of(images[one.image]) or "not known", []).append(one)
        if len(groups) > 1:
            # "under 40" comes first and not after the digits.
            for name in sorted(groups, key=lambda name: (not name.startswith("under"), name)):
                found[f"{dimension}: {name}"] = groups[name]
    return found
