"""A cohort for other programs: table, COCO, DICOM structured reports."""
