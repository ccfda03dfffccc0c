"""Every error that lumbargrade raises on purpose.

Each message is one line that says what is wrong, where, why, and what to do.
The command line prints that line and nothing else; a library caller can catch
:class:`LumbargradeError` for all of them.
"""

from __future__ import annotations


class LumbargradeError(Exception):
    """Base of every error that a user can cause and fix."""


class StudyError(LumbargradeError):
    """A study, series, slice or file cannot be read or must not be graded."""


class BundleError(LumbargradeError):
    """A model bundle is missing, damaged, altered or of an unknown schema."""


class GradingSystemError(LumbargradeError):
    """A grading system's TOML file is incomplete or inconsistent."""


class CohortError(LumbargradeError):
    """A cohort folder, its truth files or its split are not usable."""


class RecipeError(LumbargradeError):
    """A training recipe holds an unknown or impossible setting."""


class EvaluationError(LumbargradeError):
    """Predictions and reference grades cannot be compared."""


class OutputError(LumbargradeError):
    """Results cannot be written to the requested place."""


class MissingExtraError(LumbargradeError):
    """An optional part of lumbargrade is not installed."""

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the '{extra}' extra, which is not installed: "
            f"run pip install -c constraints.txt -e '.[{extra}]' in your clone"
        )
        self.extra = extra
