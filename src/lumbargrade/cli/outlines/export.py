"""``lumbargrade outlines export``: from a trained outline network to a bundle that draws."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.errors import needs_extra


def run(run: Path, out: Path, model: Path | None) -> None:
    """Write ``model`` with the outline network of ``run`` to ``out``."""
    with needs_extra("lumbargrade outlines export"):
        from lumbargrade.training.outlines.export import export_outlines
    outliner = export_outlines(run, model, out)["outliner"]
    print(f"torch and ONNX differ by at most {outliner['parity']:.1e} in a probability")
    print(f"bundle: {out}")
