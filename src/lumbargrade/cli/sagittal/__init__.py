"""The ``lumbargrade sagittal`` commands."""
