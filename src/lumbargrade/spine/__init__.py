"""The discs of the spine in the sagittal plane: names, corners, and how they were traced."""
