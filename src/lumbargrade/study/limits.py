"""How much a study may ask of this machine, and what the user may add to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lumbargrade.errors import StudyError

if TYPE_CHECKING:
    from lumbargrade.study.model import Study

MEGABYTE = 1024 * 1024


class Renaming(Protocol):
    """Other names for a patient and their files, as ``batch.pseudonymised`` has them."""

    def file(self, name: str) -> str:
        """Return the name under which a file below what was given is spoken of."""

    def study(self, study: Study) -> Study:
        """Return a study, whose files have their other names already, under other names."""

    def message(self, text: str, paths: Sequence[Path]) -> str:
        """Return why the given paths cannot be read, without their names."""


@dataclass(frozen=True)
class ReadOptions:
    """What the user says about the files, and the caps that guard against hostile ones.

    Attributes
    ----------
    pixel_spacing_mm : (between rows, between columns), used where a file says nothing
        (PNG, TIFF, JPEG, or a DICOM slice without Pixel Spacing).
    max_files : files in a study, counting those inside of zips.
    max_file_bytes : of one file, and of one file out of a zip.
    max_total_bytes : of all files together.
    max_zip_ratio : largest compression of a file in a zip that is believed.
    max_inflated_bytes : of a deflated DICOM file or a .nii.gz once unpacked.
    max_edge_px : rows or columns of one slice.
    max_frames : of one multi-frame file.
    renaming : gives what is read other names before anything is said of it; None: as it is.
    """

    pixel_spacing_mm: tuple[float, float] | None = None
    max_files: int = 20_000
    max_file_bytes: int = 512 * MEGABYTE
    max_total_bytes: int = 4096 * MEGABYTE
    max_zip_ratio: int = 200
    max_inflated_bytes: int = 256 * MEGABYTE
    max_edge_px: int = 4096
    max_frames: int = 4096
    renaming: Renaming | None = None

    def __post_init__(self) -> None:
        if self.pixel_spacing_mm is not None and not all(
            0 < value < 100 for value in self.pixel_spacing_mm
        ):
            raise StudyError(
                f"pixel spacing {self.pixel_spacing_mm} mm is not possible: give the "
                "distance between pixel centres in mm, such as 0.6875"
            )


DEFAULT_OPTIONS = ReadOptions()


@dataclass
class Budget:
    """Counts files and bytes against the caps while a study is read."""

    options: ReadOptions
    files: int = field(default=0)
    total_bytes: int = field(default=0)

    def take_file(self, name: str) -> None:
        """Count one more file; raise ``StudyError`` if there are too many."""
        self.files += 1
        self.check_count(name, self.files)

    def check_count(self, name: str, count: int) -> None:
        """Raise ``StudyError`` if ``count`` files are too many."""
        if count > self.options.max_files:
            raise StudyError(
                f"{name}: the study holds more than {self.options.max_files} files: "
                "give the folder of one study"
            )

    def check_size(self, size: int) -> None:
        """Raise ``StudyError`` if one file of ``size`` bytes is too large."""
        if size > self.options.max_file_bytes:
            raise StudyError(
                f"the file is {size / MEGABYTE:.0f} MB large "
                f"({self.options.max_file_bytes / MEGABYTE:.0f} MB is allowed): "
                "export single slices"
            )

    def take_bytes(self, name: str, size: int) -> None:
        """Count bytes that are now in memory; raise ``StudyError`` if they are too many."""
        self.total_bytes += size
        if self.total_bytes > self.options.max_total_bytes:
            raise StudyError(
                f"{name}: the study is larger than "
                f"{self.options.max_total_bytes / MEGABYTE:.0f} MB: give the folder of one study"
            )
