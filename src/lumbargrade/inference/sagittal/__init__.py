"""Find the discs on a sagittal series, in patient coordinates."""
