"""From the chosen slices to what the networks read: decoded, upright, cut out and outlined."""
