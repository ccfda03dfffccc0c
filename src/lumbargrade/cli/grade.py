"""``lumbargrade grade``: studies in, a table on the screen, files in a folder."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import typer

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import NOTHING_SAID, UserWord
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.study.inputs import list_studies

FAILED_EXIT_CODE = 1
"""Some of several studies could not be graded."""


@dataclass(frozen=True)
class Said:
    """What the user wants of the grading, beside the studies and the model.

    ``regions`` is located, drawn or both (``batch.arms``); ``key`` is a file of the key of
    pseudonyms, None to write names as they are.
    """

    sr: bool = False
    word: UserWord = NOTHING_SAID
    regions: str = "located"
    key: Path | None = None


def run(
    studies: list[Path],
    out: Path,
    model: Path | None,
    box: str | None,
    pixel_spacing: str | None,
    precision: str,
    said: Said = Said(),
) -> None:
    """Grade studies into ``out`` and print what was found.

    A single study fails with its error. Of several, the others are still graded; the
    exit code is then 1 and ``predictions.csv`` says why.
    """
    box_px = parse_numbers(box, (4,), "--box", "X,Y,W,H in pixels, such as 120,140,80,80")
    spacing = parse_numbers(pixel_spacing, (1, 2), "--pixel-spacing", "MM or MM,MM, such as 0.6")
    inputs = list_studies(studies)
    with ThreadPoolExecutor(1) as loader:
        engine = loader.submit(lambda: Engine(load_bundle(model), precision))
        # The readers are imported while OpenVINO loads the model: that hides half of it.
        from lumbargrade.batch.arms import arms_of
        from lumbargrade.cli.grade_studies import grade_arms, options_of

        options = options_of(box_px, spacing, said.sr, said.word)
        arms = arms_of(said.regions, studies, out, options)
        if said.key is not None:
            from lumbargrade.batch.pseudonymised import renaming_of

            renaming = renaming_of(said.key)
            inputs, arms = renaming.inputs(inputs), tuple(map(renaming.arm, arms))
        cohorts = " ".join(map(str, studies))
        failed = grade_arms(inputs, arms, engine, cohorts)
    if failed:
        raise typer.Exit(FAILED_EXIT_CODE)


def parse_numbers(
    text: str | None, counts: tuple[int, ...], option: str, form: str
) -> tuple[float, ...] | None:
    """Return the numbers of an option such as ``1,2,3,4``; None where it was not given.

    Raises StudyError if they are not numbers, or not as many as one of ``counts``.
    """
    if text is None:
        return None
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) not in counts:
        raise StudyError(f"{option} {text!r} cannot be read: give {form}")
    return numbers
