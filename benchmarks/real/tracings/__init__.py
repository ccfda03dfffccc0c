"""Outlines compared with a person's."""
