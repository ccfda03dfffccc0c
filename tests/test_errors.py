"""Every error that a user can cause is of one family, and an extra says how to install it."""

from __future__ import annotations

import inspect

import pytest

from lumbargrade import errors
from lumbargrade.errors import LumbargradeError, MissingExtraError


def test_every_error_is_caught_by_one_name() -> None:
    found = [one for _, one in inspect.getmembers(errors, inspect.isclass)]
    assert len(found) > 5
    assert all(issubclass(one, LumbargradeError) for one in found)


def test_a_missing_extra_says_how_to_install_it() -> None:
    with pytest.raises(
        LumbargradeError,
        match=r"^Parquet needs the 'cohort' extra, which is not installed: run  pip install "
        r"'lumbargrade\[cohort\]'$",
    ) as caught:
        raise MissingExtraError("cohort", "Parquet")
    assert isinstance(caught.value, MissingExtraError)
    assert caught.value.extra == "cohort"
