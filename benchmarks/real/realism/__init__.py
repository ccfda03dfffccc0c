"""How real the simulated slices are: the same figures of real and of simulated slices."""
