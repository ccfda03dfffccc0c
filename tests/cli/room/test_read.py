"""`lumbargrade read`: what it says before the room is open, and when it is."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lumbargrade.cli.main import app
from lumbargrade.serving.reading_room import serve as serving


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A server that is open and told to stop at once."""
    found: list[Any] = []

    def serve(room: Any, opening: Any, tell: Any) -> None:
        found.append((room, opening))
        tell()
        room.database.close()

    monkeypatch.setattr(serving, "serve", serve)
    return found


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["read", *arguments])
    return result.exit_code, result.output


def test_the_first_start_prints_a_link_and_the_next_a_wish_that_fits(
    simulated_cohort: Path, tmp_path: Path, opened: list[Any]
) -> None:
    database = ["--database", f"sqlite:///{tmp_path}/room.sqlite"]
    code, text = run(str(simulated_cohort), *database, "--seed", "4", "--systems", "LDH,lccs")
    assert code == 0
    assert "1 studies" in text or "1 study" in text
    assert "http://127.0.0.1:8000/password?link=" in text
    assert "the account Coordinator" in text
    assert "Stop with Ctrl+C" in text
    assert "The room is closed." in text
    (room, opening) = opened[0]
    assert (list(room.plan.systems), room.plan.seed, opening.port) == (["LDH", "LCCS"], 4, 8000)
    code, text = run(str(simulated_cohort), *database, "--seed", "5")
    assert code == 2
    assert "this reading was set up with --seed 4, not 5: leave the option out" in text
    assert text.count("\n") == 1


def test_behind_a_proxy_the_address_is_the_proxys(
    simulated_cohort: Path, tmp_path: Path, opened: list[Any]
) -> None:
    database = ["--database", f"sqlite:///{tmp_path}/room.sqlite"]
    code, text = run(str(simulated_cohort), *database, "--behind-proxy", "10.0.0.2", "--host", "::")
    assert code == 0
    assert "https://YOUR-PROXY/password?link=" in text
    assert opened[0][0].is_secure


def test_what_cannot_be_opened_is_one_line(simulated_cohort: Path, tmp_path: Path) -> None:
    code, text = run(str(simulated_cohort), "--host", "0.0.0.0")
    assert (code, text.count("\n")) == (2, 1)
    assert "give --certificate and --key, or --behind-proxy" in text
    code, text = run(str(tmp_path))
    assert (code, text.count("\n")) == (2, 1)


def test_without_the_extra_it_is_named(
    simulated_cohort: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def lacking(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("lumbargrade.serving"):
            raise ModuleNotFoundError("no", name="fastapi")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", lacking)
    code, text = run(str(simulated_cohort))
    assert code == 2
    assert "the reading room needs the 'serve' extra" in text
