"""The page on the table says what the table is."""

from __future__ import annotations

import re
from pathlib import Path

from lumbargrade.archive.index.columns import COLUMNS, Reason


def test_every_column_and_reason_is_on_the_page(repository: Path) -> None:
    page = (repository / "docs/reference/index-table.md").read_text(encoding="utf-8")
    lines = [f"| `{one.name}` | {one.type} | {one.meaning} |" for one in COLUMNS]
    assert re.findall(r"^\| `[a-z_]+` \| .*", page, flags=re.MULTILINE) == lines
    reasons = page.split("## Reasons")[1].split("## What")[0]
    assert re.findall(r"^\| ([^|]+) \| [^-]", reasons, flags=re.MULTILINE)[1:] == list(Reason)
