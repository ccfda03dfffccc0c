"""Free-text radiology reports: sentences, levels, findings, weak labels."""
