"""From free text of a header to words of a closed list, so that no name can slip through."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from lumbargrade.grading.level import Level
from lumbargrade.study.model import Acquisition
from lumbargrade.study.series.judgement import judge
from lumbargrade.study.series.region import Region

OTHER = "other"

_MODALITIES = frozenset(
    (
        *("CR", "CT", "DOC", "DX", "ES", "KO", "MG", "MR", "NM", "OT", "PR", "PT", "PX", "REG"),
        *("RF", "RTDOSE", "RTIMAGE", "RTPLAN", "RTSTRUCT", "SC", "SEG", "SM", "SR", "US", "XA"),
    )
)
"""Of PS3.3 C.7.3.1.1.1, those that an archive with lumbar spines may hold."""
_SEQUENCES = frozenset(("SE", "IR", "GR", "EP", "RM"))
_VARIANTS = frozenset(("SK", "MTC", "SS", "TRSS", "SP", "MP", "OSP", "NONE"))
"""PS3.3 C.8.3.1."""
_LEVEL = re.compile(r"(?<![a-z0-9])l ?([1-5]) ?[-_/ ]? ?(?:l ?([2-5])|(s ?1)|([2-5]))(?![0-9])")
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Words:
    """What the texts of a header come to; null where they say nothing."""

    modality: str | None
    body_part: str | None
    level: str | None
    contrast: str
    picture_kind: str
    manufacturer: str | None
    model_name: str | None
    scanning_sequence: str | None
    sequence_variant: str | None


@lru_cache(maxsize=4096)
def words_of(acquisition: Acquisition) -> Words:
    """Return the words of a slice; slices of a series share them."""
    judgement = judge(acquisition)
    # The sacrum may lie in the same pictures as the lumbar discs: the rules of a flow decide.
    region = Region.SPINE if judgement.region.region is Region.SACRUM else judgement.region.region
    name = f"{acquisition.series_description} {acquisition.protocol_name}"
    manufacturer, model_name = scanner_words(acquisition.manufacturer, acquisition.model_name)
    return Words(
        modality=_modality(acquisition.modality),
        body_part=None if region is Region.UNKNOWN else region.value,
        level=level_in(name),
        contrast=judgement.contrast.name,
        picture_kind=judgement.kind.name,
        manufacturer=manufacturer,
        model_name=model_name,
        scanning_sequence=_codes(acquisition.scanning_sequence, _SEQUENCES),
        sequence_variant=_codes(acquisition.sequence_variant, _VARIANTS),
    )


def level_in(name: str) -> str | None:
    """Return the one disc level that the name of a series tells, or None.

    Examples
    --------
    >>> level_in("t2_tse_tra L4-5"), level_in("t2 tra l5/s1"), level_in("t2 tra L1-L5")
    ('L4/L5', 'L5/S1', None)
    """
    levels = set()
    for upper, lower, sacral, bare in _LEVEL.findall(name.lower()):
        levels.add(f"L{upper}/S1" if sacral else f"L{upper}/L{lower or bare}")
    known = [level.value for level in Level if level.value in levels]
    return known[0] if len(levels) == len(known) == 1 else None


def scanner_words(manufacturer: str, model_name: str) -> tuple[str | None, str | None]:
    """Return maker and model as ``index_words.toml`` has them; None where nothing is said."""
    said, maker = _normal(manufacturer), OTHER
    models: tuple[str, ...] = ()
    for name, signs, known in _makers():
        if any(sign in said for sign in signs):
            maker, models = name, known
            break
    model = _normal(model_name)
    found = next((name for name in models if _normal(name) in model), OTHER)
    return maker if said.strip() else None, found if model.strip() else None


@cache
def _makers() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    """Name, signs and models of each maker; longer model names first."""
    text = (files("lumbargrade.archive.index") / "index_words.toml").read_text(encoding="utf-8")
    return tuple(
        (
            name,
            tuple(_normal(sign) for sign in entry["signs"]),
            tuple(sorted(entry["models"], key=len, reverse=True)),
        )
        for name, entry in tomllib.loads(text).items()
    )


def _normal(text: str) -> str:
    """Lower case, one space between and around words."""
    return f" {_BETWEEN_WORDS.sub(' ', text.lower()).strip()} "


def _modality(text: str) -> str | None:
    if not text:
        return None
    return text if text in _MODALITIES else OTHER


def _codes(values: tuple[str, ...], known: frozenset[str]) -> str | None:
    kept = sorted({value for value in values if value in known})
    return "\\".join(kept) or None
