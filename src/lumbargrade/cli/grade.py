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

    ``box`` and ``pixel_spacing`` are texts of numbers. ``regions`` is located, drawn or both
    (``batch.arms``); ``key`` is a file of the key of pseudonyms, None to write names as they are.
    """

    box: str | None = None
    pixel_spacing: str | None = None
    sr: bool = False
    word: UserWord = NOTHING_SAID
    regions: str = "located"
    key: Path | None = None


def run(
    studies: list[Path], out: Path, model: Path | None, precision: str, said: Said = Said()
) -> None:
    """Grade studies into ``out`` and print what was found.

    A single study fails with its error. Of several, the others are still graded; the
    exit code is then 1 and ``predictions.csv`` says why.
    """
    numbers = numbers_of(said)
    inputs = list_studies(studies)
    with ThreadPoolExecutor(1) as loader:
        engine = loader.submit(lambda: Engine(load_bundle(model), precision))
        # The readers are imported while OpenVINO loads the model: that hides half of it.
        from lumbargrade.cli.grade_studies import grade_arms, wanted

        inputs, arms = wanted(inputs, studies, out, said, numbers)
        failed = grade_arms(inputs, arms, engine, " ".join(map(str, studies)))
    if failed:
        raise typer.Exit(FAILED_EXIT_CODE)


@dataclass(frozen=True)
class Numbers:
    """The options that are numbers: (x, y, width, height) in pixels, and one or two in mm."""

    box_px: tuple[float, ...] | None
    spacing_mm: tuple[float, ...] | None


def numbers_of(said: Said) -> Numbers:
    """Return the numbers of ``--box`` and ``--pixel-spacing``; raises as parse_numbers."""
    return Numbers(
        parse_numbers(said.box, (4,), "--box", "X,Y,W,H in pixels, such as 120,140,80,80"),
        parse_numbers(said.pixel_spacing, (1, 2), "--pixel-spacing", "MM or MM,MM, such as 0.6"),
    )


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
