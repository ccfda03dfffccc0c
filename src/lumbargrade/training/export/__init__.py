"""From a training run to a model bundle: calibrated, checked, with its card."""
