"""``lumbargrade cohort flow``: choose patients by rules, and say who is out and why."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.cli.progress import progress
from lumbargrade.cli.screen import Screen
from lumbargrade.cli.tables import rich_table
from lumbargrade.errors import needs_extra

_SHOWN = ("reason", "patients out", "patients left", "images left")


def run(
    index: Path, out: Path, rules: str, exclude: Path | None, grades: Path | None, key: Path | None
) -> None:
    """Apply the rules to the index, write FLOW and print the patient flow."""
    with needs_extra("lumbargrade cohort flow"):
        from lumbargrade.archive.flow.files import demographics_table, flow_table
        from lumbargrade.archive.flow.make import FlowOptions, make_flow
    console = Screen()
    with progress(None, "applying rules", console) as advance:
        flow = make_flow(index, out, FlowOptions(rules, exclude, grades, key), advance)
    console.print(rich_table(flow_table(flow), _SHOWN))
    console.print(rich_table(demographics_table(flow)))
    for reason, files in flow.left_out.items():
        console.print(f"{files} files left out: {reason}", highlight=False, markup=False)
    for line in (*flow.notes, f"Flow: {out}"):
        console.print(line, highlight=False, soft_wrap=True, markup=False)
