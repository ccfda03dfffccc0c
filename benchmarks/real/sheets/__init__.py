"""Contact sheets: slices with their outlines drawn over them, to be looked at."""
