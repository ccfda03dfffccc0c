"""The boxes of a flow, from the rules or from the file that keeps them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from lumbargrade.archive.flow.counts import RuleCount, read_flow, stages_of, start_of
from lumbargrade.errors import CohortError
from lumbargrade.statistics.patients import Count, Stage

COUNTS = (
    RuleCount("inclusion", "no usable MR image", 0, 0, 4, 32),
    RuleCount("inclusion", "no axial slice", 1, 8, 3, 24),
    RuleCount("exclusion", "fracture", 1, 8, 2, 16),
)
STAGES = [
    Stage(
        "Not meeting inclusion", (Count("no axial slice", 1, 8),), Count("Meeting inclusion", 3, 24)
    ),
    Stage("Excluded", (Count("fracture", 1, 8),), Count("Included", 2, 16)),
]


def kept(folder: Path, **changes: Any) -> Path:
    data = {
        "schema": "lumbargrade.flow/1",
        "archive": {"patients": 4, "images": 32},
        "counts": [asdict(one) for one in COUNTS],
    }
    path = folder / "flow.json"
    path.write_text(json.dumps(data | changes), "utf-8")
    return path


def test_rules_of_one_step_are_one_box_and_the_last_is_who_is_included() -> None:
    assert start_of(4, 32) == Count("In the archive", 4, 32)
    assert stages_of(COUNTS) == STAGES
    assert stages_of(COUNTS[:2])[-1].left.name == "Included"


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    assert read_flow(kept(tmp_path)) == (start_of(4, 32), STAGES)


@pytest.mark.parametrize(
    "changes",
    [{"schema": "another"}, {"counts": [{"step": 1}]}, {"archive": None}, {"counts": 3}],
)
def test_what_is_no_flow_is_told(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(CohortError, match=r"flow\.json: is no patient flow .* take it again from"):
        read_flow(kept(tmp_path, **changes))


def test_a_step_that_no_figure_has_is_told(tmp_path: Path) -> None:
    counts = [asdict(COUNTS[0]) | {"step": "wish"}]
    with pytest.raises(CohortError, match="step 'wish'"):
        read_flow(kept(tmp_path, counts=counts))
    with pytest.raises(CohortError, match="is no patient flow"):
        read_flow(tmp_path / "none.json")
