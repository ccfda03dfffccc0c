"""How Lightning is driven: the trainer of a run, its checkpoints and its logs."""
