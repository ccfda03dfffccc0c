"""``lumbargrade outlines draw``: drafts of outlines for single slices."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.errors import OutputError, StudyError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.drafts import draw_drafts
from lumbargrade.inference.engine import Engine
from lumbargrade.morphometry.tracing import write_tracings


def run(slices: list[Path], out: Path, model: Path | None, pixel_spacing: float | None) -> None:
    """Draw ``slices`` and write their outlines to the file ``out``."""
    if out.exists():  # corrected by hand, perhaps, or one of the slices
        raise OutputError(f"{out}: exists already; remove it or choose another path")
    engine = Engine(load_bundle(model))
    console = Screen(soft_wrap=True, highlight=False)
    with progress(len(slices), "drawing", console) as advance:
        drafts, left_out = draw_drafts(engine, slices, out.parent, pixel_spacing, advance)
    for one in left_out:
        console.print(f"not drawn: {one.what}: {one.reason}", markup=False)
    if not drafts:
        raise StudyError(f"{out}: none of the {len(slices)} slices was drawn; nothing was written")
    write_tracings(out, drafts)
    console.print(f"{len(drafts)} of {len(slices)} slices drawn: {out}", markup=False)
