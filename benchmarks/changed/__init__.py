"""Simulated studies with one element changed at a time: no mistake may stay silent."""
