"""Many studies at once: read, graded and written, for the command line or a server."""
