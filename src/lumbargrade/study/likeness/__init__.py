"""Whether two pictures are copies, though one was cut, moved or mirrored."""
