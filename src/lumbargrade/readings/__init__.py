"""Readings: what readers gave images, out of the tables that they made.

One reader of such tables, :func:`lumbargrade.readings.read.read_readings`, for every command.
"""
