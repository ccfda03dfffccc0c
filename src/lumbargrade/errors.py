"""Every error that lumbargrade raises on purpose.

Each message says in one line what is wrong, where, why, and what to do; faults of many rows
follow, one a line.
The command line prints that line and nothing else; a library caller can catch
:class:`LumbargradeError` for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class LumbargradeError(Exception):
    """Base of every error that a user can cause and fix."""


class StudyError(LumbargradeError):
    """A study, series, slice or file cannot be read or must not be graded."""


class OverBudgetError(StudyError):
    """A study asks for more memory or time than any real one does, and is refused as a whole."""


class BundleError(LumbargradeError):
    """A model bundle is missing, damaged, altered or of an unknown schema."""


class OtherNumbersError(BundleError):
    """This machine computes other numbers with a model than the one that exported it."""


class GradingSystemError(LumbargradeError):
    """A grading system's TOML file is incomplete or inconsistent."""


class CohortError(LumbargradeError):
    """A cohort folder, its truth files or its split are not usable."""


class RecipeError(LumbargradeError):
    """A training recipe holds an unknown or impossible setting."""


class OutlineError(LumbargradeError):
    """A file of outlines is damaged, or what it draws cannot be."""


class EvaluationError(LumbargradeError):
    """Predictions and reference grades cannot be compared."""


class OutputError(LumbargradeError):
    """Results cannot be written to the requested place."""


class ReadingError(LumbargradeError):
    """Readings, or the room in which they are made, cannot be used as they are."""


class ClusterError(LumbargradeError):
    """The processes that should grade many studies cannot be reached or must not be used."""


def first_line(error: Exception) -> str:
    """Return the first line of what a library says went wrong, or the name of its error.

    Examples
    --------
    >>> first_line(ValueError("bad header\\nat byte 3")), first_line(EOFError())
    ('bad header', 'EOFError')
    """
    return str(error).partition("\n")[0].strip() or type(error).__name__


EXTRAS: Mapping[str, tuple[str, ...]] = {
    "train": ("torch", "lightning", "onnx", "onnxscript", "safetensors", "tensorboard"),
    "report": ("matplotlib",),
    "cohort": ("pyarrow",),
    "batch": ("distributed", "dask"),
    "serve": ("fastapi", "uvicorn", "sqlalchemy", "alembic", "argon2", "python_multipart"),
}
"""Extra -> the modules that it installs."""


class MissingExtraError(LumbargradeError):
    """An optional part of lumbargrade is not installed."""

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the '{extra}' extra, which is not installed: "
            f"run  {install_command(extra)}  in the cloned repository"
        )
        self.extra = extra


def install_command(extra: str) -> str:
    """Return what installs an extra; lumbargrade is on no package index, only in its repository.

    Examples
    --------
    >>> install_command("train")
    "pip install -c constraints.txt -e '.[train]'"
    """
    return f"pip install -c constraints.txt -e '.[{extra}]'"


@contextmanager
def needs_extra(purpose: str) -> Iterator[None]:
    """Stand around late imports: a module of an extra that is not there becomes one line.

    ``purpose`` is what needs the module, to begin the message with. Raises MissingExtraError,
    which names the extra that installs the missing module.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").split(".")[0]
        for extra, modules in EXTRAS.items():
            if missing in modules:
                raise MissingExtraError(extra, purpose) from None
        raise
