"""The contrast of a slice, from its sequence parameters and only then from its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lumbargrade.study.model import Acquisition
from lumbargrade.study.series.words import words

T2_LEAST_ECHO_MS, T2_LEAST_REPETITION_MS = 60.0, 1500.0
T1_MOST_ECHO_MS, T1_MOST_REPETITION_MS = 30.0, 1000.0
PD_MOST_ECHO_MS = 50.0
STIR_MOST_INVERSION_MS = 350.0
"""Fat passes through zero at 140-230 ms from 0.35 T to 3 T; FLAIR inverts for longer."""

FAT_SUPPRESSED, UNKNOWN = "fat-suppressed", "unknown"
ECHO_PLANAR = "EP"
"""Of Scanning Sequence."""
WATER = "a Dixon water picture"
IN_PHASE = "an in-phase picture"

_FAT_OPTIONS = frozenset({"FS", "FATSAT", "FAT_SAT", "FSS", "SPIR", "SPAIR", "WE", "WATER_EXC"})
_LONE_W = re.compile(r"(?<![a-z0-9])(?<!t[12][ _-])(?<!pd[ _-])w(?![a-z0-9])", re.IGNORECASE)
_PLAIN = ("t2", "t1", "pd")


@dataclass(frozen=True)
class Contrast:
    """A contrast and what tells it.

    Attributes
    ----------
    name : ``"t2"``, ``"t1"``, ``"pd"``, ``"fat-suppressed"`` or ``"unknown"``.
    said_by : the element that says it, where that is not TE and TR; empty otherwise.
    proven : by elements of the header; False where only a name says it, or nothing does.
    """

    name: str
    said_by: str = ""
    proven: bool = True


def contrast_of(acquisition: Acquisition) -> str:
    """Return ``"t2"``, ``"t1"``, ``"pd"``, ``"fat-suppressed"`` or ``"unknown"``.

    Echo and repetition time decide. The description is asked only where they are
    missing, and for fat suppression, which de-identified headers often no longer tell.

    Examples
    --------
    >>> contrast_of(Acquisition(echo_time_ms=100, repetition_time_ms=3500))
    't2'
    """
    return told_contrast(acquisition).name


def told_contrast(acquisition: Acquisition) -> Contrast:
    """Return the contrast as :func:`contrast_of`, with what tells it."""
    if ECHO_PLANAR in acquisition.scanning_sequence or (acquisition.b_value_s_mm2 or 0) > 0:
        return Contrast(UNKNOWN, "an echo-planar or diffusion sequence")
    fat = _fat_suppression(acquisition)
    if fat is not None:
        return fat
    if _is_unnamed_dixon(acquisition):
        return Contrast(UNKNOWN, "a Dixon series, water or in phase not said", proven=False)
    return _by_times(acquisition) or _by_name(acquisition)


def parameters(acquisition: Acquisition) -> str:
    """Return the sequence parameters as people write them, such as ``TE 100, TR 3500 ms``."""
    named = (
        ("TE", acquisition.echo_time_ms),
        ("TR", acquisition.repetition_time_ms),
        ("TI", acquisition.inversion_time_ms or None),
    )
    known = [f"{name} {value:g}" for name, value in named if value is not None]
    return f"{', '.join(known)} ms" if known else "no TE and TR in the header"


def names(acquisition: Acquisition) -> tuple[tuple[str, str], ...]:
    """Return (element, text) of the names of a series, the nearer one first."""
    return (
        ("Series Description", acquisition.series_description),
        ("Protocol Name", acquisition.protocol_name),
    )


def named_contrasts(text: str) -> dict[str, str]:
    """Return the contrasts that a name says, fat suppression left out: contrast -> word."""
    found = words().found("contrast", text)
    if "other" in found:  # "T2 star" and "T2 FLAIR" have the word "T2" in them
        return {"other": found["other"]}
    return {name: word for name, word in found.items() if name != FAT_SUPPRESSED}


def typed_contrasts(acquisition: Acquisition) -> Iterator[tuple[str, str]]:
    """Yield (contrast, value) of the values of Image Type that say a contrast, or "other"."""
    for value in acquisition.image_type[2:]:
        name = words().contrast_of_type(value)
        if name in (*_PLAIN, "other"):
            yield name, value


def _by_times(acquisition: Acquisition) -> Contrast | None:
    echo, repetition = acquisition.echo_time_ms, acquisition.repetition_time_ms
    if echo is None or repetition is None:
        return None
    inversion = acquisition.inversion_time_ms or 0.0
    if echo >= T2_LEAST_ECHO_MS and repetition >= T2_LEAST_REPETITION_MS:
        # An inverted T2 sequence that is not fat-suppressed nulls the CSF (FLAIR).
        other = inversion > 0 or _is_gradient_echo(acquisition)
        return Contrast(UNKNOWN) if other else _t2_or_inverted(acquisition)
    if echo <= T1_MOST_ECHO_MS and (repetition <= T1_MOST_REPETITION_MS or inversion > 0):
        return Contrast(UNKNOWN if _is_gradient_echo(acquisition) else "t1")
    if echo <= PD_MOST_ECHO_MS and repetition >= T2_LEAST_REPETITION_MS:
        return Contrast("pd")
    return Contrast(UNKNOWN, proven=False)


def _fat_suppression(acquisition: Acquisition) -> Contrast | None:
    options = {value.upper() for value in acquisition.scan_options}
    for option in sorted(options & _FAT_OPTIONS):
        return Contrast(FAT_SUPPRESSED, f"Scan Options: {option}")
    for value in acquisition.image_type[2:]:
        dark = words().contrast_of_type(value) == FAT_SUPPRESSED
        if dark or words().kind_of_type(value) == WATER:
            return Contrast(FAT_SUPPRESSED, f"Image Type: {value}")
    if 0 < (acquisition.inversion_time_ms or 0.0) <= STIR_MOST_INVERSION_MS:
        return Contrast(FAT_SUPPRESSED, "Inversion Time")
    for element, text in names(acquisition):
        word = _fat_word(text)
        if word:
            return Contrast(FAT_SUPPRESSED, f"{element}: {word!r}", proven=False)
    return None


def _fat_word(text: str) -> str:
    """Return the word by which a name says that fat is dark; empty if it does not."""
    suppressed = words().found("contrast", text, affirmed=True).get(FAT_SUPPRESSED, "")
    return suppressed or dixon_word(text, "water")


def dixon_word(text: str, picture: str) -> str:
    """Return the word by which a name says which Dixon picture it is; empty if it does not.

    ``picture``: ``"water"``, ``"fat"`` or ``"in-phase"``. Single letters and short words
    ("in") count beside a Dixon technique only, and "T2 W" is T2-weighted.

    Examples
    --------
    >>> dixon_word("T2W_mDIXON_TSE W", "water"), dixon_word("AX T2 W", "water")
    ('w', '')
    """
    found = words().found("dixon", text)
    word = found.get(picture, "")
    if picture == "fat" and FAT_SUPPRESSED in words().found("contrast", text):
        return ""
    if "technique" not in found and (len(word) <= 2 or picture == "fat"):
        return ""
    return "" if word == "w" and not _LONE_W.search(text) else word


def _is_unnamed_dixon(acquisition: Acquisition) -> bool:
    """Tell whether a name says Dixon, and nothing which of its four pictures it is."""
    told = any(words().kind_of_type(value) for value in acquisition.image_type[2:])
    texts = [text for _, text in names(acquisition)]
    return (
        not told
        and any("technique" in words().found("dixon", text) for text in texts)
        and not any(dixon_word(text, "in-phase") for text in texts)
    )


def _t2_or_inverted(acquisition: Acquisition) -> Contrast:
    inverted = _inverted_by(acquisition)
    if inverted:  # nothing says whether it nulls the fat or the CSF
        return Contrast(UNKNOWN, f"{inverted}, without an inversion time", proven=False)
    return Contrast("t2")


def _inverted_by(acquisition: Acquisition) -> str:
    """Return the element by which a sequence is an inversion recovery; empty if none says so."""
    if "IR" in acquisition.scanning_sequence:
        return "Scanning Sequence: IR"
    types = acquisition.image_type[2:]
    found = (one for one in types if words().contrast_of_type(one) == "inverted")
    return next((f"Image Type: {one}" for one in found), "")


def _is_gradient_echo(acquisition: Acquisition) -> bool:
    kinds = {value.upper() for value in acquisition.scanning_sequence}
    return "GR" in kinds and "SE" not in kinds


def _by_name(acquisition: Acquisition) -> Contrast:
    found: dict[str, str] = {}
    for element, text in names(acquisition):
        for name, word in named_contrasts(text).items():
            found.setdefault(name, f"{element}: {word!r}")
    for name, value in typed_contrasts(acquisition):
        found.setdefault(name, f"Image Type: {value}")
    if len(found) == 1 and (name := next(iter(found))) in _PLAIN:
        return Contrast(name, found[name], proven=False)
    return Contrast(UNKNOWN, proven=False)
