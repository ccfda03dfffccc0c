"""Parts of the measurement of the reading room."""
