"""The reading room: its command and what it prints."""
