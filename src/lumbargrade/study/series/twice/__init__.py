"""What a study shows twice: slices at one place, and stacks through the same discs."""
