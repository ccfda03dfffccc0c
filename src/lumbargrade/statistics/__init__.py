"""Pure functions over arrays: agreement, accuracy, intervals, calibration."""
