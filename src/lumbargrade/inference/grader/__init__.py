"""What the grading network reads, and what is made of its answers."""
