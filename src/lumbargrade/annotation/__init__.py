"""The rules of reading: who does what, who sees what, and how the reference standard follows."""
