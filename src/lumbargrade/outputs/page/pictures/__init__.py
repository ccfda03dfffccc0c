"""The pictures of the page: slices as they are shown, outlines, the sagittal picture."""
