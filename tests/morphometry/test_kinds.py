"""The catalogue of measures: names, units, limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.kinds import KINDS
from lumbargrade.morphometry.record import KEYS
from lumbargrade.morphometry.tracing import read_tracings

WITHOUT_SIDES = [
    "disc_displacement_mm",
    "displacement_apex_mm",
    "intrafacet_depth_mm",
    "displacement_ratio",
    "sac_area_mm2",
    "sac_depth_mm",
    "sac_width_mm",
    "canal_area_mm2",
    "canal_depth_mm",
    "free_canal_area_mm2",
    "ventral_csf_mm",
    "root_share",
    "root_clusters",
]
BY_SIDE = [
    "recess_depth_mm",
    "root_gap_mm",
    "root_displacement_mm",
    "facet_angle_deg",
    "flavum_thickness_mm",
]


def test_the_catalogue() -> None:
    assert list(KINDS) == [*WITHOUT_SIDES, *BY_SIDE]
    assert [kind.name for kind in KINDS.values() if kind.per_side] == BY_SIDE
    assert KINDS["recess_depth_mm"].sides == (Side.LEFT, Side.RIGHT)
    assert KINDS["sac_area_mm2"].sides == (None,)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_says_what_it_is(name: str) -> None:
    kind = KINDS[name]
    assert kind.unit in {"mm", "mm2", "deg", "1"}  # UCUM
    assert name.endswith(f"_{kind.unit}") or kind.unit == "1"
    for text in (kind.title, kind.needs, kind.help_text, kind.formula, kind.source):
        assert text == text.strip()
        assert len(text) > 2
        assert "\n" not in text
    for one in kind.cut_offs:
        assert one.wording
        assert one.source


@pytest.mark.parametrize(
    ("name", "value", "limit"),
    [
        ("sac_area_mm2", 74.9, 75.0),
        ("sac_area_mm2", 75.0, 100.0),
        ("sac_area_mm2", 120.0, 130.0),
        ("sac_area_mm2", 130.0, None),
        ("displacement_ratio", 0.5, None),
        ("displacement_ratio", 0.51, 0.5),
        ("displacement_ratio", 1.2, 1.0),
        ("recess_depth_mm", 3.0, 3.0),
        ("recess_depth_mm", 3.1, None),
        ("flavum_thickness_mm", 4.5, 4.0),
        ("flavum_thickness_mm", 5.5, 5.0),
        ("sac_width_mm", 1.0, None),
        ("sac_area_mm2", None, None),
    ],
)
def test_the_most_severe_limit_is_named(
    name: str, value: float | None, limit: float | None
) -> None:
    found = KINDS[name].cut_off(value)
    assert (None if found is None else found.limit) == limit


def test_the_most_severe_limit_comes_first() -> None:
    for kind in KINDS.values():
        limits = [one.limit for one in kind.cut_offs]
        falling = bool(kind.cut_offs) and kind.cut_offs[0].relation == "above"
        assert limits == sorted(limits, reverse=falling), kind.name
        assert len({one.relation for one in kind.cut_offs}) <= 1


def test_the_page_of_measures_says_what_the_catalogue_says(repository: Path) -> None:
    page = (repository / "docs/reference/measures.md").read_text(encoding="utf-8")
    rows = set(page.splitlines())
    for kind in KINDS.values():
        title = f"{kind.title}; left, right" if kind.per_side else kind.title
        cells = [kind.help_text, kind.formula, kind.needs, kind.source]
        assert f"| `{kind.name}` {title} | `{kind.unit}` | {' | '.join(cells)} |" in rows
        for one in kind.cut_offs:
            limit = f"{one.relation} {one.limit:g}"
            assert f"| `{kind.name}` | {limit} | {one.wording} | {one.source} |" in rows


def test_the_example_of_the_page_is_read(repository: Path, tmp_path: Path) -> None:
    page = (repository / "docs/reference/measures.md").read_text(encoding="utf-8")
    path = tmp_path / "outlines.json"
    path.write_text(page.split("```json\n")[1].split("```")[0], encoding="utf-8")
    (found,) = read_tracings(path)
    assert (found.patient, found.level) == ("P7", "L4-L5")
    assert set(re.findall(r"`(\w+)`", page)) >= KEYS
