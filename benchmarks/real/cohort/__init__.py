"""The real slices as a cohort folder that a training reads."""
