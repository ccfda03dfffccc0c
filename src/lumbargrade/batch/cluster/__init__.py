"""Many studies over many processes: Dask distributed, of this machine or of a site."""
