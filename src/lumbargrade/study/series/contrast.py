"""The contrast of a slice, from its sequence parameters and only then from its name."""

from __future__ import annotations

import re

from lumbargrade.study.model import Acquisition

T2_LEAST_ECHO_MS, T2_LEAST_REPETITION_MS = 60.0, 1500.0
T1_MOST_ECHO_MS, T1_MOST_REPETITION_MS = 30.0, 1000.0
PD_MOST_ECHO_MS = 50.0
STIR_MOST_INVERSION_MS = 350.0
"""Fat passes through zero at 140-230 ms from 0.35 T to 3 T; FLAIR inverts for longer."""

_FAT_OPTIONS = frozenset({"FS", "FATSAT", "FAT_SAT", "FSS", "SPIR", "SPAIR", "WE", "WATER_EXC"})
_WATER_TYPES = frozenset({"W", "WATER"})
_FAT_NAME = re.compile(
    r"(?<![a-z])(fs|fatsat|fat[ _-]?(sat|supp\w*)|stir|spair|spir|tirm|dixon[ _-]\w*w|water)"
    r"(?![a-z])"
)
_NAMES = (
    ("t2", re.compile(r"(?<![a-z0-9])t2(?![*a-z])|(?<![a-z])t2w")),
    ("t1", re.compile(r"(?<![a-z0-9])t1(?![a-z])|(?<![a-z])t1w")),
    ("pd", re.compile(r"(?<![a-z])(pd|pdw)(?![a-z])")),
)


def contrast_of(acquisition: Acquisition) -> str:
    """Return ``"t2"``, ``"t1"``, ``"pd"``, ``"fat-suppressed"`` or ``"unknown"``.

    Echo and repetition time decide. The description is asked only where they are
    missing, and for fat suppression, which de-identified headers often no longer tell.

    Examples
    --------
    >>> contrast_of(Acquisition(echo_time_ms=100, repetition_time_ms=3500))
    't2'
    """
    if _is_fat_suppressed(acquisition):
        return "fat-suppressed"
    echo, repetition = acquisition.echo_time_ms, acquisition.repetition_time_ms
    if echo is None or repetition is None:
        return _by_name(acquisition)
    inversion = acquisition.inversion_time_ms or 0.0
    if echo >= T2_LEAST_ECHO_MS and repetition >= T2_LEAST_REPETITION_MS:
        # An inverted T2 sequence that is not fat-suppressed nulls the CSF (FLAIR).
        return "unknown" if inversion > 0 else "t2"
    if echo <= T1_MOST_ECHO_MS and (repetition <= T1_MOST_REPETITION_MS or inversion > 0):
        return "unknown" if _is_gradient_echo(acquisition) else "t1"
    if echo <= PD_MOST_ECHO_MS and repetition >= T2_LEAST_REPETITION_MS:
        return "pd"
    return "unknown"


def parameters(acquisition: Acquisition) -> str:
    """Return the sequence parameters as people write them, such as ``TE 100, TR 3500 ms``."""
    named = (
        ("TE", acquisition.echo_time_ms),
        ("TR", acquisition.repetition_time_ms),
        ("TI", acquisition.inversion_time_ms or None),
    )
    known = [f"{name} {value:g}" for name, value in named if value is not None]
    return f"{', '.join(known)} ms" if known else "no TE and TR in the header"


def description(acquisition: Acquisition) -> str:
    """Return series description and protocol name in lower case, for hints only."""
    return f"{acquisition.series_description} {acquisition.protocol_name}".lower()


def _is_fat_suppressed(acquisition: Acquisition) -> bool:
    options = {value.upper() for value in acquisition.scan_options}
    kinds = {value.upper() for value in acquisition.image_type[2:]}
    inversion = acquisition.inversion_time_ms or 0.0
    return bool(
        options & _FAT_OPTIONS
        or kinds & _WATER_TYPES
        or 0 < inversion <= STIR_MOST_INVERSION_MS
        or _FAT_NAME.search(description(acquisition))
    )


def _is_gradient_echo(acquisition: Acquisition) -> bool:
    kinds = {value.upper() for value in acquisition.scanning_sequence}
    return "GR" in kinds and "SE" not in kinds


def _by_name(acquisition: Acquisition) -> str:
    name = description(acquisition)
    found = [contrast for contrast, pattern in _NAMES if pattern.search(name)]
    return found[0] if len(found) == 1 else "unknown"
