"""Files that are no DICOM: NIfTI, MetaImage, single pictures."""
