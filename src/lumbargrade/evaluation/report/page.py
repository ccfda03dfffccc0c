"""The report as a web page: paragraphs, then tables and figures in their order."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment

from lumbargrade.figures.pdf import Picture
from lumbargrade.figures.style import svg
from lumbargrade.files.clean_text import cleaned_text
from lumbargrade.files.table import TextTable
from lumbargrade.su2022.published import article


def page(
    title: str,
    paragraphs: Sequence[str],
    parts: Sequence[TextTable | Picture],
    cited: str | None = None,
) -> str:
    """Return the page as HTML that needs no other file.

    ``cited`` is what stands below; None: the article whose figures stand beside those of a run.
    """
    template = (
        files("lumbargrade.evaluation.report").joinpath("report.html").read_text(encoding="utf-8")
    )
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=cleaned_text
    )
    drawings = {
        part.name: base64.b64encode(svg(part.figure).encode()).decode()
        for part in parts
        if isinstance(part, Picture)
    }
    return environment.from_string(template).render(
        title=title,
        paragraphs=paragraphs,
        parts=parts,
        drawings=drawings,
        citation=article().citation if cited is None else cited,
    )
