"""The region locator: network, augmentation, training."""
