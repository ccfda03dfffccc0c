"""One chain from a bundle to the arithmetic: files, numbers, compiled networks, known answers."""
