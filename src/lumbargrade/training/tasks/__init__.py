"""What is learned beside the grades: grading systems that are not shipped, and measures."""
