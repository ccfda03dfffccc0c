"""Measures in mm by formula, from the outlines of a disc-level slice."""
