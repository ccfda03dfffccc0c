"""``lumbargrade grade``: studies in, a table on the screen, files in a folder."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import typer

from lumbargrade.cli.grade.said import FAILED_EXIT_CODE, Said, numbers_of
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.study.inputs import list_studies


def run(studies: list[Path], out: Path, model: Path | None, precision: str, said: Said) -> None:
    """Grade studies into ``out`` and print what was found.

    A single study fails with its error. Of several, the others are still graded; the
    exit code is then 1 and ``predictions.csv`` says why.
    """
    numbers = numbers_of(said)
    inputs = list_studies(studies)
    with ThreadPoolExecutor(1) as loader:
        engine = loader.submit(lambda: Engine(load_bundle(model), precision))
        # The readers are imported while OpenVINO loads the model: that hides half of it.
        from lumbargrade.cli.grade.studies import grade_arms, wanted

        inputs, arms = wanted(inputs, studies, out, said, numbers)
        failed = grade_arms(inputs, arms, engine, " ".join(map(str, studies)))
    if failed:
        raise typer.Exit(FAILED_EXIT_CODE)
