"""Simulated studies with one element changed at a time: no mistake may stay silent."""

from benchmarks.changed import headers, pixels, places
from benchmarks.changed.change import CHANGES

__all__ = ["CHANGES", "headers", "pixels", "places"]
