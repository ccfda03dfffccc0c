"""Measures in mm: a model's beside those of a reference, or of two readers."""
