"""Regions and grades that people made elsewhere, brought to the slices of a study."""
