"""One module a meter: ``add_options`` and ``run``."""
