"""``lumbargrade export``: from a training run to a model bundle."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.errors import needs_extra


def run(run: Path, out: Path) -> None:
    """Write the bundle of the run folder ``run`` to ``out``, or seal the bundle ``run`` there."""
    from lumbargrade.training.export.reseal import is_bundle, reseal

    if is_bundle(run):
        identity = reseal(run, out).identity
        print(f"{identity.name} {identity.version}, SHA-256 {identity.sha256}: sealed")
        print(f"bundle: {out}")
        return
    with needs_extra("lumbargrade export"):
        from lumbargrade.training.export.export import export
    manifest = export(run, out)
    parity = manifest["metrics"]["parity"]
    print(f"{manifest['name']} {manifest['version']}, trained on {manifest['trained_on']}")
    print(
        "torch and ONNX differ by at most "
        f"{parity['largest_probability_difference']:.1e} in a probability"
    )
    print(f"bundle: {out}")
