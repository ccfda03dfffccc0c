"""Drawings of the grades: the simulated anatomy as lines, for whoever grades by it."""
