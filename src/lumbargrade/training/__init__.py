"""Learning: recipes, the network, its training and the export of a bundle.

The only home of torch.
"""
