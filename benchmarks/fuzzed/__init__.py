"""Valid inputs, changed at random by a seed, and what becomes of them."""
