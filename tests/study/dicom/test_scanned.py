"""Why a file has no header, in one line."""

from __future__ import annotations

import pytest

from lumbargrade.study.dicom.scanned import Fault, ScanError


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_is_one_line_that_says_what_to_do(fault: Fault) -> None:
    error = ScanError(fault)
    assert str(error) == f"{fault.value}: export it again as DICOM"
    assert error.fault is fault
