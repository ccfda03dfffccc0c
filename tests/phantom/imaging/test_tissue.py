"""The spin-echo equation and the order of tissues that a reader expects."""

from __future__ import annotations

import pytest

from lumbargrade.phantom.imaging.tissue import TISSUES, signal, signals


def test_the_spin_echo_equation_by_hand() -> None:
    # CSF: 1.0 * (1 - exp(-3600 / 4200)) * exp(-100 / 2000) = 0.57563 * 0.95123
    assert signal("csf", 100, 3600) == pytest.approx(0.54755, abs=2e-5)
    # muscle: 0.72 * (1 - exp(-600 / 1420)) * exp(-11 / 38) = 0.72 * 0.34460 * 0.74866
    assert signal("muscle", 11, 600) == pytest.approx(0.18575, abs=2e-5)


@pytest.mark.parametrize("name", TISSUES)
def test_long_repetition_and_no_echo_time_leave_the_proton_density(name: str) -> None:
    tissue = TISSUES[name]
    assert signal(name, 0, 1e6) == pytest.approx(tissue.proton_density)
    assert signal(name, tissue.t2_ms, 1e6) == pytest.approx(tissue.proton_density / 2.718281828)
    assert signals(0, 1e6)[name] == signal(name, 0, 1e6)


def test_contrast_order_of_t2() -> None:
    tissue = signals(100, 3600)
    order = ["csf", "fat", "nucleus_2", "marrow", "annulus_3", "muscle", "cortical"]
    values = [tissue[name] for name in order]
    assert values == sorted(values, reverse=True)


def test_one_table_gives_t1_too() -> None:
    tissue = signals(11, 600)
    assert tissue["fat"] > tissue["marrow"] > tissue["muscle"] > tissue["csf"]


def test_a_degenerate_disc_is_as_dark_as_or_darker_than_marrow() -> None:
    tissue = signals(100, 3600)
    for name in ("nucleus_3", "nucleus_4", "nucleus_5", "annulus_3", "annulus_4"):
        assert tissue[name] < tissue["marrow"]
    assert tissue["nucleus_5"] < tissue["annulus_4"]
