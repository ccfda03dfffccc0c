"""The commands that judge a model, or readers: ``evaluate`` and ``agreement``."""
