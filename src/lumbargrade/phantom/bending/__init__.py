"""Real slices with a known change: bend an outlined slice without findings to a known grade."""
