"""The ``lumbargrade outlines`` commands."""
