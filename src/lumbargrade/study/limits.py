"""How much a study may ask of this machine, and what the user may add to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from lumbargrade.errors import OverBudgetError, StudyError

if TYPE_CHECKING:
    from lumbargrade.study.model import Study

MEGABYTE = 1024 * 1024
_MILLION = 1_000_000
_ELEMENTS_PER_FILE = 1000
"""Of one slice, at most; see `max_spare_elements`."""


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

    A file beyond a cap of one file is left out; a study beyond a cap of all is refused. The caps
    let the largest clinical studies pass, and keep hostile ones under 1 GB and some ten seconds.

    Attributes
    ----------
    pixel_spacing_mm : (between rows, between columns), used where a file says nothing
        (PNG, TIFF, JPEG, or a DICOM slice without Pixel Spacing).
    max_files : files in a study, counting those inside of zips; a whole spine in all contrasts
        has some 4,000 slices.
    max_folders : folders below the one that was given; an archive nests series in studies.
    max_depth : folders within folders; exports nest five or six.
    max_file_bytes : of one file, and of one file out of a zip: 1,000 frames of 512 x 512.
    max_total_bytes : of all files together, unpacked: 8,000 slices of 512 x 512.
    max_kept_bytes : of pixels as stored that stay in memory, 300 slices of 512 x 512; those of
        further files are read once more when they are needed.
    max_zip_ratio : largest compression of a file in a zip that is believed; a blank slice has
        that of zeros, a thousand, but is small.
    max_unpacked_ratio : largest compression of a whole zip, a deflated DICOM file or a .nii.gz that
        is believed; pictures have 2 to 5, with a black margin 10.
    max_small_bytes : what unpacks to no more is not asked for its ratio.
    max_inflated_bytes : of a deflated DICOM file, unpacked, and of a NIfTI file or MetaImage,
        packed or not.
    max_voxels : of a volume, which is kept in memory: 448 x 448 x 320.
    max_elements : of one header; an item of a sequence counts as four. 1,000 frames of an
        enhanced object have some 150,000. pydicom takes 2 to 9 us and up to 1 kB for each.
    max_total_elements : of all headers together: 4,000 slices have 300 to 700 each.
    max_spare_elements : of all headers together, beyond 1,000 a file: four enhanced objects of
        1,000 frames, but not a dozen headers that are all as long as one may be.
    max_edge_px : rows or columns of one slice.
    max_slice_pixels : of one slice; scanners write 1024 x 1024 at most.
    max_frames : of one multi-frame file.
    max_decoded_pixels : decoded of a study, each time counted: 1,000 slices of 512 x 512.
    renaming : gives what is read other names before anything is said of it; None: as it is.
    """

    pixel_spacing_mm: tuple[float, float] | None = None
    max_files: int = 20_000
    max_folders: int = 20_000
    max_depth: int = 64
    max_file_bytes: int = 512 * MEGABYTE
    max_total_bytes: int = 4096 * MEGABYTE
    max_kept_bytes: int = 160 * MEGABYTE
    max_zip_ratio: int = 200
    max_unpacked_ratio: int = 20
    max_small_bytes: int = 32 * MEGABYTE
    max_inflated_bytes: int = 256 * MEGABYTE
    max_voxels: int = 64 * _MILLION
    max_elements: int = 250_000
    max_total_elements: int = 3 * _MILLION
    max_spare_elements: int = 600_000
    max_edge_px: int = 4096
    max_slice_pixels: int = 2048 * 2048
    max_frames: int = 4096
    max_decoded_pixels: int = 256 * _MILLION
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
    """What is left of the caps while one study is read and graded; threads may share it.

    The ``take`` methods raise ``OverBudgetError`` where the study asks for more than
    its options allow: the study is refused, and not only the file that asked last.
    """

    options: ReadOptions
    files: int = field(default=0)
    total_bytes: int = field(default=0)
    kept_bytes: int = field(default=0)
    elements: int = field(default=0)
    decoded_pixels: int = field(default=0)
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def take_file(self, name: str) -> None:
        """Count one more file; raise ``OverBudgetError`` if there are too many."""
        with self._lock:
            self.files += 1
        self.check_count(name, self.files)

    def check_count(self, name: str, count: int) -> None:
        """Raise ``OverBudgetError`` if ``count`` files are too many."""
        if count > self.options.max_files:
            raise OverBudgetError(
                f"{name}: the study holds more than {self.options.max_files} files: "
                "give the folder of one study"
            )

    def check_folders(self, name: str, count: int) -> None:
        """Raise ``OverBudgetError`` if ``count`` folders are too many."""
        if count > self.options.max_folders:
            raise OverBudgetError(
                f"{name}: holds more than {self.options.max_folders} folders: "
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
        """Count bytes that were read or unpacked; raise ``OverBudgetError`` if too many."""
        with self._lock:
            self.total_bytes += size
        if self.total_bytes > self.options.max_total_bytes:
            raise OverBudgetError(
                f"{name}: the study is larger than "
                f"{self.options.max_total_bytes / MEGABYTE:.0f} MB: give the folder of one study"
            )

    def keep(self, size: int) -> bool:
        """Return whether ``size`` bytes of pixels may stay in memory, and count them if so."""
        with self._lock:
            fits = self.kept_bytes + size <= self.options.max_kept_bytes
            self.kept_bytes += size * fits
        return fits

    def unpacked_bytes(self, packed: int) -> int:
        """Return how many bytes one packed file of ``packed`` bytes may unpack to."""
        believed = max(self.options.max_small_bytes, packed * self.options.max_unpacked_ratio)
        return min(believed, self.options.max_inflated_bytes)

    def take_elements(self, count: int) -> None:
        """Count elements of headers; raise ``OverBudgetError`` if they are too many."""
        with self._lock:
            self.elements += count
        spare = self.options.max_spare_elements + _ELEMENTS_PER_FILE * self.files
        most = min(self.options.max_total_elements, spare)
        if self.elements > most:
            raise OverBudgetError(
                f"the headers of the study hold more than {most} "
                "elements, which no scanner writes: give the folder of one study"
            )

    def take_pixels(self, count: int) -> None:
        """Count pixels before they are decoded; raise ``OverBudgetError`` if too many."""
        with self._lock:
            self.decoded_pixels += count
        if self.decoded_pixels > self.options.max_decoded_pixels:
            raise OverBudgetError(
                "the slices of the study hold more than "
                f"{self.options.max_decoded_pixels / _MILLION:g} million pixels together: "
                "give the axial series alone"
            )
