"""A known bundle and its engine."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.bundle_json import OUTLINES_INPUT
from lumbargrade.inference.engine import Engine


@pytest.fixture(scope="session")
def tiny() -> ModuleType:
    """The module that makes known bundles and studies."""
    spec = importlib.util.spec_from_file_location("tiny", Path(__file__).with_name("tiny.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def bundle_folder(tiny: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(tiny.write_bundle(tmp_path_factory.mktemp("bundle") / "tiny"))


@pytest.fixture(scope="session")
def engine(bundle_folder: Path) -> Engine:
    return Engine(load_bundle(bundle_folder), "f32")


@pytest.fixture(scope="session")
def drawing_engine(tiny: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine whose bundle draws outlines, always the same, of a disc in the plane."""
    folder = tmp_path_factory.mktemp("bundle") / "drawing"
    return Engine(load_bundle(tiny.write_bundle(folder, plane_logits=(4.0, 1.0, 0.0))), "f32")


@pytest.fixture(scope="session")
def outline_grader(tiny: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """As ``drawing_engine``, and the grader reads the outlines."""
    folder = tmp_path_factory.mktemp("bundle") / "outline-grader"
    changes = {"grader_input": list(OUTLINES_INPUT), "mirror_average": True}
    written = tiny.write_bundle(folder, plane_logits=(4.0, 1.0, 0.0), **changes)
    return Engine(load_bundle(written), "f32")
