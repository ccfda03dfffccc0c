"""Before the first study: all processes grade alike, and see what they shall read and write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from lumbargrade.batch.cluster.work import Model, Seen, look
from lumbargrade.errors import ClusterError, first_line
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Precision
from lumbargrade.study.sources import shown


class Asked(Protocol):
    """A cluster whose processes can all be asked the same."""

    def ask(self, call: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
        """Return what every process answers, by its address; an exception as such."""


def agreed_model(
    cluster: Asked, path: Path | None, precision: str, shared: tuple[Path, ...]
) -> Model:
    """Return the model that all processes have, and the arithmetic that all of them know.

    ``path`` None is the model in the package; ``shared`` are paths that each must see. Raises
    ClusterError if a process has another version or model, does not see a path or has no
    lumbargrade; BundleError if the model here cannot be used.
    """
    path = None if path is None else path.absolute()
    model = Model(path, load_bundle(path).sha256, Precision.F32.value)
    answers = cluster.ask(look, model, shared)
    for address, answer in answers.items():
        if not isinstance(answer, Seen):
            raise ClusterError(
                f"worker {address} cannot run lumbargrade ({type(answer).__name__}: "
                f"{shown(first_line(answer))}): install it there, in the same version as here"
            )
        if answer.fault:
            raise ClusterError(f"worker {address}: {answer.fault}")
    known = {answer.precision for answer in answers.values()}
    wanted = Precision(precision)
    if wanted is Precision.AUTO:
        wanted = Precision.BF16 if known == {Precision.BF16.value} else Precision.F32
    return Model(path, model.sha256, wanted.value)
