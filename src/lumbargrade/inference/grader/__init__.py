"""What the grading network reads."""
