"""Passwords, sessions, forged requests, and what the browser is told to refuse."""
