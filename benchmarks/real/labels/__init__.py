"""Weak labels of real slices, and how well a score ranks them."""
