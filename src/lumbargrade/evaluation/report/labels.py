"""What figures are called wherever a person reads them; the keys are those of the data."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DICHOTOMY_NAMES: Mapping[str, str] = MappingProxyType({"any": "0 / 1-3", "marked": "0-1 / 2-3"})
"""Key of ``grading.system.DICHOTOMIES`` -> the grades on both sides."""

COEFFICIENT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "ac1": "Gwet AC1",
        "ac2_linear": "Gwet AC2, linear",
        "ac2_quadratic": "Gwet AC2, quadratic",
        "ac2_ordinal": "Gwet AC2, ordinal",
        "kappa": "kappa",
        "kappa_linear": "kappa, linear",
        "kappa_quadratic": "kappa, quadratic",
    }
)
"""Key of ``many_raters.COEFFICIENTS`` -> name; whose kappa it is, tables of readers add."""

FIGURE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        **COEFFICIENT_NAMES,
        "accuracy": "accuracy",
        "balanced_accuracy": "balanced accuracy",
        **{f"auc_{key}": f"AUC {grades}" for key, grades in DICHOTOMY_NAMES.items()},
    }
)
"""Key of ``SystemFigures.figures`` -> name, for those that tables show by name."""
