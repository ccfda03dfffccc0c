"""A cohort for other programs: as a table, COCO JSON or DICOM structured reports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lumbargrade.cohort.export import coco, table
from lumbargrade.cohort.read import read_cohort
from lumbargrade.files.staging import staged

WRITERS = {"csv": table.write_csv, "parquet": table.write_parquet, "coco": coco.write}
"""Format -> what writes it; ``sr``, a file a study, is written by ``dicom_sr``."""


def export_cohort(
    source: Path, out: Path, format_: str, progress: Callable[[int, int], None] = lambda *_: None
) -> list[Path]:
    """Write the cohort as ``csv``, ``parquet``, ``coco`` or ``sr``; return the files in ``out``.

    Raises
    ------
    CohortError
        If the cohort cannot be read, or has no grade to report.
    MissingExtraError
        If it is to be Parquet and pyarrow is not installed.
    OutputError
        If ``out`` cannot be written.
    """
    cohort = read_cohort(source)
    with staged(out, (source,)) as folder:
        if format_ == "sr":
            from lumbargrade.cohort.export import dicom_sr

            paths = dicom_sr.write(cohort, folder, progress)
        else:
            paths = [WRITERS[format_](cohort, folder)]
    return [out / path.name for path in paths]
