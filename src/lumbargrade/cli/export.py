"""``lumbargrade export``: from a training run to a model bundle."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.errors import MissingExtraError


def run(run: Path, out: Path) -> None:
    """Write the bundle of the run folder ``run`` to ``out``.

    Raises
    ------
    LumbargradeError
        One line that says why nothing was exported.
    """
    try:
        from lumbargrade.training.export.export import export
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("lumbargrade"):
            raise
        raise MissingExtraError("train", "lumbargrade export") from None
    manifest = export(run, out)
    parity = manifest["metrics"]["parity"]
    print(f"{manifest['name']} {manifest['version']}, trained on {manifest['trained_on']}")
    print(
        "torch and ONNX differ by at most "
        f"{parity['largest_probability_difference']:.1e} in a probability"
    )
    print(f"bundle: {out}")
