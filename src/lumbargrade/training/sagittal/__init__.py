"""The disc grader: from traced and graded discs to a network that grades them."""
