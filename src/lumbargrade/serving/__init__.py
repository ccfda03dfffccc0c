"""What others reach over a network: the reading room."""
