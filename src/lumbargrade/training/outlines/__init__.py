"""The outline network: data from tracings, augmentation, training, export into a bundle."""
