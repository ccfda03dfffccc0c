"""``lumbargrade cohort export``: a cohort's regions and grades for other programs."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from lumbargrade.cli.progress import progress
from lumbargrade.cohort.export import coco
from lumbargrade.cohort.export import table as cohort_table
from lumbargrade.cohort.read import read_cohort
from lumbargrade.files.staging import staged

WRITERS = {
    "csv": cohort_table.write_csv,
    "parquet": cohort_table.write_parquet,
    "coco": coco.write,
}
"""Format -> what writes it; ``sr``, a file a study, is written by ``dicom_sr``."""


def run(cohort_folder: Path, out: Path, format_: str) -> None:
    """Write the cohort as ``csv``, ``parquet``, ``coco`` or ``sr`` into ``out``.

    Raises
    ------
    CohortError
        If the cohort cannot be read, or has no grade to report.
    """
    cohort = read_cohort(cohort_folder)
    console = Console(highlight=False, soft_wrap=True)
    with staged(out) as folder, progress(None, "writing", console) as advance:
        if format_ == "sr":
            from lumbargrade.cohort.export import dicom_sr

            paths = dicom_sr.write(cohort, folder, advance)
        else:
            paths = [WRITERS[format_](cohort, folder)]
    for path in paths[:1]:
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        console.print(f"{out / path.name}{more}", markup=False)
