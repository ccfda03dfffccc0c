"""Regions and grades that readers made elsewhere, brought to the slices of a study."""
