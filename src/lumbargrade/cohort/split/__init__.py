"""Who is in which part, and that nobody is in two."""
