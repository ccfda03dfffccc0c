"""Why a slice is not graded, and which word of the user stands above that.

What a header only leaves out, or only a name says, the user may overrule; what an element
of the acquisition says (diffusion, fat suppression, another modality) and what geometry
says, nobody can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lumbargrade.grading.finding import UserWord
from lumbargrade.study.model import Acquisition, Slice
from lumbargrade.study.series.contrast import (
    FAT_SUPPRESSED,
    UNKNOWN,
    named_contrasts,
    names,
    parameters,
)
from lumbargrade.study.series.judgement import Judgement
from lumbargrade.study.series.kind import ACQUIRED, AXIAL, LOCALIZER, NOT_MR_IMAGE, plane_of
from lumbargrade.study.series.labels import WITHOUT_HEADER
from lumbargrade.study.series.region import Region

COARSE_MM, COARSEST_MM = 1.2, 2.0
"""Roots in the recess are 2 to 3 mm wide: coarser pixels do not show them, and the model
saw none beyond 1.2 mm."""
WIDEST_FIELD_MM = 600.0
"""The bore of a scanner: a wider picture is tiled from several."""

CONTRAST, SERIES = "--contrast", "--series"
Ways = tuple[tuple[str, ...], ...]
NO_WAY: Ways = ()
_EITHER: Ways = ((CONTRAST,), (SERIES,))
_BY_SERIES: Ways = ((SERIES,),)
_TOGETHER: Ways = ((CONTRAST, SERIES),)


@dataclass(frozen=True)
class Refusal:
    """Why a slice is not graded.

    ``ways`` holds sets of options: any set that the user gives whole overrules the reason.
    ``wanted`` says what the model grades instead, where that is the point.
    """

    reason: str
    ways: Ways = NO_WAY
    wanted: str = ""

    def overruled(self, given: frozenset[str]) -> bool:
        """Tell whether the options that the user gave stand above this."""
        return any(given.issuperset(way) for way in self.ways)


@dataclass(frozen=True)
class Asked:
    """What is looked for, and what the user gave.

    Attributes
    ----------
    contrasts : that the model grades, in the words of ``contrast_of``.
    narrowest_mm : smallest field of view that is graded.
    word : of the user.
    """

    contrasts: Sequence[str]
    narrowest_mm: float
    word: UserWord

    @property
    def given(self) -> frozenset[str]:
        """The options that the user gave."""
        said = ((CONTRAST, self.word.contrast), (SERIES, self.word.series))
        return frozenset(option for option, value in said if value)

    @property
    def wanted(self) -> str:
        """The contrasts as people write them."""
        return " or ".join(name.upper() for name in self.contrasts)

    def listed(self, refusal: Refusal, series: str) -> str:
        """Return the reason with the options that overrule it in ``series``."""
        reason = refusal.reason + refusal.wanted
        options = {CONTRAST: f"--contrast {self.contrasts[0]}", SERIES: f"--series {series}"}
        ways = [" ".join(options[name] for name in way) for way in refusal.ways]
        if ways:
            return f"{reason}; {' or '.join(ways)} grades it on your word"
        return f"{reason}; no option overrules this" if self.given else reason


def refusals(item: Slice, judgement: Judgement, asked: Asked) -> Iterator[Refusal]:
    """Yield every reason why a slice is not graded, the plainest first."""
    acquisition = item.acquisition
    if acquisition.modality not in WITHOUT_HEADER:
        yield from _not_mr(acquisition)
        yield from _wrong_kind(judgement)
    plane = plane_of(item.geometry.normal)
    if plane != AXIAL:
        yield Refusal(f"{plane}, not axial")
    if acquisition.modality not in WITHOUT_HEADER:
        yield from _wrong_contrast(judgement, acquisition, asked)
    yield from _wrong_region(judgement)
    yield from _wrong_size(item, asked.narrowest_mm)


def _not_mr(acquisition: Acquisition) -> Iterator[Refusal]:
    if acquisition.modality not in ("MR", ""):
        yield Refusal(f"modality {acquisition.modality}, not MR")
    elif not acquisition.modality and not acquisition.sop_class_uid:
        yield Refusal("modality not given, not MR by SOP Class either", _EITHER)


def _wrong_kind(judgement: Judgement) -> Iterator[Refusal]:
    kind = judgement.kind
    ways = NO_WAY if kind.proven else _BY_SERIES
    if kind.name == LOCALIZER:
        yield Refusal(f"a localizer ({kind.said_by})", ways)
    elif kind.name == NOT_MR_IMAGE:
        yield Refusal(f"{kind.said_by}, not an MR image: export the original MR images")
    elif kind.name != ACQUIRED:
        yield Refusal(f"{kind.name}, not an acquired magnitude image ({kind.said_by})", ways)


def _wrong_contrast(
    judgement: Judgement, acquisition: Acquisition, asked: Asked
) -> Iterator[Refusal]:
    contrast = judgement.contrast
    if contrast.name in asked.contrasts:
        return
    name = {UNKNOWN: "contrast not known", FAT_SUPPRESSED: FAT_SUPPRESSED}.get(
        contrast.name, f"{contrast.name.upper()}-weighted"
    )
    by = f"; {contrast.said_by}" if contrast.said_by else ""
    reason = f"{name} ({parameters(acquisition)}{by})"
    named = {one for _, text in names(acquisition) for one in named_contrasts(text)}
    if contrast.name == UNKNOWN:
        ways = NO_WAY if contrast.proven else _EITHER
    elif contrast.proven and contrast.name != FAT_SUPPRESSED:
        ways = NO_WAY if named.isdisjoint(asked.contrasts) else _EITHER
    else:
        ways = NO_WAY if contrast.proven else _TOGETHER
    yield Refusal(reason, ways, f"; the model grades {asked.wanted}")


def _wrong_region(judgement: Judgement) -> Iterator[Refusal]:
    told = judgement.region
    if told.region not in (Region.OTHER_SPINE, Region.OTHER) or told.said_by is None:
        return
    where = "; but ".join(map(str, (told.said_by, *told.against)))
    what = "cervical or thoracic spine, not lumbar"
    if told.region is Region.OTHER:
        what = f"body part {told.said_by.word}, not lumbar spine"
    yield Refusal(f"{what} ({where})", _BY_SERIES)


def _wrong_size(item: Slice, narrowest_mm: float) -> Iterator[Refusal]:
    height, width = item.geometry.size_mm
    rows, columns = item.geometry.pixel_spacing_mm
    if min(height, width) < narrowest_mm:
        yield Refusal(
            f"field of view {width:.0f} x {height:.0f} mm is smaller than the "
            f"{narrowest_mm:g} mm square that is graded"
        )
    if max(height, width) > WIDEST_FIELD_MM:
        yield Refusal(
            f"field of view {width:.0f} x {height:.0f} mm is wider than a scanner: a mosaic of "
            "several slices, or a wrong Pixel Spacing"
        )
    if max(rows, columns) > COARSEST_MM:
        yield Refusal(
            f"pixels of {rows:.3g} x {columns:.3g} mm are coarser than {COARSEST_MM:g} mm: roots "
            "and recesses are not resolved"
        )
