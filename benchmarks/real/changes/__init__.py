"""Small changes of a picture that should change no grade, and what they do."""
