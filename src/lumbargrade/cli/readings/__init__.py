"""The ``lumbargrade readings`` commands."""
