"""Measures that the grading network gives beside its grades: names, and entries of a bundle."""
