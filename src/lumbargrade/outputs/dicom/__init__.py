"""Grades as a DICOM structured report (TID 1500), and their way back."""
