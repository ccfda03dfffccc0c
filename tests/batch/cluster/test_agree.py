from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lumbargrade.batch.cluster.agree import agreed_model
from lumbargrade.batch.cluster.work import Model, Seen
from lumbargrade.errors import BundleError, ClusterError


class Told:
    """A cluster whose processes give known answers."""

    def __init__(self, *answers: object) -> None:
        self._answers = {f"tcp://w{number}": one for number, one in enumerate(answers)}

    def ask(self, call: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
        return self._answers


def test_the_arithmetic_is_one_that_all_know(bundle_folder: Path, model: Model) -> None:
    def agreed(precision: str, *known: str) -> str:
        told = Told(*(Seen("", one) for one in known))
        return agreed_model(told, bundle_folder, precision, ()).precision

    assert agreed("auto", "bf16", "bf16") == "bf16"
    assert agreed("auto", "bf16", "f32") == "f32"
    assert agreed("f32", "bf16", "bf16") == "f32"
    assert agreed_model(Told(Seen("", "f32")), bundle_folder, "auto", ()) == model


def test_a_process_that_differs_is_refused(bundle_folder: Path) -> None:
    told = Told(Seen("", "f32"), Seen("the model there has SHA-256 x", "f32"))
    with pytest.raises(ClusterError, match=r"^worker tcp://w1: the model there has SHA-256 x$"):
        agreed_model(told, bundle_folder, "auto", ())


def test_a_process_without_lumbargrade_is_refused(bundle_folder: Path) -> None:
    told = Told(ModuleNotFoundError("No module named 'lumbargrade'"))
    wanted = r"worker tcp://w0 cannot run lumbargrade \(ModuleNotFoundError: No module named"
    with pytest.raises(ClusterError, match=wanted):
        agreed_model(told, bundle_folder, "auto", ())


def test_a_model_that_is_not_here(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="does not exist"):
        agreed_model(Told(), tmp_path / "none", "auto", ())
