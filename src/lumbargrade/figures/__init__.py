"""Figures as vector graphics; the only home of matplotlib."""
