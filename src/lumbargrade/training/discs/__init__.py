"""The network that finds discs on sagittal slices: data, augmentation, training, export."""
