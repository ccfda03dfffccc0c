"""Every error that a user can cause is of one family; a missing extra names what to run."""

from __future__ import annotations

import inspect
import tomllib
from pathlib import Path

import pytest

from lumbargrade import errors
from lumbargrade.errors import (
    EXTRAS,
    LumbargradeError,
    MissingExtraError,
    install_command,
    needs_extra,
)


def test_every_error_is_caught_by_one_name() -> None:
    classes = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    found = [kind for kind in classes if kind.__module__ == errors.__name__]
    assert len(found) > 5
    assert all(issubclass(kind, LumbargradeError) for kind in found)


@pytest.mark.parametrize(
    ("module", "extra"),
    [("torch", "train"), ("matplotlib.pyplot", "report"), ("pyarrow", "cohort")],
)
def test_the_extra_follows_from_the_missing_module(module: str, extra: str) -> None:
    with pytest.raises(MissingExtraError) as caught, needs_extra("lumbargrade x"):
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)
    assert caught.value.extra == extra
    assert str(caught.value) == (
        f"lumbargrade x needs the '{extra}' extra, which is not installed: "
        f"run  pip install -c constraints.txt -e '.[{extra}]'  in the cloned repository"
    )


@pytest.mark.parametrize("module", ["lumbargrade.nothing", "numpy", None])
def test_another_missing_module_is_a_fault_of_the_program(module: str | None) -> None:
    with pytest.raises(ModuleNotFoundError, match="gone"), needs_extra("lumbargrade x"):
        raise ModuleNotFoundError("gone", name=module)


def test_nothing_missing_is_nothing_said() -> None:
    with needs_extra("lumbargrade x"):
        import json  # noqa: F401


def test_the_command_installs_what_the_project_declares(repository: Path) -> None:
    settings = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    declared = settings["project"]["optional-dependencies"]
    for extra, modules in EXTRAS.items():
        text = " ".join(declared[extra]).replace("-", "_")
        assert all(module in text for module in modules), extra
    assert set(declared) - set(EXTRAS) == {"dev"}  # nothing to import from these
    assert install_command("train") == "pip install -c constraints.txt -e '.[train]'"
