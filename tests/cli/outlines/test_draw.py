"""``lumbargrade outlines draw``: what is drawn, what is left out, and what is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.calls import call, refused

from lumbargrade.grading.finding import NotGraded
from lumbargrade.morphometry.outlines import Outlines
from lumbargrade.morphometry.tracing import Tracing


@pytest.fixture
def drafts(monkeypatch: pytest.MonkeyPatch) -> list[Tracing]:
    """What the network is taken to draw."""
    found = [Tracing("a.png", Outlines(), (3.0, 4.0), 0.7, "a", quality=1)]

    def draw(*given: Any) -> tuple[tuple[Tracing, ...], tuple[NotGraded, ...]]:
        return tuple(found), (NotGraded("b.png", "is no picture"),)

    monkeypatch.setattr("lumbargrade.cli.outlines.draw.draw_drafts", draw)
    monkeypatch.setattr("lumbargrade.cli.outlines.draw.Engine", lambda bundle: None)
    return found


def test_drafts_are_written_and_what_was_left_out_is_said(
    tmp_path: Path, drafts: list[Tracing]
) -> None:
    out = tmp_path / "outlines.json"
    said = call("outlines", "draw", "a.png", "b.png", "-o", out)
    assert "not drawn: b.png: is no picture" in said
    assert "1 of 2 slices drawn" in said
    assert [one["file"] for one in json.loads(out.read_text(encoding="utf-8"))] == ["a.png"]


def test_nothing_drawn_writes_nothing(tmp_path: Path, drafts: list[Tracing]) -> None:
    drafts.clear()
    out = tmp_path / "outlines.json"
    said = refused("outlines", "draw", "b.png", "-o", out)
    assert "none of the 1 slices was drawn; nothing was written" in said
    assert not out.exists()


def test_a_file_that_exists_is_not_written_over(tmp_path: Path, drafts: list[Tracing]) -> None:
    """It may hold outlines that someone corrected by hand, or be one of the slices."""
    out = tmp_path / "outlines.json"
    out.write_text("corrected", encoding="utf-8")
    said = refused("outlines", "draw", "a.png", "-o", out)
    assert "outlines.json: exists already; remove it or choose another path" in said
    assert out.read_text(encoding="utf-8") == "corrected"
