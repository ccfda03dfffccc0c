"""The ``lumbargrade reader-study`` commands."""
