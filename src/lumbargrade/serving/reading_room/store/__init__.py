"""What the room keeps: people, work lists, and every reading, appended and never changed."""
