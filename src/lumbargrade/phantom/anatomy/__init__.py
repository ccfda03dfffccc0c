"""The simulated patient: spine, canal, discs, roots."""
