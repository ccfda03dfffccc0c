"""What is computed of predictions beside a reference, each figure with its interval."""
