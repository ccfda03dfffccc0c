"""From anatomy to pictures: tissues, painting, the scanner."""
