"""What is made of the answers of the networks."""
