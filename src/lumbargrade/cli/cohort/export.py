"""``lumbargrade cohort export``: a cohort's regions and grades for other programs."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.cohort.export.export import export_cohort


def run(cohort_folder: Path, out: Path, format_: str) -> None:
    """Write the cohort as ``csv``, ``parquet``, ``coco`` or ``sr`` into ``out``."""
    console = Screen(highlight=False, soft_wrap=True)
    with progress(None, "writing", console) as advance:
        paths = export_cohort(cohort_folder, out, format_, advance)
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    console.print(f"{paths[0]}{more}", markup=False)
