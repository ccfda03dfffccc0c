"""How often the slices of each cohort are drawn."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.errors import RecipeError
from lumbargrade.training.data import epoch_order
from lumbargrade.training.material.sites import refuse_unknown_sites, share_sites

SITES = np.array(["phantom"] * 60 + ["real"] * 30 + ["bent"] * 10)


def test_a_named_cohort_gets_its_share_and_the_rest_is_divided_by_weight() -> None:
    weights = np.ones(100)
    weights[:10] = 5.0
    found = share_sites(weights, SITES, (("real", 0.3),))
    assert found.sum() == pytest.approx(100)
    assert found[SITES == "real"].sum() == pytest.approx(30)
    assert found[SITES == "bent"].sum() == pytest.approx(70 * 10 / 110)
    assert found[0] == pytest.approx(5 * found[20])  # rare grades stay more frequent
    drawn = SITES[epoch_order(found, 1, 0)]
    assert (drawn == "real").sum() == pytest.approx(30, abs=1)
    assert weights[0] == 5.0  # nothing is changed in place


def test_shares_hold_among_those_who_are_there() -> None:
    found = share_sites(np.ones(70), SITES[:70], (("real", 0.5), ("bent", 0.25)))
    assert found[60:].sum() / found.sum() == pytest.approx(2 / 3)
    every = share_sites(np.ones(100), SITES, (("real", 0.5), ("bent", 0.2), ("phantom", 0.3)))
    assert [every[name == SITES].sum() for name in ("real", "bent", "phantom")] == pytest.approx(
        [50, 20, 30]
    )
    np.testing.assert_allclose(share_sites(np.arange(1.0, 101.0), SITES, ()).sum(), 100)


def test_a_cohort_that_is_not_there_is_named() -> None:
    refuse_unknown_sites((("real", 0.3),), {"real", "phantom"})
    with pytest.raises(RecipeError, match=r"names rael, which is no cohort .* choose from phantom"):
        refuse_unknown_sites((("rael", 0.3),), {"real", "phantom"})
    with pytest.raises(RecipeError, match="choose from none, as there is one cohort alone"):
        refuse_unknown_sites((("real", 0.3),), {""})
