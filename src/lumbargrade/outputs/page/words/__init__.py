"""The page in words: one file a language, and sentences made of grades and measures."""
