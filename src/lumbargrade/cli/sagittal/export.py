"""``lumbargrade sagittal export``: from a trained disc grader to a bundle that grades discs."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.errors import needs_extra


def run(run: Path, out: Path, model: Path | None) -> None:
    """Write ``model`` with the disc grader of ``run`` to ``out``."""
    with needs_extra("lumbargrade sagittal export"):
        from lumbargrade.training.sagittal.export import export_disc_grader
    grader = export_disc_grader(run, model, out)["disc_grader"]
    print(f"torch and ONNX differ by at most {grader['parity']:.1e} in a probability")
    print(f"bundle: {out}")
