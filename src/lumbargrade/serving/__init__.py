"""Doors to the network: the reading room."""
