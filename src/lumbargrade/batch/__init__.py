"""Many studies at once: read, grade and write them, whoever wants them graded."""
