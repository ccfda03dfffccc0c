"""Copies of released pictures whose headers de-identification has left incomplete."""

from __future__ import annotations

from pathlib import Path

from pydicom import dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, MRImageStorage

from lumbargrade.errors import OutputError, StudyError


def copy_as_mr(source: Path, target: Path, sop_instance_uid: str, description: str) -> None:
    """Write a picture as an MR image with a UID of its own; its pixels stay as they are stored.

    Modality and SOP class are filled in where they are missing. ``description`` (of the series)
    replaces that of the header.

    Raises
    ------
    StudyError
        If ``source`` is no DICOM file that can be read; the message names it.
    OutputError
        If ``target`` cannot be written.
    """
    try:
        dataset = dcmread(source)
        stored = dataset.get("SOPClassUID") or MRImageStorage
        meta = getattr(dataset, "file_meta", FileMetaDataset())
        syntax = meta.get("TransferSyntaxUID") or ExplicitVRLittleEndian
    except Exception as error:  # a hostile header raises anything
        raise StudyError(
            f"{source}: cannot be read as DICOM ({type(error).__name__}): unpack it again"
        ) from error
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID = stored
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = UID(sop_instance_uid)
    dataset.file_meta = meta
    dataset.Modality = dataset.get("Modality") or "MR"
    dataset.SeriesDescription = description
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        dataset.save_as(target, enforce_file_format=True)
    except OSError as error:
        raise OutputError(
            f"{source}: cannot be copied into the cohort ({error.strerror or error}): "
            "choose -o on a disk with free space"
        ) from error
    except Exception as error:  # what was read may still be nothing that can be written
        raise StudyError(
            f"{source}: cannot be written as DICOM ({type(error).__name__}): unpack it again"
        ) from error
