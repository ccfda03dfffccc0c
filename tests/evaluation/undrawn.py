"""A report without its drawings, for tests that read its words and numbers.

Drawing the figures, once for the page and once for print, is nearly all of the time that a
report takes. Each kind of report is drawn whole by the test of what writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from lumbargrade.figures.pdf import Picture
from lumbargrade.files.table import TextTable


def draw_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write an empty drawing in place of each, and the titles of the print in place of it."""
    monkeypatch.setattr("lumbargrade.evaluation.report.page.svg", lambda figure: "<svg/>")
    for module in ("evaluation.report.write", "evaluation.matrix.write", "external.write"):
        monkeypatch.setattr(f"lumbargrade.{module}.write_pdf", _titles)


def _titles(
    path: Path, title: str, paragraphs: Sequence[str], parts: Iterable[Picture | TextTable]
) -> None:
    said = [title, *paragraphs, *(one.title for one in parts)]
    path.write_text("\n".join(said), encoding="utf-8")
