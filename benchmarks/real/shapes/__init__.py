"""Shapes of the canal by level, from the outlines of real slices."""
