"""Medical libraries say nothing on the error stream; other warnings are still heard."""

from __future__ import annotations

import logging
import subprocess
import sys
import warnings

import pytest

from lumbargrade.files.quiet import quietly

_SPEAKING = """
import logging, sys, warnings
from lumbargrade.files.quiet import quiet_libraries
{quiet}
import nibabel, pydicom, PIL
pydicom.config.logger.warning("MARKER")
logging.getLogger("nibabel.global").critical("MARKER")
logging.getLogger("PIL.TiffImagePlugin").error("MARKER")
logging.getLogger("highdicom.base").warning("MARKER")
warnings.warn("MARKER", UserWarning)
warnings.warn("HEARD", RuntimeWarning)
logging.getLogger("other").warning("ALSO HEARD")
"""


@pytest.mark.parametrize(("quiet", "times"), [("quiet_libraries()", 0), ("", 4)])
def test_a_process_hears_nothing_of_the_libraries(quiet: str, times: int) -> None:
    script = _SPEAKING.format(quiet=quiet)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr.count("MARKER\n") == times
    assert "HEARD" in done.stderr
    assert "ALSO HEARD" in done.stderr
    assert done.stdout == ""


def test_a_context_is_quiet_and_ends() -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        with quietly():
            warnings.warn("within", UserWarning, stacklevel=1)
        warnings.warn("after", UserWarning, stacklevel=1)
    assert [str(one.message) for one in heard] == ["after"]
    assert logging.getLogger("highdicom").handlers
