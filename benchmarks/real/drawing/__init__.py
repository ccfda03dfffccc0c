"""Real slices drawn once by a bundle, and kept."""
