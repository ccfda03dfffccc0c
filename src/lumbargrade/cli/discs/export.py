"""``lumbargrade discs export``: from a trained disc finder to a bundle that names levels."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.errors import needs_extra


def run(run: Path, out: Path, model: Path | None) -> None:
    """Write ``model`` with the disc finder of ``run`` to ``out``."""
    with needs_extra("lumbargrade discs export"):
        from lumbargrade.training.discs.export import export_finder
    finder = export_finder(run, model, out)["disc_finder"]
    print(f"torch and ONNX differ by at most {finder['parity']:.1e} in a probability")
    print(f"bundle: {out}")
