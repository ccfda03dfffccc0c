"""The formulas of the measures, each room of the anatomy by itself."""
