"""The room's doors: each asks who is there, and answers with what they may see."""
