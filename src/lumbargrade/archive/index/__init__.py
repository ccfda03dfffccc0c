"""One table of an archive's headers, without names: walk, read in parallel, merge."""
