"""What many tests look at and is costly to make: made by one of the parallel workers for all."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def shared_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of all the workers of this run of the tests."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def made_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> Path:
    """Return a folder of this name, which ``make`` fills where it does not exist yet; read only.

    Another worker that asks meanwhile waits; one whose making failed leaves it to the next.
    """
    home = shared_base(tmp_path_factory) / "made-once" / name
    home.mkdir(parents=True, exist_ok=True)
    folder, whole = home / "made", home / "whole"
    with (home / "lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        if not whole.exists():
            make(folder)
            whole.touch()
    return folder
