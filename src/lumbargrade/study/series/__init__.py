"""Which series may be graded: plane, contrast, kind of picture, stacks."""
