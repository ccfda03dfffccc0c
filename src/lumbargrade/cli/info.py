"""``lumbargrade info``: what is installed, and which model would be used."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

import typer

from lumbargrade.errors import BundleError

EXTRAS = {
    "train": ("torch", "lightning", "onnx", "onnxscript"),
    "report": ("matplotlib",),
    "cohort": ("pyarrow",),
}
LIBRARIES = ("numpy", "pydicom", "openvino", "torch")


def run() -> None:
    """Print versions, default model, arithmetic and extras."""
    for name, value in [*_versions(), *_model(), *_extras()]:
        typer.echo(f"{name:<16}{value}")


def _versions() -> list[tuple[str, str]]:
    """Return (name, version) of lumbargrade, Python and the libraries that shape a result."""
    rows = [("lumbargrade", version("lumbargrade")), ("Python", platform.python_version())]
    for library in LIBRARIES:
        try:
            rows.append((library, version(library)))
        except PackageNotFoundError:
            rows.append((library, "not installed"))
    return rows


def _model() -> list[tuple[str, str]]:
    """Return what there is to know of the packaged model and of the arithmetic used here."""
    from lumbargrade.inference.bundle import load_bundle
    from lumbargrade.inference.engine import Engine

    try:
        bundle = load_bundle(None)
        engine = Engine(bundle)
    except BundleError as error:
        return [("default model", f"none: {error}")]
    manifest, identity = bundle.manifest, bundle.identity
    return [
        ("default model", f"{identity.name} {identity.version}"),
        ("model SHA-256", identity.sha256),
        ("trained on", identity.trained_on),
        ("contrasts", ", ".join(manifest.contrasts)),
        ("arithmetic here", str(engine.precision)),
    ]


def _extras() -> list[tuple[str, str]]:
    """Return each extra and whether all of it can be imported."""
    rows = []
    for extra, modules in EXTRAS.items():
        missing = [module for module in modules if find_spec(module) is None]
        state = f"no: pip install 'lumbargrade[{extra}]'" if missing else "installed"
        rows.append((f"extra {extra}", state))
    return rows
