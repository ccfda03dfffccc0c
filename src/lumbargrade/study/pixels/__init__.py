"""From the bytes of Pixel Data to intensities."""
