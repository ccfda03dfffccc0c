"""The ``lumbargrade discs`` commands."""
