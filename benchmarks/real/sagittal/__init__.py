"""Discs on real mid-sagittal slices: what the finder learns from, and how well it finds them."""
