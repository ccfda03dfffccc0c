"""Tables as text, from which page, PDF and CSV are made."""
