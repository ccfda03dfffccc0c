"""What one sentence says, by itself: parts, denial, degree and side."""

from __future__ import annotations

import pytest

from lumbargrade.reports.findings import Said, findings_in, parts_of
from lumbargrade.reports.lexicon import Kind
from lumbargrade.reports.text import tokens


def said(sentence: str) -> tuple[Said, ...]:
    return findings_in(tokens(sentence))


def test_each_disc_finding_with_levels_has_a_part_of_its_own() -> None:
    words = tokens("Bulge at L3/4 and herniation at L5/S1")
    assert [" ".join(word.words) for word in words] == [
        "bulge", "at", "L3/4", "and", "herniation", "at", "L5/S1",
    ]  # fmt: skip
    assert parts_of(words) == (0, 0, 0, 1, 1, 1, 1)
    assert set(parts_of(tokens("Bulge and herniation at L4/5"))) == {0}


def test_a_relation_is_found_at_its_object() -> None:
    words = tokens("Bulge compressing the thecal sac")
    bulge, sac = findings_in(words)
    assert (bulge.kind, sac.kind) == (Kind.BULGE, Kind.SAC)
    assert words[sac.place].has("objects", "sac")
    assert sac.part == bulge.part == 0


@pytest.mark.parametrize(
    ("sentence", "severities"),
    [
        ("Severe stenosis", ["severe"]),
        ("Stenosis", [""]),
        ("Mild bulge, stenosis", ["mild", ""]),
        ("Significant herniation", ["severe"]),
        ("No significant herniation", [""]),
        ("Mild bulge compressing the thecal sac", ["mild", "mild"]),
        ("Mild bulge severely compressing the thecal sac", ["mild", "severe"]),
        ("Herniation touching the thecal sac", ["", "mild"]),
    ],
)
def test_the_degree_of_a_finding(sentence: str, severities: list[str]) -> None:
    assert [one.severity for one in said(sentence)] == severities


@pytest.mark.parametrize(
    ("sentence", "sides"),
    [
        ("Left paracentral herniation", {"left", "central"}),
        ("Herniation more to the left", {"left"}),
        ("Bilateral herniation", {"left", "right"}),
        ("Herniation", set()),
    ],
)
def test_the_side_of_a_disc(sentence: str, sides: set[str]) -> None:
    (found,) = said(sentence)
    assert found.sides <= sides
    assert bool(found.sides) == bool(sides)
    assert found.sides & {"left", "right"} == sides & {"left", "right"}


def test_doubt_is_kept_apart_from_denial() -> None:
    (doubtful,) = said("Possible herniation at L4/5")
    assert doubtful.possible
    assert not doubtful.negated
    (denied,) = said("No possible herniation")
    assert denied.negated
    assert not denied.possible


def test_a_normal_object_is_a_denied_finding() -> None:
    (sac,) = said("Thecal sac is normal")
    assert (sac.kind, sac.negated) == (Kind.SAC, True)
    assert said("The thecal sac") == ()
