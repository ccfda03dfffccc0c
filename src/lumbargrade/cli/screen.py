"""Where commands print: lines that hold names of files and of series, as they may be shown."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from lumbargrade.files.clean_text import cleaned


class Screen(Console):
    """A console that shows no text of others raw (``files.clean_text``)."""

    def print(self, *objects: Any, **keywords: Any) -> None:
        """Print as ``Console`` does; texts are cleaned first, tables are made of clean ones."""
        shown = (cleaned(one) if isinstance(one, str) else one for one in objects)
        super().print(*shown, **keywords)
