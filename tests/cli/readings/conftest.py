"""A cohort to be read, and readers who fill in their lists."""

from __future__ import annotations

from tests.annotation.conftest import graded_cohort

__all__ = ["graded_cohort"]
