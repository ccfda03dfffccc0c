"""Studies of readers, with and without the model: from tables of readings to results."""
