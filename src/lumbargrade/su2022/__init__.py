"""Su et al. 2022 as data: what the article printed, and the form of its tables."""
