"""The ``lumbargrade cohort`` commands."""
