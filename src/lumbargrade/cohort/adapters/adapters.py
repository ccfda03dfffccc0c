"""The public sets whose original folders can be read, and how one becomes a cohort."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.cohort.adapters import mendeley, rsna2024, spider
from lumbargrade.cohort.adapters.adapted import AdaptedCohort, Progress
from lumbargrade.errors import CohortError
from lumbargrade.files.staging import staged

ADAPTERS = {"spider": spider.adapt, "rsna2024": rsna2024.adapt, "lumbar-mendeley": mendeley.adapt}


def adapt(
    name: str, folder: Path, out: Path, progress: Progress = lambda *_: None
) -> AdaptedCohort:
    """Make the cohort ``out`` of the unpacked folder of the public set ``name``.

    Raises
    ------
    CohortError
        If the folder is not that set.
    OutputError
        If ``out`` cannot be written.
    """
    if not folder.is_dir():
        raise CohortError(f"{folder}: no such folder: give the unpacked folder of the data set")
    with staged(out) as target:
        cohort = AdaptedCohort(target, f"public set {name}")
        ADAPTERS[name](folder, cohort, progress)
        cohort.finish()
    return cohort
