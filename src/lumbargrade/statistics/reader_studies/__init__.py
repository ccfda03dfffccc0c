"""Readers as a sample: means over readers and patients, replacing a reader, sizes of studies."""
