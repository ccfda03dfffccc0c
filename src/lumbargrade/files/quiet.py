"""The libraries that read and write medical files keep their words to themselves.

pydicom, highdicom, nibabel and Pillow warn of headers and quote them: a warning about a name is the
name on the error stream, and in every log that it is sent to. What matters of it is checked by
lumbargrade, which names files and elements and no values.
"""

from __future__ import annotations

import logging
import warnings

_LIBRARIES = ("pydicom", "highdicom", "nibabel", "nibabel.global", "PIL")
"""Loggers; that of nibabel named here writes to the error stream by itself."""


def quiet_libraries() -> None:
    """Silence them for the rest of this process; to be called again has no effect.

    A worker process calls it once. A library caller who wants to hear the warnings does not.
    """
    # All that quotes a header is a UserWarning; those of numpy or of Python itself are heard.
    warnings.simplefilter("ignore", UserWarning)
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.filters[:] = [_nothing]
    _end_last_resort()


def quietly() -> warnings.catch_warnings:
    """Return a context in which the libraries do not warn: pydicom does of every oddity.

    Their loggers write into what the caller has set up for logging, and nowhere else.
    """
    _end_last_resort()
    return warnings.catch_warnings(action="ignore")


def _end_last_resort() -> None:
    """Where a program has no handlers, Python writes what is logged to the error stream."""
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def _nothing(_: logging.LogRecord) -> bool:
    return False
