"""What a command hands on, and what it says where a library is missing."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from typing import Any

import pytest
from typer.testing import CliRunner

from lumbargrade.cli.main import app


def note_calls(
    monkeypatch: pytest.MonkeyPatch, package: str, *names: str
) -> dict[str, dict[str, Any]]:
    """Replace the ``run`` of each command by one that notes its arguments by name."""
    noted: dict[str, dict[str, Any]] = {}
    for name in names:
        module = importlib.import_module(f"{package}.{name}")
        signature = inspect.signature(module.run)

        def run(*args: Any, _name: str = name, _signature: Any = signature) -> None:
            noted[_name.partition(".")[0]] = dict(_signature.bind(*args).arguments)

        monkeypatch.setattr(module, "run", run)
    return noted


def said_without(library: str, *arguments: object) -> str:
    """Return what a command says on the error stream where a library is not installed.

    It runs in a process of its own, as modules that are loaded cannot be unloaded.
    """
    start = f"import sys; sys.modules[{library!r}] = None; "
    start += "from lumbargrade.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", start, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    return done.stderr


def call(*arguments: object) -> str:
    """Run a command that succeeds and return what it prints."""
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def refused(*arguments: object) -> str:
    """Run a command that refuses and return its message in one line."""
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exit_code == 2, done.output
    return " ".join(done.output.split())
