"""The maps of outlines that a grader learns from."""
