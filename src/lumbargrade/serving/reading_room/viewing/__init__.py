"""What a reader sees of a study: pictures of 16 bits, levels, the sagittal picture, boxes."""
