"""One PNG, TIFF or JPEG: a slice on the user's word, with a spacing from the user."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageOps

from lumbargrade.errors import StudyError
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.limits import ReadOptions
from lumbargrade.study.model import Acquisition, FloatImage, Series, Slice, Study
from lumbargrade.study.sources import SourceFile
from lumbargrade.study.uids import uid_of

PICTURE_MODALITY = "PICTURE"
"""Stands where DICOM names the modality: nothing is known of how it was acquired."""

_GREY = ("1", "L", "LA", "I", "I;16", "I;16L", "I;16B", "F", "P", "PA", "RGB", "RGBA")
_FORMATS = ("PNG", "TIFF", "JPEG")


def read_picture(source: SourceFile, options: ReadOptions) -> Study:
    """Return a study of one slice, shown as radiologists look at it.

    The patient's left is taken to be on the right of the picture and the back at the bottom; a
    picture does not say so itself. Raises StudyError if no spacing was given, or the file is
    damaged, coloured or absurdly large.
    """
    if options.pixel_spacing_mm is None:
        raise StudyError(
            f"{source.name}: an image without a header has no pixel spacing: "
            "give --pixel-spacing (mm)"
        )
    try:
        pixels = _grey_values(source.data, options)
    except StudyError as error:
        raise StudyError(f"{source.name}: {error}") from None
    rows, columns = pixels.shape
    vertical, horizontal = options.pixel_spacing_mm
    geometry = SliceGeometry(
        position_mm=(-(columns - 1) * horizontal / 2, -(rows - 1) * vertical / 2, 0.0),
        row_direction=(1.0, 0.0, 0.0),
        column_direction=(0.0, 1.0, 0.0),
        pixel_spacing_mm=(vertical, horizontal),
        rows=rows,
        columns=columns,
    )
    acquisition = Acquisition(modality=PICTURE_MODALITY)
    series_uid = uid_of(source.data, "series")
    only = Slice(
        series_instance_uid=series_uid,
        sop_instance_uid=uid_of(source.data, "instance"),
        frame_number=1,
        source_file=source.name,
        geometry=geometry,
        acquisition=acquisition,
        load_pixels=pixels.copy,
    )
    series = Series(series_uid, None, acquisition, (only,))
    return Study(uid_of(source.data, "study"), "", (series,))


def _grey_values(data: bytes, options: ReadOptions) -> FloatImage:
    try:
        # Opening reads the header only; the size is checked before a pixel is decoded.
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            too_large = image.width * image.height > options.max_slice_pixels
            if too_large or max(image.size) > options.max_edge_px:
                raise StudyError(
                    f"implausible size of {image.width} x {image.height} pixels "
                    f"({options.max_edge_px} an edge, {options.max_slice_pixels / 1e6:.1f} million "
                    "together is allowed): save it at its acquired size"
                )
            if getattr(image, "n_frames", 1) != 1:
                raise StudyError("the file holds several images: give one slice at a time")
            if image.mode not in _GREY:
                raise StudyError(f"colour mode {image.mode}: save the slice as a greyscale image")
            return _one_channel(ImageOps.exif_transpose(image))
    except StudyError:
        raise
    except Exception as error:  # a hostile picture raises anything
        raise StudyError(
            f"the image is damaged or truncated ({type(error).__name__}): save it again"
        ) from None


def _one_channel(image: Image.Image) -> FloatImage:
    if image.mode in ("P", "PA", "RGBA"):
        image = image.convert("RGB")
    elif image.mode in ("1", "LA"):
        image = image.convert("L")
    values = np.asarray(image).astype(np.float32)
    if values.ndim == 3:
        if float(np.ptp(values, axis=2).max()) > 0:
            raise StudyError("a colour image: save the slice as a greyscale image")
        values = values[..., 0]
    if not np.isfinite(values).all():
        raise StudyError("the image holds values that are not numbers: save it again")
    return np.ascontiguousarray(values, dtype=np.float32)
