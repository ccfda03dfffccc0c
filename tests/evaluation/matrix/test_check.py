"""Claims beside counts; the article of Su et al. as the example."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evaluation.matrix.su2022 import claims_of_the_article, figures_of_the_article

from lumbargrade.evaluation.matrix.check import Checked, Verdict, check_claims, possible
from lumbargrade.evaluation.matrix.claims import Claim, Printed
from lumbargrade.evaluation.matrix.counts import PublishedMatrix
from lumbargrade.evaluation.matrix.figures import Figure, figures_of_counts

Ends = tuple[Printed, Printed] | None
COUNTS = np.array([[90, 10], [15, 35]])


def _check(
    figure: Figure,
    value: Printed,
    of: int | None = None,
    ends: Ends = None,
) -> Checked:
    figures = {"": figures_of_counts(PublishedMatrix("", ("0", "1"), COUNTS))}
    low, high = ends or (None, None)
    (found,) = check_claims([Claim("row 2", "", figure, value, low, high, of)], figures)
    return found


def _share(text: str) -> Printed:
    return Printed(text, float(text), 10.0 ** -len(text.partition(".")[2]))


def test_every_claim_of_the_article_but_its_known_slips_fits() -> None:
    found = check_claims(claims_of_the_article(), figures_of_the_article())
    assert len(found) == 2 * 3 * (6 + 8) + 2 * 3
    wrong = [
        (one.claim.system, one.claim.figure, one.claim.printed.text, one.verdict)
        for one in found
        if one.verdict is not Verdict.FITS
    ]
    assert wrong == [
        # 0.8563: cut off in Table 3, rounded in the text.
        ("LCCS, internal test", Figure("ac1"), "0.85", Verdict.CUT),
        # 10 of 108 images is 9.3 %; no share of 108 images at all is 9.1 %.
        ("LCCS, external test", Figure("precision", 2), "9.1 %", Verdict.IMPOSSIBLE),
    ]


@pytest.mark.parametrize(
    ("text", "of", "verdict"),
    [
        ("0.8333", None, Verdict.FITS),  # 125 of 150
        ("0.8333", 1234, Verdict.IMPOSSIBLE),
        ("0.83", 1234, Verdict.DIFFERS),  # possible, and of other images than the counts
        ("0.84", None, Verdict.DIFFERS),
        ("0.8417", None, Verdict.IMPOSSIBLE),
    ],
)
def test_an_accuracy(text: str, of: int | None, verdict: Verdict) -> None:
    assert _check(Figure("accuracy"), _share(text), of).verdict is verdict


def test_why_is_said() -> None:
    found = _check(Figure("accuracy"), Printed("84.17 %", 0.8417, 1e-4))
    assert (
        found.why
        == "no share of 150 images is 84.17 %: 126 of 150 is 84.000 % and 127 of 150 is 84.667 %"
    )
    found = _check(Figure("accuracy"), _share("0.83"), 1234)
    assert found.why == "it is said to be of 1234 images, the counts have 150"


def test_support_that_is_not_the_sum_of_the_row() -> None:
    assert _check(Figure("support", 0), Printed("100", 100, 1)).verdict is Verdict.FITS
    found = _check(Figure("support", 0), Printed("105", 105, 1))
    assert found.verdict is Verdict.DIFFERS
    assert found.why == "it fits with rows and columns exchanged"


def test_a_kappa_that_is_another_coefficient_is_named() -> None:
    figures = figures_of_counts(PublishedMatrix("", ("0", "1"), COUNTS))
    ac1 = f"{figures.values[Figure('ac1')].value:.3f}"
    found = _check(Figure("kappa"), _share(ac1))
    assert found.verdict is Verdict.DIFFERS
    assert found.why.startswith("it is what the counts give as ac1")


def test_an_interval_that_is_not_of_independent_images() -> None:
    figures = figures_of_counts(PublishedMatrix("", ("0", "1"), COUNTS))
    ac1 = figures.values[Figure("ac1")]
    value, low, high = (_share(f"{one:.2f}") for one in (ac1.value, ac1.low, ac1.high))
    assert _check(Figure("ac1"), value, None, (low, high)).verdict is Verdict.FITS
    wide = _check(Figure("ac1"), value, None, (_share("0.10"), high))
    assert wide.verdict is Verdict.INTERVAL
    assert wide.why == f"independent images give {ac1.low:.4f} to {ac1.high:.4f}"
    bare = _check(
        Figure("f1_macro"),
        _share(f"{figures.values[Figure('f1_macro')].value:.2f}"),
        None,
        (low, high),
    )
    assert bare.why == "the counts give no interval"


@given(st.integers(1, 300), st.integers(0, 3), st.data())
def test_grim_is_that_of_all_shares(of: int, digits: int, data: st.DataObject) -> None:
    step = 10.0**-digits
    last = data.draw(st.integers(0, 10**digits))
    printed = Printed("x", last * step, step)
    shares = [hits / of for hits in range(of + 1)]
    brute = any(printed.rounds_from(one) or printed.cut_from(one) for one in shares)
    assert possible(printed, of) is brute
