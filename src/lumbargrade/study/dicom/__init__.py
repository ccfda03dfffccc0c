"""DICOM headers: found, read without trust, turned into slices."""
