"""Grade disc herniation, central canal stenosis and nerve root compression on lumbar MRI.

The names below are loaded when they are first used, so that importing the package
(and ``lumbargrade --help``) costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "read_study": "lumbargrade.study.read",
    "read_studies": "lumbargrade.study.read",
    "select_axial": "lumbargrade.study.series.select",
    "load_bundle": "lumbargrade.inference.bundle",
    "grade_study": "lumbargrade.inference.predict",
    "predict": "lumbargrade.inference.predict",
    "write": "lumbargrade.outputs.write",
    "GradedStudy": "lumbargrade.study.graded",
    "StudyGrades": "lumbargrade.grading.finding",
    "GradingSystem": "lumbargrade.grading.system",
    "GRADING_SYSTEMS": "lumbargrade.grading.system",
    "LumbargradeError": "lumbargrade.errors",
}

__all__ = [*_HOMES, "__version__"]  # noqa: PLE0604  (built from one table, checked in the tests)


def __getattr__(name: str) -> Any:
    """Load a public name from its home on first use."""
    if name == "__version__":
        from importlib.metadata import version

        return version("lumbargrade")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'lumbargrade' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
