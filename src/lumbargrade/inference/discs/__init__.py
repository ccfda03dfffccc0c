"""What the disc grader reads, and what a bundle says of it."""
